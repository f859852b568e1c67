"""Reader: from the ink of a picture to its lines of digits."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.candidates import Candidate, line_candidates, whole_candidate
from tenfold.reading.evidence import evidence_of, most_evidence
from tenfold.reading.hypothesis import Hypothesis, hypotheses
from tenfold.reading.lattice import Arc
from tenfold.reading.line_digits import (
    CERTAIN,
    LineDigits,
    guess_digit,
    read_line,
    without_ruled_lines,
)
from tenfold.reading.line_lattices import Recogniser, line_lattices
from tenfold.reading.lines import reading_order, skew
from tenfold.reading.mask import Ink, find_ink
from tenfold.reading.pieces import crosses, digit_sized, has_other_ink, with_small_pieces
from tenfold.reading.views import views

__all__ = [
    "Found",
    "Recogniser",
    "Result",
    "read_all_ink",
    "read_as_one",
    "turned",
    "with_steadiness",
]

_MOST_CANDIDATES = 1500  # after more candidates of a picture, no further hypothesis is tried
_MOST_SMALL = 200  # the previous and the next limit for a reduced picture, with large digits only
_MOST_AT_ONCE = 1200  # after more candidates of a hypothesis, its lines with less ink are not read
_MOST_OF_ONE = 200  # of a picture with one digit, the candidates with the most ink are recognised
_MOST_UNLIKELY = 150  # the same for ink that is unlikely, such as grain of paper as light ink
_MOST_AREA = 4.0  # of a turned picture, per area of the picture
_LEVEL = 4.0  # degrees: lines that are less skewed are read as they are
_PROBABLE = 0.8  # least confidence of a digit whose ink needs no smoothing
_LITTLE_LEFT = 0.3  # largest share of the ink that a convincing reading leaves out
_SPECKS = 0.3  # largest size, per height of the line, of the ink that a clear line leaves out


@dataclass(frozen=True)
class Found:
    """One digit that was found, before its box is converted to the picture's pixels.

    Attributes:
        candidate: Its ink.
        arc: The digit, and its probability.
        line: Number of its line, from 0.
        steadiness: Mean probability of this digit over several views of its image, see
            ``tenfold.reading.views``; it is computed for the best reading only.
    """

    candidate: Candidate
    arc: Arc
    line: int
    steadiness: float = 0.0


@dataclass(frozen=True)
class Result:
    """The best reading of a picture.

    Attributes:
        digits: In reading order.
        hypothesis: The assumptions under which the ink was found.
        ink: The ink that the digits were read from, turned by ``angle``.
        angle: How much the ink was turned counterclockwise, in degrees.
        evidence: How well the digits explain the ink.
        clear: Whether the digits are certain and explain all ink, so that no other hypothesis can
            be better.
        candidates: Number of candidates that the network looked at.
        left_out: Share of the ink, by its size, that was not read as digits, 0 to 1.
        missing: For each line, the size of its ink that was left out, in heights of the line.
        cut_short: Whether further hypotheses were not tried, after very many candidates.
        sheet: Whether only a sheet of paper was read, without what is around it.
        only_bars: Whether all digits are 1s, and there are erased ruled lines or other ink. Such a
            1 may be a part of another digit: a 7 whose bar was erased as a ruled line looks like
            a 1.
    """

    digits: list[Found]
    hypothesis: Hypothesis
    ink: Ink
    angle: float
    evidence: float
    clear: bool = False
    left_out: float = 0.0
    candidates: int = 0
    missing: tuple[float, ...] = (0.0,)
    cut_short: bool = False
    sheet: bool = False
    only_bars: bool = False

    @property
    def convincing(self) -> bool:
        """Whether most of the ink was read as certain digits.

        Then the assumption of the hypothesis about dark or light ink is correct.
        """
        if self.only_bars:
            return False
        certain = sum(found.arc.confidence >= CERTAIN for found in self.digits)
        return self.left_out < _LITTLE_LEFT and 2 * certain >= len(self.digits) > 0

    @property
    def score(self) -> float:
        """Evidence, reduced by the share of ink that is left out.

        Without this reduction, the bars of a grid, which look like 1s, would have much evidence.
        """
        return self.evidence * (1 - self.left_out) ** 2 if self.evidence > 0 else self.evidence

    @property
    def complete(self) -> bool:
        """Whether all digits are probable, and their lines contain nothing else."""
        probable = all(found.arc.confidence >= _PROBABLE for found in self.digits)
        return probable and max(self.missing, default=0) < _SPECKS

    @property
    def smallest(self) -> int:
        """Size of the smallest digit in pixels; 0 without digits."""
        boxes = np.array([found.candidate.box for found in self.digits]).reshape(-1, 4)
        return int((boxes[:, 2:] - boxes[:, :2]).max(axis=1).min()) if len(boxes) else 0

    @property
    def typical(self) -> float:
        """Median size of the pieces of ink that could be digits, in pixels; 0 without any."""
        boxes = self.ink.boxes[digit_sized(self.ink)]
        return float(np.median((boxes[:, 2:] - boxes[:, :2]).max(axis=1))) if len(boxes) else 0.0


def read_all_ink(rgb: Array, recognise: Recogniser, *, reduced: bool = False) -> Result | None:
    """Return the reading with the highest score; None if nothing has the size of a digit.

    The search ends when the digits of a hypothesis explain all ink, or after very many candidates,
    for example on a page of text. First, one assumption about dark or light ink is tried. The other
    one is not tried if the digits explain most of the ink.

    Args:
        rgb: Working picture (H, W, 3) uint8.
        recognise: Function that recognises images.
        reduced: Whether the picture was reduced and will be read again if its digits are small.
    """
    best, seen = None, 0
    most, at_once = (_MOST_SMALL,) * 2 if reduced else (_MOST_CANDIDATES, _MOST_AT_ONCE)
    for hypothesis in hypotheses(rgb):
        if best is not None and best.convincing:
            if best.hypothesis.light != hypothesis.light:
                break
            if hypothesis.smooth and best.complete:
                continue
        for result in _readings(hypothesis, recognise, at_once):
            seen += result.candidates
            if best is None or result.score > best.score:
                best = result
            if result.clear or seen > most:
                return replace(result if result.clear else best, cut_short=not result.clear)
    return best


def read_as_one(rgb: Array, recognise: Recogniser, *, whole: bool = False) -> Result | None:
    """Return the single digit with the most evidence; None if nothing has the size of a digit.

    All ink together is a candidate too, so that a digit in several pieces is read as one.

    Args:
        rgb: Working picture (H, W, 3) uint8.
        recognise: Function that recognises images.
        whole: Whether no pieces are cut, which takes less time.
    """
    best, cut = None, () if whole else None
    for hypothesis in hypotheses(rgb):
        if best is not None and best.clear and best.hypothesis.light != hypothesis.light:
            break  # with the other assumption, the light halo around dark ink may look like a 0
        ink = hypothesis.ink
        pieces = with_small_pieces(ink, [int(index) for index in digit_sized(ink)])
        if not pieces:
            continue
        candidates = [whole_candidate(ink, pieces), *line_candidates(ink, pieces, cut)[0]]
        if len(candidates) > _MOST_OF_ONE:  # such as the grain of wood
            candidates.sort(key=lambda c: -float(c.contrast[c.mask].sum()))
            candidates = candidates[:_MOST_OF_ONE]
        probabilities = recognise(np.stack([c.glyph.image for c in candidates]))[:, :10]
        arcs = [Arc(0, int(p.argmax()), float(p.max())) for p in probabilities]
        index, evidence = most_evidence(ink, candidates, arcs)
        digits = [Found(candidates[index], arcs[index], 0)]
        certain = arcs[index].confidence >= CERTAIN
        result = Result(digits, hypothesis, ink, 0.0, evidence, clear=certain)
        if best is None or result.evidence > best.evidence:
            best = result
    return best


def with_steadiness(result: Result | None, recognise: Recogniser) -> Result | None:
    """Return the reading, with the steadiness of each digit."""
    if result is None or not result.digits:
        return result
    images = views(np.stack([found.candidate.glyph.image for found in result.digits]))
    count, number = images.shape[:2]
    probabilities = recognise(images.reshape(count * number, *images.shape[2:]))
    means = probabilities.reshape(count, number, -1).mean(axis=1)
    digits = [
        replace(found, steadiness=float(mean[found.arc.digit]))
        for found, mean in zip(result.digits, means, strict=True)
    ]
    return replace(result, digits=digits)


def _readings(hypothesis: Hypothesis, recognise: Recogniser, most: int) -> Iterator[Result]:
    ink = hypothesis.ink
    pieces = digit_sized(ink)
    if len(pieces) == 0:
        return
    angle = skew(ink.boxes[pieces])
    if abs(angle) > _LEVEL and _turned_area(ink, angle) <= _MOST_AREA:
        turned = _turn(ink, angle)
        yield _read(hypothesis, turned, angle, recognise, most)
        if abs(angle) > 12:
            return
    yield _read(hypothesis, ink, 0.0, recognise, most)


def _turned_area(ink: Ink, angle: float) -> float:
    """Return the area of the turned picture, per area of the picture."""
    height, width = ink.contrast.shape
    sin, cos = abs(np.sin(np.radians(angle))), abs(np.cos(np.radians(angle)))
    return float((width * cos + height * sin) * (width * sin + height * cos) / (width * height))


def _turn(ink: Ink, angle: float) -> Ink:
    contrast = turned(np.where(ink.labels > 0, ink.contrast, 0), angle)
    return find_ink(1 - turned(1 - ink.grey, angle), contrast)


def turned(values: Array, angle: float) -> Array:
    """Return values (H, W) turned counterclockwise by an angle in degrees; the margin is 0."""
    from PIL import Image

    picture = Image.fromarray(values.astype(np.float32))
    return np.asarray(picture.rotate(angle, Image.Resampling.BILINEAR, expand=True))


def _read(
    hypothesis: Hypothesis, ink: Ink, angle: float, recognise: Recogniser, most: int
) -> Result:
    lattices = line_lattices(ink, recognise, most if hypothesis.likely else _MOST_UNLIKELY)
    lines = [read_line(*lattice) for lattice in lattices]
    if hypothesis.on_ruled_lines is not None and not angle:
        lines = without_ruled_lines(lines, hypothesis.on_ruled_lines)
    result = _result(hypothesis, ink, angle, lines)
    if lines and not result.digits and hypothesis.likely:
        guess = guess_digit(*lattices[0])
        if guess is not None:  # any digit on a path has more evidence
            guessed = _result(hypothesis, ink, angle, [guess, *lines[1:]])
            result = replace(guessed, evidence=guess.digits[0][1].confidence)
    return replace(result, candidates=sum(len(lattice.candidates) for lattice in lattices))


def _result(hypothesis: Hypothesis, ink: Ink, angle: float, lines: list[LineDigits]) -> Result:
    kept = [line for line in lines if line.digits]
    found = [line.digits for line in kept]
    boxes = np.array([_around([c.box for c, _ in line]) for line in found]).reshape(-1, 4)
    order = reading_order(boxes)
    digits = [
        Found(candidate, arc, number)
        for number, index in enumerate(order)
        for candidate, arc in found[index]
    ]
    total, read = sum(line.ink_size for line in lines), sum(line.digits_size for line in lines)
    only_bars = all(found.arc.digit == 1 for found in digits) and bool(
        hypothesis.ruled_lines or has_other_ink(ink)
    )
    return Result(
        digits,
        hypothesis,
        ink,
        angle,
        evidence=sum(evidence_of(ink, candidate, arc) for line in found for candidate, arc in line),
        clear=bool(lines)
        and not hypothesis.ruled_lines
        and not crosses(ink).any()
        and not only_bars
        and all(line.certain and line.ink_size - line.digits_size < _SPECKS for line in lines),
        left_out=1 - read / max(total, 1e-9),
        missing=tuple(kept[index].ink_size - kept[index].digits_size for index in order),
        only_bars=only_bars,
    )


def _around(boxes: list[tuple[int, int, int, int]]) -> tuple[int, int, int, int]:
    b = np.array(boxes)
    return (int(b[:, 0].min()), int(b[:, 1].min()), int(b[:, 2].max()), int(b[:, 3].max()))
