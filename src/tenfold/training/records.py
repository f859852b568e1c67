"""Records: what a training run says about itself while it goes on."""

from dataclasses import asdict, dataclass
from typing import Any

from tenfold.nn.array import Array

__all__ = ["EpochRecord", "Record", "StepRecord"]


@dataclass(frozen=True)
class StepRecord:
    """One step: one batch, one update.

    Attributes:
        step: from 0. ``epoch``: from 0.
        epoch: which pass over the data it belongs to.
        loss: the mean loss of the batch before the update (without weight decay).
        logits: the network's outputs for the batch before the update, (N, classes); the memory
            is reused by the next step.
        labels: of the batch, (N,).
        learning_rate: of the update.
    """

    step: int
    epoch: int
    loss: float
    logits: Array
    labels: Array
    learning_rate: float


@dataclass(frozen=True)
class EpochRecord:
    """One pass over the data; what ``records.jsonl`` holds.

    Attributes:
        epoch: from 0.
        step: how many updates were made so far.
        train_loss: mean over the epoch's images, each seen before its batch's update.
        train_accuracy: likewise; so it lags behind the network's accuracy at the epoch's end.
        learning_rate: of the epoch's last update.
        validation_loss: after the epoch; None without validation data.
        validation_accuracy: likewise.
    """

    epoch: int
    step: int
    train_loss: float
    train_accuracy: float
    learning_rate: float
    validation_loss: float | None = None
    validation_accuracy: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain data, without those that are None."""
        return {name: value for name, value in asdict(self).items() if value is not None}


Record = StepRecord | EpochRecord
