"""The metrics agree with scikit-learn and SciPy, also for ties and empty classes."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest
from sklearn import metrics

from tenfold.evaluation import (
    Score,
    brier_score,
    confusion_matrix,
    cross_entropy,
    metrics_per_class,
    top_accuracy,
    wilson_interval,
)
from tenfold.nn import stream
from tenfold.nn.array import Array

CLASSES = 10


def agrees(expected: Any) -> Any:
    return pytest.approx(expected, rel=1e-12, abs=1e-12)


def random_predictions(seed: int, count: int, known: int, grain: int) -> tuple[Array, Array]:
    """Return labels and probabilities: some classes are empty, and a coarse grain makes ties."""
    rng = stream(seed, "test sklearn")
    labels = rng.choice(rng.permutation(CLASSES)[:known], count)
    weights = rng.integers(1, 1 + grain, (count, CLASSES)).astype(float)
    weights[np.arange(count), labels] += rng.integers(0, 1 + grain, count)
    return labels, weights / weights.sum(axis=1, keepdims=True)


draws = given(
    st.integers(0, 10**6), st.integers(1, 60), st.integers(1, CLASSES), st.sampled_from([2, 9, 999])
)


@draws
def test_metrics_per_class_agree(seed: int, count: int, known: int, grain: int) -> None:
    labels, probabilities = random_predictions(seed, count, known, grain)
    score = Score(labels, probabilities)
    table = metrics_per_class(score.confusion)
    expected = metrics.precision_recall_fscore_support(
        labels, score.predicted, labels=np.arange(CLASSES), zero_division=0
    )
    for ours, theirs in zip(
        (table.precision, table.recall, table.f1, table.support), expected, strict=True
    ):
        assert ours == agrees(theirs)
    means = metrics.precision_recall_fscore_support(
        labels, score.predicted, average="macro", zero_division=0
    )
    assert list(table.macro.values()) == agrees(list(means[:3]))


@draws
def test_confusion_accuracy_and_losses_agree(seed: int, count: int, known: int, grain: int) -> None:
    labels, probabilities = random_predictions(seed, count, known, grain)
    score, every = Score(labels, probabilities), np.arange(CLASSES)
    np.testing.assert_array_equal(
        score.confusion, metrics.confusion_matrix(labels, score.predicted, labels=every)
    )
    assert score.accuracy == metrics.accuracy_score(labels, score.predicted)
    loss = metrics.log_loss(labels, probabilities, labels=every)
    assert cross_entropy(probabilities, labels) == agrees(loss)
    brier = metrics.brier_score_loss(labels, probabilities, labels=every, scale_by_half=False)
    assert brier_score(probabilities, labels) == agrees(brier)


@draws
def test_top_accuracy_agrees(seed: int, count: int, known: int, grain: int) -> None:
    """Of equal classes scikit-learn ranks the last one first, so its input is mirrored."""
    labels, probabilities = random_predictions(seed, count, known, grain)
    for k in (1, 2, 5):
        mirrored = CLASSES - 1 - labels, probabilities[:, ::-1]
        expected = metrics.top_k_accuracy_score(*mirrored, k=k, labels=np.arange(CLASSES))
        assert top_accuracy(probabilities, labels, k) == agrees(expected)
    assert top_accuracy(probabilities, labels, 1) == Score(labels, probabilities).accuracy


@given(st.integers(1, 10**5), st.data())
def test_interval_agrees_with_scipys_wilson_interval(n: int, data: st.DataObject) -> None:
    k = data.draw(st.integers(0, n))
    found = binomtest(k, n).proportion_ci(confidence_level=0.95, method="wilson")
    assert wilson_interval(k, n) == agrees((found.low, found.high))


def test_class_without_images_and_predictions_has_zeros() -> None:
    table = metrics_per_class(confusion_matrix(np.array([0, 1]), np.array([0, 2]), classes=4))
    assert table.rows() == [
        {"digit": 0, "precision": 1.0, "recall": 1.0, "f1": 1.0, "support": 1},
        {"digit": 1, "precision": 0.0, "recall": 0.0, "f1": 0.0, "support": 1},
        {"digit": 2, "precision": 0.0, "recall": 0.0, "f1": 0.0, "support": 0},
        {"digit": 3, "precision": 0.0, "recall": 0.0, "f1": 0.0, "support": 0},
    ]
