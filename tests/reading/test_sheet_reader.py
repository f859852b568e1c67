"""The choice between the reading of a whole picture and that of a sheet in it."""

import numpy as np
import pytest

from tenfold.reading import confidence, sheet_reader
from tenfold.reading.all_hypotheses import Hypotheses
from tenfold.reading.candidates import whole_candidate
from tenfold.reading.confidence import FEATURES, Calibration
from tenfold.reading.hypothesis import Hypothesis
from tenfold.reading.lattice import Arc
from tenfold.reading.mask import find_pieces
from tenfold.reading.result import Found, Result
from tenfold.reading.sheet_reader import _better, _cut_off, _with_cut_ink, read_with_sheets
from tenfold.reading.sheets import Sheet

SHAPE = (200, 400)
WEIGHTS = tuple(float(name == "log odds") for name in FEATURES)

Digit = tuple[int, float, tuple[int, int, int, int]]


@pytest.fixture(autouse=True)
def _confidence_is_probability(monkeypatch: pytest.MonkeyPatch) -> None:
    calibration = Calibration(WEIGHTS, 0.0, ())
    monkeypatch.setattr(confidence, "load_calibration", lambda: calibration)


def _reading(*digits: Digit, clear: bool = False) -> Result:
    """Return a reading of digits, each with its probability and its box, which is full of ink."""
    contrast = np.zeros(SHAPE, np.float32)
    for _, _, (top, left, bottom, right) in digits:
        contrast[top:bottom, left:right] = 1.0
    ink = find_pieces(contrast > 0, 1 - contrast, contrast)
    boxes = [tuple(int(v) for v in box) for box in ink.boxes]
    found = [
        Found(whole_candidate(ink, [boxes.index(box)]), Arc(0, digit, probability), 0, probability)
        for digit, probability, box in digits
    ]
    return Result(found, Hypothesis(ink, False, True), ink, 0.0, evidence=100.0, clear=clear)


def _sheet(top: int, left: int, bottom: int, right: int) -> Sheet:
    inside = np.zeros(SHAPE, bool)
    inside[top:bottom, left:right] = True
    return Sheet(inside, np.zeros((*SHAPE, 3), np.uint8))


SHEET = _sheet(50, 100, 150, 300)
ON_SHEET: Digit = (3, 0.99, (80, 150, 120, 180))


def _grain(*probabilities: float, digit: int = 1) -> list[Digit]:
    """Return digits on the left of the sheet."""
    return [(digit, p, (20, 20 * n + 5, 180, 20 * n + 10)) for n, p in enumerate(probabilities)]


@pytest.mark.parametrize("digit", [1, 7])
def test_improbable_digits_around_a_sheet_make_a_reading_worse(digit: int) -> None:
    whole = _reading((3, 0.999, ON_SHEET[2]), *_grain(0.2, digit=digit))
    assert _better(_reading(ON_SHEET), whole, SHEET)


@pytest.mark.parametrize(("digit", "better"), [(7, False), (1, True)])
def test_a_probable_digit_outside_the_sheet_is_not_lost(digit: int, better: bool) -> None:
    whole = _reading((3, 0.6, ON_SHEET[2]), *_grain(0.6, digit=digit))
    assert _better(_reading(ON_SHEET), whole, SHEET) is better


@pytest.mark.parametrize(
    ("number", "top", "better"),
    [((3, 5), 80, False), ((3, 5), 20, True), ((3,), 80, True), ((3, 1), 80, True)],
)
def test_the_1_of_a_number_that_goes_on_outside_the_sheet_is_not_lost(
    number: tuple[int, ...], top: int, better: bool
) -> None:
    boxes = [(80, 150 + 50 * n, 120, 180 + 50 * n) for n in range(len(number))]
    one: Digit = (1, 0.6, (top, 320, 120, 326))
    whole = _reading(*((d, 0.8, box) for d, box in zip(number, boxes, strict=True)), one)
    on_sheet = _reading(*((d, 0.99, box) for d, box in zip(number, boxes, strict=True)))
    assert _better(on_sheet, whole, SHEET) is better


def test_a_probable_one_beside_the_sheet_is_kept_with_the_digit_on_it() -> None:
    whole = _reading(ON_SHEET, *_grain(0.9))
    assert not _better(_reading(ON_SHEET), whole, SHEET)


def test_the_paper_inside_a_0_is_no_better_than_the_0() -> None:
    ring = _reading((0, 0.9, (20, 60, 180, 340)))
    labels = ring.ink.labels.copy()
    labels[50:150, 100:300] = 0
    ring.ink.labels[...] = labels
    assert not _better(_reading((1, 0.99, ON_SHEET[2])), ring, SHEET)


def test_paper_that_was_read_as_a_1_is_worse_than_the_digit_on_it() -> None:
    paper = _reading((1, 0.9, (45, 95, 155, 305)))
    assert _better(_reading(ON_SHEET), paper, SHEET)


def test_a_digit_that_hardly_stands_out_from_the_paper_does_not_count() -> None:
    whole, faint = _reading(*_grain(0.2)), _reading(ON_SHEET)
    object.__setattr__(faint, "evidence", 0.1 * 40)
    assert not _better(faint, whole, SHEET)


@pytest.mark.parametrize(("probability", "cut"), [(0.6, True), (0.3, False)])
def test_only_a_probable_digit_is_cut_off_by_the_edge_of_a_sheet(
    probability: float, cut: bool
) -> None:
    at_edge: Digit = (1, probability, (80, 296, 120, 304))
    assert _cut_off(_reading(ON_SHEET, at_edge), SHEET) is cut
    assert not _cut_off(_reading(ON_SHEET), SHEET)


@pytest.mark.parametrize(("height", "unsure"), [(12, True), (4, False)])
def test_ink_that_the_edge_of_a_sheet_cuts_off_makes_its_digits_unsure(
    height: int, unsure: bool
) -> None:
    result = _reading(ON_SHEET, (1, 0.1, (80, 296, 80 + height, 300)), clear=True)
    result.digits.pop()  # the other ink was not read
    found = _with_cut_ink(result, SHEET)
    assert found.clear is not unsure
    assert found.missing == (1.0 if unsure else 0.0,)


def test_after_a_sheet_of_probable_digits_no_other_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []

    def read_all_ink(hypotheses: Hypotheses, *_: object, **__: object) -> Result:
        read.append(int(hypotheses.rgb[0, 0, 0]))
        return _reading(*_grain(0.2, 0.2)) if len(read) == 1 else _reading(ON_SHEET)

    sheets = [Sheet(SHEET.inside, np.full((*SHAPE, 3), level, np.uint8)) for level in (1, 2)]
    monkeypatch.setattr(sheet_reader, "read_all_ink", read_all_ink)
    monkeypatch.setattr(sheet_reader, "with_steadiness", lambda result, _: result)
    monkeypatch.setattr(sheet_reader, "find_sheets", lambda _: sheets)
    result = read_with_sheets(
        Hypotheses(np.zeros((*SHAPE, 3), np.uint8)), lambda images: np.zeros((len(images), 11))
    )
    assert read == [0, 1]
    assert result is not None
    assert result.sheet
