"""Progress: how far a training run has come."""

from dataclasses import dataclass

import numpy as np

from tenfold.nn.array import Array
from tenfold.training.records import EpochRecord

__all__ = ["Progress"]


@dataclass
class Progress:
    """How far a run has come. With weights and optimizer state, it is enough to continue.

    Attributes:
        epoch: Number of finished epochs.
        step: Number of updates so far.
        loss_sum: Sum of the losses of the images of the current epoch so far.
        correct: Number of correct predictions for these images.
        count: Number of these images.
    """

    epoch: int = 0
    step: int = 0
    loss_sum: float = 0.0
    correct: int = 0
    count: int = 0

    def add(self, loss: float, logits: Array, labels: Array) -> None:
        """Count one batch.

        Args:
            loss: Mean loss of the batch.
            logits: Outputs of the network, (N, classes).
            labels: Labels, (N,).
        """
        self.step += 1
        self.loss_sum += loss * len(labels)
        self.correct += int(np.count_nonzero(logits.argmax(axis=1) == labels))
        self.count += len(labels)

    def end_epoch(self, rate: float) -> EpochRecord:
        """Return the record of the epoch that ends here, and start the next one.

        Args:
            rate: Learning rate of the last update.
        """
        record = EpochRecord(
            epoch=self.epoch,
            step=self.step,
            train_loss=self.loss_sum / self.count,
            train_accuracy=self.correct / self.count,
            learning_rate=rate,
        )
        self.epoch += 1
        self.loss_sum, self.correct, self.count = 0.0, 0, 0
        return record
