"""The choice between convincing readings with different digits."""

from dataclasses import replace

import numpy as np
import pytest

from tenfold.nn.array import Array
from tenfold.reading import confidence
from tenfold.reading.candidates import Candidate
from tenfold.reading.choice import best_of_all, value
from tenfold.reading.confidence import FEATURES, Calibration
from tenfold.reading.hypothesis import Hypothesis
from tenfold.reading.lattice import Arc
from tenfold.reading.mask import find_pieces
from tenfold.reading.result import Found, Result


@pytest.fixture(autouse=True)
def _confidence_is_probability(monkeypatch: pytest.MonkeyPatch) -> None:
    weights = tuple(float(name == "log odds") for name in FEATURES)
    calibration = Calibration(weights, 0.0, ())
    monkeypatch.setattr(confidence, "load_calibration", lambda: calibration)


def _reading(
    digits: str, *probabilities: float, evidence: float = 10.0, light: bool = False
) -> Result:
    """Return a reading of one line; the last probability is that of the remaining digits."""
    mask = np.zeros((60, 700), bool)
    mask[10:50, 10:690] = True
    ink = find_pieces(mask, (~mask).astype(np.float32), mask.astype(np.float32))
    found = []
    for n, digit in enumerate(digits):
        one = np.ones((40, 20), bool)
        box = (10, 10 + 30 * n, 50, 30 + 30 * n)
        probability = probabilities[min(n, len(probabilities) - 1)]
        candidate = Candidate(n, n + 1, one.astype(np.float32), one, box)
        found.append(Found(candidate, Arc(0, int(digit), probability), 0))
    return Result(found, Hypothesis(ink, light, likely=not light), ink, 0.0, evidence)


def _recognise(images: Array) -> Array:
    return np.full((len(images), 11), 1 / 11)


BROKEN = _reading("554115", 0.98, 0.98, 0.98, 0.3)


def test_the_value_is_the_expected_number_of_correct_digits_less_that_of_wrong_ones() -> None:
    assert value(_reading("55", 0.9, 0.3)) == pytest.approx(0.9 + 0.3 - 0.1 - 0.7)


def test_among_similar_scores_the_highest_value_is_the_answer() -> None:
    rival = _reading("55415", 0.99, evidence=8.0)
    found = best_of_all(BROKEN, [BROKEN, rival], _recognise)
    assert [each.arc.digit for each in found.digits] == [5, 5, 4, 1, 5]


@pytest.mark.parametrize(
    "other",
    [
        _reading("55415", 0.99, evidence=6.0),  # a much lower score
        _reading("55415", 0.99, evidence=8.0, light=True),  # the other kind of ink
        _reading("55415", 0.97, 0.97, 0.96, evidence=8.0),  # not convincing
        _reading("554115", 0.99, evidence=8.0),  # the same digits
    ],
)
def test_other_readings_are_no_rivals(other: Result) -> None:
    assert best_of_all(BROKEN, [BROKEN, other], _recognise) is BROKEN


@pytest.mark.parametrize(("probability", "disputed"), [(0.99, False), (0.85, True)])
def test_digits_are_disputed_if_a_rival_has_almost_the_same_value(
    probability: float, disputed: bool
) -> None:
    best, rival = _reading("58", 0.99, probability), _reading("53", 0.99, 0.8)
    found = best_of_all(best, [best, rival], _recognise)
    assert [(each.arc.digit, each.disputed) for each in found.digits] == [
        (5, disputed),
        (8, disputed),
    ]


def test_only_the_lines_in_which_the_readings_differ_are_disputed() -> None:
    def in_two_lines(result: Result) -> Result:
        first, *others = result.digits
        digits = [first, *(replace(each, line=1) for each in others)]
        return replace(result, digits=digits, missing=(0.0, 0.0))

    best, rival = (in_two_lines(_reading(text, 0.99)) for text in ("581", "531"))
    found = best_of_all(best, [best, rival], _recognise)
    assert [each.disputed for each in found.digits] == [False, True, True]


def test_readings_of_many_digits_are_not_compared() -> None:
    best, rival = _reading("5" * 21, 0.98, 0.97), _reading("5" * 20 + "3", 0.99, evidence=8.0)
    assert best_of_all(best, [best, rival], _recognise) is best


def test_an_unconvincing_reading_has_no_rivals() -> None:
    best = _reading("554115", 0.98, 0.98, 0.3)
    rival = _reading("55415", 0.99, evidence=8.0)
    assert best_of_all(best, [best, rival], _recognise) is best
