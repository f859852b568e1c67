r"""MNIST's own normalisation: from ink of any size to a centred 28 x 28 image.

The steps, as the authors of QMNIST reconstructed them from the original program:

1. Take the bounding box of the ink.
2. Extend it to a square of side m = max(height, width, 10), with the ink in the middle. This keeps
   the proportions, and does not enlarge specks to fill the box.
3. Resample the square X to 20 x 20 by area: R X R^T, where R[i, a] is the share that source pixel a
   has in target cell i.
4. Scale the grey levels so that the peak is 255, and round them.
5. Paste the 20 x 20 box into a 28 x 28 image at the offset (int(15 - y), int(15 - x)), where (y, x)
   is the centre of mass of the box, measured from its top left corner. The centre of mass then lies
   in pixel 14, to the right of the middle and below it, unless y or x exceeds 15.

One thing differs from the original program: it read each source pixel as 0.99 pixels wide, which
leaves faint gaps. R is exact.

References:
    Yadav and Bottou, "Cold case: the lost MNIST digits" (NeurIPS 2019).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from tenfold.nn.array import Array
from tenfold.nn.constraints import Whole

__all__ = [
    "Preprocessing",
    "area_matrix",
    "bounding_box",
    "is_normalized",
    "normalize",
    "normalize_box",
    "normalize_like_mnist",
]

_MIN_SQUARE = 10  # smallest side of the square around the ink, in source pixels
_MAX_SIZE = 4096  # largest side of an image, in pixels
_SIDE_RULE = Whole(1, _MAX_SIZE)
_BOX = (18, 21)  # limits of the longer side of the ink, in pixels; in MNIST it is 20, rarely 19
_CENTRE = 14.0  # both coordinates of the centre of mass of MNIST's digits, in pixels
_OFF_CENTRE = 1.0  # largest difference of a coordinate from _CENTRE; in MNIST, at most 0.5


def _check_sizes(size: int, box: int) -> None:
    for name, value in (("size", size), ("box", box)):
        _SIDE_RULE.check(name, value)
    if box > size:
        raise ValueError(f"box must be at most size, got {box} and {size}")


@dataclass(frozen=True)
class Preprocessing:
    """How ink becomes an image that a network reads: the settings of ``normalize``.

    Args:
        size: Side of the square image, in pixels, 1 to 4096.
        box: Side of the square that the ink is scaled to, in pixels, 1 to ``size``.

    Raises:
        ValueError: If a number is out of its range.
    """

    size: int = 28
    box: int = 20

    def __post_init__(self) -> None:
        _check_sizes(self.size, self.box)

    def __call__(self, ink: Array) -> Array:
        """Return the image (size, size, 1) uint8 of ink (H, W), see ``normalize``."""
        return normalize(ink, self.size, self.box)

    @property
    def shape(self) -> tuple[int, int, int]:
        """The shape of the image: (size, size, 1)."""
        return (self.size, self.size, 1)

    def to_dict(self) -> dict[str, Any]:
        """Return the name of the method and its settings as plain data."""
        return {"method": "mnist", **asdict(self)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Preprocessing":
        """Return the preprocessing from the plain data that ``to_dict`` returns.

        Raises:
            ValueError: If ``data`` has another form.
        """
        if data.get("method") != "mnist" or set(data) != {"method", "size", "box"}:
            raise ValueError(f"the preprocessing must be a description of MNIST's, got {data!r}")
        return cls(data["size"], data["box"])


normalize_like_mnist = Preprocessing()
"""MNIST's own preprocessing: a 28 x 28 image with the digit in a box of 20 x 20."""


def normalize(ink: Array, size: int = 28, box: int = 20) -> Array:
    """Return ink as a normalised image, in the way MNIST's images were made.

    The result does not depend on where the ink lies in the array, nor on the scale of its values.

    Args:
        ink: (H, W) of any boolean, integer or floating-point dtype; 0 is background, larger values
            are more ink.
        size: Side of the image, in pixels, 1 to 4096.
        box: Side of the square that the ink is scaled to, in pixels, 1 to ``size``.

    Returns:
        (size, size, 1) uint8; 0 is background, and the strongest ink in the box is 255. Ink that
        would fall outside the image is cut off. Without ink, the image is 0 everywhere.

    Raises:
        ValueError: If ``ink`` is not a two-dimensional array of finite real numbers of at least 0,
            or ``size`` or ``box`` is out of its range.
    """
    _check_sizes(size, box)
    ink = np.asarray(ink)
    _check_ink(ink)
    if not ink.any():
        return np.zeros((size, size, 1), np.uint8)
    return normalize_box(ink[bounding_box(ink)], size, box)


