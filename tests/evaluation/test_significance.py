import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from tenfold.evaluation import (
    LEVEL,
    McNemar,
    Spread,
    Welch,
    conclusion,
    holm,
    mcnemar,
    spread,
    welch,
)

samples = st.lists(st.floats(0.9, 1, allow_subnormal=False), min_size=2, max_size=12)


def mcnemar_p(b: int, c: int) -> float:
    return McNemar(b + c, b, c).p


@pytest.mark.parametrize(
    ("b", "c"),
    [
        *((0, 1), (0, 5), (5, 0), (1, 1), (14, 17), (17, 14), (0, 60), (3, 40), (500, 500)),
        *((499, 501), (2_000, 2_200), (9_000, 9_501), (35_000, 35_600), (300, 1_200), (0, 1_000)),
    ],
)
def test_mcnemar_agrees_with_scipys_exact_binomial_test(b: int, c: int) -> None:
    assert mcnemar_p(b, c) == pytest.approx(stats.binomtest(b, b + c).pvalue, rel=1e-9, abs=0)


@given(st.integers(0, 150), st.integers(0, 150))
def test_mcnemar_is_the_sum_of_binomial_coefficients(b: int, c: int) -> None:
    tail = sum(math.comb(b + c, i) for i in range(min(b, c) + 1))
    exact = min(Fraction(1), Fraction(2 * tail, 2 ** (b + c)))
    assert mcnemar_p(b, c) == pytest.approx(float(exact), rel=1e-13, abs=0)


def test_mcnemar_by_hand() -> None:
    # Of six tosses none is heads: 2 / 64. Of seven at most one: 2 (1 + 7) / 128.
    assert mcnemar_p(0, 6) == pytest.approx(2 / 64, rel=1e-15)
    assert mcnemar_p(6, 1) == pytest.approx(16 / 128, rel=1e-15)
    assert mcnemar_p(0, 0) == 1
    assert mcnemar_p(4, 4) == 1


def test_mcnemar_with_a_million_images_and_with_a_p_of_zero() -> None:
    normal = 2 * stats.norm.sf(
        2_000 / 1_000
    )  # a million tosses: mean 500,000, standard deviation 500
    assert mcnemar_p(499_000, 501_000) == pytest.approx(normal, rel=3e-3)
    assert mcnemar_p(0, 5_000) == 0


def test_mcnemar_counts_images_on_which_only_one_is_right() -> None:
    labels = np.array([0, 1, 2, 3, 4, 5, 6])
    first = np.array([0, 1, 2, 9, 9, 8, 6])
    second = np.array([0, 9, 9, 3, 9, 9, 9])  # 4 and 5 are wrong for both, one of them differently
    test = mcnemar(labels, first, second)
    assert (test.n, test.only_first, test.only_second) == (7, 3, 1)
    assert test.difference == pytest.approx((5 - 3) / 7 - 0, abs=1e-15)
    assert mcnemar(labels, second, first) == McNemar(7, 1, 3)


def test_mcnemar_with_different_shapes_or_wrong_counts_raises() -> None:
    with pytest.raises(ValueError, match=r"the same shape \(N,\), got \(3,\), \(2,\)"):
        mcnemar(np.zeros(3, int), np.zeros(2, int), np.zeros(3, int))
    for b, c in ((-1, 2), (2, -1), (3, 3)):
        with pytest.raises(ValueError, match=r"only_(first|second).* must be"):
            McNemar(5, b, c)


@given(samples)
def test_spread_agrees_with_scipys_t_interval(values: list[float]) -> None:
    found = spread(values)
    assert found.mean == pytest.approx(np.mean(values), abs=1e-12)
    assert found.standard_deviation == pytest.approx(np.std(values, ddof=1), abs=1e-12)
    error = stats.sem(values)
    assert found.interval95 is not None
    if error > 0:
        expected = stats.t.interval(0.95, len(values) - 1, found.mean, error)
        assert found.interval95 == pytest.approx(expected, abs=1e-9)


def test_spread_of_one_run_and_of_equal_runs() -> None:
    assert spread([0.9]) == Spread(1, 0.9, None, None)
    assert spread([0.9, 0.9, 0.9]) == Spread(3, 0.9, 0.0, (0.9, 0.9))
    with pytest.raises(ValueError, match="values must contain at least one number"):
        spread([])


