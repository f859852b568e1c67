"""Candidates: which pieces of a line, taken together or cut, could be one digit."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from tenfold.images.normalization import bounding_box
from tenfold.nn.array import Array
from tenfold.reading.cuts import cut_piece
from tenfold.reading.glyph import Glyph, make_glyph
from tenfold.reading.lattice import Step
from tenfold.reading.mask import Ink
from tenfold.reading.quantiles import quantile

__all__ = [
    "Candidate",
    "line_candidates",
    "line_height",
    "may_be_cut",
    "whole_candidate",
    "with_most_ink",
]

_MOST_PIECES = 4  # largest number of pieces of one digit
_WIDEST = 1.5  # largest width of a digit made of several pieces, in heights of the line
_WIDEST_PART = 1.2  # largest width of a digit with parts of a cut piece, in heights of the line
_SMALLEST_PART = 0.4  # smallest size of several parts that are one digit, in heights of the line
_WIDEST_GAP = 0.35  # largest gap between the pieces of a digit, in heights of the line
_CUT_WIDTH = 0.9  # smallest width of a piece that may be cut, in heights of the line
_CUT_HEIGHT = 0.4  # smallest height of a piece that may be cut, in heights of the line
_CUT_STROKES = 2.5  # least height of a piece that is cut, in stroke widths, so that no bar is cut
_WIDEST_NUMBER = 9.0  # largest width of a piece that is several digits, in heights of the piece
_AS_STRONG = 0.45  # least contrast of a large piece of a digit, as a share of the strongest one's
_LARGE = 0.35  # least size of a large piece of a digit, in heights of the line
_USUAL_WIDTH = 0.75  # usual width of a digit that touches another one, in heights of the line


@dataclass(frozen=True)
class Candidate:
    """Ink that could be one digit: an element of a line, or several neighbouring elements.

    Attributes:
        start: Index of its first element in the line.
        stop: Index after its last element.
        contrast: (h, w) float32, contrast of the pixels of the box.
        mask: (h, w) bool, which pixels of the box are ink of this candidate.
        box: Top, left, bottom, right of the ink, in working pixels.
        is_part: Whether it contains some parts of a piece that was cut, but not all of them.
        pieces: Indices of its pieces, in increasing order. A piece that was cut counts if the
            candidate contains any part of it.
        width: Width of the box, in heights of the line; 0 outside a line.
        glyphs: The glyphs that were made so far of whole pieces of the picture's ink. The keys are
            the indices of the pieces.
    """

    start: int
    stop: int
    contrast: Array
    mask: Array
    box: tuple[int, int, int, int]
    is_part: bool = False
    pieces: tuple[int, ...] = ()
    width: float = 0.0
    glyphs: dict[tuple[int, ...], Glyph] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def glyph(self) -> Glyph:
        """The image that the network reads. Candidates of the same whole pieces share it."""
        if self.is_part:
            return make_glyph(self.contrast, self.mask)
        if self.pieces not in self.glyphs:
            self.glyphs[self.pieces] = make_glyph(self.contrast, self.mask)
        return self.glyphs[self.pieces]


@dataclass(frozen=True)
class _Element:
    """A piece of ink, or one of the parts of a wide piece that was cut.

    Attributes:
        piece: Index of the piece.
        box: Top, left, bottom, right of its ink, in working pixels.
        mask: (h, w) bool, which pixels of the box are its ink.
        step: What the lattice needs to know about it.
    """

    piece: int
    box: tuple[int, int, int, int]
    mask: Array
    step: Step


def line_candidates(
    ink: Ink, pieces: list[int], cut: Collection[int] | None = None
) -> tuple[list[Candidate], list[Step]]:
    """Return the candidates of a line, and one ``Step`` for each element of the line.

    An element is a piece, or a part of a piece that was cut. A candidate is an element, or several
    neighbouring elements together. So a piece that was cut is also a candidate as a whole.

    Args:
        ink: The ink of the picture.
        pieces: Indices of the pieces of the line.
        cut: Indices of the pieces that are cut. Default: all for which ``may_be_cut`` is true.
    """
    height = line_height(ink, pieces)
    if cut is None:
        cut = [piece for piece in pieces if may_be_cut(ink, piece, height)]
    elements = [
        e
        for p in pieces
        for e in (_parts(ink, p, height) if p in cut else [_whole(ink, p, height)])
    ]
    elements.sort(key=lambda e: (e.box[1] + e.box[3], e.box[1]))
    counts = Counter(e.piece for e in elements)
    candidates = []
    for start in range(len(elements)):
        for stop in range(start + 1, len(elements) + 1):
            if len({e.piece for e in elements[start:stop]}) > _MOST_PIECES:
                break
            if stop > start + 1 and _gap(elements, start, stop) > _WIDEST_GAP * height:
                break
            if _strong_and_pale(ink, elements[start:stop]):
                break
            found = _candidate(ink, elements[start:stop], start, counts, height)
            if found is not None:
                candidates.append(found)
    return candidates, [e.step for e in elements]


def line_height(ink: Ink, pieces: list[int]) -> int:
    """Return the height of a line, in pixels: the third quartile of the heights of its pieces."""
    boxes = ink.boxes[pieces]
    return int(quantile(np.maximum(boxes[:, 2] - boxes[:, 0], 1), 0.75))


def may_be_cut(ink: Ink, piece: int, height: int, width: float = _CUT_WIDTH) -> bool:
    """Return whether a piece is wide enough to be several digits that touch.

    Args:
        ink: The ink of the picture.
        piece: Index of the piece.
        height: Height of its line, in pixels.
        width: Smallest width of several digits, in heights of the line.
    """
    high, across = map(int, ink.boxes[piece, 2:] - ink.boxes[piece, :2])
    wide = width * height <= across <= _WIDEST_NUMBER * high
    return bool(wide and high >= max(_CUT_HEIGHT * height, _CUT_STROKES * ink.stroke[piece]))


def whole_candidate(ink: Ink, pieces: list[int]) -> Candidate:
    """Return all given pieces as one candidate."""
    boxes = ink.boxes[pieces]
    top, left, bottom, right = (
        *map(int, boxes[:, :2].min(axis=0)),
        *map(int, boxes[:, 2:].max(axis=0)),
    )
    chosen = np.zeros(len(ink.area) + 1, bool)
    chosen[np.array(pieces) + 1] = True
    mask = chosen[ink.labels[top:bottom, left:right]]
    contrast = ink.contrast[top:bottom, left:right]
    box, used = (top, left, bottom, right), tuple(sorted(pieces))
    return Candidate(0, len(pieces), contrast, mask, box, pieces=used, glyphs=ink.glyphs)


def with_most_ink(candidates: list[Candidate], most: int) -> list[Candidate]:
    """Return at most ``most`` candidates, those with the most ink: grain has less than a digit."""
    if len(candidates) <= most:
        return candidates
    return sorted(candidates, key=lambda c: -float(c.contrast[c.mask].sum()))[:most]


def _gap(elements: list[_Element], start: int, stop: int) -> int:
    """Return the gap before the last element, in pixels; below 0 if it overlaps earlier ones."""
    return elements[stop - 1].box[1] - max(e.box[3] for e in elements[start : stop - 1])


def _strong_and_pale(ink: Ink, elements: list[_Element]) -> bool:
    """Return whether a large element is much paler than another one.

    They do not belong to one digit. In the image of both, the pale one would hardly be visible, so
    a faint digit beside a strong one would be lost.
    """
    peaks = [float(ink.peak[e.piece]) for e in elements if e.step.size >= _LARGE]
    return len(peaks) > 1 and min(peaks) < _AS_STRONG * max(peaks)


def _whole(ink: Ink, piece: int, height: int) -> _Element:
    """Return a piece as one element."""
    top, left, bottom, right = map(int, ink.boxes[piece])
    mask = ink.labels[top:bottom, left:right] == piece + 1
    size = min(1.0, max(bottom - top, right - left) / max(height, 1))
    return _Element(piece, (top, left, bottom, right), mask, Step(size))


def _parts(ink: Ink, piece: int, height: int) -> list[_Element]:
    """Return the parts of a piece that is cut."""
    whole = _whole(ink, piece, height)
    mask, (top, left, *_) = whole.mask, whole.box
    parts = cut_piece(mask, height)
    if not parts.costs:
        return [whole]
    digit_count = max(1.0, mask.shape[1] / (_USUAL_WIDTH * height))
    found = []
    for number, cost in enumerate((0.0, *parts.costs)):
        mine, box = _trimmed(mask & (parts.numbers == number), top, left)
        size = min(1.0, max(mine.shape) / max(height, 1))
        weight = digit_count * float(mine.sum() / mask.sum())
        found.append(_Element(piece, box, mine, Step(size, weight, cost, is_part=True)))
    return found


def _trimmed(mask: Array, top: int, left: int) -> tuple[Array, tuple[int, int, int, int]]:
    """Return the part of a mask around its ink, and the box of the ink in the picture."""
    rows, columns = bounding_box(mask)
    box = (top + rows.start, left + columns.start, top + rows.stop, left + columns.stop)
    return mask[rows, columns], box


def _candidate(
    ink: Ink, elements: list[_Element], start: int, counts: Mapping[int, int], height: int
) -> Candidate | None:
    """Return the candidate of neighbouring elements; None if it is too large or small for a digit.

    A single piece or part may have any size. To leave it out, the path through the line needs its
    probability of "not a digit", which only a candidate has.

    Args:
        ink: The ink of the picture.
        elements: The elements.
        start: Index of the first one in the line.
        counts: Number of elements of each piece of the line.
        height: Height of the line, in pixels.
    """
    tops, lefts, bottoms, rights = zip(*(e.box for e in elements), strict=True)
    top, left, bottom, right = min(tops), min(lefts), max(bottoms), max(rights)
    used = Counter(e.piece for e in elements)
    is_part = any(count < counts[piece] for piece, count in used.items())
    widest = (_WIDEST_PART if is_part else _WIDEST) * max(height, bottom - top)
    single = len(elements) == 1 or (len(used) == 1 and not is_part)
    if not single and right - left > widest:
        return None
    small = max(bottom - top, right - left) < _SMALLEST_PART * height
    if is_part and small and len(elements) > 1:
        return None
    mask = np.zeros((bottom - top, right - left), bool)
    for e in elements:
        y, x = e.box[0] - top, e.box[1] - left
        mask[y : y + e.mask.shape[0], x : x + e.mask.shape[1]] |= e.mask
    contrast = ink.contrast[top:bottom, left:right]
    stop, box = start + len(elements), (top, left, bottom, right)
    pieces, width = tuple(sorted(used)), (right - left) / max(height, 1)
    return Candidate(start, stop, contrast, mask, box, is_part, pieces, width, ink.glyphs)
