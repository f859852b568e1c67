"""Digit pieces: which pieces of ink could be digits, by their size and position.

Scan edges, frames, blots, the borders of boxes, underlines and rests of other digits are no digits.
"""

from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.frames import at_the_border, cropped_digits, fill_the_picture
from tenfold.reading.mask import Ink
from tenfold.reading.outlines import is_hollow, is_on_both_sides
from tenfold.reading.rests import are_rests, touched

__all__ = [
    "MOST_PIECES",
    "WEAKEST",
    "digit_sized",
    "has_too_many",
    "other_pieces",
    "rest_pieces",
    "span_the_picture",
]

MOST_PIECES = 400
"""Largest number of pieces of a picture that are read."""

WEAKEST = 0.35
"""Least contrast of a digit, as a share of the mean contrast.

The mean is over all pieces that could be digits, weighted by their ink. Writing on the back of the
paper, which shows through, is weaker.
"""

_SMALLEST = 0.25  # size of the smallest digit, as a share of the size of a typical piece
_LARGE = 0.12  # least size of a large piece, as a share of the picture's shorter side
_LARGE_IF_SEVERAL = 0.06  # the same, if at least _SEVERAL pieces have this size
_SEVERAL = 4  # least number of pieces of such a size
_BLOT = 2.2  # least stroke width of a thick blot, in stroke widths of the piece with the most ink
_BLOT_PEAK = 0.75  # largest contrast of a pale blot, as a share of the contrast of that piece
_BLOT_FILLED = 0.4  # least share of its box that a blot covers
_BAR = 0.25  # a piece whose shorter side is less than this share of the longer may be a ruled line
_INNER = 0.97  # largest size of a piece inside a box, as a share of the size of the box
_CONTAINED = 0.35  # least size of a single piece in a box, as a share of the size of the box
_CONTAINED_BOTH = 0.2  # least size of two pieces in a box, as a share of the box's shorter side
_CONTAINED_MANY = 0.08  # least size of each of _SEVERAL pieces in a box, as a share of this side
# Largest stroke width of a box that has ink on only one side of its digit, in stroke widths of the
# digit.
_THINNER = 0.5
_LONGER = 1.5  # the size of a box counts only up to this multiple of its shorter side
_FLAT = 8.0  # least ratio of the width of an underline to its height
_UNDERLINE = 2.5  # least ratio of the width of an underline to the typical size of other pieces
_TINY = 6  # smallest size of a digit, in working pixels


def digit_sized(ink: Ink, *, pale: bool = False) -> Array:
    """Return the indices of the pieces that could be digits, by their size and position.

    If there are more than ``MOST_PIECES``, only those with the most ink are returned.

    Args:
        ink: The ink of the picture.
        pale: Whether pieces that are much paler than the others are included. If
            ``ink.pale_digits`` is set, they always are.
    """
    possible = _possible_digits(ink)
    chosen = possible.pieces if pale or ink.pale_digits else possible.strong
    if len(chosen) > MOST_PIECES:
        most = np.argsort(-possible.weight[chosen], kind="stable")[:MOST_PIECES]
        chosen = np.sort(chosen[most])
    return chosen


def has_too_many(ink: Ink) -> bool:
    """Return whether the ink has more possible digits than the ``MOST_PIECES`` that are read."""
    possible = _possible_digits(ink)
    return len(possible.pieces if ink.pale_digits else possible.strong) > MOST_PIECES


def rest_pieces(ink: Ink) -> Array:
    """Return which pieces are rests of digits that the border of the picture cuts off, (P,) bool.

    See ``tenfold.reading.rests``.
    """
    return _possible_digits(ink).rests


class _PossibleDigits(NamedTuple):
    """The pieces that could be digits.

    Attributes:
        strong: Indices of the pieces that are not much paler than the others.
        pieces: Indices of all pieces that could be digits.
        weight: (P,), the ink of each piece.
        rests: (P,) bool, see ``rest_pieces``.
    """

    strong: Array
    pieces: Array
    weight: Array
    rests: Array


_POSSIBLE_DIGITS: WeakKeyDictionary[Ink, _PossibleDigits] = WeakKeyDictionary()


def _possible_digits(ink: Ink) -> _PossibleDigits:
    """Return the pieces that could be digits.

    Several steps of a reading need them, so the result is kept as long as the ink exists. The ink
    must not be changed after the first call.
    """
    found = _POSSIBLE_DIGITS.get(ink)
    if found is None:
        found = _POSSIBLE_DIGITS[ink] = _find_possible_digits(ink)
        for each in found:
            each.setflags(write=False)
    return found


def _find_possible_digits(ink: Ink) -> _PossibleDigits:
    """Return all pieces except scan edges, frames, blots, boxes, underlines, rests and specks."""
    none = np.zeros(0, np.int64)
    if len(ink.area) == 0:
        return _PossibleDigits(none, none, np.zeros(0), np.zeros(0, bool))
    size = ink.sizes
    scan_edges, frames = at_the_border(ink)
    usable = ~scan_edges & (size >= _TINY)
    frames &= ~cropped_digits(ink, frames, usable & ~frames)
    frames &= ~fill_the_picture(ink, frames, usable & ~frames)
    inner = usable & ~frames & ~_blots(ink, size, usable & ~frames)
    shorter = min(ink.contrast.shape)
    # Frames and blots are left out only if the other pieces are large enough to be digits.
    any_large = (size[inner] >= _LARGE * shorter).any()
    if any_large or (size[inner] >= _LARGE_IF_SEVERAL * shorter).sum() >= _SEVERAL:
        usable = inner
    usable &= ~_containers(ink, size, usable)
    usable &= ~_underlines(ink, size, usable)
    rests = are_rests(ink, size, usable)
    usable &= ~rests
    if not usable.any():
        return _PossibleDigits(none, none, np.zeros(len(size)), rests)
    weight = np.where(usable, ink.area * ink.peak, 0)
    typical = _typical(size, weight)
    strong = ink.peak >= WEAKEST * np.average(ink.peak, weights=np.maximum(weight, 1e-9))
    pieces = np.flatnonzero(usable & (size >= _SMALLEST * typical))
    return _PossibleDigits(pieces[strong[pieces]], pieces, weight, rests)


