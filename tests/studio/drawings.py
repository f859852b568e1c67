"""Drawings of digits, as lists of points in units of the pad."""

import math

import numpy as np

from tenfold.nn.array import Array
from tenfold.studio.ink.strokes import rasterise, strokes_of

Place = tuple[float, float]

_STEPS = [i / 24 for i in range(25)]
THREE: list[list[Place]] = [
    [(-120 + 260 * math.sin(math.pi * t), -330 + 320 * t) for t in _STEPS]
    + [(-140 + 310 * math.sin(math.pi * t), -10 + 340 * t) for t in _STEPS]
]
"""A 3 in one stroke, around the middle (0, 0)."""

ONE: list[list[Place]] = [[(0, -330 + 660 * t) for t in _STEPS]]
"""A 1."""


def placed(
    drawing: list[list[Place]], middle: Place = (500, 500), scale: float = 1.0
) -> list[list[Place]]:
    """Return a drawing with its middle at a place of the pad."""
    return [
        [(round(middle[0] + scale * x), round(middle[1] + scale * y)) for x, y in stroke]
        for stroke in drawing
    ]


def strokes(
    drawing: list[list[Place]],
    middle: Place = (500, 500),
    scale: float = 1.0,
    width: float = 70,
) -> list[list[float]]:
    """Return a drawing as a page sends it."""
    return [
        [width, 0, *(value for point in stroke for value in point)]
        for stroke in placed(drawing, middle, scale)
    ]


def threes() -> Array:
    """Return two threes as black ink on white paper, (320, 640) uint8."""
    ink = rasterise(strokes_of({"type": "draw", "strokes": strokes(THREE, scale=0.6)}))
    return np.rint(255 * (1 - np.hstack([ink, ink]))).astype(np.uint8)
