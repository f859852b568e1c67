"""Generalisation: comparisons of the accuracies on training, validation and test images."""

import math

from tenfold.doctor.check import Check
from tenfold.doctor.finding import Finding
from tenfold.doctor.fix import DISTORTIONS, with_settings
from tenfold.doctor.run.case import RECIPE_FAULTS, RunCase
from tenfold.recipes import RECIPES, train_command
from tenfold.runs import PartMetrics
from tenfold.runs.records import records_with

__all__ = ["DifferentParts", "Overfitting", "Underfitting"]

# Gaps between the intervals of training and validation accuracy: for a warning, and for a serious
# finding.
_GAP, _WIDE = 0.02, 0.1
_RISE = 1.2  # largest normal ratio of the last validation loss to the lowest
_BRIEF = 3  # a training with fewer epochs is short
_LOW = 0.95  # a training accuracy below this is low


class Overfitting(Check[RunCase]):
    """Check for a network that memorised its training images.

    There are two signs. One is a gap of more than two percentage points between the 95% intervals
    of training and validation accuracy; chance does not explain such a gap. The other is a
    validation loss that has risen by a fifth from its lowest value while the training loss has
    fallen. With early stopping, which keeps the best weights, only the first sign counts. With
    selective training, which uses difficult images more often, the training loss is ignored.
    """

    name = "overfitting"
    looks_for = "overfitting"

    def run(self, case: RunCase) -> Finding | None:
        """Return a finding if the gap is wide or the validation loss rose."""
        metrics = case.metrics
        if metrics is None or metrics.validation is None:
            return None
        train, validation = metrics.train, metrics.validation
        gap = train.interval95[0] - validation.interval95[1]
        rise = _rise(case) if metrics.kept_epoch is None else None
        if gap <= _GAP and rise is None:
            return None
        settings = DISTORTIONS if gap > _GAP else ("patience=5",)
        return Finding(
            self.name,
            "serious" if gap > _WIDE else "warning",
            "the network overfits: it memorised its training images",
            f"{_accuracy(train)} on training images, {_accuracy(validation)} on validation images"
            f"{rise or ''}",
            "too few images, or too many epochs, for a network of this size",
            with_settings(case.command, *settings),
        )


class Underfitting(Check[RunCase]):
    """Check for a network that did not learn its training images."""

    name = "underfitting"
    looks_for = "underfitting"
    explained_by = RECIPE_FAULTS | {"still-improving"}

    def run(self, case: RunCase) -> Finding | None:
        """Return a finding if the 95% interval of the training accuracy is below 95%."""
        metrics = case.metrics
        if metrics is None or metrics.train.loss is None or metrics.train.interval95[1] >= _LOW:
            return None
        epochs, loss = metrics.epochs, metrics.train.loss
        brief, guess = epochs < _BRIEF, math.log(len(case.run.recipe.class_names))
        return Finding(
            self.name,
            "serious" if loss > math.log(2) else "warning",
            "the network did not learn its training images",
            f"{_accuracy(metrics.train)} on them after {epochs} epoch{'s' * (epochs != 1)}, with a "
            f"loss of {loss:.3g} (a guess has {guess:.2f})",
            "training was too short"
            if brief
            else case.chance
            or "the network is too small for the task, since it no longer improved",
            with_settings(case.command, f"epochs={3 * epochs}")
            if brief
            else train_command(RECIPES["quick"], case.run.data, case.run.seed or None),
        )


class DifferentParts(Check[RunCase]):
    """Check for validation and test accuracies that differ by more than chance explains."""

    name = "different-parts"
    looks_for = "validation and test images of different kinds"

    def run(self, case: RunCase) -> Finding | None:
        """Return a finding if the 95% intervals of both accuracies do not overlap."""
        metrics = case.metrics
        if metrics is None or metrics.validation is None or metrics.test is None:
            return None
        validation, test = metrics.validation, metrics.test
        (low, high), (test_low, test_high) = validation.interval95, test.interval95
        if low <= test_high and test_low <= high:
            return None
        return Finding(
            self.name,
            "warning",
            "validation and test images are of different kinds: choices made on the validation "
            "images may be bad for the test images",
            f"{_accuracy(validation)} on validation images, {_accuracy(test)} on test images; the "
            "95% intervals do not overlap",
            "the test images come from other writers or another camera, or validation images are "
            "among the training images",
            f"{case.command} --seeds 3",
        )


def _rise(case: RunCase) -> str | None:
    """Return the evidence that the validation loss rose, or None if it did not."""
    known = records_with(case.records, "validation_loss", "train_loss")
    if not known:
        return None
    lowest, last = min(known, key=lambda record: float(record["validation_loss"])), known[-1]
    rose = last["validation_loss"] > _RISE * lowest["validation_loss"]
    if not rose or not (case.selective or last["train_loss"] < lowest["train_loss"]):
        return None
    return (
        f"; the validation loss fell to {lowest['validation_loss']:.3g} in epoch "
        f"{lowest['epoch']} and rose to {last['validation_loss']:.3g} by epoch "
        f"{last['epoch']}{'' if case.selective else ', while the training loss fell'}"
    )


def _accuracy(part: PartMetrics) -> str:
    low, high = part.interval95
    return f"{part.accuracy:.2%} ({low:.2%} to {high:.2%})"
