"""Pieces: which pieces of ink could be digits or parts of digits, and which form a line."""

import numpy as np
from scipy import ndimage

from tenfold.nn.array import Array
from tenfold.reading.hull import convex_hull
from tenfold.reading.lines import find_lines
from tenfold.reading.mask import Ink

__all__ = ["crosses", "digit_sized", "has_other_ink", "lines_of_pieces", "with_small_pieces"]

_SMALLEST = 0.25  # size of the smallest digit, per size of the typical piece
_MARGIN = 0.7  # least share of a side of the picture that a margin covers
_INSIDE_FRAME = 0.12  # size of the smallest digit inside a frame, per shorter side of the picture
_BLOT = 2.2  # least stroke width of a blot, per stroke width of the finest large piece
_BLOT_PEAK = 0.75  # largest contrast of a blot, per contrast of the strongest large piece
_BLOT_FILLED = 0.4  # least share of its box that a blot covers
_BAR = 0.25  # a piece whose sides have a smaller ratio may be a ruled line
_INNER = 0.97  # largest size of a piece inside a box, per size of the box
_CONTAINED = 0.35  # size of the smallest piece inside a box, per size of the box
_CONTAINED_BOTH = 0.2  # size of the smaller of two pieces in a box, per shorter side of the box
_CLOSED = 1.6  # least area of a closed outline and its inside, per area of the outline
_WIDEST_HOLLOW = 1.3  # largest width of a hollow digit, per height: a row of boxes is wider
_CONVEX = 0.9  # least area of a box, per area of its convex hull
_LONGER = 1.5  # if the ratio of its sides is larger, the size of a box is its shorter side
_FLAT = 8.0  # least width of an underline, per height
_UNDERLINE = 2.5  # the same, per typical size of the other pieces
_TINY = 6  # smallest size of a digit, in working pixels
_MOST_PIECES = 400  # only the strongest or largest pieces are kept
_WEAKEST = 0.35  # least contrast of a digit, per typical contrast: writing on the back is weaker
_SMALLEST_PART = 0.12  # size of a part of a digit, per size of the digits of its line
_PART_HEIGHT = 0.7  # height of the parts of a broken digit, per height of the digits beside them
_BEYOND = 0.25  # how far such parts may reach beyond these digits, per height
_FEW_LINES = 60  # with more lines, which are hardly all of digits, no parts are looked for
_MOST_PARTS = 3  # largest number of small pieces that are added to a line, per piece of the line


def lines_of_pieces(ink: Ink) -> list[list[int]]:
    """Return, for each horizontal line, the indices of its pieces, with the small pieces last."""
    pieces = digit_sized(ink)
    lines = [
        [int(pieces[i]) for i in line] for line in find_lines(ink.boxes[pieces], ink.stroke[pieces])
    ]
    lines = _join_within(ink, _join_fragments(ink, lines))
    used = np.zeros(len(ink.area), bool)
    for line in lines:
        used[line] = True
    for line in lines:
        added = with_small_pieces(ink, line, used)
        used[added] = True
        line += added[len(line) :]
    return lines


def digit_sized(ink: Ink) -> Array:
    """Return the indices of the pieces that could be digits, by their size and position."""
    if len(ink.area) == 0:
        return np.zeros(0, np.int64)
    size = (ink.boxes[:, 2:] - ink.boxes[:, :2]).max(axis=1)
    margins, frames = _at_the_border(ink)
    usable = ~margins & (size >= _TINY)
    inner = usable & ~frames & ~_blots(ink, size, usable & ~frames)
    if (size[inner] >= _INSIDE_FRAME * min(ink.contrast.shape)).any():
        usable = inner
    usable &= ~_containers(ink, size, usable)
    usable &= ~_underlines(ink, size, usable)
    if not usable.any():
        return np.zeros(0, np.int64)
    weight = np.where(usable, ink.area * ink.peak, 0)
    typical = _typical(size, weight)
    strong = ink.peak >= _WEAKEST * np.average(ink.peak, weights=np.maximum(weight, 1e-9))
    chosen = np.flatnonzero(usable & strong & (size >= _SMALLEST * typical))
    if len(chosen) > _MOST_PIECES:
        chosen = np.sort(chosen[np.argsort(-weight[chosen], kind="stable")[:_MOST_PIECES]])
    return chosen


def _typical(size: Array, weight: Array) -> float:
    """Return the median size of pieces, weighted by their ink."""
    order = np.argsort(size, kind="stable")
    return float(size[order][np.searchsorted(np.cumsum(weight[order]), weight.sum() / 2)])


def _underlines(ink: Ink, size: Array, usable: Array) -> Array:
    """Return which pieces are flat and much wider than the others, as underlines are: (P,) bool.

    An underline would connect the words above it with a number far beside them to one text line.
    """
    height, width = (ink.boxes[:, 2:] - ink.boxes[:, :2]).T
    flat = usable & (width >= _FLAT * height)
    others = usable & ~flat
    if not flat.any() or not others.any():
        return np.zeros(len(size), bool)
    typical = _typical(size, np.where(others, ink.area * ink.peak, 0))
    return np.asarray(flat & (width >= _UNDERLINE * typical))


