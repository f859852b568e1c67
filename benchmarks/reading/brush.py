"""From the path of a pen to a mask: smooth curves, stamped with a round brush."""

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

__all__ = ["Floats", "Path", "draw_paths", "smooth"]

Floats = NDArray[np.floating[Any]]
Path = NDArray[np.float64]
"""Points (n, 2) of one stroke: x to the right and y downwards."""

_OVERSAMPLING = 4
_STEPS = 12  # points of the curve between two given points
_CORNER = 100.0  # degrees; a sharper turn is a corner of the pen's path, not a curve


def smooth(path: Path) -> Path:
    """Return a curve through all points (centripetal Catmull-Rom), with the corners kept.

    Args:
        path: (n, 2), at least 2 points.

    Returns:
        (m, 2) with m > n.
    """
    corners = [0, *(1 + np.flatnonzero(_turns(path) > _CORNER)).tolist(), len(path) - 1]
    pieces = [_spline(path[a : b + 1]) for a, b in pairwise(corners)]
    return np.concatenate(pieces)


def _turns(path: Path) -> NDArray[np.float64]:
    """Return the change of direction at each inner point, in degrees."""
    steps = np.diff(path, axis=0)
    angles = np.arctan2(steps[:, 1], steps[:, 0])
    return np.degrees(np.abs((np.diff(angles) + np.pi) % (2 * np.pi) - np.pi))


def _spline(points: Path) -> Path:
    if len(points) < 3:
        return np.linspace(points[0], points[-1], _STEPS)
    ends = (2 * points[0] - points[1], 2 * points[-1] - points[-2])
    p = np.vstack([ends[0], points, ends[1]])
    knots = np.concatenate([[0.0], np.cumsum(_distances(p) ** 0.5)])
    pieces = []
    for i in range(1, len(p) - 2):
        t = np.linspace(knots[i], knots[i + 1], _STEPS)[:, np.newaxis]
        pieces.append(_barry_goldman(p[i - 1 : i + 3], knots[i - 1 : i + 3], t))
    return np.concatenate(pieces)


def _distances(p: Path) -> NDArray[np.float64]:
    return np.maximum(np.hypot(*np.diff(p, axis=0).T), 1e-6)


def _barry_goldman(p: Path, t: NDArray[np.float64], at: NDArray[np.float64]) -> Path:
    """Evaluate one piece of a Catmull-Rom spline by repeated linear interpolation."""
    first = [_between(p[i], p[i + 1], t[i], t[i + 1], at) for i in range(3)]
    second = [_between(first[i], first[i + 1], t[i], t[i + 2], at) for i in range(2)]
    return _between(second[0], second[1], t[1], t[2], at)


def _between(a: Path, b: Path, start: float, end: float, at: NDArray[np.float64]) -> Path:
    return a + (b - a) * (at - start) / (end - start)


def draw_paths(
    paths: list[Path], pen: float, rng: np.random.Generator, pressure: float = 0.15
) -> Floats:
    """Return the mask of some strokes, cut to their ink.

    Args:
        paths: Strokes in pixels; they need not start at 0.
        pen: Mean width of the pen, in pixels.
        rng: Source of the variation of the pen's width.
        pressure: Relative variation of the width along a stroke.

    Returns:
        (H, W) float32, 0 (paper) to 1 (ink).
    """
    curves = [smooth(path) for path in paths]
    every = np.concatenate(curves)
    margin = pen * (1 + 2 * pressure) + 2
    low, high = every.min(axis=0) - margin, every.max(axis=0) + margin
    width, height = (int(np.ceil(n)) for n in high - low)
    canvas = Image.new("L", (width * _OVERSAMPLING, height * _OVERSAMPLING))
    brush = ImageDraw.Draw(canvas)
    for curve in curves:
        _stamp(brush, (curve - low) * _OVERSAMPLING, pen * _OVERSAMPLING, rng, pressure)
    mask = np.asarray(canvas.reduce(_OVERSAMPLING), np.float32) / 255
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _stamp(
    brush: ImageDraw.ImageDraw,
    curve: Path,
    pen: float,
    rng: np.random.Generator,
    pressure: float,
) -> None:
    lengths = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(curve, axis=0).T))])
    count = max(2, int(lengths[-1] / max(1.0, pen / 8)))
    at = np.linspace(0, lengths[-1], count)
    points = np.stack([np.interp(at, lengths, curve[:, i]) for i in (0, 1)], axis=1)
    knots = 1 + pressure * rng.uniform(-1, 1, 6)
    widths = pen * np.interp(np.linspace(0, 5, count), np.arange(6), knots)
    for (x, y), r in zip(points, widths / 2, strict=True):
        brush.ellipse((x - r, y - r, x + r, y + r), fill=255)
