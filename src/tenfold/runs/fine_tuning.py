r"""Fine-tuning: a trained model learns a person's handwriting without forgetting MNIST's.

A copy of the model is trained further on the person's digits, mixed with MNIST's training images
(replay). Trained only on a few digits, it would forget other handwriting (McCloskey and Cohen,
"Catastrophic interference in connectionist networks", 1989).

Accuracy on digits that a network was trained on says little. So the digits are divided into five
folds, and each fold is predicted by a copy that was fine-tuned on the other four folds
(cross-validation). The model that is saved was fine-tuned on all digits.
"""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from tenfold.data import Dataset
from tenfold.data.kaggle_csv import write_kaggle_csv
from tenfold.errors import TenfoldError
from tenfold.evaluation import score
from tenfold.evaluation.intervals import accuracy_with_interval
from tenfold.files import make_folder, write_json
from tenfold.images import Augment
from tenfold.models import Model
from tenfold.nn import Adam, OneCycle, stream
from tenfold.nn.arguments import check_fields, checked
from tenfold.nn.array import Array
from tenfold.nn.random_streams import Seed
from tenfold.recipes import Split
from tenfold.runs.environment import versions
from tenfold.runs.finalization import calibrate
from tenfold.training import StepRecord, fit
from tenfold.training.loop import Threads

__all__ = ["LEAST_DIGITS", "FineTuning", "fine_tune", "fine_tune_and_save"]

LEAST_DIGITS = 10
"""Least number of digits to learn from."""

_FOLDS = 5
_REPLAY = 2000  # number of training images that are mixed with the digits
_REPEATED = 1000  # fewer digits are repeated to give this number, a third of all images
_BATCH = 64
_RATE = 0.001
_AUGMENT = Augment(shift=1, rotation=8, scale=0.1)
_VALIDATION = 2000  # number of validation images that are used

Report = Callable[[float], None]
"""A function that is called with the finished share of the work, 0 to 1."""


@dataclass(frozen=True)
class FineTuning:
    """A fine-tuned model, and the accuracies before and after fine-tuning.

    Attributes:
        model: The model.
        before: Result of the original model on the person's digits: ``accuracy``, ``n``,
            ``correct`` and ``interval95``.
        after: Result on the same digits, each predicted by a copy of the original that was
            fine-tuned on other digits of the person.
        validation_before, validation_after: Result of the original and of the fine-tuned model on
            validation images.
    """

    model: Model
    before: dict[str, Any]
    after: dict[str, Any]
    validation_before: dict[str, Any]
    validation_after: dict[str, Any]

    def __post_init__(self) -> None:
        check_fields(self)

    def to_dict(self) -> dict[str, Any]:
        """Return the accuracies as plain data."""
        names = ("before", "after", "validation_before", "validation_after")
        return {name: getattr(self, name) for name in names}


