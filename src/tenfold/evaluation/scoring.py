"""Score: a classifier's predictions on a labelled dataset, and their metrics."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from tenfold.data.labelled import LabelledData, check_labelled
from tenfold.errors import TenfoldError
from tenfold.evaluation.array_checks import check_probabilities
from tenfold.evaluation.calibration import calibration_error
from tenfold.evaluation.class_metrics import metrics_per_class
from tenfold.evaluation.intervals import accuracy_with_interval, wilson_interval
from tenfold.evaluation.metrics import (
    brier_score,
    confusion_matrix,
    cross_entropy,
    most_confused_pairs,
    probability_errors,
    ranked,
    top_accuracy,
)
from tenfold.evaluation.risk import risk_coverage
from tenfold.models import Classifier, predict_probabilities
from tenfold.models.classifier import check_classifier
from tenfold.nn.arguments import check_fields, checked
from tenfold.nn.array import Array
from tenfold.nn.html_table import html_table

__all__ = ["Score", "predicted_parts", "score"]

_PART = 2**14  # examples that are predicted at a time


@dataclass(frozen=True)
class Score:
    """Predictions on a labelled dataset.

    Attributes:
        labels: True classes, (N,).
        probabilities: Predicted class probabilities, (N, classes).
    """

    labels: Array
    probabilities: Array

    def __post_init__(self) -> None:
        check_fields(self)
        check_probabilities(self.probabilities, self.labels)

    @cached_property
    def ranked(self) -> Array:
        """The two most probable classes of each image, (N, 2), in one byte each if possible."""
        classes = ranked(self.probabilities, 2)
        return classes if self.probabilities.shape[1] > 256 else classes.astype(np.uint8)

    @property
    def predicted(self) -> Array:
        """Predicted class of each image, (N,)."""
        return self.ranked[:, 0].astype(np.int64)

    @property
    def second(self) -> Array:
        """Second most probable class of each image, (N,)."""
        return self.ranked[:, -1].astype(np.int64)

    @property
    def confidence(self) -> Array:
        """Probability of each predicted class, (N,)."""
        return self.probabilities[np.arange(self.n), self.predicted]

    @property
    def right_probability(self) -> Array:
        """Probability of each true class, (N,)."""
        return self.probabilities[np.arange(self.n), self.labels]

    @property
    def is_correct(self) -> Array:
        """Whether each prediction is correct, (N,) bool."""
        return self.labels == self.predicted

    @property
    def n(self) -> int:
        """Number of images."""
        return len(self.labels)

    @property
    def correct(self) -> int:
        """Number of correct predictions."""
        return int(self.is_correct.sum())

    @property
    def accuracy(self) -> float:
        """Share of correct predictions."""
        return self.correct / self.n

    @property
    def loss(self) -> float:
        """Mean cross-entropy."""
        return cross_entropy(self.probabilities, self.labels)

    @property
    def confusion(self) -> Array:
        """Counts (classes, classes); row = true class, column = predicted class."""
        return confusion_matrix(self.labels, self.predicted, self.probabilities.shape[1])

    def to_dict(self) -> dict[str, Any]:
        """Return accuracy, n, correct, the 95% interval and the loss, as plain data."""
        return accuracy_with_interval(self.correct, self.n) | {"loss": self.loss}

    def metrics(self) -> dict[str, Any]:
        """Return all metrics, as plain data.

        The keys of ``to_dict``, and ``brier``, ``cost``, ``rmse``, ``r2``, ``top2``,
        ``calibration_error``, ``risk_area`` (of ``risk_coverage``), ``digits`` (precision,
        recall, F1 and support of each), ``macro`` (their means), and ``confused``: the most
        frequent errors, each with the ``true`` class, the predicted class (``taken``) and the count
        (``times``).
        """
        matrix = self.confusion
        table = metrics_per_class(matrix)
        return self.to_dict() | {
            "brier": brier_score(self.probabilities, self.labels),
            **probability_errors(self.probabilities, self.labels, "float64"),
            "top2": top_accuracy(self.probabilities, self.labels, min(2, len(matrix))),
            "calibration_error": calibration_error(self.confidence, self.is_correct),
            "risk_area": risk_coverage(self.confidence, self.is_correct).area,
            "digits": table.rows(),
            "macro": table.macro,
            "confused": [
                {"true": true, "taken": taken, "times": times}
                for true, taken, times in most_confused_pairs(matrix)
            ],
        }

    def _repr_html_(self) -> str:
        """Return the score as a table, for notebooks."""
        low, high = wilson_interval(self.correct, self.n)
        rows = [
            ("correct", f"{self.correct:,} of {self.n:,}"),
            ("accuracy", f"{self.accuracy:.2%}"),
            ("95% interval", f"{low:.2%} to {high:.2%}"),
            ("cross-entropy", f"{self.loss:.4f}"),
        ]
        return html_table(("score", ""), rows)


@checked
def score(classifier: Classifier, dataset: LabelledData, threads: int | None = None) -> Score:
    """Predict every example of labelled data and return the predictions with the labels.

    Args:
        classifier: A network, a model or an ensemble.
        dataset: A ``Dataset``, or other labelled data of the classifier's input shape.
        threads: Number of threads, at least 1; None for one per core. The result does not depend
            on it.

    Raises:
        TenfoldError: If the dataset has no labels, or labels that the classifier does not have.
        ValueError: If ``threads`` is less than 1, the images have another shape than the classifier
            takes, or the classifier gives more than one vector of probabilities for an image.
    """
    check_labelled("dataset", dataset)
    labels = dataset.require_labels()
    probabilities: Array | None = None
    done = 0
    for part in predicted_parts(classifier, dataset, threads):
        if probabilities is None:  # the first part: number of classes and dtype are known now
            probabilities = np.empty((len(labels), part.shape[1]), part.dtype)
        probabilities[done : done + len(part)] = part
        done += len(part)
    assert probabilities is not None, "there is at least one part"
    return Score(labels, probabilities)


def predicted_parts(
    classifier: Classifier, dataset: LabelledData, threads: int | None = None
) -> Iterator[Array]:
    """Yield the probabilities (n, classes) of the examples, about 16,384 at a time, in order.

    The probabilities are the same as from one call for all examples, since each part consists of
    whole batches of the classifier.

    Args:
        classifier: As for ``score``.
        dataset: As for ``score``.
        threads: As for ``score``.

    Raises:
        TenfoldError: As from ``score``.
        ValueError: As from ``score``.
    """
    check_classifier(classifier)
    labels = dataset.require_labels()
    size = classifier.batch * max(1, _PART // classifier.batch)
    for start in range(0, max(len(labels), 1), size):
        examples = dataset.take(slice(start, start + size))
        probabilities = predict_probabilities(classifier, examples, threads)
        _check_predicted(probabilities, labels[start : start + size], dataset.name)
        yield probabilities


def _check_predicted(probabilities: Array, labels: Array, name: str) -> None:
    if probabilities.ndim != 2:
        raise ValueError(
            "classifier must give one vector of probabilities for each image, got the shape "
            f"{probabilities.shape[1:]}"
        )
    classes = probabilities.shape[1]
    if labels.size and labels.max() >= classes:
        raise TenfoldError(
            f"{name} has labels up to {labels.max()}, but the network has only {classes} "
            f"classes (0 to {classes - 1}): evaluate it on images of these classes"
        )