def _typical(size: Array, weight: Array) -> float:
    """Return the median size of pieces, weighted by their ink."""
    order = np.argsort(size, kind="stable")
    return float(size[order][np.searchsorted(np.cumsum(weight[order]), weight.sum() / 2)])


def _underlines(ink: Ink, size: Array, usable: Array) -> Array:
    """Return which pieces are flat and much wider than the others, as underlines are: (P,) bool.

    An underline would join the words above it and a number far beside them to one text line.
    """
    height, width = (ink.boxes[:, 2:] - ink.boxes[:, :2]).T
    flat = usable & (width >= _FLAT * height)
    others = usable & ~flat
    if not flat.any() or not others.any():
        return np.zeros(len(size), bool)
    typical = _typical(size, np.where(others, ink.area * ink.peak, 0))
    return np.asarray(flat & (width >= _UNDERLINE * typical))


def span_the_picture(ink: Ink) -> Array:
    """Return which pieces reach from one side of the picture to the opposite one, (P,) bool.

    Such a piece may be a ruled line with the digits that stand on it. If paper was added around the
    picture (``ink.margin``), no piece counts: such a picture is small, and often cropped close to
    its only digit.
    """
    borders = touched(ink)
    return np.asarray((borders[:, :2] & borders[:, 2:]).any(axis=1) & (ink.margin == 0))


def other_pieces(ink: Ink) -> Array:
    """Return the indices of large pieces that could not be digits, such as frames and blots."""
    large = np.flatnonzero(ink.sizes >= _LARGE * min(ink.contrast.shape))
    return np.setdiff1d(large, digit_sized(ink))


def _blots(ink: Ink, size: Array, usable: Array) -> Array:
    """Return which pieces are blots, (P,) bool: parts of a shadow, a ruled line or a finger.

    A blot touches the border of the picture and covers much of its own box. Its contrast is lower
    than that of the large piece with the most ink, or it is much thicker than the strokes of that
    piece.
    """
    sides = ink.boxes[:, 2:] - ink.boxes[:, :2]
    touches = touched(ink).any(axis=1)
    large = usable & (size >= _LARGE * min(ink.contrast.shape))
    large &= sides.min(axis=1) >= _BAR * size
    if (large & ~touches).any():
        large &= ~touches
    if not large.any():
        return large
    main = int(np.where(large, ink.area * ink.peak, 0).argmax())
    odd = ink.stroke >= _BLOT * ink.stroke[main]
    odd |= ink.peak <= _BLOT_PEAK * ink.peak[main]
    return np.asarray(touches & (ink.area >= _BLOT_FILLED * sides.prod(axis=1)) & odd)


def _containers(ink: Ink, size: Array, usable: Array) -> Array:
    """Return which pieces lie around others that are not much smaller, as boxes do: (P,) bool.

    A hollow digit is not such a piece, although the outline of its loop lies inside its outline.
    A digit of two pieces is not such a piece either, even if one piece lies in the bounding box of
    the other, such as a 7 whose bar does not touch its stroke. Its two pieces have about the same
    stroke width, while the corner of a box is thinner than the digit in it.

    A row of boxes is much wider than the digits in it. So the length of a piece counts only up to
    1.5 times its shorter side, and the pieces inside may be smaller if there are two of them. In a
    table, there are many pieces, which may be much smaller than the table.
    """
    boxes = ink.boxes
    containers = np.zeros(len(boxes), bool)
    by_size = np.flatnonzero(usable)
    if len(by_size) < 2:
        return containers
    by_size = by_size[np.argsort(-size[by_size], kind="stable")][:MOST_PIECES]
    shorter = (boxes[:, 2:] - boxes[:, :2]).min(axis=1)
    length = np.minimum(size, _LONGER * shorter)
    sizes, inside = size[by_size], _inside(boxes[by_size], size[by_size])
    of_many = inside & (sizes >= _CONTAINED_MANY * shorter[by_size, np.newaxis])
    has_many = of_many.sum(axis=1) >= _SEVERAL
    each, inner, found = np.arange(len(by_size)), [], []
    for least in (_CONTAINED * length[by_size], _CONTAINED_BOTH * shorter[by_size]):
        largest = inside.argmax(axis=1)  # the pieces are sorted: the largest one comes first
        found.append(inside[each, largest] & (sizes[largest] >= least))
        inner.append(by_size[largest])
        inside[each, largest] = False
    has_one, has_two = found[0], found[1] | has_many
    for index in np.flatnonzero(has_one | has_two):
        outer, within = int(by_size[index]), int(inner[0][index])
        is_box = (
            has_two[index]
            or is_on_both_sides(ink, outer, within)
            or ink.stroke[outer] < _THINNER * ink.stroke[within]
        )
        containers[outer] = is_box and not is_hollow(ink, outer)
    return containers


def _inside(boxes: Array, size: Array) -> Array:
    """Return which pieces (columns) lie inside which larger ones (rows): (P, P) bool."""
    inside = size < _INNER * size[:, np.newaxis]
    for side in (0, 1):
        inside &= boxes[:, side] > boxes[:, side, np.newaxis]
        inside &= boxes[:, side + 2] < boxes[:, side + 2, np.newaxis]
    return np.asarray(inside)
