"""Progress: how far a training run has come."""

from dataclasses import dataclass

import numpy as np

from tenfold.nn.arguments import check_fields
from tenfold.nn.array import Array
from tenfold.nn.constraints import Count
from tenfold.training.records import EpochRecord

__all__ = ["Progress"]


@dataclass
class Progress:
    """How far a training run has come: one part of its checkpoint.

    Attributes:
        epoch: Number of finished epochs.
        step: Number of steps so far.
        loss_sum: Sum of the losses of the images of the current epoch so far.
        correct: Number of correct predictions for the images of the current epoch so far.
        count: Number of images of the current epoch so far.
    """

    epoch: Count = 0
    step: Count = 0
    loss_sum: float = 0.0
    correct: Count = 0
    count: Count = 0

    def __post_init__(self) -> None:
        check_fields(self)

    def add_batch(self, loss: float, logits: Array, labels: Array) -> None:
        """Include the results of one batch and count its step.

        Args:
            loss: Mean loss of the batch.
            logits: Outputs of the network, (N, classes).
            labels: Labels, (N,).
        """
        self.step += 1
        self.loss_sum += loss * len(labels)
        self.correct += int(np.count_nonzero(logits.argmax(axis=1) == labels))
        self.count += len(labels)

    def end_epoch(self, learning_rate: float) -> EpochRecord:
        """Return the record of the epoch that ends here, and start the next one.

        Args:
            learning_rate: Learning rate of the last step of the epoch.
        """
        record = EpochRecord(
            epoch=self.epoch + 1,
            step=self.step,
            train_loss=self.loss_sum / self.count,
            train_accuracy=self.correct / self.count,
            learning_rate=learning_rate,
        )
        self.epoch += 1
        self.loss_sum, self.correct, self.count = 0.0, 0, 0
        return record
