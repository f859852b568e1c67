"""Marks: strokes at their positions on a page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.synthetic.pages.writer import Strokes

__all__ = ["Mark", "extent", "mark", "moved", "polyline", "turned"]


@dataclass(frozen=True, eq=False)
class Mark:
    """One thing on a page.

    Lengths are in pixels. While ``layout`` arranges marks, they are in heights of a digit.

    Attributes:
        points: (Q, 2) as (x, y); y grows downwards.
        radii: Radius of the pen at each point: (Q,).
        stroke_of: Index of the stroke that each point belongs to: (Q,).
        digit: 0 to 9, or None for what is not a digit.
        line: Index of the line of a digit.
        printed: Whether it is printed on the paper, as a box of a form is.
    """

    points: Array
    radii: Array
    stroke_of: Array
    digit: int | None = None
    line: int = 0
    printed: bool = False


def mark(
    strokes: Strokes, height: float, x: float, y: float, digit: int | None = None, line: int = 0
) -> Mark:
    """Return strokes at a position on the page.

    Args:
        strokes: The strokes, in heights of a digit.
        height: Height of a digit, in the unit of the mark.
        x: Left edge of the ink, in this unit.
        y: Upper edge of the ink, in this unit.
        digit: As in ``Mark``.
        line: As in ``Mark``.
    """
    points = strokes.points * height + np.array([x, y])
    return Mark(points, strokes.radii * height, strokes.stroke_of, digit, line)


def polyline(corners: Sequence[tuple[float, float]], radius: float) -> Mark:
    """Return a printed line through corners."""
    points = np.array(corners, float)
    return Mark(points, np.full(len(points), radius), np.zeros(len(points), int), printed=True)


def extent(marks: Sequence[Mark]) -> tuple[Array, Array]:
    """Return the smallest and the largest (x, y) of the ink of some marks: (2,) each."""
    low = [(m.points - m.radii[:, np.newaxis]).min(axis=0) for m in marks]
    high = [(m.points + m.radii[:, np.newaxis]).max(axis=0) for m in marks]
    return np.min(low, axis=0), np.max(high, axis=0)


def moved(marks: Sequence[Mark], shift: Array, scale: float = 1.0) -> list[Mark]:
    """Return marks whose points p are moved to scale * p + shift."""
    return [replace(m, points=scale * m.points + shift, radii=scale * m.radii) for m in marks]


def turned(marks: Sequence[Mark], angle: float) -> list[Mark]:
    """Return marks rotated clockwise about the origin by an angle in radians."""
    cos, sin = np.cos(angle), np.sin(angle)
    matrix = np.array([[cos, sin], [-sin, cos]])
    return [replace(m, points=m.points @ matrix) for m in marks]
