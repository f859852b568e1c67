"""Arrays as people store them become images and labels as this house holds them.

Pixels are kept exactly. What was divided by 255 is multiplied back; what cannot be traced back to
whole pixels is refused, because a network fed with the wrong scale does not fail: it just learns
badly.
"""

import numpy as np

from tenfold.errors import TenfoldError
from tenfold.nn.array import Array

__all__ = ["SIDE", "to_images", "to_labels"]

SIDE = 28
"""Height and width of a digit's image."""

_BLOCK = 4096  # images at a time, so that temporaries stay small


def to_images(values: Array, source: str) -> tuple[Array, tuple[str, ...]]:
    """Return (images (N, 28, 28, 1) uint8, notes on what was changed).

    Args:
        values: (N, 28, 28), (N, 28, 28, 1), (N, 1, 28, 28) or (N, 784) of any number type:
            whole pixels from 0 to 255, or such divided by 255, or True for ink.
        source: what messages call it.

    Raises:
        TenfoldError: for other shapes, types or values.
    """
    shape = values.shape
    known = {(SIDE, SIDE), (SIDE, SIDE, 1), (1, SIDE, SIDE), (SIDE * SIDE,)}
    if shape[1:] not in known:
        raise TenfoldError(
            f"{source}: images have the shape (N, 28, 28), (N, 28, 28, 1), (N, 1, 28, 28) or "
            f"(N, 784), not {shape}. Resize or reshape them first."
        )
    if shape[0] == 0:
        raise TenfoldError(f"{source} holds no images: export it again.")
    pixels, notes = _to_pixels(values, source)
    return pixels.reshape(-1, SIDE, SIDE, 1), notes


def to_labels(values: Array, source: str) -> Array:
    """Return labels (N,) int64; whether they are digits is the data set's own check.

    Args:
        values: (N,) or (N, 1) whole numbers of any number type.
        source: what messages call it.

    Raises:
        TenfoldError: for other shapes, types or fractions.
    """
    if values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    if values.ndim != 1 or values.dtype.kind not in "uif":
        raise TenfoldError(
            f"{source}: labels are whole numbers of shape (N,), not {values.dtype} of shape "
            f"{values.shape}. Of one-hot labels, save labels.argmax(axis=1)."
        )
    if values.dtype.kind == "f" and not (np.abs(values) < 256).all():  # false for NaN, too
        raise TenfoldError(f"{source}: labels are digits from 0 to 9; some are far outside.")
    labels = values.astype(np.int64)
    if not np.array_equal(labels, values):
        raise TenfoldError(f"{source}: labels are whole numbers, and some here have fractions.")
    return labels


def _to_pixels(values: Array, source: str) -> tuple[Array, tuple[str, ...]]:
    kind = values.dtype.kind
    if kind == "b":
        return values * np.uint8(255), (f"{source}: True was read as full ink, 255",)
    if kind not in "uif":
        raise TenfoldError(f"{source}: pixels are numbers, not {values.dtype}: convert them first.")
    low, high = values.min(), values.max()
    if not (low >= 0 and high <= 255):  # false for NaN, too
        raise TenfoldError(
            f"{source}: pixels lie between 0 and 255, these between {low:g} and {high:g}. Save the "
            "raw pixels, before any normalisation."
        )
    if kind != "f":
        return values.astype(np.uint8), ()
    if high > 1:
        return _whole(values, 1, source), ()
    note = f"{source}: pixels stored as 0 to 1 were multiplied by 255"
    return _whole(values, 255, source), (note,)


def _whole(values: Array, factor: int, source: str) -> Array:
    """Return values * factor as whole pixels; refuse what rounding of the type cannot explain."""
    pixels = np.empty(values.shape, np.uint8)
    tolerance = max(1e-3, 255 * float(np.finfo(values.dtype).eps))
    for start in range(0, len(values), _BLOCK):
        scaled = values[start : start + _BLOCK].astype(np.float64) * factor
        whole = np.rint(scaled)
        wrong = np.abs(scaled - whole) > tolerance
        if wrong.any():
            raise TenfoldError(
                f"{source}: pixels are whole numbers from 0 to 255, or such divided by 255, but "
                f"{scaled[wrong][0] / factor:g} is neither. Save the raw pixels."
            )
        pixels[start : start + _BLOCK] = whole
    return pixels
