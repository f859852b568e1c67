"""Section: the training curves and the records of the epochs."""

from collections.abc import Iterator

import numpy as np

from tenfold.plots.catalogue.curves import change, is_recorded
from tenfold.plots.formatting import percent, seconds
from tenfold.report.blocks import Block, Details, Section, SideBySide, Table
from tenfold.report.context import Context
from tenfold.report.figures import figure_blocks
from tenfold.runs import Records

__all__ = ["training_section"]

_ROWS = 25  # largest number of rows of a table
_COLUMNS = {
    "Loss and accuracy": {
        "training loss": "train_loss",
        "training accuracy": "train_accuracy",
        "validation loss": "validation_loss",
        "validation accuracy": "validation_accuracy",
    },
    "Steps, learning rate and seconds": {
        "steps": "step",
        "learning rate": "learning_rate",
        "seconds": "seconds",
    },
}
_SELECTIVE = " This loss covers the sampled images, which are harder than average."


def training_section(context: Context) -> Section | None:
    """Return the section on training; None if the run has no records.

    Curves are drawn if they have at least two points.
    """
    records = context.records
    if not records:
        return None
    has_curve = len(context.figure_data.records_or_batches) > 1
    blocks: list[Block] = figure_blocks(context.figure_data, "training") if has_curve else []
    tables = SideBySide(list(_tables(records)))
    blocks.append(Details("All numbers by epoch", [tables]) if blocks else tables)
    return Section("training", "Training", _intro(context), blocks)


def _intro(context: Context) -> str:
    records, metrics = context.records, context.metrics
    steps = f"{metrics.steps:,} steps in {seconds(metrics.train_seconds)}"
    if len(records) == 1:
        curves = " The curves show single batches during the epoch." if context.layers else ""
        return f"{steps}.{curves}"
    note = "" if context.run.recipe.selective is None else _SELECTIVE
    if metrics.kept_epoch is None:
        kept = f"of the last epoch, {records[-1]['epoch']:,},"
    else:
        kept = f"of epoch {metrics.kept_epoch:,}"
    return (
        f"{steps}; the training loss {change(records, 'train_loss')}.{note} The weights {kept} "
        "were kept."
    )


def _tables(records: Records) -> Iterator[Table]:
    """Yield the records as two tables, each narrow enough for a phone."""
    indices = np.linspace(0, len(records) - 1, min(_ROWS, len(records))).round().astype(int)
    extent = f"{len(indices)} of {len(records):,}" if len(indices) < len(records) else "all"
    for title, columns in _COLUMNS.items():
        recorded = {name: key for name, key in columns.items() if is_recorded(records, key)}
        rows = [
            [
                f"{records[i]['epoch']:,}",
                *(_cell(records[i].get(k), k) for k in recorded.values()),
            ]
            for i in indices
        ]
        yield Table(f"{title} ({extent} records of records.jsonl)", ["epoch", *recorded], rows)


def _cell(value: float | None, key: str) -> str:
    if value is None:
        return ""
    if key == "step":
        return f"{value:,}"
    if key.endswith("accuracy"):
        return percent(value)
    return f"{value:.1f}" if key == "seconds" else f"{value:.4g}"