def crosses(ink: Ink) -> Array:
    """Return which pieces reach from one side of the picture to the opposite one, (P,) bool.

    Such a piece may be a ruled line with the digits that stand on it.
    """
    ends = np.array(ink.contrast.shape) - 1
    return np.asarray(((ink.boxes[:, :2] <= 1) & (ink.boxes[:, 2:] >= ends)).any(axis=1))


def has_other_ink(ink: Ink) -> bool:
    """Return whether there are large pieces that could not be digits, such as frames and blots."""
    sizes = (ink.boxes[:, 2:] - ink.boxes[:, :2]).max(axis=1)
    large = np.flatnonzero(sizes >= _INSIDE_FRAME * min(ink.contrast.shape))
    return bool(np.setdiff1d(large, digit_sized(ink)).size)


def _at_the_border(ink: Ink) -> tuple[Array, Array]:
    """Return which pieces are margins, and which may be frames: two arrays (P,) bool.

    A margin, such as the black margin of a scan, covers most of one side of the picture. A frame
    touches three sides of the picture; or it touches two sides, and is as wide or as high as the
    picture. The second is also true for a digit that fills the picture.
    """
    height, width = ink.contrast.shape
    sides = (ink.labels[0], ink.labels[-1], ink.labels[:, 0], ink.labels[:, -1])
    contact = [np.bincount(side, minlength=len(ink.area) + 1)[1:] / len(side) for side in sides]
    low = ink.boxes[:, :2] <= 1
    high = ink.boxes[:, 2:] >= np.array([height, width]) - 1
    touched = low.sum(axis=1) + high.sum(axis=1)
    lengths = ink.boxes[:, 2:] - ink.boxes[:, :2]
    spans = (lengths >= 0.95 * np.array([height, width])).any(axis=1)
    return np.max(contact, axis=0) >= _MARGIN, (touched >= 3) | (spans & (touched >= 2))


def _blots(ink: Ink, size: Array, usable: Array) -> Array:
    """Return which pieces are blots, (P,) bool: parts of a shadow, a ruled line or a finger.

    A blot touches the border of the picture and covers much of its own box. Its contrast is lower
    than that of another large piece, or it is much thicker than the strokes of another large piece.
    """
    sides = ink.boxes[:, 2:] - ink.boxes[:, :2]
    touches = (ink.boxes[:, :2] <= 1).any(axis=1)
    touches |= (ink.boxes[:, 2:] >= np.array(ink.contrast.shape) - 1).any(axis=1)
    large = usable & (size >= _INSIDE_FRAME * min(ink.contrast.shape))
    large &= sides.min(axis=1) >= _BAR * size
    if (large & ~touches).any():
        large &= ~touches
    if not large.any():
        return large
    strongest = ink.peak[large][(ink.area * ink.peak)[large].argmax()]
    odd = (ink.stroke >= _BLOT * ink.stroke[large].min()) | (ink.peak <= _BLOT_PEAK * strongest)
    return np.asarray(touches & (ink.area >= _BLOT_FILLED * sides.prod(axis=1)) & odd)


def _containers(ink: Ink, size: Array, usable: Array) -> Array:
    """Return which pieces lie around other large pieces, as the borders of boxes do: (P,) bool.

    The outline of a hollow digit is none: the outline of the loop inside it belongs to it.

    A row of boxes is much wider than the digits in it. So the size of a long piece is its shorter
    side, and the pieces inside may be smaller if there are two of them.
    """
    boxes = ink.boxes
    containers = np.zeros(len(boxes), bool)
    large = np.flatnonzero(usable)
    large = large[np.argsort(-size[large], kind="stable")][:_MOST_PIECES]
    shorter = (boxes[:, 2:] - boxes[:, :2]).min(axis=1)
    around = np.minimum(size, _LONGER * shorter)
    for outer in large:
        inner = large[size[large] < _INNER * size[outer]]
        inside = (boxes[inner, :2] > boxes[outer, :2]).all(axis=1)
        inside &= (boxes[inner, 2:] < boxes[outer, 2:]).all(axis=1)
        sizes = np.sort(size[inner][inside])[::-1]
        large_inside = (sizes[:1] >= _CONTAINED * around[outer]).any()
        large_inside |= (sizes[1:2] >= _CONTAINED_BOTH * shorter[outer]).any()
        containers[outer] = bool(large_inside) and not _is_hollow(ink, int(outer))
    return containers


def _is_hollow(ink: Ink, piece: int) -> bool:
    """Return whether a piece is closed, but not convex, unlike the borders of boxes."""
    top, left, bottom, right = ink.boxes[piece]
    if right - left > _WIDEST_HOLLOW * (bottom - top):
        return False
    outline = ink.labels[top:bottom, left:right] == piece + 1
    filled = np.asarray(ndimage.binary_fill_holes(outline))
    if filled.sum() < _CLOSED * outline.sum():
        return False
    return bool(filled.sum() < _CONVEX * convex_hull(filled).sum())


