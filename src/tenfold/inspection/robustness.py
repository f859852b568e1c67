"""Robustness: how a model stands up to images that are not as clean as those it learned from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import mean
from typing import Any

import numpy as np

from tenfold.data import Dataset
from tenfold.errors import TenfoldError
from tenfold.evaluation.intervals import accuracy_with_interval, wilson_interval
from tenfold.images import CORRUPTIONS, DISTORTIONS
from tenfold.models import Classifier, predict_probabilities
from tenfold.nn.array import Array

__all__ = ["CorrectCount", "DistortionCurve", "Robustness", "measure_robustness"]


@dataclass(frozen=True)
class CorrectCount:
    """How many answers were right.

    Raises:
        ValueError: if there were none, or more were right than there were.
    """

    correct: int
    n: int

    def __post_init__(self) -> None:
        if self.n < 1 or not 0 <= self.correct <= self.n:
            raise ValueError(f"need 0 <= correct <= n and n >= 1, not {self.correct} of {self.n}")

    @property
    def accuracy(self) -> float:
        """The share of right answers."""
        return self.correct / self.n

    @property
    def interval95(self) -> tuple[float, float]:
        """The Wilson interval of the accuracy, 95 %."""
        return wilson_interval(self.correct, self.n)

    def to_dict(self) -> dict[str, Any]:
        """Return accuracy, n, correct and the interval, as plain data."""
        return accuracy_with_interval(self.correct, self.n)


@dataclass(frozen=True)
class DistortionCurve:
    """How the accuracy falls as a distortion grows.

    Attributes:
        unit: what the strengths are numbers of.
        none: the strength that leaves an image as it is.
        points: (strength, tally), in the order of the strengths.
    """

    unit: str
    none: float
    points: tuple[tuple[float, CorrectCount], ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the curve as plain data."""
        points = [{"strength": strength, **tally.to_dict()} for strength, tally in self.points]
        return {"unit": self.unit, "none": self.none, "points": points}


@dataclass(frozen=True)
class Robustness:
    """What a model answers on images that are distorted in known ways.

    Attributes:
        data: which images they are.
        seed: of the distortions.
        clean: the answers on the images as they are.
        curves: by distortion (``tenfold.data.DISTORTIONS``).
        corruptions: by corruption (``tenfold.data.CORRUPTIONS``).
    """

    data: str
    seed: int
    clean: CorrectCount
    curves: dict[str, DistortionCurve]
    corruptions: dict[str, CorrectCount]

    @property
    def mean_accuracy(self) -> float:
        """The mean accuracy over the corruptions."""
        return mean(tally.accuracy for tally in self.corruptions.values())

    @property
    def relative_error(self) -> float | None:
        """How many times as many mistakes the corrupted images cost; None if clean ones cost none.

        (1 - mean accuracy) / (1 - clean accuracy).
        """
        mistakes = self.clean.n - self.clean.correct
        return (1 - self.mean_accuracy) * self.clean.n / mistakes if mistakes else None

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain data, from which ``from_dict`` makes it again."""
        return {
            "data": self.data,
            "seed": self.seed,
            "clean": self.clean.to_dict(),
            "mean_accuracy": self.mean_accuracy,
            "relative_error": self.relative_error,
            "corruptions": {name: tally.to_dict() for name, tally in self.corruptions.items()},
            "curves": {name: curve.to_dict() for name, curve in self.curves.items()},
        }

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> "Robustness":
        """Return what ``to_dict`` described.

        Raises:
            TenfoldError: if this is no such description.
        """
        try:
            return cls(
                str(told["data"]),
                int(told["seed"]),
                _tally(told["clean"]),
                {name: _curve(curve) for name, curve in told["curves"].items()},
                {name: _tally(tally) for name, tally in told["corruptions"].items()},
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise TenfoldError(
                f"this is not what a robustness result looks like ({type(error).__name__}: "
                f"{error}): take one that tenfold robustness --json wrote"
            ) from error


def measure_robustness(
    classifier: Classifier,
    dataset: Dataset,
    images: int = 1000,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Robustness:
    """Let a model answer on images under six distortions by degrees and under fifteen corruptions.

    Args:
        classifier: a network, a model or an ensemble.
        dataset: labelled images, 28 x 28.
        images: how many of them, spread evenly over the dataset; all if there are fewer.
        seed: of the distortions; with the same, every model sees the same images.
        progress: told after each set of images how many sets are done, and of how many.

    Raises:
        TenfoldError: if the dataset has no labels or no images of this size.
        ValueError: if ``images`` is less than 1.

    Hendrycks and Dietterich, "Benchmarking neural network robustness to common corruptions and
    perturbations" (ICLR 2019); Mu and Gilmer, "MNIST-C" (2019).
    """
    chosen = _chosen(dataset, images)
    labels = chosen.require_labels()
    sets = len(CORRUPTIONS) + sum(len(one.strengths) - 1 for one in DISTORTIONS.values())
    done = 0

    def tally(changed: Array) -> CorrectCount:
        nonlocal done
        predicted = predict_probabilities(classifier, changed).argmax(axis=1)
        if progress is not None:
            progress(done, sets)
        done += 1
        return CorrectCount(int((predicted == labels).sum()), len(labels))

    clean = tally(chosen.images)
    curves = {}
    for name, one in DISTORTIONS.items():
        points = [
            (s, clean if s == one.none else tally(one(chosen.images, s, seed)))
            for s in one.strengths
        ]
        curves[name] = DistortionCurve(one.unit, one.none, tuple(points))
    corrupted = {name: tally(one(chosen.images, seed)) for name, one in CORRUPTIONS.items()}
    return Robustness(chosen.name, seed, clean, curves, corrupted)


def _chosen(dataset: Dataset, images: int) -> Dataset:
    """Return so many images, spread evenly."""
    if images < 1:
        raise ValueError(f"it takes at least one image, not {images}")
    dataset.require_labels()
    if len(dataset) == 0 or dataset.images.shape[1:] != (28, 28, 1):
        raise TenfoldError(
            f"robustness is measured on images of 28 x 28 pixels in one channel; {dataset.name} "
            f"has images of shape {dataset.images.shape}. Bring them to that size first."
        )
    count = min(images, len(dataset))
    return dataset.subset(np.arange(count) * len(dataset) // count)


def _tally(told: Mapping[str, Any]) -> CorrectCount:
    return CorrectCount(int(told["correct"]), int(told["n"]))


def _curve(told: Mapping[str, Any]) -> DistortionCurve:
    points = tuple((float(point["strength"]), _tally(point)) for point in told["points"])
    return DistortionCurve(str(told["unit"]), float(told["none"]), points)
