"""Numbers on a sheet: digits side by side, with more or less room between them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.reading.brush import Floats
from benchmarks.reading.compose.canvas import Canvas
from benchmarks.reading.sources import Source

__all__ = ["GAPS", "Row", "Written", "arranged", "size_of", "write_row"]

GAPS = {
    "boxes": (0.6, 0.75),
    "spaced": (0.25, 0.65),
    "tight": (0.04, 0.12),
    "touching": (-0.03, 0.0),
}
"""Lowest and highest gap between two digits, as shares of their height.

A gap is measured between the nearest ink of two digits in the same row of pixels, so an overhanging
stroke does not count as a wide digit. At 0 and below the digits touch.
"""


@dataclass(frozen=True)
class Written:
    """A digit of a row: its mask, its position relative to the row, and its text."""

    mask: Floats
    x: int
    y: int
    text: str


Row = list[Written]


def write_row(
    origin: Source,
    members: NDArray[np.int64],
    unit: int,
    spacing: str,
    rng: np.random.Generator,
    pen: float | None = None,
) -> Row:
    """Return the digits of a number, from left to right.

    Args:
        origin: Where the digits come from.
        members: Their indices in the source.
        unit: Mean height in pixels.
        spacing: A key of ``GAPS``.
        rng: Random numbers.
        pen: Width of the pen in pixels; one for the whole row, random if None.
    """
    pen = unit * rng.uniform(0.05, 0.13) if pen is None else pen
    row: Row = []
    for member in members:
        height = max(8, round(unit * rng.uniform(0.88, 1.1)))
        mask = origin.mask(int(member), height, rng, pen)
        y = round(unit - height + unit * rng.uniform(-0.06, 0.06))
        gap = unit * rng.uniform(*GAPS[spacing])
        x = _next_x(row, mask, y, gap) if row else 0
        row.append(Written(mask, x, y, str(origin.labels[member])))
    return row


def _next_x(row: Row, mask: Floats, y: int, gap: float) -> int:
    """Return the x at which the ink of a digit is ``gap`` pixels from that of the digit before."""
    last = row[-1]
    low, high = min(last.y, y), max(last.y + len(last.mask), y + len(mask))
    right = np.full(high - low, -(10.0**6))
    left = np.full(high - low, 10.0**6)
    ink = last.mask > 0.5
    right[last.y - low : last.y - low + len(ink)] = np.where(
        ink.any(axis=1), ink.shape[1] - ink[:, ::-1].argmax(axis=1), -(10.0**6)
    )
    ink = mask > 0.5
    left[y - low : y - low + len(ink)] = np.where(ink.any(axis=1), ink.argmax(axis=1), 10.0**6)
    nearest = _spread(right, 2, np.maximum) - left
    # Digits such as 7 and 4 must not slide far over each other.
    most = max(float(nearest.max()), 0.85 * last.mask.shape[1])
    step = round(most + (gap if gap > 0 else min(gap, -1)))
    return last.x + max(step, last.mask.shape[1] // 3)


def _spread(values: NDArray[np.float64], reach: int, choose: np.ufunc) -> NDArray[np.float64]:
    padded = np.pad(values, reach, mode="edge")
    return choose.reduce([padded[i : i + len(values)] for i in range(2 * reach + 1)])


def size_of(row: Row) -> tuple[int, int]:
    """Return the width of a row and the height of its highest digit."""
    width = max(one.x + one.mask.shape[1] for one in row)
    return width, max(one.y + len(one.mask) for one in row)


def arranged(canvas: Canvas, rows: list[tuple[int, int, Row]]) -> tuple[str, ...]:
    """Write rows with their upper left corners at (x, y), and return their texts."""
    for line, (x, y, row) in enumerate(rows):
        for one in row:
            canvas.write(one.mask, x + one.x, y + one.y, one.text, line)
    return tuple("".join(one.text for one in row) for _, _, row in rows)
