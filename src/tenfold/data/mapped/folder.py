"""The format of a folder of mapped arrays."""

from pathlib import Path

import numpy as np

from tenfold.data.dataset import Dataset, Part, check_labels
from tenfold.data.format import Format, Source
from tenfold.data.input_files import open_file
from tenfold.data.mapped.dataset import MappedDataset
from tenfold.data.mapped.images import MappedFile
from tenfold.data.mapped.manifest import (
    IMAGES,
    LABELS,
    MANIFEST,
    Manifest,
    is_manifest,
    read_manifest,
)
from tenfold.data.npy import read_npy_header
from tenfold.errors import TenfoldError

__all__ = ["MAPPED_FOLDER", "open_folder"]

_HEADER = 128  # bytes before the first item


def open_folder(folder: Path) -> MappedDataset:
    """Return the images of a folder that ``tenfold data convert`` has written, mapped.

    Its fingerprint is read from the manifest; the images themselves are not read.

    Raises:
        TenfoldError: If a file is missing, or does not agree with the manifest.
    """
    manifest = read_manifest(folder)
    _check(folder / IMAGES, (manifest.count, *manifest.shape), np.dtype(np.uint8))
    file = MappedFile(folder / IMAGES, (manifest.count, *manifest.shape, 1))
    labels = None
    if manifest.labelled:
        _check(folder / LABELS, (manifest.count,), np.dtype("<i8"))
        labels = np.memmap(folder / LABELS, "<i8", "r", _HEADER).view(np.ndarray)
        check_labels(labels, manifest.count, folder.name)
    notes = (*manifest.source.get("notes", ()), *_notes(manifest))
    return MappedDataset(file, None, labels, manifest.fingerprint, folder.name, notes)


def _check(path: Path, shape: tuple[int, ...], dtype: np.dtype) -> None:
    """Raise an error unless a file has the array that the manifest describes."""
    with open_file(path) as file:
        try:
            found = read_npy_header(file, path.name)
        except ValueError:
            found = ((), dtype, False)
        start, end = file.tell(), file.seek(0, 2)
    wanted = int(np.prod(shape)) * dtype.itemsize
    if found != (shape, dtype, False) or start != _HEADER or end != start + wanted:
        raise TenfoldError(
            f"{path} has changed since it was written: its size or type is not that in {MANIFEST}. "
            "Convert the images again."
        )


def _notes(manifest: Manifest) -> list[str]:
    missing = manifest.left_out.get("count", 0)
    of_all = f"of {manifest.source.get('items', 0):,} items"
    return [f"{missing:,} {of_all} could not be read and were left out"] if missing else []


def _is_folder(source: Source, part: Part) -> bool:
    return source.is_folder and is_manifest(source.path / MANIFEST)


def _read(folder: Path, part: Part) -> Dataset:
    return open_folder(folder)


MAPPED_FOLDER = Format("a folder that tenfold data convert has written", _is_folder, _read)
"""Mapped arrays of images and labels, with a manifest."""
