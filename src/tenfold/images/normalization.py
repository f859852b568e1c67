r"""Normalisation: how MNIST's makers turned a glyph into a 28 x 28 image, as executable code.

The steps, as QMNIST's authors reconstructed them from the original program:

1. the bounding box of the ink;
2. a square around it, of side m = max(height, width, 10): the shorter side is extended on both
   ends, so the proportions stay;
3. area resampling to 20 x 20: with the rows of R the share that each source pixel has in each
   target cell, the result is R X R^T;
4. grey levels such that the peak is 255;
5. a 28 x 28 image into which the 20 x 20 box is pasted at a whole-pixel offset, so that the centre
   of mass falls into the pixel right and below of the middle.

Yadav and Bottou, "Cold case: the lost MNIST digits" (NeurIPS 2019).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from tenfold.nn.array import Array

__all__ = ["MNIST", "Preprocessing", "area_matrix", "bounding_box", "normalize"]

_SMALLEST = 10  # a glyph smaller than this is not enlarged to fill the box


@dataclass(frozen=True)
class Preprocessing:
    """How ink becomes an image that a network reads: a description that ``normalize`` executes.

    Args:
        size: the side of the square image, in pixels.
        box: the side of the square that the ink is scaled to, at most ``size``.

    Raises:
        ValueError: if the numbers do not fit.
    """

    size: int = 28
    box: int = 20

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 4096:
                raise ValueError(f"{name} must be a whole number from 1 to 4096, got {value!r}")
        if self.box > self.size:
            raise ValueError(f"box must be at most size, got {self.box} and {self.size}")

    def __call__(self, ink: Array) -> Array:
        """Return the image (size, size, 1) uint8 of ink (H, W), as ``normalize`` does."""
        return normalize(ink, self.size, self.box)

    @property
    def shape(self) -> tuple[int, int, int]:
        """The shape of the image."""
        return (self.size, self.size, 1)

    def to_dict(self) -> dict[str, Any]:
        """Return the description as plain data, with what its steps are called."""
        return {"method": "mnist", **asdict(self)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Preprocessing":
        """Return what ``to_dict`` described.

        Raises:
            ValueError: if it is not such a description.
        """
        if data.get("method") != "mnist" or set(data) != {"method", "size", "box"}:
            raise ValueError(f"the preprocessing must be a description of MNIST's, got {data!r}")
        return cls(data["size"], data["box"])


MNIST = Preprocessing()
"""What MNIST's makers did: 28 x 28, with the digit in a box of 20 x 20."""


def normalize(ink: Array, size: int = 28, box: int = 20) -> Array:
    """Return ink set into a square image as MNIST's makers did.

    Args:
        ink: (H, W), any real dtype; 0 is background, larger is more ink.
        size: the side of the image.
        box: the side of the box that the ink is scaled to.

    Returns:
        (size, size, 1) uint8, 0 background, the peak at 255; all 0 where there is no ink.

    Raises:
        ValueError: if ``ink`` is not two-dimensional, negative, or not finite.
    """
    ink = np.asarray(ink)
    if ink.ndim != 2:
        raise ValueError(f"ink must have the shape (H, W), got {ink.shape}")
    ink = ink.astype(np.float64)
    if not np.isfinite(ink).all() or ink.min(initial=0) < 0:
        raise ValueError("ink must be finite and at least 0")
    image = np.zeros((size, size, 1), np.uint8)
    if not ink.any():
        return image
    small = _to_bytes(_fit(_square(ink[bounding_box(ink)]), box))
    top, left = (_offset(small.sum(axis=axis), size, box) for axis in (1, 0))
    placed = np.zeros((size + 2 * box, size + 2 * box), np.uint8)
    placed[box + top : 2 * box + top, box + left : 2 * box + left] = small
    image[..., 0] = placed[box : box + size, box : box + size]
    return image


def bounding_box(ink: Array) -> tuple[slice, slice]:
    """Return the rows and the columns that hold ink, as slices; ``ink`` must hold some."""
    places = (np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0)))
    rows, columns = (slice(int(p[0]), int(p[-1]) + 1) for p in places)
    return rows, columns


def area_matrix(source: int, target: int) -> Array:
    """Return R (target, source): the share of each source pixel in each target cell.

    R[i, a] is the length of the overlap of [i m/t, (i+1) m/t) with [a, a+1), times t/m, so the
    rows sum to 1, and R @ x is the exact area average of x.
    """
    edges = np.arange(target + 1) * (source / target)
    low = np.maximum(edges[:-1, np.newaxis], np.arange(source))
    high = np.minimum(edges[1:, np.newaxis], np.arange(1, source + 1))
    return np.maximum(high - low, 0.0) * (target / source)


def _square(ink: Array) -> Array:
    """Return the ink in the middle of a square of side max(height, width, 10)."""
    side = max(*ink.shape, _SMALLEST)
    square = np.zeros((side, side))
    top, left = ((side - length) // 2 for length in ink.shape)
    square[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
    return square


def _fit(square: Array, box: int) -> Array:
    resample = area_matrix(len(square), box)
    return resample @ square @ resample.T


def _to_bytes(values: Array) -> Array:
    return np.floor(255 * values / values.max() + 0.5).clip(0, 255).astype(np.uint8)


def _offset(profile: Array, size: int, box: int) -> int:
    """Return where the box begins, so that the centre of mass lies in the middle of the image."""
    centre = float(profile @ (np.arange(len(profile)) + 0.5)) / float(profile.sum())
    return int(np.clip(int(size / 2 + 1 - centre), -box // 2, size - box // 2))
