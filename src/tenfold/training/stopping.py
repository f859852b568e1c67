"""Early stopping: keep the best weights, and stop when they stay the best."""

from dataclasses import dataclass, field
from typing import ClassVar

from tenfold.nn import Network
from tenfold.nn.array import Array
from tenfold.training.records import EpochRecord

__all__ = ["EarlyStopping"]


@dataclass
class EarlyStopping:
    """Remembers the weights of the best epoch on validation.

    Better means a higher validation accuracy, or the same accuracy with a lower loss.

    Args:
        patience: logged epochs without anything better before ``update`` says stop.

    Attributes:
        accuracy, loss: of the best epoch so far. ``epoch``: which it was.
        waited: logged epochs since.
        tensors: the network's arrays then, by name.

    Prechelt, "Early stopping - but when?" (1998).
    """

    # What a checkpoint keeps.
    state_names: ClassVar[tuple[str, ...]] = ("tensors", "accuracy", "loss", "epoch", "waited")

    patience: int
    accuracy: float = -1.0
    loss: float = float("inf")
    epoch: int = -1
    waited: int = 0
    tensors: dict[str, Array] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if self.patience < 1:
            raise ValueError(f"patience is at least 1 epoch, not {self.patience}")

    def update(self, record: EpochRecord, network: Network) -> bool:
        """Take in an epoch; return whether to stop.

        Raises:
            ValueError: if the record has no validation result to go by.
        """
        if record.validation_accuracy is None or record.validation_loss is None:
            raise ValueError("early stopping needs validation data: pass it to fit")
        candidate = (record.validation_accuracy, -record.validation_loss)
        if candidate > (self.accuracy, -self.loss):
            self.accuracy, self.loss = record.validation_accuracy, record.validation_loss
            self.epoch, self.waited = record.epoch, 0
            self.tensors = {name: array.copy() for name, array in network.tensors().items()}
        else:
            self.waited += 1
        return self.waited >= self.patience

    def restore(self, network: Network) -> None:
        """Give the network the weights of the best epoch."""
        if self.tensors:
            network.load_tensors(self.tensors)
