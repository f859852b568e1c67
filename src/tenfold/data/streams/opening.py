"""Open any source as a stream of images."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from tenfold.data.csv_images import CSV_FILE, CSV_FOLDER, find_csv
from tenfold.data.dataset import Part
from tenfold.data.format import Format, Source
from tenfold.data.idx_files import IDX_FILE, IDX_FOLDER, find_idx_images
from tenfold.data.input_files import PathLike
from tenfold.data.load import find_format, opened_source
from tenfold.data.npy_files import NPY_FILE, NPY_FOLDER, find_npy_images
from tenfold.data.npz import NPZ_FILE, NPZ_FOLDER, find_npz_images
from tenfold.data.picture_folders import PICTURE_FOLDERS
from tenfold.data.picture_labels import LABELLED_PICTURES
from tenfold.data.picture_names import NAMED_PICTURES
from tenfold.data.streams.arrays import idx_stream, npy_stream, npz_stream
from tenfold.data.streams.batches import ImageStream
from tenfold.data.streams.collect import dataset_stream
from tenfold.data.streams.encoded import Decode, decode_image
from tenfold.data.streams.parquet import (
    PARQUET_FILE,
    PARQUET_FOLDER,
    parquet_files,
    parquet_stream,
)
from tenfold.data.streams.pictures import (
    digit_stream,
    has_only_pictures,
    has_pictures,
    listed_stream,
    named_stream,
    pictures_of_part,
    unlabelled_stream,
)
from tenfold.data.streams.tables import csv_stream
from tenfold.data.streams.tar import TAR_FILE, tar_stream
from tenfold.data.streams.upright import set_upright
from tenfold.errors import TenfoldError

__all__ = ["open_stream"]


@dataclass(frozen=True)
class _Wanted:
    """What the caller wants: which split, with or without labels, and how pictures are decoded."""

    part: Part
    labels: bool
    decode: Decode


@contextlib.contextmanager
def open_stream(
    path: PathLike, part: Part = "train", *, labels: bool = True, decode: Decode = decode_image
) -> Iterator[ImageStream]:
    """Open a source as a stream of images; the format is detected as by ``load_dataset``.

    Sources are the files and folders that ``load_dataset`` reads. Whatever the size of the source,
    only one block of images is in memory at a time. Also in memory are the labels from a separate
    file, and the names of the image files of one folder, or of all folders if there is a table of
    labels. There are two exceptions: a zip archive is unpacked into a temporary folder, and arrays
    in Fortran order are loaded.

    An item that cannot be read becomes an item with an error. What is decided for a whole source
    (the columns of a CSV file, the scale of fractional pixels) is decided from its first megabytes.

    Args:
        path: Path of the file or folder.
        part: The split to read, if a source has two.
        labels: Whether labels are needed. If not, they may be missing or unclear: if it is not
            clear which label belongs to which image file of a folder, all image files in the folder
            and its subfolders are read without labels.
        decode: Decodes an encoded picture: called with its bytes and its name, in several threads.
            By default it does what ``read_image`` does. It is not called for raw pixels.

    Yields:
        The stream; it can be read several times until the block ends.

    Raises:
        TenfoldError: If the path does not exist, its format is not supported, or it is damaged.
    """
    wanted = _Wanted(part, labels, decode)
    with opened_source(path) as (source, origin):
        found, place = _find(source, wanted)
        if found is None:
            stream = unlabelled_stream(place.path, decode)
        elif found.read is None:
            raise found.refusal(place.path)
        else:
            stream = _open(found, place.path, wanted)
        stream = replace(stream, name=origin.name) if origin != source.path else stream
        # EMNIST's digits are transposed. The name of the folder, of the archive or of the file in
        # it may say that a source is EMNIST.
        yield set_upright(stream, f"{origin.parent.name} {origin.name} {place.path.name}")


def _find(source: Source, wanted: _Wanted) -> tuple[Format | None, Source]:
    """Return the format of a source (None for pictures without labels) and where the data is."""
    if not wanted.labels:
        source = Source(pictures_of_part(source.path, wanted.part))
        if has_only_pictures(source.path):
            return None, source  # looking for labels in a million names takes minutes
    try:
        found, place = find_format(source, wanted.part)
        # Formats with labels do not read image files whose label is missing.
        may_miss_pictures = found in _BY_NAMES or found.read is None or place.path != source.path
    except TenfoldError:
        if wanted.labels or not has_pictures(source.path):
            raise
        return None, source
    if not wanted.labels and may_miss_pictures and place.is_folder and has_pictures(place.path):
        return None, source
    return found, place


def _open(found: Format, path: Path, wanted: _Wanted) -> ImageStream:
    opener = _OPENERS.get(found)
    if opener is None:
        assert found.read is not None, "it was checked"
        return dataset_stream(found.read(path, wanted.part), found.name)
    return opener(path, wanted)


def _located(
    find: Callable[[Source, Part], Path | None], opener: Callable[[Path, _Wanted], ImageStream]
) -> Callable[[Path, _Wanted], ImageStream]:
    """Return the function that opens the file of a split in a folder."""

    def open_part(folder: Path, wanted: _Wanted) -> ImageStream:
        found = find(Source(folder), wanted.part)
        assert found is not None, "the folder was recognised"
        return opener(found, wanted)

    return open_part


def _idx(path: Path, wanted: _Wanted) -> ImageStream:
    return idx_stream(path, wanted.labels)


def _npy(path: Path, wanted: _Wanted) -> ImageStream:
    return npy_stream(path, wanted.labels)


def _npz(path: Path, wanted: _Wanted) -> ImageStream:
    return npz_stream(path, wanted.part, wanted.labels)


def _csv(path: Path, wanted: _Wanted) -> ImageStream:
    return csv_stream(path, wanted.labels)


def _parquet_folder(folder: Path, wanted: _Wanted) -> ImageStream:
    files = parquet_files(Source(folder), wanted.part)
    return parquet_stream(files, folder.name, wanted.decode, labels=wanted.labels)


_BY_NAMES = (NAMED_PICTURES, LABELLED_PICTURES)  # their pictures may be read without labels

_OPENERS: dict[Format, Callable[[Path, _Wanted], ImageStream]] = {
    IDX_FILE: _idx,
    NPY_FILE: _npy,
    NPZ_FILE: _npz,
    CSV_FILE: _csv,
    IDX_FOLDER: _located(lambda source, part: find_idx_images(source.path, part), _idx),
    NPY_FOLDER: _located(find_npy_images, _npy),
    NPZ_FOLDER: _located(find_npz_images, _npz),
    CSV_FOLDER: _located(find_csv, _csv),
    PICTURE_FOLDERS: lambda path, wanted: digit_stream(path, wanted.decode),
    NAMED_PICTURES: lambda path, wanted: named_stream(path, wanted.part, wanted.decode),
    LABELLED_PICTURES: lambda path, wanted: listed_stream(path, wanted.part, wanted.decode),
    TAR_FILE: lambda path, wanted: tar_stream(path, wanted.part, wanted.decode),
    PARQUET_FILE: lambda path, wanted: parquet_stream(
        [path], path.name, wanted.decode, labels=wanted.labels
    ),
    PARQUET_FOLDER: _parquet_folder,
}
"""The formats that are read piece by piece; others are loaded."""
