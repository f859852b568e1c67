import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.evaluation import wilson_interval


def test_known_values() -> None:
    # Newcombe, "Two-sided confidence intervals for the single proportion" (1998), table I.
    assert wilson_interval(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson_interval(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert wilson_interval(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert wilson_interval(1, 29) == pytest.approx((0.0061, 0.1718), abs=5e-5)


def test_ends_solve_the_score_equation() -> None:
    # Each end q satisfies |p - q| = z * sqrt(q (1 - q) / n): Wilson's definition.
    n, k, z = 137, 130, 1.959963984540054
    for q in wilson_interval(k, n):
        assert abs(k / n - q) == pytest.approx(z * math.sqrt(q * (1 - q) / n), rel=1e-12)


@given(st.integers(1, 10**6), st.data())
def test_holds_the_proportion_and_stays_inside(n: int, data: st.DataObject) -> None:
    k = data.draw(st.integers(0, n))
    low, high = wilson_interval(k, n)
    assert 0 <= low <= k / n + 1e-12
    assert k / n - 1e-12 <= high <= 1


@pytest.mark.parametrize(("k", "n"), [(0, 0), (-1, 5), (6, 5)])
def test_refuses_what_is_no_proportion(k: int, n: int) -> None:
    with pytest.raises(ValueError, match="successes"):
        wilson_interval(k, n)
