"""Coils: loops drawn in one stroke look like touching 0s, 6s or 8s."""

import numpy as np
import pytest

import tenfold
from tenfold.nn.array import Array
from tenfold.reading import Reading
from tenfold.reading.candidates import Candidate
from tenfold.reading.coils import are_loops
from tenfold.reading.doubtful import look_like_others
from tenfold.reading.hypothesis import Hypothesis
from tenfold.reading.lattice import Arc
from tenfold.reading.mask import find_pieces
from tenfold.reading.result import Found, Result

TOP, BOTTOM, PITCH, WIDTH = 40, 80, 40, 30


def reading(digits: list[int], *, is_part: bool = False, ruled: Array | None = None) -> Result:
    """Return a reading of a line of solid digits, 10 pixels apart, from column 100."""
    mask, found = np.zeros((120, 400), bool), []
    for place, digit in enumerate(digits):
        left = 100 + PITCH * place
        mask[TOP:BOTTOM, left : left + WIDTH] = True
        box = (TOP, left, BOTTOM, left + WIDTH)
        solid = np.ones((BOTTOM - TOP, WIDTH), bool)
        found.append(
            Found(
                Candidate(place, place + 1, solid.astype(np.float32), solid, box, is_part),
                Arc(place, digit, 0.99),
                0,
            )
        )
    values = mask.astype(np.float32)
    ink = find_pieces(mask, 1 - values, values)
    ink.ruled = ruled
    return Result(found, Hypothesis(ink, False, True), ink, 0.0, 1.0)


@pytest.mark.parametrize(
    ("digits", "coil"),
    [
        ([0, 0, 0, 7], [True, True, True, False]),
        ([8, 8, 8, 8], [True] * 4),
        ([0, 0], [True, True]),
        ([0, 0, 7], [False] * 3),
        ([0, 0, 6], [False] * 3),
        ([2, 2, 2], [False] * 3),
        ([], []),
    ],
)
def test_equal_loops_that_touch_may_be_a_coil(digits: list[int], coil: list[bool]) -> None:
    assert are_loops(reading(digits, is_part=True)).tolist() == coil
    assert look_like_others(reading(digits, is_part=True)).tolist() == coil
    assert not are_loops(reading(digits)).any()


@pytest.mark.parametrize(("left", "right", "coil"), [(100, 210, True), (0, 400, False)])
def test_loops_may_be_connected_by_ink_that_was_erased(left: int, right: int, coil: bool) -> None:
    """A ruled line goes on beyond the digits that stand on it; the ink of a coil does not."""
    ruled = np.zeros((120, 400), bool)
    ruled[60, left:right] = True
    assert are_loops(reading([0, 0, 0], ruled=ruled)).tolist() == [coil] * 3
    ruled[60, 130:140] = False  # the first loop is not connected with the others
    assert not are_loops(reading([0, 0, 0], ruled=ruled)).any()


def test_a_coil_is_unsure() -> None:
    t = np.linspace(-0.3, 2 * np.pi * 6.3, 4000)
    x, y = 60 + 14 * t + 38 * np.cos(t), 90 + 45 * np.sin(t)
    grey = np.full((180, 720), 240, np.uint8)
    for dy in range(-3, 4):
        for dx in range(-3, 4):
            grey[np.rint(y + dy).astype(int), np.rint(x + dx).astype(int)] = 40
    found = tenfold.read(grey)
    assert isinstance(found, Reading)
    assert found.verdict != "digits"