def _join_fragments(ink: Ink, lines: list[list[int]]) -> list[list[int]]:
    """Join each line of a single piece to a larger piece that it is close above or below.

    Such a piece is a part of a broken digit, such as the bar of a 5.
    """
    order = sorted(lines, key=lambda line: -int(ink.area[line].max()))
    joined: list[list[int]] = []
    pieces: list[int] = []
    owners: list[int] = []
    for line in order:
        alone = np.array([len(joined[owner]) == 1 for owner in owners], bool)
        homes = _close_above_or_below(ink.boxes[line[0]], ink.boxes[pieces], alone)
        if len(line) == 1 and len(homes):
            home = owners[int(homes[0])]
            joined[home] += line
        else:
            home = len(joined)
            joined.append(list(line))
        pieces += line
        owners += [home] * len(line)
    return joined


def _join_within(ink: Ink, lines: list[list[int]]) -> list[list[int]]:
    """Join each line of small pieces to the line that it is within, at the height of its pieces.

    Such pieces are parts of a broken digit, or specks.
    """
    if len(lines) > _FEW_LINES:
        return lines
    joined: list[list[int]] = []
    for line in sorted(lines, key=lambda line: -int(np.ptp(ink.boxes[line][:, [0, 2]]))):
        home = next((each for each in joined if _is_within(ink.boxes[line], ink.boxes[each])), None)
        if home is None:
            joined.append(list(line))
        else:
            home += line
    return joined


def _is_within(few: Array, line: Array) -> bool:
    """Return whether pieces are smaller than those of a line beside them, at the same height.

    Args:
        few: (F, 4), boxes of the pieces.
        line: (P, 4), boxes of the pieces of the line.
    """
    top, left, *_ = few.min(axis=0)
    *_, bottom, right = few.max(axis=0)
    height = float(np.median(line[:, 2] - line[:, 0]))
    beside = (line[:, 1] <= right + height) & (line[:, 3] >= left - height)
    if len(line) < 2 or bottom - top > _PART_HEIGHT * height or not beside.any():
        return False
    room = _BEYOND * height
    return bool(line[beside, 0].min() - room <= top and bottom <= line[beside, 2].max() + room)


def _close_above_or_below(box: Array, boxes: Array, alone: Array) -> Array:
    """Return the indices of the pieces that a fragment is close above or below.

    Args:
        box: (4,), the fragment.
        boxes: (P, 4), the pieces.
        alone: (P,) bool, which pieces are the only one of their line. The fragment may be beside
            them too.
    """
    overlap = np.minimum(box[2:], boxes[:, 2:]) - np.maximum(box[:2], boxes[:, :2])
    both = np.maximum(box[2:], boxes[:, 2:]) - np.minimum(box[:2], boxes[:, :2])
    height, width = both[:, 0], both[:, 1]
    size = (boxes[:, 2:] - boxes[:, :2]).max(axis=1)
    small = (box[2] - box[0] < 0.7 * height) & (overlap[:, 1] >= 0.4 * (box[3] - box[1]))
    below = small & (overlap[:, 0] >= -0.2 * size)
    near = (overlap >= -0.1 * size[:, np.newaxis]).all(axis=1) & (width <= 1.2 * height)
    return np.flatnonzero(below | (alone & near))


def with_small_pieces(ink: Ink, line: list[int], used: Array | None = None) -> list[int]:
    """Return the pieces of a line, and small pieces near them that may be parts of the digits.

    Such a part is, for example, the bar of a 5.

    Args:
        ink: The ink of the picture.
        line: Indices of the pieces of the line.
        used: (P,) bool: whether each piece belongs to any line already. Default: only the pieces of
            this line do.
    """
    if not line:
        return []
    boxes = ink.boxes[line]
    size = float(np.median((boxes[:, 2:] - boxes[:, :2]).max(axis=1)))
    sides = (ink.boxes[:, 2:] - ink.boxes[:, :2]).max(axis=1)
    free = np.ones(len(sides), bool) if used is None else ~used
    free[line] = False
    around = np.array([boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)]).ravel()
    inside = (ink.boxes[:, :2] <= around[2:] + 0.3 * size).all(axis=1)
    inside &= (ink.boxes[:, 2:] >= around[:2] - 0.3 * size).all(axis=1)
    strong = ink.peak > _WEAKEST * ink.peak[line].max()
    fitting = (sides >= _SMALLEST_PART * size) & (sides < size)
    found = np.flatnonzero(free & inside & strong & fitting)
    top, left, bottom, right = ink.boxes[found][:, np.newaxis].transpose(2, 0, 1)
    near = (boxes[:, 0] - 0.25 * size <= bottom) & (top <= boxes[:, 2] + 0.1 * size)
    near &= (boxes[:, 1] - 0.3 * size <= right) & (left <= boxes[:, 3] + 0.3 * size)
    found = found[near.any(axis=1)]
    most = _MOST_PARTS * (1 + len(line))
    return [*line, *map(int, found[np.argsort(-sides[found], kind="stable")[:most]])]
