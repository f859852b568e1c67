"""Early stopping: keep the best weights, and stop when epochs no longer give better ones."""

import math
from dataclasses import KW_ONLY, dataclass, field
from typing import ClassVar

from tenfold.nn import Network
from tenfold.nn.arguments import check_fields, checked
from tenfold.nn.array import Array
from tenfold.nn.constraints import Size
from tenfold.training.records import EpochRecord

__all__ = ["EarlyStopping"]


@dataclass
class EarlyStopping:
    """Keeps the weights of the epoch with the best validation result.

    A result is better if its accuracy is higher, or if its accuracy is the same and its loss lower.

    Args:
        patience: Number of consecutive logged epochs without a better result after which ``update``
            returns True; at least 1.

    Attributes:
        accuracy: Validation accuracy of the best epoch so far; -1 before the first epoch.
        loss: Validation loss of the best epoch so far; infinity before the first epoch.
        epoch: Number of the best epoch so far, from 1; 0 before the first epoch.
        waited: Number of logged epochs since the best epoch.
        tensors: The network's arrays after the best epoch, by name.
        state_names: Attributes that a checkpoint stores.

    Raises:
        ValueError: If ``patience`` is less than 1.

    References:
        Prechelt, "Early stopping - but when?" (1998).
    """

    state_names: ClassVar[tuple[str, ...]] = ("tensors", "accuracy", "loss", "epoch", "waited")

    patience: Size
    _: KW_ONLY
    accuracy: float = -1.0
    loss: float = float("inf")
    epoch: int = 0
    waited: int = 0
    tensors: dict[str, Array] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        check_fields(self)

    @checked
    def update(self, record: EpochRecord, network: Network) -> bool:
        """Take the result of an epoch into account; return True if training should stop.

        Args:
            record: The record of the epoch, with validation accuracy and loss.
            network: The network after the epoch of the record.

        Raises:
            ValueError: If the record has no validation result.
        """
        if record.validation_accuracy is None or record.validation_loss is None:
            raise ValueError("early stopping needs validation data: pass it to fit")
        loss = math.inf if math.isnan(record.validation_loss) else record.validation_loss
        if (record.validation_accuracy, -loss) > (self.accuracy, -self.loss):
            self.accuracy, self.loss = record.validation_accuracy, loss
            self.epoch, self.waited = record.epoch, 0
            self.tensors = {name: array.copy() for name, array in network.tensors().items()}
        else:
            self.waited += 1
        return self.waited >= self.patience

    def restore(self, network: Network) -> None:
        """Give the network the weights of the best epoch."""
        if self.tensors:
            network.load_tensors(self.tensors)
