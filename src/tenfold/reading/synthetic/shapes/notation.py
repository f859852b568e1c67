r"""Shapes in a short notation: strokes through control points, joined by smooth curves.

``"0,4 28,3 58,0! 38,45 22,100 / 12,52 50,48"`` has two strokes. Points are x,y in hundredths of the
height of a digit; x grows to the right, y downwards. At a point with ``!`` the stroke has a corner;
elsewhere it is smooth. A stroke whose last point is its first one is a closed curve.

Between the points b and c, with neighbours a and d, a stroke is the Catmull-Rom spline

.. math:: p(t) = \tfrac12 (2 b + (c - a) t + (2a - 5b + 4c - d) t^2 + (3b - a - 3c + d) t^3)

which is linear in the control points. So all points of a shape are W C: W is computed once, and the
control points C differ from one drawing to the next.

References:
    Catmull and Rom, "A class of local interpolating splines" (1974).
"""

import math
from dataclasses import dataclass
from functools import cache

import numpy as np

from tenfold.nn.array import Array

__all__ = ["SPACING", "StrokeShape", "parse", "spline"]

SPACING = 1 / 50
"""Distance between neighbouring points of a drawn shape, in heights of a digit."""


@dataclass(frozen=True, eq=False)
class StrokeShape:
    """The strokes of a digit, letter or sign; each drawing is a random mixture of the variants.

    Attributes:
        variants: Control points of each variant, in heights of a digit: (V, K, 2) as (x, y).
        weights: W, which turns control points into points along the strokes: (Q, K) float32.
        strokes: Index of the stroke that each point belongs to: (Q,).
        frequency: How often this shape is drawn, relative to the others of the same kind.
        jitter: Standard deviation of each control point, in heights of a digit.
        slant: Limits of its slant in degrees; None for those of its digit.
        widest: Greatest width of the pen, in heights of a digit.
    """

    variants: Array
    weights: Array
    strokes: Array
    frequency: float = 1.0
    jitter: float = 0.02
    slant: tuple[float, float] | None = None
    widest: float = 1.0


@cache
def parse(
    *variants: str,
    frequency: float = 1.0,
    jitter: float = 0.02,
    slant: tuple[float, float] | None = None,
    widest: float = 1.0,
) -> StrokeShape:
    """Return the shape of one or more variants in the notation of this module.

    Raises:
        ValueError: If the variants differ in the number of strokes, of points or in their corners.
    """
    read = [_read(text) for text in variants]
    if any(corners != read[0][1] for _, corners in read):
        raise ValueError("the variants must have the same strokes, corners and numbers of points")
    points = np.array([points for points, _ in read], np.float32) / 100
    weights, strokes = spline(points, read[0][1])
    return StrokeShape(points, weights, strokes, frequency, jitter, slant, widest)


def _read(text: str) -> tuple[list[tuple[float, float]], tuple[tuple[bool, ...], ...]]:
    """Return all points, and for each stroke, which of its points are corners."""
    strokes = [stroke.split() for stroke in text.split("/")]
    corners = tuple(tuple(word.endswith("!") for word in stroke) for stroke in strokes)
    pairs = [word.rstrip("!").split(",") for stroke in strokes for word in stroke]
    return [(float(x), float(y)) for x, y in pairs], corners


def spline(points: Array, corners: tuple[tuple[bool, ...], ...]) -> tuple[Array, Array]:
    """Return the matrix W of strokes through control points, and the stroke of each point.

    Args:
        points: (V, K, 2). Between two control points, the longest variant decides how many points
            there are.
        corners: For each stroke, which of its control points are corners.

    Returns:
        W (Q, K) float32, and (Q,) int64.
    """
    rows, owners, first = [], [], 0
    for index, stroke in enumerate(corners):
        own = points[:, first : first + len(stroke)]
        block = _stroke(own, stroke)
        whole = np.zeros((len(block), points.shape[1]), np.float32)
        whole[:, first : first + len(stroke)] = block
        rows.append(whole)
        owners.append(np.full(len(block), index))
        first += len(stroke)
    return np.concatenate(rows), np.concatenate(owners)


def _stroke(points: Array, corners: tuple[bool, ...]) -> Array:
    """Return the rows of W for one stroke: (number of points, number of control points)."""
    count = len(corners)
    closed = count > 2 and bool((points[:, 0] == points[:, -1]).all()) and not corners[0]
    rows = [np.eye(count)[:1]]
    for start in range(count - 1):
        before, after = start - 1, start + 2
        if start == 0:
            before = count - 2 if closed else start
        if start == count - 2:
            after = 1 if closed else start + 1
        before = start if corners[start] else before
        after = start + 1 if corners[start + 1] else after
        length = np.linalg.norm(points[:, start + 1] - points[:, start], axis=-1).max()
        steps = max(1, math.ceil(1.08 * length / SPACING))
        rows.append(_basis(count, (before, start, start + 1, after), steps))
    return np.concatenate(rows)


def _basis(count: int, neighbours: tuple[int, int, int, int], steps: int) -> Array:
    """Return the weights of the control points for a piece of a stroke: (steps, count).

    The piece leads from the second to the third of the four neighbours. It has ``steps`` points,
    without the second neighbour and with the third one.
    """
    t = (np.arange(steps)[:, np.newaxis] + 1) / steps
    a, b, c, d = (np.eye(count)[[index]] for index in neighbours)
    cubic: Array = b + 0.5 * t * (
        (c - a) + t * ((2 * a - 5 * b + 4 * c - d) + t * (3 * b - a - 3 * c + d))
    )
    return cubic
