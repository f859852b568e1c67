"""Score: what a network answers on a set of images, and how good that is."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from tenfold.data.labelled import LabelledData
from tenfold.errors import TenfoldError
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
from tenfold.nn.array import Array
from tenfold.nn.html_table import html_table

__all__ = ["Score", "score"]


@dataclass(frozen=True)
class Score:
    """A network's answers on a labelled dataset.

    Attributes:
        labels: what the images are, (N,).
        probabilities: what the network says of each, (N, classes).
    """

    labels: Array
    probabilities: Array

    @cached_property
    def ranked(self) -> Array:
        """The two most probable classes of each image, (N, 2)."""
        return ranked(self.probabilities, 2)

    @property
    def predicted(self) -> Array:
        """What the network takes the images for, (N,)."""
        return self.ranked[:, 0]

    @property
    def second(self) -> Array:
        """What it would take them for otherwise, (N,)."""
        return self.ranked[:, -1]

    @property
    def confidence(self) -> Array:
        """The probability given to what is predicted, (N,)."""
        return self.probabilities[np.arange(self.n), self.predicted]

    @property
    def right_probability(self) -> Array:
        """The probability given to the right class, (N,)."""
        return self.probabilities[np.arange(self.n), self.labels]

    @property
    def right(self) -> Array:
        """Whether each answer is right, (N,)."""
        return self.labels == self.predicted

    @property
    def n(self) -> int:
        """The number of images."""
        return len(self.labels)

    @property
    def correct(self) -> int:
        """The number of right answers."""
        return int(self.right.sum())

    @property
    def accuracy(self) -> float:
        """The share of right answers."""
        return self.correct / self.n

    @property
    def loss(self) -> float:
        """The mean cross-entropy."""
        return cross_entropy(self.probabilities, self.labels)

    @property
    def confusion(self) -> Array:
        """The counts (classes, classes): row = what it is, column = what it was taken for."""
        return confusion_matrix(self.labels, self.predicted, self.probabilities.shape[1])

    def to_dict(self) -> dict[str, Any]:
        """Return accuracy, n, correct, the 95 % interval and the loss, as plain data."""
        return accuracy_with_interval(self.correct, self.n) | {"loss": self.loss}

    def metrics(self) -> dict[str, Any]:
        """Return what ``to_dict`` does, and all else that is told of held-out images.

        Further keys: ``brier``, ``cost``, ``rmse``, ``r2``, ``top2``, ``calibration_error``,
        ``risk_area`` (under error against coverage), ``digits`` (a row of precision, recall, F1 and
        support for each), ``macro`` (their means), and ``confused``, the commonest mistakes, each
        with what it is, what it was taken for, and how often.
        """
        matrix = self.confusion
        table = metrics_per_class(matrix)
        return self.to_dict() | {
            "brier": brier_score(self.probabilities, self.labels),
            **probability_errors(self.probabilities.astype(np.float64), self.labels),
            "top2": top_accuracy(self.probabilities, self.labels, min(2, len(matrix))),
            "calibration_error": calibration_error(self.confidence, self.right),
            "risk_area": risk_coverage(self.confidence, self.right).area,
            "digits": table.rows(),
            "macro": table.macro,
            "confused": [
                {"true": true, "taken": taken, "times": times}
                for true, taken, times in most_confused_pairs(matrix)
            ],
        }

    def _repr_html_(self) -> str:
        """Return the same as a table: how a notebook shows a score."""
        low, high = wilson_interval(self.correct, self.n)
        rows = [
            ("right", f"{self.correct:,} of {self.n:,}"),
            ("accuracy", f"{self.accuracy:.2%}"),
            ("95 % interval", f"{low:.2%} to {high:.2%}"),
            ("cross-entropy", f"{self.loss:.4f}"),
        ]
        return html_table(("score", ""), rows)


def score(classifier: Classifier, dataset: LabelledData) -> Score:
    """Let a network, a model or an ensemble answer on every image of a labelled dataset.

    Raises:
        TenfoldError: if the dataset has no labels, or some that the network does not know.
    """
    labels = dataset.require_labels()
    probabilities = predict_probabilities(classifier, dataset.take(slice(None)))
    classes = probabilities.shape[1]
    if labels.size and labels.max() >= classes:
        raise TenfoldError(
            f"{dataset.name} has labels up to {labels.max()}, but the network tells only "
            f"{classes} classes apart (0 to {classes - 1}): evaluate it on images of these alone"
        )
    return Score(labels, probabilities)
