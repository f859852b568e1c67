"""Data sets: images with or without labels. The whole package uses this class for data."""

import functools
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, overload

import numpy as np

from tenfold.data.array_advice import (
    data_advice,
    image_advice,
    kind_of,
    label_advice,
    with_conversion,
)
from tenfold.data.label_codes import CLASSES, check_digits
from tenfold.errors import TenfoldError
from tenfold.nn.array import Array
from tenfold.nn.constraints import InstanceOf, ListOf, Size, Whole

__all__ = ["CLASSES", "Dataset", "MissingPartError", "Part", "check_labels"]

Part: TypeAlias = Literal["train", "test"]
"""The part of a published data set: the one for training or the one for testing."""


_NAME_RULE, _NOTES_RULE, _CLASSES_RULE = InstanceOf(str), ListOf(InstanceOf(str)), Whole(1)


class MissingPartError(TenfoldError):
    """A source is valid, but does not contain the requested split."""


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """Images with or without labels. Both arrays are kept as read-only views, without copying.

    Args:
        images: (N, H, W, C) uint8; 0 is background and 255 full ink.
        labels: (N,) int64 from 0 to ``classes`` - 1, or None if they are unknown.
        name: Name of the data in reports and messages.
        notes: What was detected or changed when the data was loaded, one sentence each.
        classes: Number of classes, 10 by default: one for each digit. Further classes come after
            the digits, such as class 10 for images that show no digit.

    Raises:
        TenfoldError: If a shape, a dtype or a label is not as described.
    """

    images: Array
    labels: Array | None = None
    name: str = "data"
    notes: tuple[str, ...] = ()
    classes: Size = CLASSES

    def __post_init__(self) -> None:
        _NAME_RULE.check("name", self.name)
        object.__setattr__(self, "classes", _CLASSES_RULE.check("classes", self.classes))
        object.__setattr__(self, "notes", _NOTES_RULE.check("notes", self.notes))
        if _are_swapped(self.images, self.labels):
            raise TenfoldError(
                f"{self.name}: images and labels are swapped: write Dataset(images, labels)."
            )
        _check_images(self.images, self.name)
        object.__setattr__(self, "images", _read_only(self.images))
        if self.labels is not None:
            check_labels(self.labels, len(self.images), self.name, self.classes)
            object.__setattr__(self, "labels", _read_only(self.labels))

    @staticmethod
    def advice_on(value: object) -> str:
        """Return the advice of an error message: how to make a data set from ``value``."""
        return data_advice(value, "Dataset(images, labels)")

    def __len__(self) -> int:
        return len(self.images)

    def __repr__(self) -> str:
        size = " x ".join(map(str, self.images.shape[1:]))
        kind = "unlabelled" if self.labels is None else "labelled"
        return f"<Dataset {self.name!r}: {len(self)} {kind} images of {size}>"

    def subset(self, indices: Array | Sequence[int] | slice) -> "Dataset":
        """Return the data set of the images (and labels) at ``indices``, in their order.

        Args:
            indices: Positions, a boolean mask (N,), or a slice.

        Raises:
            TenfoldError: If the indices are something else, or out of range.
        """
        if not isinstance(indices, slice):
            indices = self._positions(indices)
        labels = None if self.labels is None else self.labels[indices]
        return Dataset(self.images[indices], labels, self.name, self.notes, self.classes)

    @overload
    def __getitem__(self, index: int | np.integer[Any]) -> tuple[Array, int | None]: ...

    @overload
    def __getitem__(self, index: Array | Sequence[int] | slice) -> "Dataset": ...

    def __getitem__(self, index: Any) -> "tuple[Array, int | None] | Dataset":
        """Return one image with its label, or the ``subset`` at several positions.

        Args:
            index: One position (a negative one counts from the end), or several, as for ``subset``.

        Returns:
            The image (H, W, C) uint8 and its label, None if the data has no labels; or a Dataset.

        Raises:
            TenfoldError: If a position is out of range, or the index is something else.
        """
        if not isinstance(index, (int, np.integer)) or isinstance(index, bool):
            several: Any = index
            return self.subset(several)
        position = int(self._positions([index])[0])
        return self.images[position], None if self.labels is None else int(self.labels[position])

    def __iter__(self) -> Iterator[tuple[Array, int | None]]:
        """Yield each image with its label, as ``dataset[i]`` returns them."""
        return (self[position] for position in range(len(self)))

    def _positions(self, indices: object) -> Array:
        """Return positions, or a boolean mask, as an array."""
        array = np.asarray(indices)
        if array.size == 0 and array.ndim == 1:
            return array.astype(np.intp)  # NumPy makes an empty list float64
        n, mask = len(self), array.dtype == np.bool_
        valid = array.ndim == 1 and (len(array) == n if mask else array.dtype.kind in "ui")
        if not valid or (not mask and not (-n <= array.min() and array.max() < n)):
            low, high = (array.min(), array.max()) if valid else (None, None)
            got = f"{low} to {high}" if low != high else f"{low}"
            if not valid:
                got = kind_of(array if isinstance(indices, (np.ndarray, list, tuple)) else indices)
            raise TenfoldError(
                f"{self.name}: indices must be positions from 0 to {n - 1}, a boolean mask of "
                f"shape ({n},), or a slice, got {got}."
            )
        return array

    def only_digits(self) -> "Dataset":
        """Return a data set with ten classes that contains only the images of digits.

        Raises:
            TenfoldError: If the data set has no labels.
        """
        if self.classes <= CLASSES:
            return self
        kept = self.require_labels() < CLASSES
        assert self.labels is not None
        return Dataset(self.images[kept], self.labels[kept], self.name, self.notes)

    def with_notes(self, notes: tuple[str, ...]) -> "Dataset":
        """Return the data set with ``notes`` in place of its notes."""
        return Dataset(self.images, self.labels, self.name, notes, self.classes)

    def in_memory(self) -> "Dataset":
        """Return the data set in memory, for an examination: here, the data set itself.

        If the images stay in a file (``data.mapped``), at most 100,000 of them are loaded, spread
        evenly. If images are left out, a note says so.
        """
        return self

    def take(self, indices: Array | slice) -> Array:
        """Return the images at the given positions, as ``LabelledData`` requires: (n, H, W, C)."""
        return self.images[indices]

    def require_labels(self) -> Array:
        """Return the labels.

        Raises:
            TenfoldError: If the data set has no labels.
        """
        if self.labels is None:
            raise TenfoldError(
                f"this data has no labels: {self.name}. Use labelled data here, such as Kaggle's "
                "train.csv, or an images file with its labels file in the same folder."
            )
        return self.labels

    @functools.cached_property
    def fingerprint(self) -> str:
        """The SHA-256 of shapes and contents, in hexadecimal. It does not depend on the name."""
        digest = hashlib.sha256()
        for array in (self.images, self.labels):
            digest.update(repr(None if array is None else array.shape).encode())
            if array is not None:
                digest.update(np.ascontiguousarray(array).data)
        return digest.hexdigest()


