"""Clutter beside digits: shadows, blots at the border, pieces of rules, and doubtful marks."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import tenfold
from tenfold.nn.array import Array
from tenfold.reading import one_digit, reader, stopping
from tenfold.reading.all_hypotheses import Hypotheses
from tenfold.reading.candidates import Candidate, whole_candidate
from tenfold.reading.confidence import FEATURES, Calibration
from tenfold.reading.digit_pieces import digit_sized, other_pieces
from tenfold.reading.doubtful import UNREAD, without_doubtful
from tenfold.reading.evidence import evidence_of
from tenfold.reading.hypothesis import Hypothesis
from tenfold.reading.lattice import Arc
from tenfold.reading.mask import Ink, find_pieces
from tenfold.reading.picture import WorkingPicture
from tenfold.reading.result import Found, Result, is_better
from tests.reading.pages import digit_mask, truth


def _ink(contrast: Array, paper: float | Array = 1.0) -> Ink:
    """Return the ink of a contrast (H, W) on paper of a grey level."""
    grey = np.asarray(paper * (1 - contrast), np.float32)
    return find_pieces(contrast > 0.1, grey, contrast.astype(np.float32))


def test_ink_in_the_light_stands_out_although_paper_in_a_shadow_is_as_dark() -> None:
    contrast = np.zeros((200, 200))
    contrast[50:150, 50:150] = 0.6 * (digit_mask(3, 100) > 0.5)  # a 0
    paper = np.ones((200, 200))
    paper[110:] = 0.4
    paper[:, 160:] = paper[:, :30] = 0.4
    ink, lit = _ink(contrast, paper), _ink(contrast)
    candidate, arc = whole_candidate(ink, [0]), Arc(0, 0, 1.0)
    assert evidence_of(ink, candidate, arc) > 0.8 * evidence_of(lit, candidate, arc)


@pytest.mark.parametrize(
    ("place", "digit", "share"),
    [
        ((slice(0, 100), slice(0, 60)), 5, 0.25),  # a corner
        ((slice(0, 200), slice(0, 200)), 1, 0.0003),  # the whole picture
        ((slice(0, 100), slice(50, 110)), 5, 1.0),
    ],
)
def test_a_shadow_at_a_corner_has_little_evidence(
    place: tuple[slice, slice], digit: int, share: float
) -> None:
    contrast = np.zeros((200, 200))
    contrast[50:150, 80:140] = 0.6
    usual = evidence_of(ink := _ink(contrast), whole_candidate(ink, [0]), Arc(0, digit, 1.0))
    contrast[:] = 0
    contrast[place] = 0.6
    ink = _ink(contrast)
    found = evidence_of(ink, whole_candidate(ink, [0]), Arc(0, digit, 1.0))
    assert found == pytest.approx(share * usual, rel=0.3)


def test_paper_inside_a_digit_does_not_stand_out_from_the_paper_around_it() -> None:
    light = np.zeros((100, 100))
    light[30:70, 40:60] = 0.6  # the paper inside a 0, as light ink on dark ink
    paper = np.full((100, 100), 0.4)  # the paper, inverted: as dark as that inside
    paper[24:76, 34:66] = 1.0
    ink = _ink(light, paper)
    arc = Arc(0, 0, 1.0)
    assert evidence_of(ink, whole_candidate(ink, [0]), arc) < 0.1 * 40


@pytest.mark.parametrize(
    ("contrast", "width", "blot"), [(0.3, 12, True), (0.6, 60, True), (0.6, 12, False)]
)
def test_pale_or_thick_pieces_at_the_border_are_blots(
    contrast: float, width: int, blot: bool
) -> None:
    picture = np.zeros((200, 260))
    picture[60:160, 80:180] = 0.6 * (digit_mask(3, 100) > 0.5)
    picture[120:200, 200 : 200 + width] = contrast
    ink = _ink(picture)
    border = int(ink.boxes[:, 2].argmax())
    assert (border not in digit_sized(ink)) is blot
    assert bool(len(other_pieces(ink))) is blot


def _bar(box: tuple[int, int, int, int], digit: int = 1) -> tuple[Candidate, Arc]:
    mask = np.ones((box[2] - box[0], box[3] - box[1]), bool)
    return Candidate(0, 1, mask.astype(np.float32), mask, box), Arc(0, digit, 0.99)


_ODDS = {"log odds": 1.0}


def _reading(*digits: tuple[float, int, int]) -> Result:
    """Return a reading of digits, each with its probability, height and line."""
    ink = _ink(np.zeros((200, 400)))
    found = [
        Found(_bar((100 - height, 60 * n + 10, 100, 60 * n + 40))[0], Arc(0, 3, p), line, p)
        for n, (p, height, line) in enumerate(digits)
    ]
    missing = tuple(0.0 for _ in {line for _, _, line in digits})
    return Result(found, Hypothesis(ink, False, True), ink, 0.0, 1.0, missing=missing)


_CALIBRATION = Calibration(tuple(_ODDS.get(name, 0.0) for name in FEATURES), 0.0, ())


def _kept(*digits: tuple[float, int, int]) -> tuple[Result, Array]:
    return without_doubtful(_reading(*digits), _CALIBRATION)


def test_marks_beside_the_only_digit_are_left_out_and_make_it_unsure() -> None:
    result, confidences = _kept((0.2, 60, 0), (0.9, 80, 0), (0.3, 80, 1))
    assert [found.arc.probability for found in result.digits] == [0.9]
    assert confidences == pytest.approx([0.9])
    assert result.missing == (0.5,)
    assert result.left_out == pytest.approx(140 / 220)


@pytest.mark.parametrize(
    "digits",
    [
        [(0.2, 60, 0), (0.9, 80, 0), (0.8, 80, 0)],  # two digits
        [(0.2, 100, 0), (0.9, 80, 0)],  # the doubtful one is larger
        [(0.4, 60, 0), (0.9, 80, 0)],  # it is not that doubtful
    ],
)
def test_other_doubtful_digits_are_kept(digits: list[tuple[float, int, int]]) -> None:
    result, confidences = _kept(*digits)
    assert len(result.digits) == len(confidences) == len(digits)


@pytest.mark.parametrize(
    ("digit", "probability", "height", "kept"),
    [
        (1, 0.15, 90, False),
        (1, 0.3, 90, True),  # not that doubtful
        (1, 0.15, 70, True),  # hardly taller than the digits
        (7, 0.15, 100, True),
        (1, 0.99, 100, False),  # far taller, such as a pen on the paper
    ],
)
def test_the_side_of_a_box_is_no_one_and_makes_its_line_unsure(
    digit: int, probability: float, height: int, kept: bool
) -> None:
    reading = _reading((0.9, 60, 0), (probability, height, 0), (0.9, 60, 0), (0.9, 60, 1))
    arc = Arc(0, digit, probability)
    reading.digits[1] = replace(reading.digits[1], arc=arc)
    result, confidences = without_doubtful(reading, _CALIBRATION)
    assert (arc in [found.arc for found in result.digits]) is kept
    assert len(result.digits) == len(confidences) == 3 + kept
    assert result.missing == ((0.0, 0.0) if kept else (0.5, 0.0))


def test_small_digits_in_a_line_with_large_ones_are_no_printed_word() -> None:
    small = [(0.2, 50, 0), (0.9, 50, 0)]
    result, _ = _kept(*small, (0.9, 80, 0), (0.9, 80, 1), (0.9, 80, 1))
    assert len(result.digits) == 5
    for more, kept in (((), 2), (((0.9, 50, 0),), 5)):  # a line of its own: a word, or a number
        assert len(_kept(*small, *more, (0.9, 80, 1), (0.9, 80, 1))[0].digits) == kept


def test_only_digits_at_the_height_of_a_word_become_unsure() -> None:
    """A word beside a number may belong to it; a heading says nothing about the numbers below."""
    reading = _reading((0.2, 50, 0), (0.9, 80, 1), (0.9, 80, 1), (0.9, 80, 2), (0.9, 80, 2))
    for place in (3, 4):
        below = _bar((110, 60 * place + 10, 190, 60 * place + 40))[0]
        reading.digits[place] = replace(reading.digits[place], candidate=below)
    result, _ = without_doubtful(reading, _CALIBRATION)
    assert [found.line for found in result.digits] == [0, 0, 1, 1]
    assert result.missing == (UNREAD, 0.0)


def test_lines_that_are_hardly_digits_are_left_out() -> None:
    result, confidences = _kept((0.05, 60, 0), (0.02, 60, 0), (0.9, 80, 1), (0.8, 80, 1))
    assert [found.line for found in result.digits] == [0, 0]
    assert confidences == pytest.approx([0.9, 0.8])
    assert result.missing == (0.0,)


@pytest.mark.parametrize(("confidence", "read"), [(0.02, 1), (0.005, 0)])
def test_the_only_mark_is_the_best_answer_unless_it_is_hardly_a_digit(
    confidence: float, read: int
) -> None:
    result, _ = _kept((confidence, 80, 0))
    assert len(result.digits) == read


def _of_one(digit: int, confidence: float) -> Result:
    result = _reading((confidence, 80, 0))
    found = Found(result.digits[0].candidate, Arc(0, digit, confidence), 0)
    return replace(result, digits=[found])


@pytest.mark.parametrize(
    ("line", "alone", "digit"),
    [
        (_of_one(1, 0.9), _of_one(8, 0.95), 8),
        (_of_one(3, 0.4), _of_one(8, 0.6), 8),
        (_of_one(3, 0.6), _of_one(8, 0.95), 3),  # the line is probable
        (_of_one(3, 0.4), _of_one(8, 0.3), 3),  # the single digit is more doubtful
        (replace(_of_one(1, 0.9), clear=True), _of_one(8, 0.95), 1),  # the 1 explains all ink
        (replace(_of_one(1, 0.4), clear=True), _of_one(8, 0.95), 8),
    ],
)
def test_a_digit_of_higher_confidence_is_read_alone_if_the_lines_are_doubtful(
    monkeypatch: pytest.MonkeyPatch, line: Result, alone: Result, digit: int
) -> None:
    monkeypatch.setattr(one_digit, "read_as_one", lambda *_, **__: alone)
    monkeypatch.setattr(one_digit, "with_steadiness", lambda result, _: result)
    monkeypatch.setattr(
        one_digit, "confidences", lambda each: np.array([each.digits[0].arc.probability])
    )
    picture = WorkingPicture(np.zeros((200, 400, 3), np.uint8), 1.0, (400, 200))
    _, result = one_digit.or_one_digit(picture, line, lambda images: images)
    assert result is not None
    assert result.digits[0].arc.digit == digit
    assert (max(result.missing) >= UNREAD) is (digit == 8)  # such a digit is unsure


@pytest.mark.parametrize("index", [0, 4, 17])
def test_a_digit_in_four_pieces_is_the_best_answer(index: int) -> None:
    ink = digit_mask(index, 120)
    height, width = ink.shape
    ink[height // 2 - 3 : height // 2 + 4] = ink[:, width // 2 - 3 : width // 2 + 4] = 0
    grey = np.full((200, 200), 240.0)
    grey[40 : 40 + height, 40 : 40 + width] -= 200 * ink
    reading = tenfold.read(grey.astype(np.uint8))
    assert (reading.lines, reading.verdict) == (truth([[index]]), "unsure")
    assert reading.digits[0].remarks[0] == "found only when read as a single digit"


def test_digits_that_change_in_other_views_count_less() -> None:
    result = _reading((0.9, 80, 0), (0.9, 40, 0))
    changing = replace(result.digits[1], steadiness=0.0)
    result = replace(result, digits=[result.digits[0], changing])
    assert result.steady_score == pytest.approx(result.score * 80 / 120)


def test_steady_digits_of_light_ink_are_preferred_to_changing_ones_of_dark_ink(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dark, light = replace(_of_one(3, 0.9), evidence=2.0), _of_one(5, 0.9)

    def always_five(images: Array) -> Array:
        return np.eye(11)[np.full(len(images), 5)]

    def readings(hypothesis: Hypothesis, *_: object) -> list[Result]:
        return [replace(light if hypothesis.light else dark, hypothesis=hypothesis)]

    monkeypatch.setattr(reader, "_readings", readings)
    monkeypatch.setattr(stopping, "is_hopeless", lambda *_: False)
    best = reader.read_all_ink(Hypotheses(np.full((60, 60, 3), 255, np.uint8)), always_five)
    assert best is not None
    assert [found.arc.digit for found in best.digits] == [5]


@pytest.mark.parametrize(
    ("confidence", "kinds", "other", "other_kinds", "better"),
    [
        (0.99, {}, 0.99, {"evidence": 0.5}, True),  # of the higher score
        (0.99, {"clear": True}, 0.9, {"evidence": 9.0}, True),  # clear, against doubtful
        (0.99, {}, 0.9, {"evidence": 9.0}, False),
        (0.99, {}, 0.99, {"evidence": 9.0, "only_bars": True}, True),  # digits, against bars
        (0.99, {"evidence": 9.0, "only_bars": True}, 0.99, {}, False),
    ],
)
def test_clear_and_convincing_readings_are_better_than_doubtful_ones_and_bars(
    confidence: float,
    kinds: dict[str, Any],
    other: float,
    other_kinds: dict[str, Any],
    better: bool,
) -> None:
    result = replace(_reading((confidence, 60, 0)), **kinds)
    assert is_better(result, replace(_reading((other, 60, 0)), **other_kinds)) is better
