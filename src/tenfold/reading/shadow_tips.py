"""Tips of shadows: where a shadow ends at the border of the picture, it looks like ink.

The paper is compared with the paper in a window around it (``tenfold.reading.contrast``). A shadow
that is wider than the window counts as paper. But its tip, between its edge and the border of the
picture, is narrower, so the tip is taken for a piece of ink. Unlike ink, it has no edge on one
side: there, the shadow goes on. The dark corners of a picture in uneven light are like such tips.

A digit in the tip of a shadow is one piece of ink with the tip. Its contrast with the shadow around
it is that of other digits with their paper, so it is kept, see ``_strokes_in_tips``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.connected import connected_pieces
from tenfold.reading.contrast import contrast
from tenfold.reading.mask import Ink, find_pieces, pixels_of
from tenfold.reading.rests import touched
from tenfold.reading.sliding import sliding_maximum

__all__ = ["without_shadow_tips"]

_SMALLEST = 8  # least shorter side of the box of a tip, in pixels; smaller pieces are kept
_FILLED = 0.4  # least share of its box that a tip covers; low, since a digit may touch the tip
_OPEN = 0.2  # least share of the outline of a tip that has no edge
_DARK = 0.6  # least contrast of the shadow beside its tip, in contrasts of the tip
_DISTANCE = 0.4  # from a piece to the pixels that are compared with it, in stroke widths
_NEAREST = 2  # least value of this distance, in pixels: the edge of a stroke is seldom sharper
_WINDOW = 5.0  # window for the brightness of the shadow around a stroke, in stroke widths
_HALF = 0.5  # least contrast of a stroke in a shadow, as a share of the contrast of other ink
_STROKES = 0.5  # largest share of a tip that strokes cover


def without_shadow_tips(ink: Ink) -> Ink:
    """Return the ink without the tips of shadows, but with the digits in them.

    Args:
        ink: All ink of a picture.
    """
    tips = _tips(ink)
    if not len(tips):
        return ink
    without = _without(ink, tips)
    strokes = list(_strokes_in_tips(ink, tips, _largest_inside(without)))
    if not strokes:
        return without
    mask, values = without.labels > 0, ink.contrast.copy()
    for each in strokes:
        mask[each.place] |= each.mask
        values[each.place][each.tip] = each.contrast[each.tip]
    found = find_pieces(mask, ink.grey, values)
    return _without(found, _tips(found))  # the darkest part of a tip is a tip, too


def _tips(ink: Ink) -> Array:
    """Return the indices of the pieces that are tips of shadows."""
    ends = np.array(ink.contrast.shape)
    at_border = ((ink.boxes[:, :2] == 0) | (ink.boxes[:, 2:] == ends)).any(axis=1)
    sides = ink.boxes[:, 2:] - ink.boxes[:, :2]
    possible = at_border & (sides.min(axis=1) >= _SMALLEST)
    possible &= ink.area >= _FILLED * sides.prod(axis=1)
    tips = [piece for piece in np.flatnonzero(possible) if _is_open(ink, int(piece))]
    return np.array(tips, np.int64)


def _without(ink: Ink, pieces: Array) -> Ink:
    """Return the ink without some pieces, given by their indices."""
    kept = np.ones(len(ink.area), bool)
    kept[pieces] = False
    return find_pieces(pixels_of(ink, kept), ink.grey, ink.contrast)


@dataclass(frozen=True)
class _Strokes:
    """Strokes in the tip of a shadow.

    Attributes:
        place: The part of the picture: h rows and w columns.
        tip: (h, w) bool, the pixels of the tip, with those of the strokes.
        mask: (h, w) bool, the pixels of the strokes.
        contrast: (h, w), the contrast with the shadow around.
    """

    place: tuple[slice, slice]
    tip: Array
    mask: Array
    contrast: Array


def _strokes_in_tips(ink: Ink, tips: Array, other: "_Other | None") -> Iterator[_Strokes]:
    """Yield the strokes in each tip that has any.

    Light changes the brightness of ink and of paper by the same factor. So a stroke in a shadow
    stands out from the shadow around it as other ink stands out from the paper. Without other ink,
    all ink may be shadow.

    Args:
        ink: The ink.
        tips: Indices of the tips of shadows.
        other: Contrast and stroke width of other ink; None if there is none.
    """
    if other is None:
        return
    window = max(_WINDOW * other.stroke, 3.0)
    around = round(window)
    for piece in tips:
        top, left, bottom, right = map(int, ink.boxes[piece])
        place = (
            slice(max(0, top - around), bottom + around),
            slice(max(0, left - around), right + around),
        )
        tip = ink.labels[place] == piece + 1
        local = contrast(ink.grey[place], window)
        mask = _off_border(tip & (local >= _HALF * other.peak), place, ink.contrast.shape)
        if 0 < mask.sum() <= _STROKES * tip.sum():
            yield _Strokes(place, tip, mask, local)


def _off_border(mask: Array, place: tuple[slice, slice], shape: tuple[int, ...]) -> Array:
    """Return the pieces of a mask that do not touch the border of the picture, (h, w) bool.

    A fold of the paper or a ruled line goes on to the border, a digit seldom does.

    Args:
        mask: (h, w) bool.
        place: Where the mask lies in the picture.
        shape: (H, W) of the picture.
    """
    labels, boxes = connected_pieces(mask)
    starts = np.array([each.start for each in place])
    ends = np.array(shape) - starts
    at_border = (boxes[:, :2] + starts == 0) | (boxes[:, 2:] == ends)
    return np.asarray(np.append(False, ~at_border.any(axis=1))[labels])


class _Other(NamedTuple):
    """Contrast and stroke width of a piece of ink that is no shadow."""

    peak: float
    stroke: float


def _largest_inside(ink: Ink) -> _Other | None:
    """Return the piece with the most ink that does not touch the border; None if there is none."""
    inside = ~touched(ink).any(axis=1)
    if not inside.any():
        return None
    main = int(np.where(inside, ink.area * ink.peak, 0).argmax())
    return _Other(float(ink.peak[main]), float(ink.stroke[main]))


def _is_open(ink: Ink, piece: int) -> bool:
    """Return whether a part of the outline of a piece has no edge.

    Let g be the median grey level of the piece, and r its median contrast. So the grey level of the
    paper is b = g / (1 - r). Beside the outline, a pixel is as dark as the piece if its contrast
    with this paper, 1 - grey / b, is at least 0.6 r.
    """
    distance = max(_NEAREST, round(_DISTANCE * float(ink.stroke[piece])))
    top, left, bottom, right = map(int, ink.boxes[piece])
    y, x = max(0, top - distance), max(0, left - distance)
    around = (slice(y, bottom + distance), slice(x, right + distance))
    labels, grey = ink.labels[around], ink.grey[around]
    mine = labels == piece + 1
    nearer = sliding_maximum(mine, 2 * distance - 1)
    outline = sliding_maximum(mine, 2 * distance + 1) & ~nearer & (labels == 0)
    if not outline.any():
        return False
    contrast = float(np.median(ink.contrast[around][mine]))
    paper = float(np.median(grey[mine])) / max(1 - contrast, 1e-3)
    dark = 1 - grey[outline] / max(paper, 1e-3) >= _DARK * contrast
    return bool(dark.mean() >= _OPEN)
