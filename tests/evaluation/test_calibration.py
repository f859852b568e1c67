import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.special import logsumexp

from tenfold.evaluation import Score, calibration_error, cross_entropy, fit_temperature, reliability
from tenfold.models import apply_temperature
from tenfold.models.temperature import MAX_TEMPERATURE, MIN_TEMPERATURE
from tenfold.nn import softmax, stream
from tenfold.nn.array import Array


def drawn(count: int, sharpness: float, seed: int = 0) -> tuple[Array, Array, Array]:
    """Return true probabilities, labels drawn from them, and a network's probabilities."""
    rng = stream(seed, "test calibration")
    logits = 3 * rng.standard_normal((count, 10))
    truth = softmax(logits)
    labels = (rng.random((count, 1)) < truth.cumsum(axis=1)).argmax(axis=1)
    return truth, labels, softmax(sharpness * logits)


def penalised(b: float, probabilities: Array, labels: Array) -> float:
    """The objective of ``fit_temperature``, computed with SciPy."""
    scaled = b * np.log(probabilities)
    right = scaled[np.arange(len(labels)), labels]
    return float((logsumexp(scaled, axis=1) - right).sum() + b - 1 - np.log(b))


# Reliability


def test_bins_agree_with_a_loop() -> None:
    rng = stream(1, "test bins")
    confidence = np.concatenate([rng.random(300), np.arange(16) / 15])
    right = rng.random(316) < confidence
    found = reliability(confidence, right)
    error = 0.0
    for place, (low, high) in enumerate(zip(found.edges, found.edges[1:], strict=False)):
        inside = [
            n for n, c in enumerate(confidence) if low < c <= high or (place == 0 and c == low)
        ]
        assert found.count[place] == len(inside)
        mean, share = confidence[inside].mean(), right[inside].mean()
        assert found.confidence[place] == pytest.approx(mean, rel=1e-12)
        assert found.accuracy[place] == pytest.approx(share, rel=1e-12)
        error += len(inside) / 316 * abs(mean - share)
    assert found.expected_error == pytest.approx(error, rel=1e-12)
    assert found.largest_error == pytest.approx(max(found.gap), rel=1e-12)


def test_calibration_error_by_hand() -> None:
    confidence, right = np.array([0.95, 0.95, 0.95, 0.95, 0.55]), np.array([1, 1, 1, 0, 0]) == 1
    found = reliability(confidence, right, bins=10)
    assert found.count.tolist() == [0, 0, 0, 0, 0, 1, 0, 0, 0, 4]
    assert found.expected_error == pytest.approx(0.8 * 0.2 + 0.2 * 0.55)
    assert found.largest_error == pytest.approx(0.55)


def test_calibration_error_of_certain_predictions() -> None:
    assert calibration_error(np.ones(5), np.ones(5, bool)) == 0
    assert calibration_error(np.ones(5), np.zeros(5, bool)) == 1
    assert calibration_error(np.zeros(5), np.zeros(5, bool)) == 0


@pytest.mark.parametrize(
    ("confidence", "right"),
    [
        (np.zeros(0), np.zeros(0, bool)),
        (np.ones(3), np.ones(2, bool)),
        (np.array([1.1]), np.array([True])),
        (np.array([np.nan]), np.array([True])),
    ],
)
def test_invalid_confidence_raises(confidence: Array, right: Array) -> None:
    with pytest.raises(ValueError, match="confidence"):
        reliability(confidence, right)


def test_less_than_one_bin_raises() -> None:
    with pytest.raises(ValueError, match="bins must be a whole number of at least 1, got 0"):
        reliability(np.ones(3), np.ones(3, bool), 0)


# Temperature


@pytest.mark.parametrize("sharpness", [0.5, 1.0, 2.5])
def test_temperature_corrects_the_confidence(sharpness: float) -> None:
    truth, labels, probabilities = drawn(4000, sharpness)
    temperature = fit_temperature(probabilities, labels)
    assert temperature == pytest.approx(sharpness, rel=0.08)
    corrected = Score(labels, apply_temperature(probabilities, temperature))
    np.testing.assert_allclose(corrected.probabilities, truth, rtol=0, atol=0.05)
    assert calibration_error(corrected.confidence, corrected.is_correct) < 0.03
    assert cross_entropy(corrected.probabilities, labels) <= cross_entropy(probabilities, labels)


@given(st.integers(0, 10**6), st.integers(1, 300), st.sampled_from([0.3, 1.0, 4.0]))
def test_temperature_agrees_with_scipys_minimum(seed: int, count: int, sharpness: float) -> None:
    _, labels, probabilities = drawn(count, sharpness, seed)
    found = minimize_scalar(
        penalised,
        bounds=(1 / MAX_TEMPERATURE, 1 / MIN_TEMPERATURE),
        args=(probabilities, labels),
        method="bounded",
        options={"xatol": 1e-9},
    )
    assert fit_temperature(probabilities, labels) == pytest.approx(1 / found.x, rel=1e-3, abs=1e-4)


@pytest.mark.parametrize("count", [1, 10, 5000])
def test_temperature_is_finite_if_all_predictions_are_right(count: int) -> None:
    labels = np.arange(count) % 10
    probabilities = np.full((count, 10), 0.01)
    probabilities[np.arange(count), labels] = 0.91
    temperature = fit_temperature(probabilities, labels)
    assert MIN_TEMPERATURE < temperature < 1
    sure = np.ones((count, 10)) * (np.arange(10) == labels[:, np.newaxis])
    assert fit_temperature(sure, labels) == pytest.approx(1)


def test_few_images_change_the_temperature_little_and_none_not_at_all() -> None:
    right = np.array([[0.6, 0.4]])
    assert 0.6 < fit_temperature(right, np.array([0])) < 1
    assert 1 < fit_temperature(right, np.array([1])) < 1.6
    assert fit_temperature(np.zeros((0, 10)), np.zeros(0, np.int64)) == 1


@pytest.mark.parametrize("wrong", [0.0, 1e-30])
def test_temperature_stays_in_its_range_for_certain_errors(wrong: float) -> None:
    probabilities = np.tile([1 - wrong, wrong], (50, 1))
    assert 1 < fit_temperature(probabilities, np.ones(50, np.int64)) <= MAX_TEMPERATURE


@given(st.integers(0, 10**6), st.floats(MIN_TEMPERATURE, MAX_TEMPERATURE))
def test_temperature_does_not_change_the_predicted_class(seed: int, temperature: float) -> None:
    _, _, probabilities = drawn(20, 1.0, seed)
    after = apply_temperature(probabilities, temperature)
    assert after.sum(axis=1) == pytest.approx(1)
    assert np.array_equal(after.argmax(axis=1), probabilities.argmax(axis=1))
