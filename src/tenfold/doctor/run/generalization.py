"""The outcome: what the final scores of training, validation and test say of each other."""

import math
from collections.abc import Sequence
from typing import Any

from tenfold.doctor.finding import Finding
from tenfold.doctor.remedy import DISTORT, with_settings
from tenfold.runs import PartMetrics, RunMetrics

__all__ = ["different_parts", "overfitting", "underfitting"]

_GAP, _WIDE = 0.02, 0.1  # between the intervals of training and validation
_RISE = 1.2  # the last validation loss over the lowest
_BRIEF = 3  # epochs
_LOW = 0.95  # training accuracy below which digits were not learned

Records = Sequence[dict[str, Any]]


def overfitting(
    metrics: RunMetrics, records: Records, command: str, chosen: bool = False
) -> Finding | None:
    """Return a finding if training images were learned by heart.

    That is, if the 95 % intervals of training and validation accuracy lie more than two points
    apart, so that chance does not explain it; or if the validation loss has risen by a fifth from
    its lowest value while the training loss went on falling.

    Args:
        metrics: of a finished run. ``records``: of its epochs.
        command: what trains it; the remedy adds to it.
        chosen: whether images are chosen as hard, whose loss does not say how all are learned.
    """
    train, validation = metrics.train, metrics.validation
    if validation is None:
        return None
    gap = train.interval95[0] - validation.interval95[1]
    risen = None if metrics.best_epoch is not None else _risen(records, chosen)
    if gap <= _GAP and risen is None:
        return None
    evidence = f"{_accuracy(train)} on training images, {_accuracy(validation)} on validation"
    if risen is not None:
        lowest, last = risen
        evidence += (
            f"; the validation loss fell to {lowest['validation_loss']:.3g} in epoch "
            f"{lowest['epoch'] + 1} and rose to {last['validation_loss']:.3g} by epoch "
            f"{last['epoch'] + 1}"
        )
        evidence += "" if chosen else ", while the training loss fell"
    return Finding(
        "overfitting",
        "serious" if gap > _WIDE else "warning",
        "the network has learned its training images by heart",
        evidence,
        "too few images, or too many epochs, for a network of this size",
        with_settings(command, *DISTORT) if gap > _GAP else with_settings(command, "patience=5"),
    )


def underfitting(metrics: RunMetrics, command: str, larger: str) -> Finding | None:
    """Return a finding if even the training images were not learned: surely less than 95 %.

    Args:
        metrics: of a finished run that was not still improving.
        command: what trains it, for longer if it had fewer than three epochs.
        larger: what trains a larger network on the same images.
    """
    train, epochs, loss = metrics.train, metrics.epochs, metrics.train.loss
    if loss is None or train.interval95[1] >= _LOW:
        return None
    brief = epochs < _BRIEF
    return Finding(
        "underfitting",
        "serious" if loss > math.log(2) else "warning",
        "the network has not learned even its training images",
        f"{_accuracy(train)} on them after {epochs} epochs, with a loss of "
        f"{loss:.3g} (a guess has 2.30)",
        "it was trained too briefly"
        if brief
        else "the network is too small for what it is to tell apart, since it no longer improved",
        f"{command} --epochs {3 * epochs}" if brief else larger,
    )


def different_parts(metrics: RunMetrics, command: str) -> Finding | None:
    """Return a finding if validation and test accuracy differ by more than chance explains."""
    validation, test = metrics.validation, metrics.test
    if validation is None or test is None:
        return None
    (low, high), (other_low, other_high) = validation.interval95, test.interval95
    if low <= other_high and other_low <= high:
        return None
    return Finding(
        "different-parts",
        "warning",
        "validation and test images are not of one kind: what is chosen on the one does not hold "
        "on the other",
        f"{_accuracy(validation)} on validation images, {_accuracy(test)} on test images; the 95 % "
        "intervals do not meet",
        "the test images come from other writers or another camera, or validation images are among "
        "those to learn from",
        f"{command} --seeds 3",
    )


def _risen(records: Records, chosen: bool) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Return the epochs with the lowest and the last validation loss, if it rose by a fifth."""
    known = [record for record in records if "validation_loss" in record]
    if not known:
        return None
    lowest, last = min(known, key=lambda record: float(record["validation_loss"])), known[-1]
    rose = last["validation_loss"] > _RISE * lowest["validation_loss"]
    fell = chosen or last["train_loss"] < lowest["train_loss"]
    return (lowest, last) if rose and fell else None


def _accuracy(part: PartMetrics) -> str:
    low, high = part.interval95
    return f"{part.accuracy:.2%} ({low:.2%} to {high:.2%})"
