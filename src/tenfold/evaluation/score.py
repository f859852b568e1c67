"""Score: what a network answers on a set of images, and how good that is."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from tenfold.data import Dataset
from tenfold.evaluation.committee import Committee
from tenfold.evaluation.intervals import wilson_interval
from tenfold.evaluation.metrics import cross_entropy
from tenfold.evaluation.predict import predict_probabilities
from tenfold.nn import Network
from tenfold.nn.array import Array
from tenfold.nn.html_table import html_table

__all__ = ["Score", "score"]


@dataclass(frozen=True)
class Score:
    """A network's answers on a labelled dataset.

    Attributes:
        labels: what the images are, (N,).
        predicted: what the network says, (N,).
        confidence: the probability it gives to what it says, (N,).
        loss: mean cross-entropy.
    """

    labels: Array
    predicted: Array
    confidence: Array
    loss: float

    @property
    def n(self) -> int:
        """The number of images."""
        return len(self.labels)

    @property
    def correct(self) -> int:
        """The number of right answers."""
        return int((self.labels == self.predicted).sum())

    @property
    def accuracy(self) -> float:
        """The share of right answers."""
        return self.correct / self.n

    def to_dict(self) -> dict[str, Any]:
        """Return accuracy, n, correct, the 95 % interval and the loss, as plain data."""
        return {
            "accuracy": self.accuracy,
            "n": self.n,
            "correct": self.correct,
            "interval95": list(wilson_interval(self.correct, self.n)),
            "loss": self.loss,
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


def score(network: Network | Committee, dataset: Dataset) -> Score:
    """Let the network, or the committee, answer on every image of a labelled dataset.

    Raises:
        TenfoldError: if the dataset has no labels.
    """
    labels = dataset.require_labels()
    probabilities = predict_probabilities(network, dataset.images)
    predicted = probabilities.argmax(axis=1)
    confidence = probabilities[np.arange(len(predicted)), predicted]
    return Score(labels, predicted, confidence, cross_entropy(probabilities, labels))
