"""Learning: how the run went, epoch by epoch."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from tenfold.plots import learning_curves, planned_steps, schedule_figure
from tenfold.report.blocks import Beside, Block, Folded, Picture, Section, Table
from tenfold.report.context import Context
from tenfold.report.formatting import percent, seconds
from tenfold.report.svg import drawn
from tenfold.runs import curve_points

__all__ = ["learning"]

_SIZE = (4.8, 3.3)  # inches: two beside each other, and letters that can be read on a phone
_ROWS = 25
_MARKS = (0.5, 0.8, 0.9, 0.95, 0.97, 0.98, 0.99, 0.995, 0.997)
_COLUMNS = {
    "Loss and accuracy": {
        "training loss": "train_loss",
        "training accuracy": "train_accuracy",
        "validation loss": "validation_loss",
        "validation accuracy": "validation_accuracy",
    },
    "Updates, rate and seconds": {
        "updates": "step",
        "learning rate": "learning_rate",
        "seconds": "seconds",
    },
}
_ERRORS = {
    "cost": ("Cost", "The mean squared distance between the probabilities and the right answers"),
    "rmse": ("RMSE", "The root of the cost"),
    "r2": ("R²", "1 - cost / 0.09, the cost again as a share of the variance of ten digits"),
}

_HARDER = " That is the loss of the images met, of which more are hard than of all."


def learning(context: Context) -> Section | None:
    """Return the curves, if there are two points to draw one through, and the numbers."""
    records = context.records
    if not records:
        return None
    points = curve_points(records, context.run.layers())
    blocks: list[Block] = [Beside(list(_pictures(context, points)))] if len(points) > 1 else []
    tables = Beside(list(_tables(records)))
    blocks.append(Folded("The numbers, epoch by epoch", [tables]) if blocks else tables)
    return Section("learning", "How it learned", _lead(context), blocks)


def _lead(context: Context) -> str:
    records, metrics = context.records, context.metrics
    last = records[-1]
    updates = f"{metrics.steps:,} updates in {seconds(metrics.train_seconds)}"
    if len(records) == 1:
        curves = "The curves are those of single batches, as the weights met them."
        return f"{updates}. {curves}" if context.run.layers() else f"{updates}."
    best = metrics.best_epoch
    kept = f" The weights kept are those of epoch {best + 1}." if isinstance(best, int) else ""
    harder = "" if context.run.recipe.selective is None else _HARDER
    lost = f"{updates}; the loss on the training images {_from_to(records, 'train_loss')}.{harder}"
    return lost + (
        kept or f" The weights kept are those after epoch {last['epoch'] + 1:,}, the last."
    )


def _pictures(context: Context, points: list[dict[str, Any]]) -> Iterable[Picture]:
    records, recipe = context.records, context.run.recipe
    if _has(records, "train_accuracy", "validation_accuracy"):
        yield _curve(points, "accuracy", "Accuracy", _accuracy_in_words(records))
    if _has(records, "train_loss", "validation_loss"):
        smoothing = getattr(recipe.loss, "label_smoothing", 0.0)
        yield _curve(points, "loss", "Loss", _loss_in_words(records) + _smoothed(smoothing))
    if _has(records, "last_batch_accuracy"):
        went = _from_to(records, "last_batch_accuracy")
        words = f"On the last batch of each epoch alone it {went}."
        yield _curve(records, "last_batch_accuracy", "Accuracy on the last batch", words)
    for key, (name, what) in _ERRORS.items():
        if _has(records, key):
            yield _curve(records, key, name, f"{what}: it {_from_to(records, key)}.")
    if len(records) > 1 and _has(records, "validation_accuracy") and _has(records, "seconds"):
        words = _seconds_in_words(records)
        yield _curve(records, "accuracy", "Accuracy against seconds", words, over="seconds")
    figure = schedule_figure({recipe.name: recipe.schedule}, planned_steps(recipe, context.metrics))
    words = f"The learning rate of every update: {recipe.schedule!r}."
    yield drawn(figure, "schedule", "Learning rate", words, f"A curve. {words}", _SIZE)


def _curve(
    points: list[dict[str, Any]], metric: str, title: str, caption: str, over: Any = "epoch"
) -> Picture:
    runs = {"this run": points}
    figure = learning_curves(runs, metric, over=over, size=_SIZE)
    alt = f"A curve, {title.lower()} over the {over if over == 'seconds' else 'epochs'}. {caption}"
    return drawn(figure, f"curve-{metric}-{over}".replace("_", "-"), title, caption, alt)


def _has(records: list[dict[str, Any]], *keys: str) -> bool:
    """Whether some record holds one of these numbers."""
    return any(row.get(key) is not None for row in records for key in keys)


def _values(records: list[dict[str, Any]], key: str) -> list[float]:
    return [row[key] for row in records if row.get(key) is not None]


def _from_to(records: list[dict[str, Any]], key: str) -> str:
    values = _values(records, key)
    if not values:
        return "was not recorded"
    if len(values) == 1:
        return f"was {percent(values[0]) if key.endswith('accuracy') else f'{values[0]:.4g}'}"
    verb = "rose" if values[-1] > values[0] else "fell"
    if key.endswith("accuracy"):
        return f"{verb} from {percent(values[0])} to {percent(values[-1])}"
    return f"{verb} from {values[0]:.4g} to {values[-1]:.4g}"


def _accuracy_in_words(records: list[dict[str, Any]]) -> str:
    if not _has(records, "validation_accuracy"):
        return f"On the training images it {_from_to(records, 'train_accuracy')}."
    if len(records) == 1:
        return f"On the validation images it {_from_to(records, 'validation_accuracy')} at the end."
    best = max(_values(records, "validation_accuracy"))
    at = next(row["epoch"] + 1 for row in records if row.get("validation_accuracy") == best)
    return (
        f"On the validation images it {_from_to(records, 'validation_accuracy')}, the highest "
        f"being {percent(best)} after epoch {at:,}. The training line is measured while the "
        "weights still change, so it lags behind."
    )


def _loss_in_words(records: list[dict[str, Any]]) -> str:
    words = f"On the training images it {_from_to(records, 'train_loss')}"
    if not _has(records, "validation_loss"):
        return f"{words}."
    if len(records) == 1:
        went = _from_to(records, "validation_loss")
        return f"{words} over the epoch; on the validation images it {went} at the end."
    lowest = min(_values(records, "validation_loss"))
    at = next(row["epoch"] + 1 for row in records if row.get("validation_loss") == lowest)
    return f"{words}; on the validation images it was lowest, {lowest:.4g}, after epoch {at:,}."


def _smoothed(smoothing: float) -> str:
    """Say why the two lines do not meet, where labels are smoothed for training alone."""
    if not smoothing:
        return ""
    return (
        f" The training loss is that of labels smoothed by {smoothing:g}, which cannot come near "
        "0; the validation loss that of the labels as they are."
    )


def _seconds_in_words(records: list[dict[str, Any]]) -> str:
    rows = [row for row in records if row.get("validation_accuracy") is not None]
    rows = [row for row in rows if row.get("seconds") is not None]
    passed = {
        mark: next((row["seconds"] for row in rows if row["validation_accuracy"] >= mark), None)
        for mark in _MARKS
    }
    reached = [
        f"{percent(mark, 1).replace('.0', '')} after {seconds(time)}"
        for mark, time in passed.items()
        if time is not None
    ]
    if not reached:
        return "What the accuracy cost in seconds of training."
    return f"On the validation images it passed {'; '.join(reached[-4:])}."


def _tables(records: list[dict[str, Any]]) -> Iterator[Table]:
    """Yield the numbers in two tables that a phone has room for: how good it was, how far on."""
    places = np.linspace(0, len(records) - 1, min(_ROWS, len(records))).round().astype(int)
    some = f"{len(places)} of {len(records):,}" if len(places) < len(records) else "all"
    for what, columns in _COLUMNS.items():
        held = {name: key for name, key in columns.items() if _has(records, key)}
        rows = [
            [f"{records[i]['epoch'] + 1:,}", *(_cell(records[i].get(k), k) for k in held.values())]
            for i in places
        ]
        yield Table(f"{what}, from {some} records of records.jsonl", ["epoch", *held], rows)


def _cell(value: float | None, key: str) -> str:
    if value is None:
        return ""
    if key == "step":
        return f"{value:,}"
    if key.endswith("accuracy"):
        return percent(value)
    return f"{value:.1f}" if key == "seconds" else f"{value:.4g}"
