"""Submissions: what a score on the Digit Recognizer will be, and whether it means anything.

The competition's test images are MNIST's, and most models here have learned from MNIST: a model
that has seen the images scores by memory. What it is worth, its own held-out images tell.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tenfold.data import CLASSES, Dataset, load_mnist, overlap
from tenfold.errors import TenfoldError
from tenfold.evaluation import mcnemar, prediction_interval, verdict
from tenfold.models.bundled import bundled_models
from tenfold.nn.array import Array
from tenfold.recipes.settings import recipe_from_json
from tenfold.runs.run import open_run

__all__ = [
    "Difference",
    "Estimate",
    "Exposure",
    "Origin",
    "estimate_score",
    "find_exposure",
    "origin_of",
]


@dataclass(frozen=True)
class Origin:
    """What is known of a model beside its file.

    Attributes:
        metrics: what came out of its run; None if they are not there.
        data: path of the images that it was trained on; None for bundled ones, or if not known.
    """

    metrics: dict[str, Any] | None = None
    data: str | None = None


def origin_of(model: str | Path) -> Origin:
    """Return what is known of a run folder, the model file in one, or a model that comes along.

    Raises:
        TenfoldError: if the run's files are damaged.
    """
    path = Path(model)
    if not path.exists() and str(model) in (trained := bundled_models()):
        return Origin(trained[str(model)].metrics)
    folder = path if path.is_dir() else path.parent
    if path not in (folder, folder / "model.safetensors") or not (folder / "config.json").exists():
        return Origin()
    run = open_run(folder)
    return Origin(run.results() if run.finished else None, run.data)


@dataclass(frozen=True)
class Estimate:
    """What a model will score on images of the kind that it was examined on, and has not seen.

    Attributes:
        part: what it was examined on, ``"test"`` or ``"validation"``.
        n: how many images those are.
        score: the share of right answers.
        interval95: where the score on so many new images will lie, with 95 % confidence.
    """

    part: str
    n: int
    score: float
    interval95: tuple[float, float]

    def to_dict(self) -> dict[str, Any]:
        """Return the estimate as plain data."""
        return asdict(self) | {"interval95": list(self.interval95)}


def estimate_score(metrics: Mapping[str, Any] | None, images: int) -> Estimate | None:
    """Return the expected score on so many new images; None if nothing was held out.

    From the test images of the model's run, or, where there are none, the validation images. The
    interval holds the chance in both, those images and the new ones (``prediction_interval``).
    """
    for part in ("test", "validation"):
        if metrics is not None and part in metrics:
            n, correct = int(metrics[part]["n"]), int(metrics[part]["correct"])
            return Estimate(part, n, correct / n, prediction_interval(correct, n, images))
    return None


@dataclass(frozen=True)
class Exposure:
    """How many of some images a model may have seen, or has.

    Attributes:
        images: how many there are.
        mnist_train: how many are MNIST training images. ``mnist_test``: MNIST test images.
        seen: how many the model was trained on; None if its training images are not known.
    """

    images: int
    mnist_train: int
    mnist_test: int
    seen: int | None

    @property
    def warnings(self) -> list[str]:
        """What this means for a score, in sentences; none where there is nothing to warn of."""
        found = []
        if mnist := self.mnist_train + self.mnist_test:
            found.append(
                f"{mnist:,} of the {self.images:,} images are MNIST's ({self.mnist_train:,} from "
                f"its training images, {self.mnist_test:,} from its test images), whose labels "
                "everybody has: a leaderboard near 1.0 shows who used them, not who reads best"
            )
        if self.seen:
            found.append(
                f"this model was trained on {self.seen:,} of them "
                f"({self.seen / self.images:.0%}): its score here is no honest score"
            )
        elif self.seen is None and mnist:
            found.append(
                "which images the model was trained on is not known: if MNIST's were among them, "
                "its score here is no honest score"
            )
        return found

    def to_dict(self) -> dict[str, Any]:
        """Return the counts as plain data."""
        return asdict(self)


def find_exposure(images: Array, provenance: Mapping[str, Any], origin: Origin) -> Exposure:
    """Look the images up in MNIST and in what a model was trained on, by their hashes.

    Args:
        images: (N, 28, 28, 1) uint8.
        provenance: of the model.
        origin: of the model.
    """
    learned = _learned(provenance, origin)
    return Exposure(
        images=len(images),
        mnist_train=overlap(images, load_mnist("train").images),
        mnist_test=overlap(images, load_mnist("test").images),
        seen=None if learned is None else overlap(images, learned.images),
    )


def _learned(provenance: Mapping[str, Any], origin: Origin) -> Dataset | None:
    """Return the images a model was trained on, if they are there and still the same."""
    if provenance.get("own_data", True) and origin.data is None:
        return None
    try:
        train = recipe_from_json(provenance["recipe"]).source.load(origin.data).train
        known = provenance["data"]["train"]
    except (KeyError, TypeError, TenfoldError):
        return None
    return train if train.fingerprint == known else None


@dataclass(frozen=True)
class Difference:
    """Where two submissions differ.

    Args:
        first: the labels of one, (N,).
        second: of the other.
        truth: the true labels, where they are known.

    Raises:
        TenfoldError: if they differ in length.
    """

    first: Array
    second: Array
    truth: Array | None = None

    def __post_init__(self) -> None:
        if len(self.first) != len(self.second):
            raise TenfoldError(
                f"the submissions have {len(self.first):,} and {len(self.second):,} answers: "
                "compare two for the same test.csv"
            )

    @property
    def rows(self) -> list[tuple[int, int, int]]:
        """(ImageId, one answer, the other) of every image where they differ."""
        places = np.flatnonzero(self.first != self.second)
        return [(int(i) + 1, int(self.first[i]), int(self.second[i])) for i in places]

    @property
    def swaps(self) -> list[tuple[int, int, int]]:
        """(one answer, the other, how often), the commonest first."""
        differ = self.first != self.second
        pairs = np.bincount(self.first[differ] * CLASSES + self.second[differ], minlength=1)
        order = np.argsort(-pairs, kind="stable")[: np.count_nonzero(pairs)]
        return [(int(i) // CLASSES, int(i) % CLASSES, int(pairs[i])) for i in order]

    def verdict(self, first: str, second: str) -> str | None:
        """Return whether one is better, by McNemar's test; None without the truth."""
        if self.truth is None:
            return None
        return verdict(mcnemar(self.truth, self.first, self.second), first, second)
