"""Images in a mapped file, and rows of them that are read when they are used."""

import mmap
import os
import time
import weakref
from pathlib import Path
from typing import Any

import numpy as np

from tenfold.nn.array import Array, LazyArray

__all__ = ["MappedFile", "MappedRows"]

_HEADER = 128  # bytes before the first item
_NEAR = 32  # a range is read in order if at least one in 32 of its rows is wanted
_CACHED = 5e-6  # seconds for an image; longer means that the disk was read
_GAP = 16  # wanted rows that are at most so far apart are requested as one range


class MappedFile:
    """The images of a file, mapped into memory twice: for random rows and for ranges of rows.

    The system reads ahead only in the map for ranges. For random rows, reading ahead would read 128
    KiB for each image.

    Args:
        path: An npy file of uint8 whose items begin at byte 128.
        shape: Shape of the array in the program, (N, H, W, C).

    Attributes:
        path: The path.
        images: The images, (N, H, W, C) uint8, read-only.
    """

    def __init__(self, path: Path, shape: tuple[int, ...]) -> None:
        self.path = path
        self._row_bytes = int(np.prod(shape[1:]))
        self._descriptor = os.open(path, os.O_RDONLY)
        weakref.finalize(self, os.close, self._descriptor)
        self._waited = True  # whether the last random rows had to be read from the disk
        self.images = _mapped(path, shape)
        self._scattered = _mapped(path, shape, scattered=True)

    def __reduce__(self) -> tuple[Any, ...]:
        return MappedFile, (self.path, self.images.shape)

    def read(self, rows: Array) -> Array:
        """Return images as a new array: (n, H, W, C).

        Args:
            rows: Row in the file of each image, (n,).
        """
        if not len(rows):
            return np.empty((0, *self.images.shape[1:]), np.uint8)
        low, high = int(rows.min()), int(rows.max())
        if high - low < _NEAR * len(rows):
            return np.take(self.images, rows, axis=0)
        if self._waited:  # request all rows before the first is read, which is faster
            for row in rows.tolist():
                self._request(row, 1)
        begin = time.perf_counter()
        images = np.take(self._scattered, rows, axis=0)
        self._waited = time.perf_counter() - begin > _CACHED * len(rows)
        return images

    def read_ahead(self, rows: Array) -> None:
        """Ask the system to read images into its cache; return at once.

        Args:
            rows: Row in the file of each image, in any order.
        """
        rows = np.sort(rows).astype(np.int64)
        breaks = np.flatnonzero(np.diff(rows) > _GAP) + 1
        for part in np.split(rows, breaks):
            self._request(int(part[0]), int(part[-1]) - int(part[0]) + 1)

    def _request(self, row: int, count: int) -> None:
        """Ask the system to read consecutive images into its cache; return at once."""
        if hasattr(os, "posix_fadvise"):
            offset, size = _HEADER + row * self._row_bytes, count * self._row_bytes
            os.posix_fadvise(self._descriptor, offset, size, os.POSIX_FADV_WILLNEED)


def _mapped(path: Path, shape: tuple[int, ...], scattered: bool = False) -> Array:
    """Return a read-only array whose memory is the file."""
    with path.open("rb") as file:
        pages = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    if scattered and hasattr(mmap, "MADV_RANDOM"):
        pages.madvise(mmap.MADV_RANDOM)
    return np.frombuffer(pages, np.uint8, offset=_HEADER).reshape(shape)


class MappedRows(LazyArray):
    """Some rows of a mapped file as an array-like (n, H, W, C) uint8.

    Indexing reads the chosen images and returns them as an array. ``numpy.asarray`` reads all.

    Args:
        file: The file.
        rows: Row in the file of each image, (n,).
    """

    dtype = np.dtype(np.uint8)

    def __init__(self, file: MappedFile, rows: Array) -> None:
        self._file, self._rows = file, rows

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape, (n, H, W, C)."""
        return (len(self._rows), *self._file.images.shape[1:])

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """The number of pixels."""
        return int(np.prod(self.shape))

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, index: Any) -> Array:
        if isinstance(index, tuple):
            first, rest = index[0], index[1:]
            return self[first][(slice(None), *rest) if np.ndim(self._rows[first]) else rest]
        chosen = self._rows[index]
        if np.ndim(chosen) == 0:
            return self._file.images[int(chosen)]
        return self._file.read(chosen)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        return self[:] if dtype is None else self[:].astype(dtype)
