"""Strokes: a line drawn across the digit."""

import math

import numpy as np

from tenfold.images.corruptions.corruption import SIDE
from tenfold.images.per_image_random import PerImageRandom
from tenfold.nn.array import Array

__all__ = ["dotted_line", "zigzag"]

_SOFTNESS = 2.3  # scale of the vertical distance from a line, in pixels
_PEAK = 2.0  # half the distance between the peaks of a zigzag, and the height of a peak
_FROM, _TO = 2, 25  # first and last column of a zigzag


def dotted_line(images: Array, random: PerImageRandom) -> Array:
    """Draw a dotted straight line from the left to the right edge, as in MNIST-C.

    Two columns are left out, the next two are drawn, and so on. The rows at both ends are random,
    0 to 26.
    """
    ends = random.sample(lambda rng: rng.integers(0, SIDE - 1, 2)).astype(np.float64)
    last = np.full(len(images), SIDE - 1.0)
    line = _line((np.zeros(len(images)), ends[:, 0]), (last, ends[:, 1]))
    line[:, :, np.arange(SIDE) // 2 % 2 == 0] = 0
    return images + line


def zigzag(images: Array, random: PerImageRandom) -> Array:
    """Draw a zigzag from column 2 to column 25 along a nearly horizontal line, as in MNIST-C.

    The row at the left end is random, 0 to 26; the row at the right end differs from it by -5 to 4.
    The peaks are 2 pixels from the line, on alternating sides, and 4 pixels apart. The segment
    after the last peak ends shortly before the line, as in MNIST-C.
    """
    start = random.sample(lambda rng: rng.integers(0, SIDE - 1))
    rise = random.sample(lambda rng: rng.integers(-5, 5))
    slope = np.arctan(rise / (_TO - _FROM))
    length = (_TO - _FROM) / np.cos(slope)  # 23 to 23.6, so there are always six peaks
    peaks = np.arange(int((_TO - _FROM - _PEAK) // (2 * _PEAK)) + 1)
    along = np.zeros((len(images), len(peaks) + 2))
    aside = np.zeros_like(along)
    along[:, 1:-1] = (2 * peaks + 1) * _PEAK
    aside[:, 1:-1] = (-1.0) ** peaks * _PEAK
    along[:, -1] = length
    rest = length - 2 * _PEAK * (length // (2 * _PEAK))
    aside[:, -1] = aside[:, -2] / (2 * rest)
    cos, sin = np.cos(slope)[:, None], np.sin(slope)[:, None]
    columns = _FROM + cos * along - sin * aside
    rows = start[:, None] + sin * along + cos * aside
    out = images
    for i in range(1, along.shape[1]):
        before, after = (columns[:, i - 1], rows[:, i - 1]), (columns[:, i], rows[:, i])
        out = np.minimum(out + _line(before, after), 1)
    return out


def _line(start: tuple[Array, Array], end: tuple[Array, Array]) -> Array:
    """Return lines with soft edges, (N, 28, 28, 1), from (column, row) to (column, row).

    The value of a pixel at the vertical distance d from the line is max(0, 1 + log(1 - d / 2.3)).

    Args:
        start: Columns and rows of the left ends.
        end: Columns and rows of the right ends.
    """
    left, right = start[0][:, None], end[0][:, None]
    columns, rows = np.arange(SIDE), np.arange(SIDE)[:, None]
    height = start[1][:, None] + (end[1] - start[1])[:, None] / (right - left) * (columns - left)
    apart = np.abs(rows - height[:, None, :]) / _SOFTNESS
    ink = np.maximum(1 + np.log1p(-np.minimum(apart, 1 - math.exp(-1))), 0)
    drawn = (columns >= np.floor(left)) & (columns < np.ceil(right))
    line: Array = (ink * drawn[:, None, :]).astype(np.float32)
    return line[..., None]
