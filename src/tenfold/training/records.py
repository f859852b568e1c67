"""Records: the results of each step and epoch of a training run."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from tenfold.nn.arguments import check_fields
from tenfold.nn.array import Array
from tenfold.nn.html_table import html_table

__all__ = ["EpochRecord", "Record", "Records", "StepRecord"]


@dataclass(frozen=True)
class StepRecord:
    """One training step: one batch, one update of the weights.

    Attributes:
        step: Index of the step, from 0.
        epoch: Number of the epoch, from 1, as the command line, plots and reports print it.
        loss: Mean loss of the batch before the update, without the L2 penalty.
        logits: Outputs of the network for the batch before the update, (N, classes). The next
            step overwrites this array.
        labels: Labels of the batch, (N,).
        learning_rate: Learning rate of the update.
    """

    step: int
    epoch: int
    loss: float
    logits: Array
    labels: Array
    learning_rate: float


@dataclass(frozen=True)
class EpochRecord:
    """One epoch: one pass over the data or, with ``Selective``, the same number of images.

    The training loss and accuracy are means over the images of the epoch, each computed before the
    update with its batch. So they describe the network during the epoch, not at its end. With
    ``Selective`` these images are harder than average, so the loss may even rise. ``records.jsonl``
    has one line per record.

    Attributes:
        epoch: Number of the epoch, from 1, as the command line, plots and reports print it.
        step: Number of steps so far.
        train_loss: Mean training loss, without the L2 penalty.
        train_accuracy: Share of correct predictions, 0 to 1.
        learning_rate: Learning rate of the last update of the epoch.
        validation_loss: Loss after the epoch; None if there is no validation data.
        validation_accuracy: Accuracy after the epoch, 0 to 1; None if there is no validation data.
    """

    epoch: int
    step: int
    train_loss: float
    train_accuracy: float
    learning_rate: float
    validation_loss: float | None = None
    validation_accuracy: float | None = None

    def __post_init__(self) -> None:
        check_fields(self)

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain data, without those that are None."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    def _repr_html_(self) -> str:
        """Return the record as a table with one row, for notebooks."""
        return Records([self])._repr_html_()


Record = StepRecord | EpochRecord


class Records(list[EpochRecord]):
    """The epoch records of a training run: a list that notebooks show as a table.

    Args:
        records: Records, such as the iterator that ``fit`` or ``execute`` returns. The constructor
            iterates over all of them, so the whole training runs here. Step records are left out.

    Example:
        >>> Records(fit(network, train, optimizer=Adam(), schedule=OneCycle(0.005)))
    """

    def __init__(self, records: Iterable[Record] = ()) -> None:
        super().__init__(record for record in records if isinstance(record, EpochRecord))

    def _repr_html_(self) -> str:
        """Return the records as a table. Epochs count from 1; empty columns are left out."""
        columns = {
            title: [_cell(getattr(record, name), form) for record in self]
            for name, (title, form) in _COLUMNS.items()
        }
        filled = {title: cells for title, cells in columns.items() if any(cells)}
        epochs = [str(record.epoch) for record in self]
        rows = list(zip(epochs, *filled.values(), strict=True))
        return html_table(["epoch", *filled], rows, left=0)


def _cell(value: float | None, form: str) -> str:
    return "" if value is None else format(value, form)


_COLUMNS = {
    "step": ("steps", ","),
    "train_loss": ("training loss", ".4f"),
    "train_accuracy": ("training accuracy", ".2%"),
    "validation_loss": ("validation loss", ".4f"),
    "validation_accuracy": ("validation accuracy", ".2%"),
    "learning_rate": ("learning rate", ".3g"),
}
"""The columns of a table of records: for each attribute, the heading and the number format."""
