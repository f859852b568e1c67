"""The course of a run: whether it came to its end, and whether that was the end of learning."""

import math
from collections.abc import Sequence
from typing import Any

from tenfold.doctor.finding import Finding
from tenfold.doctor.remedy import with_settings
from tenfold.evaluation import wilson_interval

__all__ = ["diverged", "interrupted", "rising_loss", "still_improving"]

_RISE = 1.5  # the last training loss over the lowest
_ANNEALED = 0.1  # of the highest learning rate
_GOOD = 0.95  # validation accuracy

Records = Sequence[dict[str, Any]]


def interrupted(records: Records, folder: str) -> Finding:
    """Return the finding on a run without an end that can go on."""
    return Finding(
        "unfinished",
        "warning",
        "the run has not come to its end",
        f"{folder} has no metrics.json; {len(records)} epochs are recorded",
        "it was stopped, or the machine was",
        f"tenfold train --resume {folder}",
    )


def diverged(records: Records, cause: str, command: str, rate: float) -> Finding:
    """Return the finding on a run that was lost: it has a model, but no result.

    Args:
        records: of its epochs.
        cause: in words.
        command: what trains it. ``rate``: its learning rate.
    """
    return Finding(
        "diverged",
        "serious",
        "training broke off: the loss was no longer finite, or all answers were the same",
        f"{len(records)} epochs are recorded, and no result; the last good weights are kept",
        cause,
        with_settings(command, f"learning_rate={rate / 10:.3g}"),
    )


def rising_loss(
    records: Records, command: str, rate: float, chosen: bool = False
) -> Finding | None:
    """Return a finding if the training loss ends 1.5 times as high as it was, or as no number.

    Args:
        records: of the epochs.
        command: what trains it. ``rate``: its learning rate.
        chosen: whether images are chosen as hard: their loss may rise, if it stays a number.
    """
    losses = [float(record["train_loss"]) for record in records]
    whole = all(map(math.isfinite, losses))
    if not losses or (whole and (chosen or losses[-1] <= _RISE * min(losses))):
        return None
    return Finding(
        "rising-loss",
        "serious",
        "the training loss rises",
        f"it was {min(losses):.3g} and ended at {losses[-1]:.3g} after {len(losses)} records",
        "the steps are too long, at least late in the run",
        with_settings(command, f"learning_rate={rate / 10:.3g}"),
    )


def still_improving(records: Records, images: int, command: str, epochs: int) -> Finding | None:
    """Return a finding if the network was still learning when training ended.

    That is, if the validation accuracy of the last record is higher than a quarter of the run
    before it by more than their 95 % intervals, and either the learning rate had not come down to
    a tenth of its highest value, or the accuracy is below 95 %.

    Args:
        records: of the epochs. ``images``: how many validation images there are.
        command: what trains it. ``epochs``: how many it had.
    """
    known = [record for record in records if "validation_accuracy" in record]
    if len(known) < 2 or not images:
        return None
    last, before = known[-1], known[-1 - max(1, len(known) // 4)]
    now, then = (float(record["validation_accuracy"]) for record in (last, before))
    low, _ = wilson_interval(round(now * images), images)
    _, high = wilson_interval(round(then * images), images)
    rates = [float(record["learning_rate"]) for record in known]
    settled = rates[-1] < _ANNEALED * max(rates) and now >= _GOOD
    if low <= high or settled:
        return None
    return Finding(
        "still-improving",
        "warning",
        "the network was still improving when training ended",
        f"validation accuracy rose from {then:.2%} in epoch {before['epoch'] + 1} to {now:.2%} in "
        f"epoch {last['epoch'] + 1}, more than chance explains among {images:,} images",
        "too few epochs",
        f"{command} --epochs {2 * epochs}",
    )