@given(samples, samples)
def test_welch_agrees_with_scipy(first: list[float], second: list[float]) -> None:
    assume(min(np.std(first), np.std(second)) > 1e-9)
    test, expected = welch(first, second), stats.ttest_ind(first, second, equal_var=False)
    assert (test.t, test.df) == pytest.approx((expected.statistic, expected.df), rel=1e-6)
    assert test.p == pytest.approx(expected.pvalue, abs=1e-9)
    interval = expected.confidence_interval(0.95)
    assert test.interval95 == pytest.approx((interval.low, interval.high), abs=1e-9)
    assert test.difference == pytest.approx(np.mean(first) - np.mean(second), abs=1e-12)


@pytest.mark.filterwarnings("ignore:Precision loss")  # SciPy warns without reason here
def test_welch_if_one_sample_does_not_vary() -> None:
    constant, varied = [0.98, 0.98, 0.98], [0.97, 0.99, 0.96, 0.975]
    expected = stats.ttest_ind(constant, varied, equal_var=False)
    assert welch(constant, varied).p == pytest.approx(expected.pvalue, abs=1e-12)


def test_welch_if_neither_sample_varies() -> None:
    assert welch([0.9, 0.9], [0.9, 0.9, 0.9]).p == 1
    apart = welch([0.8, 0.8], [0.9, 0.9])
    assert (apart.t, apart.p) == (-math.inf, 0)
    assert apart.interval95 == pytest.approx((-0.1, -0.1))
    with pytest.raises(ValueError, match="at least two values each, got 1 and 2"):
        welch([0.9], [0.9, 0.8])


def test_holm_by_hand() -> None:
    # 0.01 x 4, 0.03 x 3, 0.04 x 2 = 0.08 (not below the 0.09 before it), 0.9 x 1
    assert holm([0.04, 0.01, 0.9, 0.03]) == pytest.approx([0.09, 0.04, 0.9, 0.09])
    assert holm([0.6, 0.7]) == [1.0, 1.0]
    assert holm([0.03]) == [0.03]
    assert holm([]) == []


@given(st.lists(st.floats(0, 1), max_size=8))
def test_holm_is_between_no_correction_and_bonferronis(values: list[float]) -> None:
    corrected = holm(values)
    assert all(
        p <= q <= min(1, len(values) * p) or q == max(corrected)
        for p, q in zip(values, corrected, strict=True)
    )
    assert sorted(values) == [p for _, p in sorted(zip(corrected, values, strict=True))]


def test_conclusion_texts() -> None:
    small, large = McNemar(10_000, 14, 17), McNemar(28_000, 1_412, 33)
    assert conclusion(small, "a", "b") == (
        "not significant: they disagree on 31 images "
        "(the first is correct on 14, the second on 17), p = 0.72"
    )
    assert conclusion(large, "adam", "gd").startswith(
        "significant, adam is better: they disagree on 1,445 images "
        "(the first is correct on 1,412, the second on 33), p < 1e-99"
    )
    turned = McNemar(28_000, 20, 60)
    assert conclusion(turned, "adam", "gd").startswith("significant, gd is better: ")
    assert conclusion(McNemar(5, 0, 0), "a", "b") == (
        "not significant: they are correct on the same images, p = 1"
    )
    assert "1 image (the first is correct on 0, the second on 1), p = 1" in conclusion(
        McNemar(5, 0, 1), "a", "b"
    )


def test_corrected_p_decides_the_conclusion() -> None:
    test = McNemar(100, 1, 8)  # 2 (1 + 9) / 512
    assert 2 * test.p > LEVEL
    assert conclusion(test, "a", "b").startswith("significant, b is better: ")
    assert conclusion(test, "a", "b", 2 * test.p) == (
        "not significant: they disagree on 9 images "
        "(the first is correct on 1, the second on 8), p = 0.0391 "
        "(0.0781 with Holm's correction)"
    )


def test_conclusion_of_welchs_test_contains_the_means() -> None:
    test = Welch(0.9912, 0.9930, -3.2, 7.0, (-0.0031, -0.0005))
    assert conclusion(test, "quick", "standard") == (
        "significant, standard is better: means 99.120% and 99.300%, difference -0.180 points "
        "(95% interval -0.310 to -0.050), p = 0.0151"
    )
