"""Candidates: which pieces of a line, taken together or cut, could be one digit."""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.glyph import Glyph, make_glyph
from tenfold.reading.mask import Ink

__all__ = ["Candidate", "line_candidates", "whole_candidate"]

_MOST_PIECES = 4  # of one digit
_WIDEST = 1.5  # of a digit made of several pieces, per height of the line
_WIDEST_GAP = 0.35  # between the pieces of a digit, per height of the line
_CUT_WIDTH = 0.9  # a piece wider than this, per height of the line, is also cut
_MOST_CUTS = 4


@dataclass(frozen=True)
class Candidate:
    """Ink that could be one digit.

    Attributes:
        start: Index of its first element in the line.
        stop: Index after its last element.
        contrast: (h, w) float32, contrast of the cut-out.
        mask: (h, w) bool, which of its pixels are ink of this candidate.
        box: Top, left, bottom, right of the ink, in working pixels.
    """

    start: int
    stop: int
    contrast: Array
    mask: Array
    box: tuple[int, int, int, int]

    @cached_property
    def glyph(self) -> Glyph:
        """The image that the network reads."""
        return make_glyph(self.contrast, self.mask)


@dataclass(frozen=True)
class _Element:
    piece: int  # number of the piece, from 1
    left: int
    right: int


def line_candidates(ink: Ink, pieces: list[int]) -> tuple[list[Candidate], list[float]]:
    """Return the candidates of a line, and the share of its ink in each element.

    An element is a piece, or what a cut leaves of a wide one. A candidate is a run of elements.

    Args:
        ink: The ink of the picture.
        pieces: Indices of the pieces of the line.
    """
    boxes = ink.boxes[pieces]
    height = int(np.quantile(np.maximum(boxes[:, 2] - boxes[:, 0], 1), 0.75))
    elements = [e for p in pieces for e in _elements(ink, p, height)]
    elements.sort(key=lambda e: (e.left + e.right, e.left))
    candidates = []
    for start in range(len(elements)):
        for stop in range(start + 1, len(elements) + 1):
            if len({e.piece for e in elements[start:stop]}) > _MOST_PIECES:
                break
            if stop > start + 1 and _gap(elements, start, stop) > _WIDEST_GAP * height:
                break
            found = _candidate(ink, elements[start:stop], start, stop, height)
            if found is not None:
                candidates.append(found)
    return candidates, [_size(ink, e, height) for e in elements]


def whole_candidate(ink: Ink, pieces: list[int]) -> Candidate:
    """Return all given pieces as one candidate."""
    boxes = ink.boxes[pieces]
    top, left, bottom, right = (
        *map(int, boxes[:, :2].min(axis=0)),
        *map(int, boxes[:, 2:].max(axis=0)),
    )
    mask = np.isin(ink.labels[top:bottom, left:right], np.array(pieces) + 1)
    contrast = ink.contrast[top:bottom, left:right]
    return Candidate(0, len(pieces), contrast, mask, (top, left, bottom, right))


def _gap(elements: list[_Element], start: int, stop: int) -> int:
    """Return the gap before the last element, in pixels; below 0 if it overlaps those before."""
    return elements[stop - 1].left - max(e.right for e in elements[start : stop - 1])


def _size(ink: Ink, element: _Element, height: int) -> float:
    """Return the size of an element per height of the line, at most 1."""
    box = ink.boxes[element.piece - 1]
    return float(min(1, max(element.right - element.left, box[2] - box[0]) / max(height, 1)))


def _elements(ink: Ink, piece: int, height: int) -> list[_Element]:
    """Return a piece as one element, or its parts if it is wide enough to be cut."""
    top, left, bottom, right = map(int, ink.boxes[piece])
    whole = [_Element(piece + 1, left, right)]
    if right - left < _CUT_WIDTH * height or bottom - top < 0.4 * height:
        return whole
    mask = ink.labels[top:bottom, left:right] == piece + 1
    cuts = _cuts(mask, height)
    edges = [0, *cuts, right - left]
    return [_Element(piece + 1, left + a, left + b) for a, b in pairwise(edges)]


def _cuts(mask: Array, height: int) -> list[int]:
    """Return columns where a wide piece may be cut: deep minima of its ink per column."""
    profile = mask.sum(axis=0).astype(np.float64)
    near = max(1, height // 12)
    smooth = np.convolve(np.pad(profile, near, mode="edge"), np.ones(2 * near + 1), "valid")
    smooth /= 2 * near + 1
    least = max(2, height // 4)
    found: list[int] = []
    for column in map(int, np.argsort(smooth, kind="stable")):
        if len(found) == _MOST_CUTS or smooth[column] > 0.5 * np.quantile(profile, 0.9):
            break
        if least <= column <= len(profile) - least and all(abs(column - f) >= least for f in found):
            found.append(column)
    return sorted(found)


def _candidate(
    ink: Ink, elements: list[_Element], start: int, stop: int, height: int
) -> Candidate | None:
    """Return the candidate of neighbouring elements; None if it would be too wide for a digit."""
    left, right = min(e.left for e in elements), max(e.right for e in elements)
    numbers = sorted({e.piece for e in elements})
    boxes = ink.boxes[np.array(numbers) - 1]
    top, bottom = int(boxes[:, 0].min()), int(boxes[:, 2].max())
    if len(numbers) > 1 and right - left > _WIDEST * max(height, bottom - top):
        return None
    labels = ink.labels[top:bottom, left:right]
    mask = np.zeros(labels.shape, bool)
    for e in elements:
        part = slice(e.left - left, e.right - left)
        mask[:, part] |= labels[:, part] == e.piece
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    box = (
        top + int(rows[0]),
        left + int(columns[0]),
        top + int(rows[-1]) + 1,
        left + int(columns[-1]) + 1,
    )
    return Candidate(start, stop, ink.contrast[top:bottom, left:right], mask, box)
