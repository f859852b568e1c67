"""Measure: how good a baseline is, and what it costs."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tenfold.data import Dataset
from tenfold.evaluation.baselines.base import Baseline
from tenfold.evaluation.intervals import accuracy_with_interval

__all__ = ["BaselineResult", "measure_baseline"]

_BLOCK = 1000  # images between two signs of life


@dataclass(frozen=True)
class BaselineResult:
    """How a baseline did.

    Attributes:
        correct: right answers. ``n``: of so many test images.
        train: how many images it learned from.
        seconds: to learn and to answer, together.
    """

    correct: int
    n: int
    train: int
    seconds: float

    @property
    def accuracy(self) -> float:
        """The share of right answers."""
        return self.correct / self.n

    def to_dict(self) -> dict[str, Any]:
        """Return accuracy, n, correct, the 95 % interval, train and seconds, as plain data."""
        own = {"train": self.train, "seconds": round(self.seconds, 3)}
        return accuracy_with_interval(self.correct, self.n) | own


def measure_baseline(
    baseline: Baseline,
    train: Dataset,
    test: Dataset,
    progress: Callable[[int], None] = lambda count: None,
) -> BaselineResult:
    """Let a baseline learn from one dataset and answer on another.

    Args:
        baseline: what is measured.
        train: labelled images to learn from.
        test: labelled images of the same size, at least one.
        progress: told after each block of test images how many they were.

    Raises:
        TenfoldError: if labels are missing, or there are too few images to learn from.
        ValueError: if there are no test images, or they are of another size.
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
