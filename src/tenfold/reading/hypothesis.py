"""Hypotheses: what could be ink in a picture.

Four things cannot be known before the digits are read:

- whether the ink is dark or light
- how large the window for the background must be
- whether long lines are ruled lines
- whether the strokes are grainy, such as chalk, so that the contrast must be averaged.

So several combinations are tried, and the best reading is the answer
(``tenfold.reading.reader``).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.contrast import contrast, ink_channel
from tenfold.reading.joined import join_strokes
from tenfold.reading.mask import Ink, find_ink, find_pieces
from tenfold.reading.quantiles import quantiles
from tenfold.reading.ruled_lines import erase_ruled_lines
from tenfold.reading.shadow_tips import without_shadow_tips
from tenfold.reading.sliding_mean import sliding_mean
from tenfold.reading.soft import without_soft_pieces

__all__ = ["Hypothesis", "Polarity", "polarities"]

# As shares of the shorter side of the picture.
_WIDE = 0.5  # size of the wide window for the background
_THICK = 0.06  # a piece at the border whose stroke is wider may be a shadow
_USUAL_STROKE = 0.03  # stroke width that is assumed if all ink may be shadow

_NARROW = 8.0  # size of the narrow window for the background, in stroke widths
_GRAIN = 0.02  # side of the squares that are averaged, as a share of the picture's longer side
_LONG = 0.3  # a piece as wide (high) as this share of the picture may be a ruled line
_SMALLEST_BOX = 24  # shorter side of the smallest box, in pixels
_MOST_BOXES = 30  # only this many pieces, the largest ones, are examined for boxes
_BOX_SIDE = 0.6  # a line as wide (high) as this share of its piece may be the side of a box
_BOX_SIDES = 3  # a box has at least this many straight sides
_EXTREMES = (0.01, 0.5, 0.99)  # quantiles: the darkest pixels, the median, and the lightest pixels
_MUCH_NARROWER = 0.6  # the narrow window is tried if it is smaller than this share of the wide one


@dataclass(frozen=True)
class Hypothesis:
    """The ink of a picture under certain assumptions.

    Attributes:
        ink: The ink and its pieces.
        light: Whether the ink is lighter than the background.
        likely: Whether ``light`` is the more probable assumption about the ink.
        ruled_lines: Number of ruled lines that were erased.
        smooth: Whether the contrast was averaged over small squares, for grainy strokes.
        whole: Whether the pieces of ink are not cut, since a single digit is looked for.
        kept: The ruled lines and borders of boxes that the ink still contains; None if they were
            erased or not looked for.
    """

    ink: Ink
    light: bool
    likely: bool
    ruled_lines: int = 0
    smooth: bool = False
    whole: bool = False
    kept: "RuledLines | None" = None

    @property
    def on_ruled_lines(self) -> Array | None:
        """Whether each pixel belongs to a ruled line that was found and kept: (H, W) bool.

        None if there is no such ruled line.
        """
        return None if self.kept is None else self.kept.on_ruled_lines


class RuledLines:
    """The ruled lines and the borders of boxes in some ink.

    They are looked for only when they are needed: most pictures of one digit are read without them.
    """

    def __init__(self, ink: Ink) -> None:
        self._ink = ink

    @property
    def count(self) -> int:
        """Number of ruled lines and of sides of boxes."""
        return self._found[1]

    @property
    def other_ink(self) -> Array:
        """The ink without the ruled lines and the boxes, (H, W) bool."""
        return self._found[0]

    @property
    def on_ruled_lines(self) -> Array | None:
        """Whether each pixel belongs to a ruled line, (H, W) bool; None if there is none."""
        return self._found[2] if _long_pieces(self._ink).any() else None

    @cached_property
    def _found(self) -> tuple[Array, int, Array | None]:
        """The values of ``other_ink``, ``count``, ``on_ruled_lines``.

        Boxes are erased first. The upper sides of boxes side by side lie on one straight line. If
        they were erased as a ruled line, the rest of each box would no longer look like a box.
        """
        mask = self._ink.labels > 0
        stroke = _typical_stroke(self._ink) or 1.0
        sides = _erase_boxes(self._ink, mask, stroke)
        if not _long_pieces(self._ink).any():
            return mask, sides, None
        without, lines = erase_ruled_lines(mask, stroke)
        return without, sides + lines, mask & ~without if lines else None


class Polarity:
    """The assumption that the ink is light, or that it is dark, and its hypotheses.

    The hypotheses are computed when they are asked for.

    Attributes:
        light: Whether the ink is lighter than the background.
        likely: Whether this assumption is the more probable one.
    """

    def __init__(self, rgb: Array, light: bool, likely: bool, margin: int) -> None:
        self.light, self.likely, self._rgb, self._margin = light, likely, rgb, margin

    def first_hypotheses(self) -> Iterator[Hypothesis]:
        """Yield the hypotheses with the more plausible window for the background."""
        yield from self._with_and_without_ruled_lines(self._inks[0])

    def other_hypotheses(self) -> Iterator[Hypothesis]:
        """Yield those with the other window and, if ``likely``, those with averaged contrast."""
        for ink in self._inks[1:]:
            yield from self._with_and_without_ruled_lines(ink)
        if self.likely:  # grainy strokes, such as those of chalk, fall into many pieces
            size = max(5, int(_GRAIN * max(self._grey.shape)) | 1)
            smooth = sliding_mean(self._wide.contrast, size)
            for each in self._with_and_without_ruled_lines(self._find_ink(smooth)):
                yield replace(each, smooth=True)

    def joined_hypotheses(self) -> Iterator[Hypothesis]:
        """Yield the hypothesis that the pieces of ink are the dots or dashes of one digit."""
        joined = join_strokes(self._wide)
        if joined is not None:
            yield Hypothesis(joined, self.light, self.likely, whole=True)

    @cached_property
    def _grey(self) -> Array:
        return ink_channel(self._rgb, self.light)

    @cached_property
    def _wide(self) -> Ink:
        """The ink found with the wide window."""
        return self._find_ink(contrast(self._grey, self._window))

    def _find_ink(self, values: Array) -> Ink:
        """Return the ink of a contrast (H, W), without soft pieces and the tips of shadows.

        A small picture with a margin was enlarged, so its digits may be soft, too, and are kept.
        Tips of shadows are dark; if light ink is assumed, none is left out. Beside a shadow, the
        light paper within a digit looks like light ink. The only sign that it is paper is the light
        paper at the border.
        """
        ink = find_ink(self._grey, values)
        ink = ink if self._margin else without_soft_pieces(ink)
        ink = ink if self.light else without_shadow_tips(ink)
        ink.margin = self._margin
        return ink

    @property
    def _window(self) -> float:
        """Size of the wide window, in pixels."""
        return _WIDE * min(self._grey.shape)

    @cached_property
    def _inks(self) -> list[Ink]:
        """The ink found with each window, first the more plausible one.

        The narrow window is the more plausible one. But if all ink may be shadow, its size is only
        assumed, and the wide window comes first. The narrow window is left out if it is not much
        narrower than the wide one.
        """
        stroke = _typical_stroke(self._wide, ~_maybe_shadow(self._wide))
        narrow = max(_NARROW * (stroke or _USUAL_STROKE * min(self._grey.shape)), 12.0)
        inks = [self._wide]
        if narrow < _MUCH_NARROWER * self._window:
            found = self._find_ink(contrast(self._grey, narrow))
            inks.insert(0 if stroke else 1, found)
        return inks

    def _with_and_without_ruled_lines(self, ink: Ink) -> Iterator[Hypothesis]:
        """Yield the hypothesis of all ink and, if it has ruled lines, that of the ink without."""
        lines = RuledLines(ink)
        yield Hypothesis(ink, self.light, self.likely, kept=lines)
        if lines.count:
            other = find_pieces(lines.other_ink, ink.grey, ink.contrast)
            other.ruled, other.margin = (ink.labels > 0) & ~lines.other_ink, ink.margin
            yield Hypothesis(other, self.light, self.likely, lines.count)


def polarities(rgb: Array, margin: int = 0) -> tuple[Polarity, Polarity]:
    """Return the two assumptions about the ink of a picture, the more probable one first.

    Args:
        rgb: (H, W, 3) uint8.
        margin: Pixels of paper that were added on each side of the picture.
    """
    light = _ink_is_light(rgb)
    return (
        Polarity(rgb, light, likely=True, margin=margin),
        Polarity(rgb, not light, likely=False, margin=margin),
    )


def _ink_is_light(rgb: Array) -> bool:
    """Return whether the ink is probably light.

    The ink is light if the lightest pixels are further from the median than the darkest pixels. If
    most of the picture is in shadow, the paper in the light is also far from the median. So the
    same must be true of the differences between the grey levels and the mean of their surroundings:
    at the edge of a shadow, the darkest and the lightest differences are equally large.
    """
    step = 1 + max(rgb.shape[:2]) // 200
    few = rgb[::step, ::step].astype(np.int32)
    grey = few[..., 0] + few[..., 1] + few[..., 2]
    low, middle, high = quantiles(grey, _EXTREMES)
    if high - middle <= middle - low:
        return False
    window = max(3, round(_WIDE * min(grey.shape)))
    around = sliding_mean(grey.astype(np.float32), window)
    low, _, high = quantiles(grey - around, _EXTREMES)
    return high > -low


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


def _long_pieces(ink: Ink) -> Array:
    """Return which pieces may be ruled lines by their width or height, (P,) bool."""
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
        without, ruled_lines = erase_ruled_lines(inside, width, _BOX_SIDE, crossed=True)
        if ruled_lines >= _BOX_SIDES:
            mask[top:bottom, left:right] &= ~inside | without
            found += ruled_lines
    return found
