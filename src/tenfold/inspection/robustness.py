"""Robustness: accuracy on images that are distorted or corrupted.

A distortion, such as a rotation, is applied with several strengths. A corruption is one of the
changes of the data set MNIST-C, each with one strength.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import mean
from typing import Any

import numpy as np

from tenfold.data import Dataset
from tenfold.errors import TenfoldError, reason
from tenfold.evaluation.intervals import accuracy_with_interval, wilson_interval
from tenfold.images import CORRUPTIONS, DISTORTIONS
from tenfold.models import Classifier, predict_probabilities
from tenfold.nn.arguments import check_fields, checked
from tenfold.nn.array import Array
from tenfold.nn.constraints import Whole

__all__ = ["CorrectCount", "DistortionCurve", "Robustness", "measure_robustness"]


@dataclass(frozen=True)
class CorrectCount:
    """Number of correct predictions on a set of images.

    Attributes:
        correct: Number of correct predictions, 0 to ``n``.
        n: Number of images, at least 1.

    Raises:
        ValueError: If a number is out of its range.
    """

    correct: int
    n: int

    def __post_init__(self) -> None:
        Whole(1).check("n", self.n)
        Whole(0, self.n).check("correct", self.correct)

    @property
    def accuracy(self) -> float:
        """Share of correct predictions."""
        return self.correct / self.n

    @property
    def interval95(self) -> tuple[float, float]:
        """Wilson's 95% confidence interval of the accuracy."""
        return wilson_interval(self.correct, self.n)

    def to_dict(self) -> dict[str, Any]:
        """Return accuracy, n, correct and the interval, as plain data."""
        return accuracy_with_interval(self.correct, self.n)


@dataclass(frozen=True)
class DistortionCurve:
    """Accuracy at each strength of a distortion.

    Attributes:
        unit: Unit of the strengths, such as ``"degrees"``.
        neutral: Strength at which an image is not changed.
        points: Pairs (strength, count of correct predictions), in the order of the strengths.
    """

    unit: str
    neutral: float
    points: tuple[tuple[float, CorrectCount], ...]

    def __post_init__(self) -> None:
        check_fields(self)

    def to_dict(self) -> dict[str, Any]:
        """Return the curve as plain data. The key of the field ``neutral`` is "none"."""
        points = [{"strength": strength, **count.to_dict()} for strength, count in self.points]
        return {"unit": self.unit, "none": self.neutral, "points": points}


@dataclass(frozen=True)
class Robustness:
    """Results of a classifier on distorted and corrupted images.

    Attributes:
        data: Name of the dataset.
        seed: Random seed of the distortions.
        clean: Correct predictions on the unchanged images.
        curves: Results by distortion (``tenfold.images.DISTORTIONS``).
        corruptions: Results by corruption (``tenfold.images.CORRUPTIONS``).
    """

    data: str
    seed: int
    clean: CorrectCount
    curves: dict[str, DistortionCurve]
    corruptions: dict[str, CorrectCount]

    def __post_init__(self) -> None:
        check_fields(self)

    @property
    def mean_accuracy(self) -> float:
        """Mean accuracy over the corruptions."""
        return mean(count.accuracy for count in self.corruptions.values())

    @property
    def relative_error(self) -> float | None:
        """Mean error rate on corrupted images, divided by the error rate on clean images.

        (1 - mean accuracy) / (1 - clean accuracy): a value of 15 means 15 times as many errors.
        None if there are no errors on clean images.
        """
        mistakes = self.clean.n - self.clean.correct
        return (1 - self.mean_accuracy) * self.clean.n / mistakes if mistakes else None

    def to_dict(self) -> dict[str, Any]:
        """Return the results as plain data, which ``from_dict`` reads."""
        return {
            "data": self.data,
            "seed": self.seed,
            "clean": self.clean.to_dict(),
            "mean_accuracy": self.mean_accuracy,
            "relative_error": self.relative_error,
            "corruptions": {name: count.to_dict() for name, count in self.corruptions.items()},
            "curves": {name: curve.to_dict() for name, curve in self.curves.items()},
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Robustness":
        """Return the results from the plain data that ``to_dict`` returns.

        Raises:
            TenfoldError: If ``data`` has another form.
        """
        try:
            return cls(
                data=str(data["data"]),
                seed=int(data["seed"]),
                clean=_count(data["clean"]),
                curves={name: _curve(curve) for name, curve in data["curves"].items()},
                corruptions={name: _count(row) for name, row in data["corruptions"].items()},
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise TenfoldError(
                f"data must describe a robustness result ({reason(error)}): use "
                "what tenfold robustness --json wrote"
            ) from error


@checked
def measure_robustness(
    classifier: Classifier,
    dataset: Dataset,
    images: int = 1000,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Robustness:
    """Measure the accuracy under six distortions of several strengths, and fifteen corruptions.

    Args:
        classifier: A network, a model or an ensemble.
        dataset: Labelled images, 28 x 28.
        images: Number of images, at least 1, evenly distributed over the dataset; all if there are
            fewer. Default 1000.
        seed: Random seed of the distortions, 0 to 2**64 - 1. With the same seed every classifier
            gets the same images. Default 0.
        progress: Function that is called after each set of distorted images with the number of
            finished sets and the number of all sets; first with 0, after the unchanged images. By
            default nothing is called.

    Raises:
        TenfoldError: If the dataset has no labels, or its images are not 28 x 28.
        ValueError: If ``images`` is less than 1.

    References:
        Hendrycks and Dietterich, "Benchmarking neural network robustness to common corruptions and
        perturbations" (ICLR 2019); Mu and Gilmer, "MNIST-C" (2019).
    """
    chosen = _chosen(dataset, images)
    labels = chosen.require_labels()
    set_count = len(CORRUPTIONS) + sum(len(one.strengths) - 1 for one in DISTORTIONS.values())
    done = 0

    def count_correct(changed: Array) -> CorrectCount:
        nonlocal done
        predicted = predict_probabilities(classifier, changed).argmax(axis=1)
        if progress is not None:
            progress(done, set_count)
        done += 1
        return CorrectCount(int((predicted == labels).sum()), len(labels))

    clean = count_correct(chosen.images)
    curves = {}
    for name, one in DISTORTIONS.items():
        points = [
            (s, clean if s == one.neutral else count_correct(one(chosen.images, s, seed)))
            for s in one.strengths
        ]
        curves[name] = DistortionCurve(one.unit, one.neutral, tuple(points))
    corrupted = {name: count_correct(one(chosen.images, seed)) for name, one in CORRUPTIONS.items()}
    return Robustness(chosen.name, seed, clean, curves, corrupted)


def _chosen(dataset: Dataset, images: int) -> Dataset:
    """Return evenly distributed images of the dataset: ``images`` or, if there are fewer, all."""
    Whole(1).check("images", images)
    dataset.require_labels()
    if len(dataset) == 0 or dataset.images.shape[1:] != (28, 28, 1):
        raise TenfoldError(
            f"{dataset.name} must contain images of 28 x 28 pixels with one channel, got the shape "
            f"{dataset.images.shape}"
        )
    count = min(images, len(dataset))
    return dataset.subset(np.arange(count) * len(dataset) // count)


def _count(row: Mapping[str, Any]) -> CorrectCount:
    return CorrectCount(int(row["correct"]), int(row["n"]))


def _curve(row: Mapping[str, Any]) -> DistortionCurve:
    points = tuple((float(point["strength"]), _count(point)) for point in row["points"])
    return DistortionCurve(str(row["unit"]), float(row["none"]), points)
