"""Reader: from the ink of a picture to its lines of digits."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.candidates import Candidate, line_candidates, whole_candidate
from tenfold.reading.hypothesis import Hypothesis, hypotheses
from tenfold.reading.lattice import Arc, best_path
from tenfold.reading.lines import find_lines, reading_order, skew
from tenfold.reading.mask import Ink, find_ink

__all__ = ["Found", "Recogniser", "Result", "lines_of_pieces", "read_lines", "read_one"]

_SMALLEST = 0.25  # of a digit, per size of the typical piece
_CONTAINED = 0.35  # of the size of a box: largest piece in it, if it is one
_TINY = 6  # smallest size of a digit, in working pixels
_MOST_PIECES = 400
_LEVEL = 4.0  # degrees: lines that are less skewed are read as they are
_CLEAR = 0.97  # confidence of all digits of a clear picture
_SPECKS = 0.3  # size, per height of the line, of the ink that a clear line leaves out
_DIGITS_SHARE = 0.5  # of the ink of a line: below this it is not a line of digits

Recogniser = Callable[[Array], Array]
"""Images (N, 28, 28, 1) uint8 to probabilities (N, 11): the ten digits and "not a digit"."""


@dataclass(frozen=True)
class Found:
    """One digit that was found, before its box is converted to the picture's pixels."""

    candidate: Candidate
    arc: Arc
    line: int


@dataclass(frozen=True)
class Result:
    """The best reading of a picture.

    Attributes:
        digits: In reading order.
        hypothesis: The assumptions under which the ink was found.
        ink: The ink that the digits were read from, turned by ``angle``.
        angle: How much the ink was turned counterclockwise, in degrees.
        evidence: How well the digits explain the ink.
        clear: Whether they explain all of it, so that no other hypothesis can be better.
    """

    digits: list[Found]
    hypothesis: Hypothesis
    ink: Ink
    angle: float
    evidence: float
    clear: bool = False


def read_lines(rgb: Array, recognise: Recogniser) -> Result | None:
    """Return the best reading of a working picture (H, W, 3) uint8; None if it has no ink."""
    best = None
    for hypothesis in hypotheses(rgb):
        for result in _readings(hypothesis, recognise):
            if best is None or result.evidence > best.evidence:
                best = result
            if result.clear:
                return result
    return best


def read_one(rgb: Array, recognise: Recogniser) -> Result | None:
    """Return the most probable single digit of a working picture; None if it has no ink.

    All ink together is a candidate too, so that a digit in several pieces is read as one.
    """
    best = None
    for hypothesis in hypotheses(rgb):
        ink = hypothesis.ink
        pieces = [int(index) for index in _digit_sized(ink)]
        if not pieces:
            continue
        lines = [pieces]
        _add_small_pieces(ink, lines)
        candidates = [whole_candidate(ink, lines[0]), *line_candidates(ink, lines[0])[0]]
        probabilities = recognise(np.stack([c.glyph.image for c in candidates]))[:, :10]
        weights = np.array([_weight(ink, c.box) for c in candidates])
        index = int((probabilities.max(axis=1) * weights).argmax())
        arc = Arc(0, int(probabilities[index].argmax()), float(probabilities[index].max()))
        result = Result(
            [Found(candidates[index], arc, 0)],
            hypothesis,
            ink,
            0.0,
            arc.confidence * weights[index],
        )
        if best is None or result.evidence > best.evidence:
            best = result
    return best


def lines_of_pieces(ink: Ink) -> list[list[int]]:
    """Return the indices of the pieces of each level line, small ones last."""
    pieces = _digit_sized(ink)
    lines = [[int(pieces[i]) for i in line] for line in find_lines(ink.boxes[pieces])]
    _add_small_pieces(ink, lines)
    return lines


def _readings(hypothesis: Hypothesis, recognise: Recogniser) -> Iterator[Result]:
    ink = hypothesis.ink
    pieces = _digit_sized(ink)
    if len(pieces) == 0:
        return
    angle = skew(ink.boxes[pieces])
    if abs(angle) > _LEVEL:
        turned = _turn(ink, angle)
        yield _read(hypothesis, turned, angle, recognise)
        if abs(angle) > 12:
            return
    yield _read(hypothesis, ink, 0.0, recognise)


def _turn(ink: Ink, angle: float) -> Ink:
    from PIL import Image

    values = np.where(ink.labels > 0, ink.contrast, 0).astype(np.float32)
    picture = Image.fromarray(values).rotate(angle, Image.Resampling.BILINEAR, expand=True)
    return find_ink(np.asarray(picture))


