import math

import numpy as np
import pytest

from tenfold.evaluation import (
    confusion_matrix,
    cross_entropy,
    most_confused,
    probability_errors,
)
from tenfold.nn import softmax, stream


def test_confusion_matrix_counts_by_hand() -> None:
    labels = np.array([0, 0, 1, 2, 2, 2])
    predicted = np.array([0, 1, 1, 2, 0, 0])
    assert confusion_matrix(labels, predicted, classes=3).tolist() == [
        [1, 1, 0],
        [0, 1, 0],
        [2, 0, 1],
    ]


def test_most_confused_ignores_right_answers() -> None:
    matrix = np.array([[90, 1, 0], [0, 80, 5], [3, 0, 70]])
    assert most_confused(matrix) == (1, 2, 5)


def test_most_confused_of_a_perfect_matrix_is_zero_times() -> None:
    assert most_confused(np.diag([3, 4, 5]))[2] == 0


def test_cross_entropy_of_a_guess_is_ln_10() -> None:
    assert cross_entropy(np.full((4, 10), 0.1), np.arange(4)) == pytest.approx(math.log(10))


def test_cross_entropy_of_a_certain_mistake_is_finite() -> None:
    assert math.isfinite(cross_entropy(np.array([[1.0, 0.0]]), np.array([1])))


def test_probability_errors_against_loops() -> None:
    rng = stream(0, "test")
    probabilities, labels = softmax(rng.standard_normal((7, 10))), rng.integers(0, 10, 7)
    total = 0.0
    r2 = []
    for row, label in zip(probabilities, labels, strict=True):
        target = [1.0 if c == label else 0.0 for c in range(10)]
        error = sum((p - t) ** 2 for p, t in zip(row, target, strict=True))
        centre = sum(target) / 10
        r2.append(1 - error / sum((t - centre) ** 2 for t in target))
        total += error
    result = probability_errors(probabilities, labels)
    assert result["cost"] == pytest.approx(total / 70, rel=1e-12)
    assert result["rmse"] == pytest.approx(math.sqrt(total / 70), rel=1e-12)
    assert result["r2"] == pytest.approx(sum(r2) / 7, rel=1e-12)  # averaged over the images


def test_r2_is_cost_in_other_words() -> None:
    # The first classic logged cost 0.006337 with R2 0.9296, and 0.028404 with 0.6844.
    assert pytest.approx(0.9296, abs=5e-5) == 1 - 0.006337 / 0.09
    assert pytest.approx(0.6844, abs=5e-5) == 1 - 0.028404 / 0.09
