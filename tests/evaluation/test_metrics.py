import math

import numpy as np
import pytest

from tenfold.evaluation import (
    brier_score,
    confusion_matrix,
    cross_entropy,
    metrics,
    most_confused,
    most_confused_pairs,
    probability_errors,
    top_accuracy,
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


def test_most_confused_ignores_right_predictions() -> None:
    matrix = np.array([[90, 1, 0], [0, 80, 5], [3, 0, 70]])
    assert most_confused(matrix) == (1, 2, 5)


def test_most_confused_of_a_perfect_matrix_has_count_zero() -> None:
    assert most_confused(np.diag([3, 4, 5]))[2] == 0


def test_most_frequent_errors_come_first_and_of_equal_ones_the_lower_digit() -> None:
    matrix = np.array([[90, 1, 3], [0, 80, 5], [3, 0, 70]])
    assert most_confused_pairs(matrix, 3) == [(1, 2, 5), (0, 2, 3), (2, 0, 3)]
    assert most_confused_pairs(matrix, 99) == [(1, 2, 5), (0, 2, 3), (2, 0, 3), (0, 1, 1)]
    assert most_confused_pairs(np.diag([3, 4])) == []


def test_of_equal_probabilities_the_lower_class_comes_first() -> None:
    even = np.full((1, 4), 0.25)
    found = [top_accuracy(even, np.array([1]), k) for k in (1, 2, 3)]
    assert found == [0, 1, 1]
    assert top_accuracy(np.eye(3), np.arange(3), 1) == 1


@pytest.mark.parametrize("k", [0, 11])
def test_top_accuracy_with_invalid_k_raises(k: int) -> None:
    with pytest.raises(ValueError, match=f"k must be a whole number from 1 to 10, got {k}"):
        top_accuracy(np.full((2, 10), 0.1), np.arange(2), k)


def test_brier_score_by_hand() -> None:
    probabilities = np.array([[0.7, 0.2, 0.1], [0.0, 1.0, 0.0]])
    expected = ((0.09 + 0.04 + 0.01) + (1 + 1)) / 2
    assert brier_score(probabilities, np.array([0, 2])) == pytest.approx(expected)
    assert brier_score(np.full((5, 10), 0.1), np.arange(5)) == pytest.approx(0.9)


def test_cross_entropy_of_a_uniform_guess_is_ln_10() -> None:
    assert cross_entropy(np.full((4, 10), 0.1), np.arange(4)) == pytest.approx(math.log(10))


def test_cross_entropy_of_a_certain_error_is_finite() -> None:
    assert math.isfinite(cross_entropy(np.array([[1.0, 0.0]]), np.array([1])))


def test_probability_errors_agree_with_loops() -> None:
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


def test_r2_follows_from_cost() -> None:
    # The first classic logged cost 0.006337 with R2 0.9296, and 0.028404 with 0.6844.
    assert pytest.approx(0.9296, abs=5e-5) == 1 - 0.006337 / 0.09
    assert pytest.approx(0.6844, abs=5e-5) == 1 - 0.028404 / 0.09


def test_metrics_do_not_depend_on_the_rows_that_are_computed_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    probabilities = softmax(stream(0, "test rows").standard_normal((100, 4)))
    labels = np.arange(100) % 4

    def computed() -> list[object]:
        best = metrics.ranked(probabilities, 9)
        assert best.shape == (100, 4)
        numbers = probability_errors(probabilities, labels, "float64")
        scores = brier_score(probabilities, labels), top_accuracy(probabilities, labels, 2)
        return [*scores, *numbers.values(), *best.ravel()]

    whole = computed()
    monkeypatch.setattr(metrics, "_ROWS", 7)
    assert computed() == pytest.approx(whole, rel=1e-12)
