"""Hypotheses: what could be ink in a picture.

Three things cannot be known before the digits are read: whether the ink is dark or light, how large
the window for the background must be, and whether long lines are ruled lines. So several
combinations are tried. The combination whose digits have the most evidence is used
(``tenfold.reading.reader``).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from tenfold.nn.array import Array
from tenfold.reading.contrast import contrast, ink_channel
from tenfold.reading.mask import Ink, find_ink, find_pieces
from tenfold.reading.ruled_lines import erase_ruled_lines

__all__ = ["Hypothesis", "hypotheses"]

_COARSE = 0.5  # size of the coarse window for the background, per shorter side of the picture
_FINE = 8.0  # size of the fine window, in stroke widths
_GRAIN = 0.02  # side of the square over which grain is averaged, per longer side of the picture
_LONG = 0.3  # pieces at least this long, per side of the picture, may be ruled lines
_SMALLEST_BOX = 24  # shorter side of a box, in pixels
_MOST_BOXES = 30
_BOX_SIDE = 0.6  # straight lines at least this long, per side of the piece, may be sides of a box
_BOX_SIDES = 3  # a box has at least this many straight sides
_MUCH_FINER = 0.6  # a fine window is tried if it is smaller than this share of the coarse one
_THICK = 0.06  # stroke width, per shorter side, of pieces at the border that may be shadows
_USUAL_STROKE = 0.03  # stroke width, per shorter side, that is assumed if all ink may be shadow


@dataclass(frozen=True)
class Hypothesis:
    """The ink of a picture under certain assumptions.

    Attributes:
        ink: The ink and its pieces.
        light: Whether the ink is lighter than the background.
        likely: Whether its assumption about light or dark ink is the more probable one.
        ruled_lines: Number of ruled lines that were erased.
        smooth: Whether the contrast was averaged, for strokes with grain.
        on_ruled_lines: (H, W) bool: whether each pixel belongs to a ruled line that was found and
            kept. None if there is no such ruled line.
    """

    ink: Ink
    light: bool
    likely: bool
    ruled_lines: int = 0
    smooth: bool = False
    on_ruled_lines: Array | None = None


def hypotheses(rgb: Array) -> Iterator[Hypothesis]:
    """Yield what could be ink in a picture (H, W, 3) uint8, the most plausible first."""
    first = _ink_is_light(rgb)
    for light in (first, not first):
        grey = ink_channel(rgb, light)
        window = _COARSE * min(grey.shape)
        ink = find_ink(grey, contrast(grey, window))
        likely = light == first
        stroke = _typical_stroke(ink, ~_maybe_shadow(ink))
        fine = max(_FINE * (stroke or _USUAL_STROKE * min(grey.shape)), 12.0)
        inks = [ink]
        if fine < _MUCH_FINER * window:
            inks.insert(0 if stroke else 1, find_ink(grey, contrast(grey, fine)))
        for each in inks:
            yield from _with_and_without_ruled_lines(each, light, likely)
        if likely:  # strokes with grain, such as those of chalk, consist of many pieces
            size = max(5, int(_GRAIN * max(grey.shape)) | 1)
            smooth = ndimage.uniform_filter(ink.contrast, size, mode="nearest")
            yield Hypothesis(find_ink(grey, smooth), light, likely, smooth=True)


def _ink_is_light(rgb: Array) -> bool:
    """Return whether the ink is probably light.

    It is if the lightest pixels are further from the median than the darkest pixels are.
    """
    step = 1 + max(rgb.shape[:2]) // 200
    grey = rgb[::step, ::step].mean(axis=2)
    low, middle, high = np.quantile(grey, (0.01, 0.5, 0.99))
    return bool(high - middle > middle - low)


def _maybe_shadow(ink: Ink) -> Array:
    """Return which pieces are thick and touch the border, as shadows do: (P,) bool."""
    height, width = ink.contrast.shape
    touches = (ink.boxes[:, :2] <= 1).any(axis=1)
    touches |= (ink.boxes[:, 2:] >= np.array([height, width]) - 1).any(axis=1)
    return np.asarray(touches & (ink.stroke > _THICK * min(height, width)))


def _typical_stroke(ink: Ink, chosen: Array | slice = slice(None)) -> float:
    """Return the median stroke width of pieces, weighted by the length of the strokes.

    Return 0 if there are no pieces.

    Args:
        ink: The ink.
        chosen: Which pieces, (P,) bool. Default: all.
    """
    stroke, area = ink.stroke[chosen], ink.area[chosen]
    if len(area) == 0:
        return 0.0
    order = np.argsort(stroke)
    length = np.cumsum((area / stroke)[order])
    return float(stroke[order][np.searchsorted(length, length[-1] / 2)])


def _with_and_without_ruled_lines(ink: Ink, light: bool, likely: bool) -> Iterator[Hypothesis]:
    stroke = _typical_stroke(ink) or 1.0
    mask, ruled_lines, on_ruled_lines = ink.labels > 0, 0, None
    if _long_pieces(ink).any():
        rest, ruled_lines = erase_ruled_lines(mask, stroke)
        mask, on_ruled_lines = rest, mask & ~rest if ruled_lines else None
    yield Hypothesis(ink, light, likely, on_ruled_lines=on_ruled_lines)
    ruled_lines += _erase_boxes(ink, mask, stroke)
    if ruled_lines:
        yield Hypothesis(find_pieces(mask, ink.grey, ink.contrast), light, likely, ruled_lines)


def _long_pieces(ink: Ink) -> Array:
    height, width = ink.contrast.shape
    sides = ink.boxes[:, 2:] - ink.boxes[:, :2]
    return np.asarray((sides >= _LONG * np.array([height, width])).any(axis=1))


def _erase_boxes(ink: Ink, mask: Array, stroke: float) -> int:
    """Erase the borders of boxes from ``mask``; return the number of sides that were erased."""
    sides = ink.boxes[:, 2:] - ink.boxes[:, :2]
    large = np.flatnonzero(sides.min(axis=1) >= _SMALLEST_BOX)
    found = 0
    for index in large[np.argsort(-sides[large].max(axis=1), kind="stable")][:_MOST_BOXES]:
        top, left, bottom, right = ink.boxes[index]
        inside = mask[top:bottom, left:right] & (ink.labels[top:bottom, left:right] == index + 1)
        if not inside.any():
            continue
        width = min(stroke, float(ink.stroke[index])) * 1.3
        rest, ruled_lines = erase_ruled_lines(inside, width, _BOX_SIDE)
        if ruled_lines >= _BOX_SIDES:
            mask[top:bottom, left:right] &= ~inside | rest
            found += ruled_lines
    return found
