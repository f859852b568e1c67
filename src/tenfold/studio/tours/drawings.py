"""Drawings in URLs, for the guided tours of the studio, encoded as in ``static/strokes.js``."""

import math

import numpy as np

from tenfold.studio.ink.strokes import PAD

__all__ = ["FULL_PAD", "ink", "stroke_of_digit_three"]

Stroke = list[int]
"""[width of the pen, 1 for the eraser or 0 for the pen, x, y, x, y, ...] in units of the pad."""

FULL_PAD: Stroke = [
    *(300, 0),
    *(0, 100, PAD, 100, PAD, 300, 0, 300, 0, 500, PAD, 500, PAD, 700, 0, 700, 0, 900, PAD, 900),
]
"""A stroke that fills the pad."""

_CURVE_TIMES = [step / 12 for step in range(13)]
"""Values from 0 to 1 of the parameter t of an arc."""


def stroke_of_digit_three(
    width: int, middle: tuple[int, int] = (500, 500), size: float = 1.0, erases: bool = False
) -> Stroke:
    """Return a digit 3, drawn in one stroke.

    Args:
        width: Width of the pen, in units of the pad.
        middle: Centre of the digit, as (x, y).
        size: Size of the digit; 1 is two thirds of the pad.
        erases: Whether the eraser draws it.
    """
    upper = [(260 * math.sin(math.pi * t) - 120, 320 * t - 330) for t in _CURVE_TIMES]
    lower = [(310 * math.sin(math.pi * t) - 140, 340 * t - 10) for t in _CURVE_TIMES]
    coordinates = [
        round(centre + size * offset)
        for point in upper + lower
        for centre, offset in zip(middle, point, strict=True)
    ]
    return [width, int(erases), *coordinates]


def ink(*strokes: Stroke) -> str:
    """Return strokes as the fragment of a URL of the view Draw."""
    texts = [".".join(np.base_repr(n, 36).lower() for n in stroke) for stroke in strokes]
    return f"#ink={'-'.join(texts)}"
