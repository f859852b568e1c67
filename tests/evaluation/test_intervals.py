import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.evaluation import prediction_interval, wilson_interval
from tenfold.nn import stream


def test_wilson_interval_agrees_with_published_values() -> None:
    # Newcombe, "Two-sided confidence intervals for the single proportion" (1998), table I.
    assert wilson_interval(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson_interval(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert wilson_interval(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert wilson_interval(1, 29) == pytest.approx((0.0061, 0.1718), abs=5e-5)


def test_ends_of_wilson_interval_solve_its_equation() -> None:
    # Each end q satisfies |p - q| = z * sqrt(q (1 - q) / n): Wilson's definition.
    n, k, z = 137, 130, 1.959963984540054
    for q in wilson_interval(k, n):
        assert abs(k / n - q) == pytest.approx(z * math.sqrt(q * (1 - q) / n), rel=1e-12)


@given(st.integers(1, 10**6), st.data())
def test_wilson_interval_contains_the_proportion_and_stays_in_0_to_1(
    n: int, data: st.DataObject
) -> None:
    k = data.draw(st.integers(0, n))
    low, high = wilson_interval(k, n)
    assert 0 <= low <= k / n + 1e-12
    assert k / n - 1e-12 <= high <= 1


@pytest.mark.parametrize(("k", "n"), [(0, 0), (-1, 5), (6, 5)])
def test_wilson_interval_with_invalid_counts_raises(k: int, n: int) -> None:
    with pytest.raises(
        ValueError, match=r"(n must be a whole number of at least 1|successes must be .* from 0 to)"
    ):
        wilson_interval(k, n)


@given(st.integers(1, 5_000), st.integers(1, 5_000), st.data())
def test_ends_of_prediction_interval_solve_its_equation(
    n: int, m: int, data: st.DataObject
) -> None:
    k, z = data.draw(st.integers(0, n)), 1.959963984540054
    low, high = prediction_interval(k, n, m)
    assert 0 <= low <= k / n + 1e-12
    assert k / n - 1e-12 <= high <= 1
    for q in (end for end in (low, high) if 1e-9 < end < 1 - 1e-9):
        pooled = (k + m * q) / (n + m)
        reach = z * math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
        assert abs(k / n - q) == pytest.approx(reach, rel=1e-6, abs=1e-9)


def test_prediction_interval_contains_the_next_score_in_95_of_100_cases() -> None:
    n, m, p = 400, 700, 0.97
    rng = stream(0, "test predictions")
    inside = 0
    for k, y in zip(rng.binomial(n, p, 2_000), rng.binomial(m, p, 2_000), strict=True):
        low, high = prediction_interval(int(k), n, m)
        inside += low <= y / m <= high
    assert 0.93 <= inside / 2_000 <= 0.975


def test_prediction_interval_of_many_trials_is_wilsons_and_of_few_is_wider() -> None:
    wilson = wilson_interval(980, 1_000)
    assert prediction_interval(980, 1_000, 10**12) == pytest.approx(wilson, abs=1e-6)
    low, high = prediction_interval(980, 1_000, 1_000)
    assert low < wilson[0] - 1e-3
    assert high > wilson[1] + 1e-3


@pytest.mark.parametrize(("k", "n", "m"), [(0, 0, 5), (-1, 5, 5), (6, 5, 5), (1, 5, 0)])
def test_prediction_interval_with_invalid_counts_raises(k: int, n: int, m: int) -> None:
    with pytest.raises(
        ValueError,
        match=r"([nm] must be a whole number of at least 1|successes must be .* from 0 to)",
    ):
        prediction_interval(k, n, m)


def test_proportions_0_and_1_are_exact_ends_of_their_intervals() -> None:
    for n in range(1, 3000):  # for many n, rounding would give slightly less than 1
        assert wilson_interval(n, n)[1] == 1
        assert wilson_interval(0, n)[0] == 0
