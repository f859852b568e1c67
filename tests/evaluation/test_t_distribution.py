import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tenfold.evaluation.t_distribution import t_quantile, t_two_sided

degrees = st.floats(0.5, 3_000)


@given(degrees, st.floats(-60, 60))
def test_tails_agree_with_scipy(df: float, t: float) -> None:
    assert t_two_sided(t, df) == pytest.approx(2 * stats.t.sf(abs(t), df), rel=1e-9, abs=1e-300)


@given(degrees, st.floats(0.01, 0.999))
def test_quantiles_agree_with_scipy(df: float, confidence: float) -> None:
    expected = stats.t.ppf((1 + confidence) / 2, df)
    assert t_quantile(df, confidence) == pytest.approx(expected, rel=1e-9)


def test_quantiles_agree_with_printed_tables() -> None:
    for df, t in ((1, 12.706), (2, 4.303), (4, 2.776), (9, 2.262), (30, 2.042), (1_000, 1.962)):
        assert round(t_quantile(df), 3) == t


def test_one_degree_of_freedom_is_cauchys_distribution() -> None:
    for t in (0.0, 0.1, 1.0, 50.0):
        assert t_two_sided(t, 1) == pytest.approx(1 - 2 * math.atan(t) / math.pi, rel=1e-12)


def test_tails_at_zero_and_infinity() -> None:
    assert t_two_sided(0, 5) == 1
    assert t_two_sided(math.inf, 5) == t_two_sided(-1e200, 5) == 0


@pytest.mark.parametrize(
    ("t", "df"), [(1, 0), (1, -2), (1, math.inf), (1, math.nan), (math.nan, 3)]
)
def test_invalid_t_or_degrees_of_freedom_raise(t: float, df: float) -> None:
    with pytest.raises(
        ValueError, match=r"(df must be a finite number above 0|t must be a number.*), got"
    ):
        t_two_sided(t, df)


@pytest.mark.parametrize("confidence", [0, 1, -0.5, math.nan])
def test_invalid_confidence_raises(confidence: float) -> None:
    with pytest.raises(ValueError, match=r"confidence must be a number in \(0, 1\), got"):
        t_quantile(3, confidence)
