"""Unlikely ink is read only if one of its largest pieces looks like a digit."""

import numpy as np
import pytest

from tenfold.nn.array import Array
from tenfold.reading import digit_pieces, reader
from tenfold.reading.hypothesis import Hypothesis
from tenfold.reading.mask import find_pieces
from tenfold.reading.unlikely import shows_no_digit


def _hypothesis(pieces: int, *, likely: bool = False) -> Hypothesis:
    mask = np.zeros((60, 40 * pieces), bool)
    for piece in range(pieces):
        mask[10 : 50 - piece % 20, 40 * piece + 10 : 40 * piece + 30] = True
    ink = find_pieces(mask, 1 - mask.astype(np.float32), mask.astype(np.float32))
    return Hypothesis(ink, light=not likely, likely=likely)


class _Recogniser:
    """Takes the first image for a digit with a probability, and the others for non-digits."""

    def __init__(self, digit: int, probability: float) -> None:
        self.digit, self.probability, self.count = digit, probability, 0

    def __call__(self, images: Array) -> Array:
        rows = np.zeros((len(images), 11))
        rows[:, 10] = 1
        if self.count == 0:
            rows[0, [self.digit, 10]] = self.probability, 1 - self.probability
        self.count += len(images)
        return rows


@pytest.mark.parametrize(
    ("digit", "probability", "expected"),
    [(7, 0.6, False), (7, 0.4, True), (1, 0.6, True), (1, 0.95, False)],
)
def test_one_large_piece_that_looks_like_a_digit_is_enough(
    digit: int, probability: float, expected: bool
) -> None:
    assert shows_no_digit(_hypothesis(5), _Recogniser(digit, probability)) is expected


def test_only_the_largest_pieces_are_looked_at() -> None:
    recogniser = _Recogniser(7, 0.0)
    assert shows_no_digit(_hypothesis(20), recogniser)
    assert recogniser.count == 12


def test_two_pieces_may_be_digits_that_touch() -> None:
    recogniser = _Recogniser(7, 0.0)
    assert not shows_no_digit(_hypothesis(2), recogniser)
    assert recogniser.count == 0


@pytest.mark.parametrize("likely", [True, False])
def test_unlikely_ink_without_a_digit_has_an_empty_reading(likely: bool) -> None:
    recogniser = _Recogniser(7, 0.0)
    (result,) = reader._readings(_hypothesis(20, likely=likely), recogniser, 200)
    assert not result.clear
    assert likely or not result.digits
    assert (recogniser.count > 12) is likely


@pytest.mark.parametrize(("most", "expected"), [(20, False), (19, True)])
def test_ink_of_too_many_pieces_is_unlikely(
    monkeypatch: pytest.MonkeyPatch, most: int, expected: bool
) -> None:
    monkeypatch.setattr(digit_pieces, "MOST_PIECES", most)
    recogniser = _Recogniser(7, 0.0)
    assert shows_no_digit(_hypothesis(20, likely=True), recogniser) is expected
    assert (recogniser.count > 0) is expected