def _are_swapped(images: object, labels: object) -> bool:
    if not isinstance(images, np.ndarray) or not isinstance(labels, np.ndarray):
        return False
    return images.ndim == 1 and labels.ndim >= 3


def _check_images(images: Array, name: str) -> None:
    is_valid = isinstance(images, np.ndarray) and images.dtype == np.uint8 and images.ndim == 4
    if not is_valid or 0 in images.shape[1:]:
        message = f"{name}: images must be a uint8 array of shape (N, H, W, C)"
        raise TenfoldError(
            with_conversion(f"{message}, got {kind_of(images)}", image_advice(images))
        )


def check_labels(labels: Array, count: int, name: str, classes: int = CLASSES) -> None:
    """Raise an error unless there is one label for each of ``count`` images.

    Args:
        labels: (N,) int64.
        count: Number of images.
        name: Name of the data in messages.
        classes: Number of classes.

    Raises:
        TenfoldError: If the labels are not as described, or not from 0 to ``classes`` - 1.
    """
    is_valid = isinstance(labels, np.ndarray) and labels.dtype == np.int64 and labels.ndim == 1
    if not is_valid:
        message = f"{name}: labels must be an int64 array of shape (N,)"
        raise TenfoldError(
            with_conversion(f"{message}, got {kind_of(labels)}", label_advice(labels))
        )
    if len(labels) != count:
        raise TenfoldError(
            f"{name}: each image must have one label, got {count} images and {len(labels)} "
            "labels. Check that the two belong together: train with train, test with test."
        )
    check_digits(labels, name, classes)


def _read_only(array: Array) -> Array:
    view = array.view()
    view.flags.writeable = False
    return view
