"""Digits of a line: what is left out, 1s on ruled lines, and the guess when nothing is read."""

import numpy as np
import pytest

from tenfold.nn.array import Array
from tenfold.reading.candidates import Candidate
from tenfold.reading.lattice import Arc, Step
from tenfold.reading.line_digits import (
    LineDigits,
    guess_digit,
    read_line,
    without_ruled_lines,
)


def _candidate(start: int, stop: int) -> Candidate:
    return Candidate(start, stop, np.ones((4, 4), np.float32), np.ones((4, 4), bool), (0, 0, 4, 4))


def _rows(*rows: dict[int, float]) -> Array:
    """Return probabilities (N, 11); what is not given is shared by the other classes."""
    out = np.zeros((len(rows), 11))
    for row, given in zip(out, rows, strict=True):
        row[:] = (1 - sum(given.values())) / (11 - len(given))
        row[list(given)] = list(given.values())
    return out


def test_a_line_of_certain_digits_is_certain() -> None:
    candidates = [_candidate(0, 1), _candidate(1, 2)]
    line = read_line(candidates, [Step(1.0), Step(0.8)], _rows({4: 0.99}, {2: 0.995}))
    assert [arc.digit for _, arc in line.digits] == [4, 2]
    assert line.certain
    assert line.digits_size == line.ink_size == pytest.approx(1.8)


def test_a_line_with_mostly_other_ink_has_no_digits() -> None:
    candidates = [_candidate(0, 1), _candidate(1, 2), _candidate(2, 3)]
    line = read_line(candidates, [Step(1.0)] * 3, _rows({4: 0.99}, {10: 0.999}, {10: 0.999}))
    assert line.digits == []
    assert line.digits_size == 0
    assert not line.certain


@pytest.mark.parametrize(
    ("others", "size", "read"),
    [
        ([{4: 0.99}, {2: 0.99}], 1.0, [4, 8, 2]),
        ([{4: 0.99}, {2: 0.99}], 0.5, [4, 2]),  # smaller than a digit
        ([{4: 0.99}, {2: 0.9}], 1.0, [4, 2]),  # one certain digit is not enough
    ],
)
def test_a_mark_among_digits_is_left_out_less_readily(
    others: list[dict[int, float]], size: float, read: list[int]
) -> None:
    first, last = others
    candidates = [_candidate(k, k + 1) for k in range(3)]
    line = read_line(
        candidates, [Step(1.0), Step(size), Step(1.0)], _rows(first, {8: 0.03, 10: 0.96}, last)
    )
    assert [arc.digit for _, arc in line.digits] == read


def test_the_guess_is_the_most_probable_digit_per_its_share_of_the_ink() -> None:
    candidates = [_candidate(0, 1), _candidate(1, 2), _candidate(0, 2)]
    # 0.5 of the first quarter and 0.3 of the rest are less than 0.25 of all.
    probabilities = _rows({7: 0.5, 10: 0.5}, {1: 0.3, 10: 0.7}, {5: 0.25, 10: 0.75})
    guess = guess_digit(candidates, [Step(0.25), Step(0.75)], probabilities)
    assert guess is not None
    ((candidate, arc),) = guess.digits
    assert (candidate.start, candidate.stop) == (0, 2)
    assert arc.digit == 5
    assert arc.probability == pytest.approx(0.25)
    assert guess.digits_size == pytest.approx(1.0)
    assert not guess.certain


@pytest.mark.parametrize("elements", [0, 5, 12])
def test_nothing_is_guessed_from_no_ink_or_from_many_elements(elements: int) -> None:
    candidates = [_candidate(k, k + 1) for k in range(elements)]
    probabilities = _rows(*[{3: 0.4, 10: 0.6}] * elements).reshape(elements, 11)
    assert guess_digit(candidates, [Step(1.0)] * elements, probabilities) is None


def test_many_parts_of_one_wide_digit_do_not_prevent_a_guess() -> None:
    candidates = [_candidate(0, 6)]
    steps = [Step(1.0, weight=0.2, is_part=True)] * 6
    guess = guess_digit(candidates, steps, _rows({2: 0.4, 10: 0.6}))
    assert guess is not None
    assert [arc.digit for _, arc in guess.digits] == [2]


def _bar(box: tuple[int, int, int, int], digit: int = 1) -> tuple[Candidate, Arc]:
    mask = np.ones((box[2] - box[0], box[3] - box[1]), bool)
    return Candidate(0, 1, mask.astype(np.float32), mask, box), Arc(0, digit, 0.99)


@pytest.mark.parametrize(("height", "width", "kept"), [(40, 30, 1), (90, 30, 2), (40, 4, 2)])
def test_pieces_of_a_ruled_line_are_not_ones_unless_the_digits_are_as_long_or_as_thin(
    height: int, width: int, kept: int
) -> None:
    on_ruled_lines = np.zeros((100, 100), bool)
    on_ruled_lines[2:98, 70:74] = True
    digits = [_bar((4, 20, 4 + height, 20 + width), 5), _bar((20, 70, 60, 74))]
    line = LineDigits(digits, ink_size=2.0, digits_size=2.0, certain=True)
    (found,) = without_ruled_lines([line], on_ruled_lines)
    assert len(found.digits) == kept
    assert found.ink_size == found.digits_size == kept


def test_a_one_is_kept_if_the_only_longer_ruled_lines_are_beside_it() -> None:
    on_ruled_lines = np.zeros((100, 200), bool)
    on_ruled_lines[20:60, [70, 71, 180]] = True
    digits = [_bar((20, 20, 60, 40), 5), _bar((20, 70, 60, 72))]
    line = LineDigits(digits, ink_size=2.0, digits_size=2.0, certain=True)
    assert without_ruled_lines([line], on_ruled_lines) == [line]


def test_a_one_on_a_ruled_line_is_kept_if_there_is_no_other_digit() -> None:
    on_ruled_lines = np.zeros((100, 100), bool)
    on_ruled_lines[2:98, 70:72] = True
    line = LineDigits([_bar((2, 70, 98, 72))], ink_size=1.0, digits_size=1.0, certain=True)
    assert without_ruled_lines([line], on_ruled_lines) == [line]