@checked
def fine_tune(
    model: Model,
    digits: Dataset,
    replay: Dataset,
    seed: Seed = 0,
    threads: Threads | None = None,
    report: Report = lambda share: None,
) -> Model:
    """Return a copy of a model that was trained further on labelled digits.

    Args:
        model: The model, which is not changed.
        digits: The digits, as images of the shape that the network takes.
        replay: Training images of the model. Some of them are mixed with the digits.
        seed: Random seed.
        threads: Number of threads, as for ``fit``.
        report: Is called after each step with the finished share of the steps.

    Raises:
        TenfoldError: If the data has no labels, or does not fit the model.
    """
    for data in (digits, replay):
        _check_fit(model, data)
    chosen = stream(seed, "replay").permutation(len(replay))[:_REPLAY]
    repeated = np.resize(np.arange(len(digits)), max(_REPEATED, len(digits)))
    parts = [replay.subset(chosen), digits.subset(repeated)]
    mixed = Dataset(
        np.concatenate([part.images for part in parts]),
        np.concatenate([part.require_labels() for part in parts]),
        digits.name,
    )
    network = deepcopy(model.network)
    network.seed = seed
    steps = -(-len(mixed) // _BATCH)
    for record in fit(
        network,
        mixed,
        optimizer=Adam(),
        schedule=OneCycle(learning_rate=_RATE),
        batch_size=_BATCH,
        augment=_AUGMENT,
        threads=threads,
    ):
        if isinstance(record, StepRecord):
            report((record.step + 1) / steps)
    return replace(model, network=network)


@checked
def fine_tune_and_save(
    model: Model,
    name: str,
    digits: Dataset,
    split: Split,
    folder: Path,
    seed: Seed = 0,
    threads: Threads | None = None,
    report: Report = lambda share: None,
) -> FineTuning:
    """Fine-tune a model, measure what it has learned, and save it in a folder.

    The folder gets ``model.safetensors``, the digits as ``digits.csv`` (like Kaggle's
    ``train.csv``) and the accuracies as ``fine-tuning.json``. A digit that is given twice is used
    once.

    Args:
        model: The model.
        name: Name or path of the model, which is stored in the results.
        digits: At least ``LEAST_DIGITS`` different digits with their labels.
        split: Images that the model was trained on, and validation images that it was not trained
            on. Temperature and threshold for "unsure" are chosen again on validation images.
        folder: Folder for the result; it may exist.
        seed: Random seed.
        threads: Number of threads, as for ``fit``.
        report: Is called with the share of the work that is done.

    Raises:
        TenfoldError: If there are too few digits, they do not fit the model, or a file cannot be
            written.
    """
    _check_fit(model, digits)
    digits = _without_repetitions(digits)
    if split.validation is None:
        raise TenfoldError("fine-tuning needs validation images: set source.validation above 0")
    validation = split.validation.subset(slice(_VALIDATION))
    # Equal parts of the work: 5 folds, the final training and two evaluations.
    share = 1 / (_FOLDS + 3)

    def report_of(part: int) -> Report:
        """Return the function that reports the progress of one of the eight parts of the work."""
        return lambda done: report(share * (part + done))

    validation_before = score(model, validation).is_correct
    before = model.predict(digits.images).digit == digits.labels
    after = np.zeros(len(digits), bool)
    fold = _folds(digits)
    for index in range(_FOLDS):
        copy = fine_tune(
            model, digits.subset(fold != index), split.train, seed, threads, report_of(1 + index)
        )
        held_out = digits.subset(fold == index)
        after[fold == index] = copy.predict(held_out.images).digit == held_out.labels
    tuned = fine_tune(model, digits, split.train, seed, threads, report_of(1 + _FOLDS))
    tuned.provenance = {"fine_tuned": name, "seed": seed, "versions": versions()}
    tuned.provenance["original"] = model.provenance
    tuned.provenance |= {"data": {"digits": digits.fingerprint, "replay": split.train.fingerprint}}
    validation_after = calibrate(tuned, validation).score.is_correct
    results = (before, after, validation_before, validation_after)
    found = FineTuning(tuned, *map(_accuracy_with_interval, results))
    make_folder(folder)
    write_kaggle_csv(folder / "digits.csv", digits)
    write_json(folder / "fine-tuning.json", {"model": name, "seed": seed, **found.to_dict()})
    tuned.save(folder / "model.safetensors")
    report(1.0)
    return found


def _check_fit(model: Model, data: Dataset) -> None:
    """Check that a model can read images and has a class for each label."""
    shape, classes = model.network.input_shape, len(model.classes)
    if data.images.shape[1:] != shape:
        raise TenfoldError(
            f"the images of {data.name} must have the shape {shape}, which the model reads, got "
            f"{data.images.shape[1:]}"
        )
    labels = data.require_labels()
    if len(labels) and not 0 <= labels.min() <= labels.max() < classes:
        raise TenfoldError(
            f"the labels of {data.name} must be from 0 to {classes - 1}, as the model has "
            f"{classes} classes, got {labels.min()} to {labels.max()}"
        )


def _without_repetitions(digits: Dataset) -> Dataset:
    """Return the digits without repetitions, so that none is both trained on and evaluated."""
    _, first = np.unique(digits.images.reshape(len(digits), -1), axis=0, return_index=True)
    digits = digits.subset(np.sort(first))
    if len(digits) < LEAST_DIGITS:
        raise TenfoldError(
            f"fine-tuning needs at least {LEAST_DIGITS} different digits, got {len(digits)}: with "
            "fewer, its effect cannot be measured. Three of each digit are a good number."
        )
    return digits


def _folds(digits: Dataset) -> Array:
    """Return the fold of each image, (N,). The images of each class are spread over all folds."""
    fold = np.empty(len(digits), np.int64)
    fold[np.argsort(digits.require_labels(), kind="stable")] = np.arange(len(digits)) % _FOLDS
    return fold


def _accuracy_with_interval(correct: Array) -> dict[str, Any]:
    return accuracy_with_interval(int(correct.sum()), len(correct))