def normalize_box(ink: Array, size: int = 28, box: int = 20) -> Array:
    """Return the normalised image of ink that fills its bounding box, without checks.

    This is what ``normalize`` does once its arguments are checked and the ink is cut out. The
    checks take about as long.

    Args:
        ink: (H, W), as in ``normalize``. Its first and last rows and columns are not empty.
        size: As in ``normalize``.
        box: As in ``normalize``.
    """
    small = _to_bytes(_fit(_square(ink), box))
    top, left = _offsets(small, size)
    image = np.zeros((size, size, 1), np.uint8)
    canvas = np.zeros((size + 2 * box, size + 2 * box), np.uint8)  # a margin for what is cut off
    canvas[box + top : 2 * box + top, box + left : 2 * box + left] = small
    image[..., 0] = canvas[box : box + size, box : box + size]
    return image


def is_normalized(image: Array) -> bool:
    """Return whether the digit has the size and the position of MNIST's digits.

    Args:
        image: (28, 28, 1) uint8, light ink on black, not blank.
    """
    rows, columns = bounding_box(image[..., 0])
    longer = max(rows.stop - rows.start, columns.stop - columns.start)
    weight = image[..., 0].astype(np.float64)
    pixels = np.arange(len(weight))
    centre = np.array([pixels @ weight.sum(axis=1), pixels @ weight.sum(axis=0)]) / weight.sum()
    return bool(_BOX[0] <= longer <= _BOX[1] and np.abs(centre - _CENTRE).max() <= _OFF_CENTRE)


def bounding_box(ink: Array) -> tuple[slice, slice]:
    """Return the smallest range of rows and of columns that contains all ink, as two slices.

    Args:
        ink: (H, W), with at least one value that is not 0.
    """
    # In the bytes of a bool array, the first 1 is found several times faster than by NumPy.
    inked = (ink.any(axis=1).tobytes(), ink.any(axis=0).tobytes())
    rows, columns = (slice(each.index(1), each.rindex(1) + 1) for each in inked)
    return rows, columns


def area_matrix(source: int, target: int) -> Array:
    """Return R (target, source): the share of each source pixel in each target cell.

    With m source pixels and t cells, cell i covers [i m / t, (i + 1) m / t). R[i, a] is the length
    of its overlap with pixel a, [a, a + 1), times t / m. So each row sums to 1, and R @ x is the
    exact area average of x, whether the target is smaller or larger.

    Args:
        source: m, at least 1.
        target: t, at least 1.
    """
    edges = np.arange(target + 1) * source / target
    low = np.maximum(edges[:-1, np.newaxis], np.arange(source))
    high = np.minimum(edges[1:, np.newaxis], np.arange(1, source + 1))
    return np.maximum(high - low, 0.0) * (target / source)


_area_matrix = lru_cache(maxsize=32)(area_matrix)  # the ink of a picture has few different sizes


def _check_ink(ink: Array) -> None:
    if ink.ndim != 2:
        raise ValueError(f"ink must have the shape (H, W), got {ink.shape}")
    if ink.dtype.kind not in "buif":
        raise ValueError(f"ink must be an array of real numbers, got {ink.dtype}")
    if not (np.isfinite(ink).all() and (ink >= 0).all()):
        raise ValueError("ink must be finite and at least 0")


def _square(ink: Array) -> Array:
    """Return the ink, scaled to a peak of 1, in the middle of a square of at least 10 x 10."""
    side = max(*ink.shape, _MIN_SQUARE)
    values = ink.astype(np.promote_types(ink.dtype, np.float64))
    square = np.zeros((side, side))
    top, left = ((side - length) // 2 for length in ink.shape)
    square[top : top + ink.shape[0], left : left + ink.shape[1]] = values / values.max()
    return square


def _fit(square: Array, box: int) -> Array:
    """Resample a square to ``box`` x ``box`` pixels by area."""
    resample = _area_matrix(len(square), box)
    return resample @ square @ resample.T


def _to_bytes(values: Array) -> Array:
    return np.floor(255 * values / values.max() + 0.5).astype(np.uint8)


def _offsets(small: Array, size: int) -> tuple[int, int]:
    """Return where the box (n, n) uint8 begins in the image: its first row and first column.

    For a size of 28 it is int(15 - centre of mass), rounded towards 0 as in the original program.
    """
    weights = _sum_and_moment(len(small))
    ((total, across), (down, _)) = (weights @ small @ weights.T).tolist()
    return int(size // 2 + 1 - down / total), int(size // 2 + 1 - across / total)


@lru_cache(maxsize=8)
def _sum_and_moment(length: int) -> Array:
    """Return (2, n): weights for the sum of n values, and for the sum of values times positions."""
    return np.stack([np.ones(length), np.arange(length) + 0.5])
