"""Reader: from the ink of a picture to its lines of digits."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, islice

import numpy as np

from tenfold.reading.all_hypotheses import Hypotheses
from tenfold.reading.bars import are_mere_bars
from tenfold.reading.candidates import line_candidates, whole_candidate, with_most_ink
from tenfold.reading.cells import frame_ink
from tenfold.reading.choice import best_of_all
from tenfold.reading.digit_pieces import digit_sized, other_pieces, rest_pieces
from tenfold.reading.evidence import evidence_of, most_evidence
from tenfold.reading.hidden import may_hide_digits
from tenfold.reading.hopeless import is_hopeless, is_simple
from tenfold.reading.hypothesis import Hypothesis, Polarity
from tenfold.reading.lattice import Arc
from tenfold.reading.line_digits import (
    CERTAIN,
    LineDigits,
    guess_digit,
    read_line,
    without_ruled_lines,
)
from tenfold.reading.line_lattices import Recogniser, line_lattices
from tenfold.reading.lines import skew
from tenfold.reading.mask import Ink
from tenfold.reading.order import reading_order
from tenfold.reading.pieces import with_small_pieces
from tenfold.reading.result import SPECKS, Found, Result, is_better
from tenfold.reading.show_through import Pale, pale_pieces, strong_ink, what_is_pale
from tenfold.reading.steadiness import excludes, is_steady
from tenfold.reading.stopping import MOST_SMALL, ended_early, is_needless, is_too_small
from tenfold.reading.turning import turn, turned_area
from tenfold.reading.unlikely import shows_no_digit

__all__ = ["read_all_ink", "read_as_one"]

_MOST_AT_ONCE = 1200  # candidates of a hypothesis, after which its lines with less ink are left out
_MOST_OF_ONE = 300  # candidates of all hypotheses, after which the search for a single digit ends
_MOST_OF_ONE_AT_ONCE = 60  # candidates of one hypothesis in this search: those with the most ink
_MOST_IF_UNLIKELY = 150  # replaces _MOST_AT_ONCE if the ink is unlikely, such as light grain
_MOST_AREA = 4.0  # largest area of a turned picture, divided by the area of the picture
_FIRST_GROUPS = 2  # groups of hypotheses that are read before a picture may count as hopeless
_ASSUMED = 1.0  # size, in heights of the line, that is assumed for unread ink that may be digits
_LEVEL = 4.0  # degrees: lines that are less skewed are read as they are
_SKEWED = 12.0  # degrees: lines that are more skewed are only read turned
_RELIABLE = 10  # number of pieces from which the angle is measured so well that this is enough


def read_all_ink(
    hypotheses: Hypotheses, recognise: Recogniser, *, reduced: bool = False
) -> Result | None:
    """Return the best reading (``is_better``); None if nothing has the size of a digit.

    The search ends early in four cases:

    - the digits of a hypothesis are certain and explain all ink
    - no digit of the first hypotheses is promising; then only simple hypotheses are still tried
    - the picture was reduced, and its digits are so small that it will be read again
    - there were very many candidates, as on a page of text.

    If a reading with dark ink is convincing, light ink is rarely tried, and vice versa: see
    ``excludes``.

    Args:
        hypotheses: The hypotheses of a picture.
        recognise: Function that recognises images.
        reduced: Whether the picture was reduced and will be read again if its digits are small.
    """
    best, tried = None, list[Result]()
    at_once = MOST_SMALL if reduced else _MOST_AT_ONCE
    for number, (polarity, group) in enumerate(hypotheses.groups):
        if best is not None and number >= _FIRST_GROUPS:
            ended = ended_early(best, tried, recognise, reduced, first=number == _FIRST_GROUPS)
            if ended is not None:
                return _or_simple_digit(ended, polarity, group, tried, recognise)
        if best is not None and excludes(best, polarity.light, recognise):
            continue
        for hypothesis in group:
            if best is not None and is_needless(hypothesis, best, tried):
                continue
            for result in _readings(hypothesis, recognise, at_once):
                tried.append(result)
                if best is not None and not is_better(result, best):
                    continue
                best = result
                if best.clear or (reduced and is_too_small(best, recognise)):
                    return replace(best, too_small=reduced and best.small)
    return _after_all(best, tried, hypotheses.groups[0][0], recognise)


def _after_all(
    best: Result | None, tried: list[Result], polarity: Polarity, recognise: Recogniser
) -> Result | None:
    """Return the answer after all hypotheses were tried; None if no ink has the size of a digit."""
    unconvincing = best is None or not best.convincing
    joined = _joined(polarity, recognise, ones=False) if unconvincing else None
    return joined if best is None or joined is not None else best_of_all(best, tried, recognise)


def _or_simple_digit(
    best: Result,
    polarity: Polarity,
    others: Iterable[Hypothesis],
    tried: list[Result],
    recognise: Recogniser,
) -> Result:
    """Return ``best``; if it is hopeless, a clear reading of few or joined pieces of ink, if any.

    If it is too small, the next hypothesis is tried, in which grainy strokes may be whole.

    Args:
        best: The best reading of the first hypotheses.
        polarity: The more probable kind of ink, dark or light.
        others: The other hypotheses with this kind of ink.
        tried: All readings of the first hypotheses.
        recognise: Function that recognises images.
    """
    if not (best.hopeless or best.too_small):
        return best
    if best.hopeless and (joined := _joined(polarity, recognise, ones=True)) is not None:
        return joined
    simple = (
        result
        for hypothesis in (others if best.hopeless else islice(others, 1))
        if is_simple(hypothesis) and not is_needless(hypothesis, best, tried)
        for result in _readings(hypothesis, recognise, MOST_SMALL)
    )
    clear = [each for each in simple if each.certain and not is_hopeless([each], recognise)]
    return max(clear, key=lambda each: each.score, default=best)


def _joined(polarity: Polarity, recognise: Recogniser, *, ones: bool) -> Result | None:
    """Return the clear, steady digit whose dots or dashes are the pieces of ink; None without one.

    Only with ``ones``, a 1 counts: pieces in a column, which may be digits, would look like a 1.
    """
    for hypothesis in polarity.joined_hypotheses():
        readings = _readings(hypothesis, recognise, MOST_SMALL)
        for result in chain(readings, _read_whole(hypothesis, recognise)):
            counts = ones or all(found.arc.digit != 1 for found in result.digits)
            if counts and result.clear and is_steady(result, recognise):
                return result
    return None


def _read_whole(hypothesis: Hypothesis, recognise: Recogniser) -> Iterator[Result]:
    """Yield the reading of all ink as one digit, such as a 5 and its bar."""
    one = _read_one(hypothesis, recognise, MOST_SMALL, whole=True)
    if one is not None and set(digit_sized(one.ink)) <= set(one.digits[0].candidate.pieces):
        yield one


def read_as_one(
    hypotheses: Hypotheses, recognise: Recogniser, *, whole: bool = False
) -> Result | None:
    """Return the single digit with the most evidence; None if nothing has the size of a digit.

    All ink together is a candidate, too, so that a digit in several pieces is read as one.

    Args:
        hypotheses: The hypotheses of a picture.
        recognise: Function that recognises images.
        whole: Whether no pieces are cut, which takes less time.
    """
    best, remaining = None, _MOST_OF_ONE
    for hypothesis in hypotheses:
        if best is not None and best.clear and best.hypothesis.light != hypothesis.light:
            break  # with the other assumption, the light halo around dark ink may look like a 0
        result = _read_one(hypothesis, recognise, min(remaining, _MOST_OF_ONE_AT_ONCE), whole)
        remaining -= 0 if result is None else result.candidates
        if result is not None and (best is None or result.evidence > best.evidence):
            best = result
        if remaining <= 0:
            break
    return best


def _read_one(
    hypothesis: Hypothesis, recognise: Recogniser, most: int, whole: bool
) -> Result | None:
    """Return the digit with the most evidence; pieces are cut only if no digit is certain."""
    ink = hypothesis.ink
    pieces = [int(index) for index in digit_sized(ink)]
    pieces = with_small_pieces(ink, pieces, rest_pieces(ink))
    pieces = sorted(pieces, key=lambda piece: -float(ink.area[piece] * ink.peak[piece]))[:most]
    if not pieces:
        return None
    candidates = [whole_candidate(ink, pieces), *line_candidates(ink, pieces, ())[0]]
    arcs: list[Arc] = []
    for last in (whole, True):  # first the whole pieces; then, unless ``whole``, also their parts
        candidates[len(arcs) :] = with_most_ink(candidates[len(arcs) :], most)
        images = np.stack([c.glyph.image for c in candidates[len(arcs) :]])
        arcs += [Arc(0, int(p.argmax()), float(p.max())) for p in recognise(images)[:, :10]]
        index, evidence = most_evidence(ink, candidates, arcs)
        parts = [] if last else [c for c in line_candidates(ink, pieces)[0] if c.is_part]
        if arcs[index].probability >= CERTAIN or not parts:
            break
        candidates += parts
    found, clear = [Found(candidates[index], arcs[index], 0)], arcs[index].probability >= CERTAIN
    return Result(found, hypothesis, ink, 0.0, evidence, clear=clear, candidates=len(candidates))


def _readings(hypothesis: Hypothesis, recognise: Recogniser, most: int) -> Iterator[Result]:
    """Yield the readings of a hypothesis; one without digits if its ink ``shows_no_digit``.

    If its ink is of two kinds, strong and pale, and the pale ink has no digits, the strong ink is
    read alone. This reading counts only if all digits are probable, and there is no other strong
    ink. If the pale ink may be digits, a single strong piece is read alone, and several strong
    pieces are read with the pale ink, without pieces that are too pale. If pale ink that may be
    digits is left out, all digits are unsure.
    """
    ink = hypothesis.ink
    if shows_no_digit(hypothesis, recognise):
        yield _result(hypothesis, ink, 0.0, [])
        return
    pale = pale_pieces(ink)
    if hypothesis.light or not len(pale):  # light ink is on a board: nothing shows through it
        yield from _readings_of(hypothesis, ink, recognise, most)
        return
    kind = what_is_pale(ink, pale, recognise)
    if kind == Pale.DIGITS:
        ink = replace(ink, pale_digits=True)
    elif kind == Pale.NO_DIGITS or len(digit_sized(ink, pale=True)) == len(pale) + 1:
        missing = _ASSUMED if kind == Pale.UNKNOWN else 0.0
        for result in _readings_of(hypothesis, strong_ink(ink, pale), recognise, most):
            usable = kind == Pale.NO_DIGITS or result.convincing
            if result.clear or (usable and result.digits and result.complete):
                yield result.without_pale(missing)
                return
    dropped = kind == Pale.UNKNOWN and len(np.setdiff1d(pale, digit_sized(ink)))
    for result in _readings_of(hypothesis, ink, recognise, most):
        yield result.without_pale(_ASSUMED) if dropped else result


def _readings_of(
    hypothesis: Hypothesis, ink: Ink, recognise: Recogniser, most: int
) -> Iterator[Result]:
    """Yield the readings of ``ink``; skewed ink is turned first, and rarely read as it is."""
    if not len(pieces := digit_sized(ink)):
        return
    angle = skew(ink.boxes[pieces])
    if abs(angle) > _LEVEL and turned_area(ink, angle) <= _MOST_AREA:
        turned = _read(hypothesis, turn(ink, angle, other_pieces(ink)), angle, recognise, most)
        yield turned
        if abs(angle) > _SKEWED or (turned.convincing and len(pieces) >= _RELIABLE):
            return
    yield _read(hypothesis, ink, 0.0, recognise, most)


def _read(
    hypothesis: Hypothesis, ink: Ink, angle: float, recognise: Recogniser, most: int
) -> Result:
    most = most if hypothesis.likely else _MOST_IF_UNLIKELY
    lattices = line_lattices(ink, recognise, most, may_cut=not hypothesis.whole)
    lines = [read_line(*lattice) for lattice in lattices]
    several = sum(len(line.digits) for line in lines) > 1  # a single digit has no other to compare
    if several and not angle and hypothesis.on_ruled_lines is not None:
        lines = without_ruled_lines(lines, hypothesis.on_ruled_lines)
    result = _result(hypothesis, ink, angle, lines)
    unread = bool(lines) and not result.digits and hypothesis.likely
    guess = guess_digit(*lattices[0]) if unread else None
    if guess is not None:  # evidence of at most 1: digits on a path usually have more
        guessed = _result(hypothesis, ink, angle, [guess, *lines[1:]])
        result = replace(guessed, evidence=guess.digits[0][1].probability)
    candidates = sum(len(lattice.candidates) for lattice in lattices)
    clear = result.clear and not may_hide_digits(result)
    return replace(result, clear=clear, candidates=candidates)


def _result(hypothesis: Hypothesis, ink: Ink, angle: float, lines: list[LineDigits]) -> Result:
    kept = [line for line in lines if line.digits]
    found = [line.digits for line in kept]
    sides = [zip(*(candidate.box for candidate, _ in line), strict=True) for line in found]
    boxes = np.array([(min(y), min(x), max(b), max(r)) for y, x, b, r in sides]).reshape(-1, 4)
    order = reading_order(boxes, frame_ink(ink) if len(boxes) > 1 else None)
    digits = [
        Found(candidate, arc, number)
        for number, index in enumerate(order)
        for candidate, arc in found[index]
    ]
    total, read = sum(line.ink_size for line in lines), sum(line.digits_size for line in lines)
    only_bars = are_mere_bars(digits, hypothesis, ink, angle)
    return Result(
        digits,
        hypothesis,
        ink,
        angle,
        evidence=sum(evidence_of(ink, candidate, arc) for line in found for candidate, arc in line),
        clear=bool(lines)
        and not hypothesis.ruled_lines
        and not only_bars
        and all(line.certain and line.ink_size - line.digits_size < SPECKS for line in lines),
        left_out=1 - read / max(total, 1e-9),
        missing=tuple(kept[index].ink_size - kept[index].digits_size for index in order),
        only_bars=only_bars,
    )
