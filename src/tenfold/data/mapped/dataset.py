"""A data set whose images stay in a file."""

import functools
import hashlib
from collections.abc import Sequence
from typing import Any, cast

import numpy as np

from tenfold.data.dataset import CLASSES, Dataset
from tenfold.data.mapped.images import MappedFile, MappedRows
from tenfold.nn.array import Array

__all__ = ["MappedDataset"]

_SMALL = 2**15  # largest number of images of a subset that is kept in memory
_SAMPLE = 100_000  # largest number of images of a sample
_HASHED = 2**20  # largest number of images of a subset whose fingerprint is made of its pixels
_BLOCK = 2**14  # images that are hashed at a time


class MappedDataset(Dataset):
    """Images in a memory-mapped file, with or without labels; used like any other ``Dataset``.

    ``take`` and ``images[...]`` read the chosen images only. A subset of more than 32,768 images
    stays in the file, and its ``images`` is an array-like (``MappedRows``); a smaller subset is an
    ordinary ``Dataset`` in memory.

    Args:
        file: The file.
        rows: Row in the file of each image, (N,); None for all rows, in order.
        labels: (N,) int64, or None.
        fingerprint: SHA-256 of the images and labels of the whole file.
        name: Name of the data.
        notes: Remarks on the data.
    """

    def __init__(
        self,
        file: MappedFile,
        rows: Array | None,
        labels: Array | None,
        fingerprint: str,
        name: str,
        notes: tuple[str, ...] = (),
    ) -> None:
        whole = file.images
        chosen = whole if rows is None else cast(Array, MappedRows(file, rows))
        self._set_fields(file=file, rows=rows, whole_fingerprint=fingerprint, images=chosen)
        self._set_fields(labels=labels, name=name, notes=notes, classes=CLASSES)

    def _set_fields(self, **values: Any) -> None:
        """Set attributes, although the dataclass is frozen."""
        for name, value in values.items():
            object.__setattr__(self, name, value)

    file: MappedFile
    rows: Array | None
    whole_fingerprint: str

    def with_notes(self, notes: tuple[str, ...]) -> "MappedDataset":
        """Return the data set with ``notes`` in place of its notes."""
        return MappedDataset(
            self.file, self.rows, self.labels, self.whole_fingerprint, self.name, notes
        )

    def subset(self, indices: Array | Sequence[int] | slice) -> Dataset:
        """Return the images (and labels) at ``indices``, in their order; see ``Dataset.subset``.

        Raises:
            TenfoldError: If the indices are neither positions nor a mask, or out of range.
        """
        own_positions = indices if isinstance(indices, slice) else self._positions(indices)
        labels = None if self.labels is None else self.labels[own_positions]
        rows = self._rows(indices)
        if len(rows) <= _SMALL:
            return Dataset(self.file.read(rows), labels, self.name, self.notes, self.classes)
        return MappedDataset(self.file, rows, labels, self.whole_fingerprint, self.name, self.notes)

    def take(self, indices: Array | slice) -> Array:
        """Return the images at the given positions as a new array: (n, H, W, C)."""
        return self.file.read(self._rows(indices))

    def read_ahead(self, positions: Array) -> None:
        """Ask the system to read images that will be taken soon; return at once.

        Args:
            positions: Positions of the images in this data set.
        """
        self.file.read_ahead(self._rows(positions))

    def in_memory(self) -> Dataset:
        """Return the images in memory, for an examination: at most 100,000, spread evenly.

        If images are left out, a note says so.
        """
        count = min(_SAMPLE, len(self))
        chosen = np.linspace(0, len(self) - 1, count).astype(np.intp)
        labels = None if self.labels is None else self.labels[chosen]
        note = f"{count:,} of the {len(self):,} images, spread evenly, were examined"
        notes = (*self.notes, note) if count < len(self) else self.notes
        return Dataset(self.take(chosen), labels, self.name, notes, self.classes)

    def _rows(self, indices: Array | Sequence[int] | slice) -> Array:
        """Return the rows in the file of the images at ``indices``."""
        if self.rows is not None:
            return self.rows[indices if isinstance(indices, slice) else self._positions(indices)]
        if isinstance(indices, slice):
            return _compact(np.arange(*indices.indices(len(self))))
        found = self._positions(indices)
        if found.dtype == np.bool_:
            return _compact(np.flatnonzero(found))
        return np.where(found < 0, found + len(self), found)

    @functools.cached_property
    def fingerprint(self) -> str:
        """SHA-256 in hexadecimal, equal to ``Dataset.fingerprint`` except for very large subsets.

        The fingerprint of the whole file is read from the manifest. The fingerprint of a subset of
        more than 1,048,576 images is computed from the fingerprint of the file and the rows of the
        images, since reading the images would take minutes.
        """
        if self.rows is None:
            return self.whole_fingerprint
        if len(self) <= _HASHED:
            return self._hash()
        rows = np.ascontiguousarray(self.rows, "<u8")
        return hashlib.sha256(self.whole_fingerprint.encode() + rows.tobytes()).hexdigest()

    def _hash(self) -> str:
        """Compute ``Dataset.fingerprint`` with a few images in memory at a time."""
        digest = hashlib.sha256(repr(self.images.shape).encode())
        for start in range(0, len(self), _BLOCK):
            digest.update(self.take(slice(start, start + _BLOCK)).data)
        digest.update(repr(None if self.labels is None else self.labels.shape).encode())
        if self.labels is not None:
            digest.update(np.ascontiguousarray(self.labels).data)
        return digest.hexdigest()


def _compact(rows: Array) -> Array:
    """Return sorted rows of the file with half the memory, if they fit into 32 bits."""
    largest = max([*rows[:1], *rows[-1:]], default=0)  # the order may be rising or falling
    return rows if largest >= 2**32 else rows.astype(np.uint32)
