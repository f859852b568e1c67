import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest

from tenfold.evaluation import images_needed, risk_coverage, selective_metrics, unsure_threshold
from tenfold.nn import stream
from tenfold.nn.array import Array


def drawn(count: int, seed: int = 0) -> tuple[Array, Array]:
    """Return confidences like a network's, mostly near 1, with errors as frequent as they imply."""
    rng = stream(seed, "test risk")
    confidence = 1 - 0.5 * rng.random(count) ** 40
    return confidence, rng.random(count) < confidence


# Risk-coverage curve


def test_curve_by_hand() -> None:
    confidence = np.array([0.9, 0.5, 0.9, 0.7])
    curve = risk_coverage(confidence, np.array([True, False, False, True]))
    assert curve.threshold.tolist() == [0.9, 0.7, 0.5]
    assert curve.accepted.tolist() == [2, 3, 4]
    assert curve.wrong.tolist() == [1, 1, 2]
    assert curve.coverage.tolist() == [0.5, 0.75, 1]
    assert curve.error == pytest.approx([1 / 2, 1 / 3, 1 / 2])
    assert curve.area == pytest.approx((2 * 1 / 2 + 1 / 3 + 1 / 2) / 4)


@given(st.integers(0, 10**6), st.integers(1, 60), st.sampled_from([2, 10, 10**6]))
def test_curve_agrees_with_a_loop(seed: int, count: int, grain: int) -> None:
    rng = stream(seed, "test curve")
    confidence, right = rng.integers(0, grain, count) / grain, rng.random(count) < 0.7
    curve = risk_coverage(confidence, right)
    assert curve.threshold.tolist() == sorted(set(confidence.tolist()), reverse=True)
    errors = {}
    for t, n, wrong in zip(curve.threshold, curve.accepted, curve.wrong, strict=True):
        at_least = confidence >= t
        assert (n, wrong) == (at_least.sum(), (~right[at_least]).sum())
        errors[float(t)] = wrong / n
    mean = np.mean([errors[c] for c in confidence.tolist()])
    assert curve.area == pytest.approx(mean, rel=1e-12, abs=1e-15)


def test_area_is_smallest_for_a_perfect_order() -> None:
    right = np.arange(100) >= 10
    best = risk_coverage(np.arange(100) / 100, right).area
    worst = risk_coverage(1 - np.arange(100) / 100, right).area
    without_order = risk_coverage(np.full(100, 0.5), right).area
    assert without_order == pytest.approx(0.1)
    assert best < without_order < worst


# Threshold


@given(
    st.integers(0, 10**6), st.integers(1, 400), st.floats(0.01, 0.3), st.sampled_from([4, 10**6])
)
def test_threshold_is_the_lowest_that_the_exact_interval_allows(
    seed: int, count: int, error: float, grain: int
) -> None:
    confidence, right = drawn(count, seed)
    confidence = np.ceil(confidence * grain) / grain
    allowed = []
    for t in {0.0, *confidence.tolist()}:
        at_least = confidence >= t
        n, wrong = int(at_least.sum()), int((~right[at_least]).sum())
        if wrong < n and binom.cdf(wrong, n, error) <= 0.05:
            allowed.append(t)
    found = unsure_threshold(confidence, right, error)
    assert found == (min(allowed) if allowed else None)
    if found is not None:
        metrics = selective_metrics(confidence, right, found)
        interval = binomtest(
            metrics["wrong"], metrics["answered"], alternative="less"
        ).proportion_ci()
        assert interval.high <= error * (1 + 1e-9)


@pytest.mark.parametrize(("error", "least"), [(0.001, 2995), (0.01, 299), (0.5, 5)])
def test_fewer_images_than_needed_give_no_threshold(error: float, least: int) -> None:
    assert images_needed(error) == least
    for count, expected in ((least, 0.0), (least - 1, None)):
        confidence, right = np.linspace(0.5, 1, count), np.ones(count, bool)
        assert unsure_threshold(confidence, right, error) == expected


def test_threshold_rarely_exceeds_the_target_error_rate() -> None:
    """The true error is known here: a prediction of confidence c is wrong with probability 1 - c.

    Searching for the lowest threshold means several tests, so slightly more than 5% may fail. The
    simple rule, wrong / n <= error, fails in about half of the cases.
    """
    error, trials, exceeded, simple = 0.01, 300, 0, 0
    truth = np.sort(drawn(200_000, 10**6)[0])
    mean_error = (1 - truth)[::-1].cumsum()[::-1] / np.arange(len(truth), 0, -1)
    for trial in range(trials):
        confidence, right = drawn(1500, trial)
        found = unsure_threshold(confidence, right, error)
        assert found is not None
        exceeded += mean_error[np.searchsorted(truth, found)] > error
        curve = risk_coverage(confidence, right)
        easy = curve.threshold[curve.error <= error][-1]
        simple += mean_error[np.searchsorted(truth, easy)] > error
    assert exceeded <= 0.1 * trials
    assert simple > 0.3 * trials


def test_selective_metrics_by_hand() -> None:
    confidence, right = np.array([0.5, 0.8, 0.9, 0.9]), np.array([False, True, False, True])
    metrics = selective_metrics(confidence, right, 0.8)
    assert metrics == {
        "threshold": 0.8,
        "n": 4,
        "answered": 3,
        "coverage": 0.75,
        "wrong": 1,
        "error": pytest.approx(1 / 3),
        "interval95": metrics["interval95"],
    }
    assert metrics["interval95"][0] < 1 / 3 < metrics["interval95"][1]
    none = selective_metrics(confidence, right, 0.95)
    assert (none["answered"], none["error"], none["interval95"]) == (0, 0.0, None)


@pytest.mark.parametrize("share", [0.0, 1.0, -0.1, float("nan")])
def test_invalid_share_raises(share: float) -> None:
    with pytest.raises(ValueError, match=r"error must be a number in \(0, 1\), got"):
        unsure_threshold(np.ones(3), np.ones(3, bool), share)
    with pytest.raises(ValueError, match="confidence_level"):
        images_needed(0.1, share)
