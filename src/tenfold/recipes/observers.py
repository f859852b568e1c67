"""Observers: additional numbers in the records of a run."""

from collections.abc import Callable

import numpy as np

from tenfold.evaluation import probability_errors
from tenfold.nn import softmax
from tenfold.training import StepRecord

__all__ = ["OBSERVERS"]


def _probability_errors(step: StepRecord) -> dict[str, float]:
    return probability_errors(softmax(step.logits), step.labels)


def _last_batch_accuracy(step: StepRecord) -> dict[str, float]:
    return {"last_batch_accuracy": float(np.mean(step.logits.argmax(axis=1) == step.labels))}


OBSERVERS: dict[str, Callable[[StepRecord], dict[str, float]]] = {
    "last_batch_accuracy": _last_batch_accuracy,
    "probability_errors": _probability_errors,
}
"""Functions by name. Each returns numbers for the record of an epoch, from its last step."""
