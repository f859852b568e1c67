"""Folding: how large a picture is drawn, which part of it, and into which sections a strip is cut.

A strip is a picture that is much longer than wide. Its sections are drawn below or beside each
other, as lines of text are.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from tenfold.nn.array import Array

__all__ = ["FEW_DIGITS", "Folded", "Rect", "fold"]

FEW_DIGITS = 8
"""Up to this number of digits, the cards are larger, and no large empty picture is drawn."""

Rect = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels."""

_HEIGHT = 900  # usual height of the picture in the figure
_MOST_HEIGHT = 2400  # largest height of the picture in the figure, if the digits are small
_DIGIT = 56  # wanted size of a digit in the figure
_SPACED = 90  # largest size that is wanted so that the tags of neighbours fit beside each other
_READABLE = 36  # if digits would be smaller, only the part that contains them is drawn, larger
_AROUND = 2.5  # margin of that part, in sizes of a digit
_LARGER = 1.3  # least factor by which that part must become larger to be drawn alone
_NEAR = 1.35  # largest factor by which digits are drawn smaller to keep the wanted width
_SIDE = 60  # wanted shorter side of a strip
_STRIP = 4  # least ratio of the sides of a strip
_ENLARGED = 6  # largest factor by which a picture is enlarged
_MOST_SECTIONS = 16


@dataclass(frozen=True)
class Folded:
    """A picture in one or more sections.

    Attributes:
        scale: Pixels of the figure per pixel of the picture.
        crops: The part of the picture that each section shows.
        beside: Whether the sections lie beside each other, not below each other.
        part: Whether only the part of the picture that contains the digits is drawn.
    """

    scale: float
    crops: tuple[Rect, ...]
    beside: bool = False
    part: bool = False


def fold(
    size: tuple[int, int], boxes: Array, width: float, widest: float, spaced: float = 0.0
) -> Folded:
    """Return how a picture is drawn, so that small digits stay readable.

    Args:
        size: (width, height) of the picture.
        boxes: (N, 4): left, top, right, bottom of each digit in the picture.
        width: Wanted largest width of the drawn picture, in pixels.
        widest: Largest width, for pictures of small digits.
        spaced: Scale at which the tags of neighbours fit beside each other.
    """
    w, h = size
    fit = min(width / w, _HEIGHT / h, _ENLARGED)
    typical = float(np.median((boxes[:, 2:] - boxes[:, :2]).max(axis=1))) if len(boxes) else 0.0
    wanted = max(_DIGIT, min(spaced * typical, _SPACED)) / typical if typical else 0.0
    if w >= _STRIP * h or h >= _STRIP * w:
        wanted = min(max(wanted, _SIDE / min(w, h)), _ENLARGED)
        length, room = (w, widest) if w > h else (h, _HEIGHT)
        return _strip(size, boxes, max(fit, min(wanted, _MOST_SECTIONS * room / length)), room)
    scale = max(fit, min(wanted, widest / w, _MOST_HEIGHT / h, _ENLARGED))
    scale = fit if scale <= _NEAR * fit else scale
    usual = fit if len(boxes) <= FEW_DIGITS else scale  # for few digits, most of it would be empty
    if 0 < usual * typical < _READABLE:
        left, top, right, bottom = part = _part(size, boxes, _AROUND * typical)
        limits = (widest / (right - left), _MOST_HEIGHT / (bottom - top), _ENLARGED)
        larger = min(wanted, *limits)
        if larger >= _LARGER * usual:
            return Folded(larger, (part,), part=True)
    return Folded(scale, ((0, 0, w, h),))


def _part(size: tuple[int, int], boxes: Array, margin: float) -> Rect:
    """Return the part of the picture that contains all boxes, with a margin."""
    left, top = np.maximum(np.floor(boxes[:, :2].min(axis=0) - margin), 0)
    right, bottom = np.minimum(np.ceil(boxes[:, 2:].max(axis=0) + margin), size)
    return float(left), float(top), float(right), float(bottom)


def _strip(size: tuple[int, int], boxes: Array, scale: float, room: float) -> Folded:
    """Return a strip in sections of at most ``room`` pixels of the figure, cut between digits."""
    w, h = size
    wide = w > h
    length, axis = (w, 0) if wide else (h, 1)
    count = int(np.ceil(length * scale / room - 1e-6))
    spans = boxes[:, [axis, axis + 2]]
    cuts = [_free(length * k / count, length / count / 4, spans) for k in range(1, count)]
    ends = [0.0, *cuts, float(length)]
    longest = max(b - a for a, b in pairwise(ends))
    crops: tuple[Rect, ...] = tuple(
        (a, 0, b, h) if wide else (0, a, w, b) for a, b in pairwise(ends)
    )
    return Folded(min(scale, room / longest), crops, beside=not wide)


def _free(place: float, reach: float, spans: Array) -> float:
    """Return the place nearest to ``place`` that cuts no digit; ``place`` if there is none."""
    places = place + np.linspace(-reach, reach, 101)
    cut = ((places[:, None] > spans[:, 0]) & (places[:, None] < spans[:, 1])).any(axis=1)
    free = places[~cut]
    return float(np.rint(free[np.abs(free - place).argmin()])) if len(free) else float(int(place))