def _digit_sized(ink: Ink) -> Array:
    """Return the indices of the pieces that could be digits, by their size and place."""
    if len(ink.area) == 0:
        return np.zeros(0, np.int64)
    height, width = ink.contrast.shape
    sides = ink.boxes[:, 2:] - ink.boxes[:, :2]
    size = sides.max(axis=1)
    at_edge = (
        (ink.boxes[:, 0] <= 1).astype(int)
        + (ink.boxes[:, 1] <= 1)
        + (ink.boxes[:, 2] >= height - 1)
        + (ink.boxes[:, 3] >= width - 1)
    )
    spans = (sides >= 0.95 * np.array([height, width])).any(axis=1) & (at_edge >= 2)
    frame = (at_edge >= 3) | spans
    usable = ~frame & (size >= _TINY)
    usable &= ~_containers(ink.boxes, size, usable)
    if not usable.any():
        return np.zeros(0, np.int64)
    weight = np.where(usable, ink.area * ink.peak, 0)
    order = np.argsort(size, kind="stable")
    typical = size[order][np.searchsorted(np.cumsum(weight[order]), weight.sum() / 2)]
    strong = ink.peak >= 0.35 * np.average(ink.peak, weights=np.maximum(weight, 1e-9))
    chosen = np.flatnonzero(usable & strong & (size >= _SMALLEST * typical))
    if len(chosen) > _MOST_PIECES:
        chosen = np.sort(chosen[np.argsort(-weight[chosen], kind="stable")[:_MOST_PIECES]])
    return chosen


def _containers(boxes: Array, size: Array, usable: Array) -> Array:
    """Return which pieces lie around another large one, as the border of a box does: (P,) bool."""
    containers = np.zeros(len(boxes), bool)
    large = np.flatnonzero(usable)
    large = large[np.argsort(-size[large], kind="stable")][:_MOST_PIECES]
    for outer in large:
        inner = large[size[large] < 0.9 * size[outer]]
        inside = (boxes[inner, :2] > boxes[outer, :2]).all(axis=1)
        inside &= (boxes[inner, 2:] < boxes[outer, 2:]).all(axis=1)
        containers[outer] = bool((size[inner][inside] >= _CONTAINED * size[outer]).any())
    return containers


def _read(hypothesis: Hypothesis, ink: Ink, angle: float, recognise: Recogniser) -> Result:
    lines = lines_of_pieces(ink)
    lattices = [line_candidates(ink, line) for line in lines]
    images = [c.glyph.image for candidates, _ in lattices for c in candidates]
    probabilities = recognise(np.stack(images)) if images else np.zeros((0, 11))
    digits: list[list[Found]] = []
    evidence, start, clear = 0.0, 0, bool(lattices)
    for candidates, sizes in lattices:
        part = probabilities[start : start + len(candidates)]
        start += len(candidates)
        arcs, _ = best_path([(c.start, c.stop) for c in candidates], part, sizes)
        clear &= all(a.confidence >= _CLEAR for a in arcs)
        read = sum(
            sum(sizes[candidates[a.candidate].start : candidates[a.candidate].stop]) for a in arcs
        )
        if not arcs or read < _DIGITS_SHARE * sum(sizes):
            clear = False
            continue
        clear &= sum(sizes) - read < _SPECKS
        evidence += sum(
            (2 * a.confidence - 1) * _weight(ink, candidates[a.candidate].box) for a in arcs
        )
        digits.append([Found(candidates[a.candidate], a, 0) for a in arcs])
    boxes = np.array([_around([f.candidate.box for f in line]) for line in digits]).reshape(-1, 4)
    ordered = [
        Found(f.candidate, f.arc, number)
        for number, index in enumerate(reading_order(boxes))
        for f in digits[index]
    ]
    return Result(ordered, hypothesis, ink, angle, evidence, clear)


def _weight(ink: Ink, box: tuple[int, int, int, int]) -> float:
    top, left, bottom, right = box
    strength = float(ink.contrast[top:bottom, left:right].max())
    return float(max(bottom - top, right - left)) * strength**0.5


def _around(boxes: list[tuple[int, int, int, int]]) -> tuple[int, int, int, int]:
    b = np.array(boxes)
    return (int(b[:, 0].min()), int(b[:, 1].min()), int(b[:, 2].max()), int(b[:, 3].max()))


def _add_small_pieces(ink: Ink, lines: list[list[int]]) -> None:
    """Add to each line the small pieces that may be parts of its digits, such as bars."""
    used = {piece for line in lines for piece in line}
    sides = (ink.boxes[:, 2:] - ink.boxes[:, :2]).max(axis=1)
    for line in lines:
        boxes = ink.boxes[line]
        size = float(np.median((boxes[:, 2:] - boxes[:, :2]).max(axis=1)))
        small = [
            i for i in np.flatnonzero((sides >= 0.12 * size) & (sides < size)) if int(i) not in used
        ]
        for index in map(int, small):
            top, left, bottom, right = ink.boxes[index]
            near = (
                (boxes[:, 0] - 0.25 * size <= bottom)
                & (top <= boxes[:, 2] + 0.1 * size)
                & (boxes[:, 1] - 0.3 * size <= right)
                & (left <= boxes[:, 3] + 0.3 * size)
            )
            if near.any() and ink.peak[index] > 0.35 * ink.peak[line].max():
                line.append(index)
                used.add(index)
