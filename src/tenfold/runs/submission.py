"""Submissions to Kaggle's Digit Recognizer: the expected score, and whether a score means anything.

The competition's test images are MNIST images, and most models here were trained on MNIST. If a
model was trained on some of the competition's test images, its score in the competition says
little about its accuracy. The accuracy on images that were held out from its training is
meaningful.
"""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tenfold.data import CLASSES, load_mnist, overlap
from tenfold.errors import TenfoldError
from tenfold.evaluation import conclusion, mcnemar, prediction_interval
from tenfold.evaluation.array_checks import check_classes
from tenfold.images.polarity import check_bytes
from tenfold.models.bundled import bundled_models
from tenfold.nn.arguments import PathLike, check_fields, checked
from tenfold.nn.array import Array
from tenfold.nn.constraints import Size
from tenfold.runs.results import RunMetrics
from tenfold.runs.training_images import Seen, run_of

__all__ = [
    "Difference",
    "Estimate",
    "Exposure",
    "estimate_score",
    "find_exposure",
    "results_of",
]


@checked
def results_of(model: PathLike) -> RunMetrics | None:
    """Return the results of the run that trained a model, if they are known.

    Args:
        model: A run folder, the model file in a run folder, or the name of a bundled model.

    Returns:
        The results; None if the run is unknown or not finished.

    Raises:
        TenfoldError: If the files of the run are damaged.
    """
    path = Path(model)
    if not path.exists() and str(model) in (trained := bundled_models()):
        bundled = trained[str(model)]
        return RunMetrics.from_dict(bundled.metrics, bundled.path.with_suffix(".json"))
    run = run_of(path)
    return run.results() if run is not None and run.finished else None


@dataclass(frozen=True)
class Estimate:
    """The expected score of a model on new images of the same kind as its held-out images.

    Attributes:
        part: The split on which the model was evaluated, ``"test"`` or ``"validation"``.
        n: Number of images in the split.
        score: Accuracy on the split, 0 to 1.
        interval95: Interval that contains the score on the new images with 95% confidence.
    """

    part: str
    n: int
    score: float
    interval95: tuple[float, float]

    def __post_init__(self) -> None:
        check_fields(self)

    def to_dict(self) -> dict[str, Any]:
        """Return the estimate as plain data."""
        return asdict(self) | {"interval95": list(self.interval95)}


@checked
def estimate_score(metrics: RunMetrics | None, images: Size) -> Estimate | None:
    """Return the expected score on a number of new images; None if nothing was held out.

    The expected score is the accuracy on the test images of the model's run or, without test
    images, on the validation images. Its interval takes into account that both the evaluated and
    the new images are random samples (``prediction_interval``).

    Args:
        metrics: Results of the model's run; None if unknown.
        images: Number of new images.
    """
    for name in ("test", "validation"):
        part = None if metrics is None else metrics.part(name)
        if part is not None:
            interval = prediction_interval(part.correct, part.n, images)
            return Estimate(name, part.n, part.correct / part.n, interval)
    return None


@dataclass(frozen=True)
class Exposure:
    """Counts of the images to predict: those in MNIST, and those used to train the models.

    Attributes:
        images: Number of images.
        mnist_train: How many of them are MNIST training images.
        mnist_test: How many of them are MNIST test images.
        seen: How many of them are known to have been used to train a model; None if unknown.
        models: Number of models; 0 for a submission whose model is unknown.
        unknown: The sentence about models whose training images are unknown; None if there are
            none.
    """

    images: int
    mnist_train: int
    mnist_test: int
    seen: int | None
    models: int = 1
    unknown: str | None = None

    def __post_init__(self) -> None:
        check_fields(self)

    @property
    def warnings(self) -> list[str]:
        """Sentences that say why a score may be misleading; empty if there is no reason."""
        found = []
        name, one = "this model", "it"
        if self.models != 1:
            name, one = "this ensemble", "one of its members"
        if mnist := self.mnist_train + self.mnist_test:
            found.append(
                f"{mnist:,} of the {self.images:,} images are MNIST images ({self.mnist_train:,} "
                f"training images, {self.mnist_test:,} test images). Their labels are public: a "
                "leaderboard score near 1.0 shows that they were used, not that a model is better"
            )
        if self.seen:
            found.append(
                f"{name} was trained on {self.seen:,} of the images "
                f"({self.seen / self.images:.0%}), so its score on them overstates its accuracy"
            )
        if self.unknown is not None:
            found.append(
                f"{self.unknown}: if {one} was trained on some of these images, the score "
                "overstates the accuracy"
            )
        elif not self.models and mnist:
            found.append(
                "the model of this submission is unknown: if it was trained on MNIST images, its "
                "score overstates its accuracy"
            )
        return found

    def to_dict(self) -> dict[str, Any]:
        """Return the counts as plain data."""
        return asdict(self)


@checked
def find_exposure(images: Array, seen: Seen | None) -> Exposure:
    """Count the images that are in MNIST or that the models were trained on (contamination).

    Args:
        images: Images, (N, 28, 28, 1) uint8.
        seen: Which images the models were trained on (``seen_images``); None if no model is known.

    Raises:
        ValueError: If the images have another dtype or number of axes.
    """
    check_bytes("images", images)
    count = 0 if seen is None else int(seen.mask.sum())
    known = seen is not None and (count or not seen.reasons)
    return Exposure(
        images=len(images),
        mnist_train=overlap(images, load_mnist("train").images),
        mnist_test=overlap(images, load_mnist("test").images),
        seen=count if known else None,
        models=0 if seen is None else seen.models,
        unknown=None if seen is None else seen.unknown,
    )


@dataclass(frozen=True)
class Difference:
    """The differences between two submissions.

    Args:
        first: Labels of the first submission, (N,).
        second: Labels of the second submission, (N,).
        truth: True labels, (N,); None if unknown.

    Raises:
        TenfoldError: If the submissions differ in length.
        ValueError: If labels are not digits or not of the shape (N,).
    """

    first: Array
    second: Array
    truth: Array | None = None

    def __post_init__(self) -> None:
        check_fields(self)
        for name in ("first", "second", "truth"):
            if (labels := getattr(self, name)) is not None:
                check_classes(labels, CLASSES, labels.size, name)
        if len(self.first) != len(self.second):
            raise TenfoldError(
                f"submissions must have the same length, got {len(self.first):,} and "
                f"{len(self.second):,} labels: compare two for the same test.csv"
            )

    @property
    def rows(self) -> list[tuple[int, int, int]]:
        """(ImageId, first label, second label) of each image with different labels."""
        indices = np.flatnonzero(self.first != self.second)
        return [(int(i) + 1, int(self.first[i]), int(self.second[i])) for i in indices]

    @property
    def swaps(self) -> list[tuple[int, int, int]]:
        """(first label, second label, count) of each kind of difference, most frequent first."""
        differ = self.first != self.second
        pairs = np.bincount(self.first[differ] * CLASSES + self.second[differ], minlength=1)
        order = np.argsort(-pairs, kind="stable")[: np.count_nonzero(pairs)]
        return [(int(i) // CLASSES, int(i) % CLASSES, int(pairs[i])) for i in order]

    def conclusion(self, first: str, second: str) -> str | None:
        """Return whether one submission is better, by McNemar's test; None if ``truth`` is None."""
        if self.truth is None:
            return None
        return conclusion(mcnemar(self.truth, self.first, self.second), first, second)
