"""Measurement of a baseline: its accuracy, and the time for training and prediction."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tenfold.data import Dataset
from tenfold.evaluation.baselines.base import Baseline
from tenfold.evaluation.intervals import accuracy_with_interval
from tenfold.nn.arguments import check_fields, checked

__all__ = ["BaselineResult", "measure_baseline"]

_BLOCK = 1000  # images between two calls of ``progress``


@dataclass(frozen=True)
class BaselineResult:
    """Result of a baseline on test images.

    Attributes:
        correct: Number of correct predictions.
        n: Number of test images.
        n_train: Number of training images.
        seconds: Time for training and prediction together, in seconds.
    """

    correct: int
    n: int
    n_train: int
    seconds: float

    def __post_init__(self) -> None:
        check_fields(self)

    @property
    def accuracy(self) -> float:
        """Share of correct predictions."""
        return self.correct / self.n

    def to_dict(self) -> dict[str, Any]:
        """Return accuracy, n, correct, the 95% interval, train and seconds, as plain data."""
        details = {"train": self.n_train, "seconds": round(self.seconds, 3)}
        return accuracy_with_interval(self.correct, self.n) | details


@checked
def measure_baseline(
    baseline: Baseline,
    train: Dataset,
    test: Dataset,
    progress: Callable[[int], None] = lambda count: None,
) -> BaselineResult:
    """Train a baseline on one dataset and test it on another.

    Args:
        baseline: Baseline to measure.
        train: Labelled training images.
        test: Labelled test images of the same size, at least one.
        progress: Function that is called after each block of test images with the number of images
            in the block. By default nothing is called.

    Raises:
        TenfoldError: If labels are missing, or there are too few training images.
        ValueError: If there are no test images, or they have another size.
    """
    labels = test.require_labels()
    began = time.perf_counter()
    baseline.fit(train)
    correct = 0
    for start in range(0, len(test), _BLOCK):
        block = slice(start, start + _BLOCK)
        correct += int(np.sum(baseline.predict(test.images[block]) == labels[block]))
        progress(len(labels[block]))
    return BaselineResult(correct, len(test), len(train), time.perf_counter() - began)
