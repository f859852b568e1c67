"""Streams of IDX, npy and npz files; arrays in Fortran order are loaded as a whole."""

import contextlib
import math
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from tenfold.data.dataset import Part
from tenfold.data.idx import read_idx_header
from tenfold.data.idx_files import IDX_FILE, check_idx_images, read_idx_labels
from tenfold.data.input_files import GZIP_MAGIC, open_decompressed, open_file
from tenfold.data.npy import read_npy_header
from tenfold.data.npy_files import (
    NPY_FILE,
    check_npy_images,
    npy_error,
    read_npy_labels,
    read_npy_pair,
)
from tenfold.data.npz import NPZ_FILE, open_npz_images, read_npz_labels, read_npz_part
from tenfold.data.streams.batches import ImageStream
from tenfold.data.streams.collect import dataset_stream
from tenfold.data.streams.rows import StoredArray, array_stream
from tenfold.errors import TenfoldError

__all__ = ["idx_stream", "npy_stream", "npz_stream"]


def idx_stream(path: Path, labels: bool = True) -> ImageStream:
    """Return the stream of an IDX file of images, with the labels in the file next to it.

    Args:
        path: Path of the file, which may be gzipped.
        labels: Whether to read the labels.

    Raises:
        TenfoldError: As from ``read_idx_pair``. If the header does not show the damage, the error
            is raised when the stream reaches it.
    """
    with open_decompressed(path) as file:
        shape, dtype = read_idx_header(file, path)
        offset = file.tell()
    check_idx_images(shape, path)
    _check_size(path, offset, math.prod(shape) * dtype.itemsize)
    array = StoredArray(shape, dtype, str(path), lambda: _opened_at(path, offset))
    found, notes = read_idx_labels(path) if labels else (None, ())
    return array_stream(array, found, path.name, IDX_FILE.name, notes)


def npy_stream(path: Path, labels: bool = True) -> ImageStream:
    """Return the stream of an npy file of images, with the labels in the file next to it.

    Args:
        path: Path of the file, which may be gzipped.
        labels: Whether to read the labels.

    Raises:
        TenfoldError: As from ``read_npy_pair``. If the header does not show the damage, the error
            is raised when the stream reaches it.
    """
    try:
        with open_decompressed(path) as file:
            shape, dtype, fortran = read_npy_header(file, path.name)
            offset = file.tell()
        if dtype.hasobject:
            raise ValueError(f"{path.name!r} contains Python objects")
    except ValueError as error:
        raise npy_error(path, error) from error
    check_npy_images(shape, path)
    if fortran:
        return dataset_stream(read_npy_pair(path, labels), NPY_FILE.name)
    _check_size(path, offset, math.prod(shape) * dtype.itemsize)
    array = StoredArray(shape, dtype, str(path), lambda: _opened_at(path, offset))
    found, notes = read_npy_labels(path) if labels else (None, ())
    return array_stream(array, found, path.name, NPY_FILE.name, notes)


def npz_stream(path: Path, part: Part, labels: bool = True) -> ImageStream:
    """Return the stream of the images of a split in an npz archive.

    Args:
        path: Path of the archive.
        part: The split.
        labels: Whether to read the labels.

    Raises:
        TenfoldError: As from ``read_npz``. If the header does not show the damage, the error is
            raised when the stream reaches it.
    """
    with open_npz_images(path, part) as (file, name, label_name):
        shape, dtype, fortran = read_npy_header(file, name)
    if fortran:
        return dataset_stream(read_npz_part(path, part, labels), NPZ_FILE.name)

    @contextlib.contextmanager
    def open_images() -> Iterator[BinaryIO]:
        with open_npz_images(path, part) as (file, name, _):
            read_npy_header(file, name)
            yield file

    array = StoredArray(shape, dtype, f"{path}, {name!r}", open_images)
    found, notes = read_npz_labels(path, label_name) if labels else (None, ())
    return array_stream(array, found, path.name, NPZ_FILE.name, notes)


@contextlib.contextmanager
def _opened_at(path: Path, offset: int) -> Iterator[BinaryIO]:
    with open_decompressed(path) as file:
        file.seek(offset)
        yield file


def _check_size(path: Path, offset: int, wanted: int) -> None:
    """Raise an error if a file that is not compressed has another size than its header states."""
    with open_file(path) as file:
        gzipped = file.read(2) == GZIP_MAGIC
        size = file.seek(0, 2)
    if not gzipped and size != offset + wanted:
        raise TenfoldError(
            f"{path} has {size - offset:,} bytes of images, but its header states {wanted:,}. "
            "Download or export it again."
        )
