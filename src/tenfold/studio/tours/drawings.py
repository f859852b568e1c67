"""Drawings in the addresses of tours, written as the page writes them (``static/strokes.js``)."""

import math

import numpy as np

from tenfold.studio.ink.strokes import PAD

__all__ = ["FULL_PAD", "ink", "three"]

Numbers = list[int]
"""A stroke: width, 1 if it erases, and x, y, x, y, ... in units of the pad."""

FULL_PAD: Numbers = [
    *(300, 0),
    *(0, 100, PAD, 100, PAD, 300, 0, 300, 0, 500, PAD, 500, PAD, 700, 0, 700, 0, 900, PAD, 900),
]
"""A stroke that fills the pad."""

_TURN = [step / 12 for step in range(13)]


def three(
    width: int, middle: tuple[int, int] = (500, 500), size: float = 1.0, erases: bool = False
) -> Numbers:
    """Return a 3 in one stroke.

    Args:
        width: Width of the pen, in units of the pad.
        middle: Its middle, as (x, y).
        size: Its size; 1 is two thirds of the pad.
        erases: Whether the eraser draws it.
    """
    upper = [(260 * math.sin(math.pi * t) - 120, 320 * t - 330) for t in _TURN]
    lower = [(310 * math.sin(math.pi * t) - 140, 340 * t - 10) for t in _TURN]
    places = [
        round(centre + size * offset)
        for point in upper + lower
        for centre, offset in zip(middle, point, strict=True)
    ]
    return [width, int(erases), *places]


def ink(*strokes: Numbers) -> str:
    """Return strokes as the fragment of an address of Draw."""
    texts = [".".join(np.base_repr(n, 36).lower() for n in stroke) for stroke in strokes]
    return f"#ink={'-'.join(texts)}"
