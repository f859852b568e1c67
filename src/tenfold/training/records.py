"""Records: what a training run says about itself while it goes on."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from tenfold.nn.array import Array
from tenfold.nn.html_table import html_table

__all__ = ["EpochRecord", "Record", "Records", "StepRecord"]


@dataclass(frozen=True)
class StepRecord:
    """One step: one batch, one update.

    Attributes:
        step: from 0. ``epoch``: from 0.
        epoch: which pass over the data, or as many images, it belongs to.
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
    """One pass over the data, or as many images; what ``records.jsonl`` holds.

    Attributes:
        epoch: from 0.
        step: how many updates were made so far.
        train_loss: mean over the epoch's images, each seen before its batch's update. Of
            those that ``Selective`` chooses more are hard than of all, so that it may rise.
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

    def _repr_html_(self) -> str:
        """Return a table of one row: how a notebook shows a record."""
        return Records([self])._repr_html_()


Record = StepRecord | EpochRecord


class Records(list[EpochRecord]):
    """The epoch records of a training, as a list that a notebook shows as a table.

    Args:
        records: from ``fit`` or ``execute``, which it carries out to their end; records of steps
            are passed over.

    Example:
        >>> Records(fit(network, train, optimizer=Adam(), schedule=OneCycle(0.005)))
    """

    def __init__(self, records: Iterable[Record] = ()) -> None:
        super().__init__(record for record in records if isinstance(record, EpochRecord))

    def _repr_html_(self) -> str:
        """Return the records as a table, epochs counted from 1, without columns that are empty."""
        columns = {
            title: [_cell(getattr(record, name), form) for record in self]
            for name, (title, form) in _COLUMNS.items()
        }
        filled = {title: cells for title, cells in columns.items() if any(cells)}
        epochs = [str(record.epoch + 1) for record in self]
        rows = list(zip(epochs, *filled.values(), strict=True))
        return html_table(["epoch", *filled], rows, left=0)


def _cell(value: float | None, form: str) -> str:
    return "" if value is None else format(value, form)


_COLUMNS = {
    "step": ("updates", ","),
    "train_loss": ("training loss", ".4f"),
    "train_accuracy": ("training accuracy", ".2%"),
    "validation_loss": ("validation loss", ".4f"),
    "validation_accuracy": ("validation accuracy", ".2%"),
    "learning_rate": ("learning rate", ".3g"),
}
"""What a table of records shows: an attribute's heading and its format."""
