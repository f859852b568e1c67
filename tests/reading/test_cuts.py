"""Cuts of touching digits against all paths, and in small drawings."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from tenfold.nn.array import Array
from tenfold.reading.cuts import _PAPER, _SIDEWAYS, _least_costs, cut_piece


def _least_by_enumeration(ink: Array, column: int, run: float) -> float:
    """Return the least cost of all paths from the first row to a pixel of the last row."""
    height, width = ink.shape
    costs = []
    for path in itertools.product(range(width), repeat=height - 1):
        whole = (*path, column)
        steps = np.abs(np.diff(whole))
        if (steps <= 1).all():
            crossed = ink[np.arange(height), whole]
            changes = crossed[0] + np.abs(np.diff(crossed)).sum()
            costs.append(crossed.sum() + (_PAPER + _SIDEWAYS * steps).sum() + run / 2 * changes)
    return float(min(costs))


@given(st.integers(0, 2**32 - 1))
def test_least_costs_agree_with_all_paths(seed: int) -> None:
    ink = np.random.default_rng(seed).random((4, 4))
    expected = [_least_by_enumeration(ink, column, 0.7) for column in range(4)]
    np.testing.assert_allclose(_least_costs(ink, 0.7)[0][-1], expected)


def _bars(slant: float) -> Array:
    """Two thick bars of 60 rows, joined by a thin bridge in the middle; slanted to the right."""
    y, x = np.mgrid[:60, :110]
    shifted = x - slant * (60 - y)
    bars = ((shifted >= 5) & (shifted < 20)) | ((shifted >= 35) & (shifted < 50))
    return bars | ((np.abs(y - 30) < 3) & (shifted >= 5) & (shifted < 50))


@pytest.mark.parametrize("slant", [0.0, 0.4, 0.8])
def test_bars_with_a_bridge_are_cut_at_the_bridge_along_their_slant(slant: float) -> None:
    mask = _bars(slant)
    parts = cut_piece(mask, height=60)
    y, x = np.mgrid[:60, :110]
    shifted = x - slant * (60 - y)
    assert len(parts.costs) >= 1
    assert min(parts.costs) < 0.2
    first = set(np.unique(parts.numbers[mask & (shifted < 20)]).tolist())
    second = set(np.unique(parts.numbers[mask & (shifted >= 36)]).tolist())
    assert not first & second
    assert max(first) < min(second)


def test_every_part_has_ink_and_they_are_numbered_from_left_to_right() -> None:
    rng = np.random.default_rng(0)
    for _ in range(20):
        mask = np.kron(rng.random((6, 16)) < 0.5, np.ones((8, 8))).astype(bool)
        parts = cut_piece(mask, height=48)
        found = np.unique(parts.numbers[mask])
        np.testing.assert_array_equal(found, np.arange(len(parts.costs) + 1))
        assert (np.diff(parts.numbers, axis=1) >= 0).all()


def test_a_solid_block_is_not_cut() -> None:
    assert cut_piece(np.ones((40, 80), bool), height=40).costs == ()


def test_touching_rings_are_cut_between_them_and_not_through_one() -> None:
    y, x = np.mgrid[:80, :150]
    radius = [np.hypot((y - 40) / 38, (x - middle) / 30) for middle in (40, 98)]
    rings = [(r < 1) & (r > 0.72) for r in radius]  # they overlap by 2 pixels
    parts = cut_piece(rings[0] | rings[1], height=80)
    only = [np.bincount(parts.numbers[ring & (np.abs(x - 69) > 3)]) for ring in rings]
    between = [
        cut
        for cut in range(1, len(parts.costs) + 1)
        if only[0][cut:].sum() == 0 and only[1][:cut].sum() == 0
    ]
    assert between


@given(st.integers(0, 2**32 - 1))
def test_no_part_is_empty_if_the_line_is_much_lower_than_the_piece(seed: int) -> None:
    """Thin curves with many cuts, whose paths meet."""
    rng = np.random.default_rng(seed)
    heights = ndimage.gaussian_filter(rng.normal(size=rng.integers(30, 200, 2)), rng.uniform(1, 4))
    mask = np.abs(heights) < np.quantile(np.abs(heights), rng.uniform(0.05, 0.4))
    parts = cut_piece(mask, float(rng.uniform(4, 20)))
    assert set(np.unique(parts.numbers[mask])) == set(range(len(parts.costs) + 1))
