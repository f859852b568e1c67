"""Catalogue: training curves and the learning rate."""

from typing import TYPE_CHECKING

from tenfold.plots.catalogue.entry import CatalogueFigure, FigureData, ReportEntry
from tenfold.plots.curves import (
    METRICS,
    PROBABILITY_ERRORS,
    learning_curves,
    metric_curves,
)
from tenfold.plots.formatting import percent, seconds
from tenfold.plots.schedule import schedule_figure
from tenfold.runs import Records

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["FIGURES", "change", "is_recorded"]

_SECTION = "training"
_SIZE = (4.8, 3.3)  # inches, for two figures side by side; the text is readable on a phone
# The caption says after how many seconds these accuracies were reached (the highest four of them).
_ACCURACIES = (0.5, 0.8, 0.9, 0.95, 0.97, 0.98, 0.99, 0.995, 0.997)
_MEANINGS = {
    "last_batch_accuracy": "Accuracy on the last batch of each epoch",
    "cost": "Mean squared error between the probabilities and the labels",
    "rmse": "Square root of the mean squared error",
    "r2": "1 - MSE / 0.09, the share of the variance of the labels that is explained",
}


def is_recorded(records: Records, *keys: str) -> bool:
    """Return whether a record contains a number for one of the keys."""
    return any(row.get(key) is not None for row in records for key in keys)


def change(records: Records, key: str) -> str:
    """Return how a recorded number changed, as a verb phrase: ``fell from 2 to 1``."""
    values = _values(records, key)
    if not values:
        return "was not recorded"
    texts = [percent(v) if key.endswith("accuracy") else f"{v:.4g}" for v in values]
    if len(values) == 1:
        return f"was {texts[0]}"
    verb = "rose" if values[-1] > values[0] else "fell"
    return f"{verb} from {texts[0]} to {texts[-1]}"


def _values(records: Records, key: str) -> list[float]:
    return [row[key] for row in records if row.get(key) is not None]


def _accuracy_caption(data: FigureData) -> str:
    records = data.records
    if not is_recorded(records, "validation_accuracy"):
        return f"On the training images it {change(records, 'train_accuracy')}."
    validation = f"On the validation images it {change(records, 'validation_accuracy')}"
    if len(records) == 1:
        return f"{validation} at the end."
    best = max(_values(records, "validation_accuracy"))
    epoch = next(row["epoch"] for row in records if row.get("validation_accuracy") == best)
    return (
        f"{validation}; the highest was {percent(best)}, after epoch {epoch:,}. The training "
        "curve is measured while the weights still change, so it lags behind."
    )


def _loss_caption(data: FigureData) -> str:
    records, recipe = data.records, data.recipe
    text = f"On the training images it {change(records, 'train_loss')}"
    if is_recorded(records, "validation_loss"):
        if len(records) == 1:
            text += (
                " over the epoch; on the validation images it "
                f"{change(records, 'validation_loss')} at the end"
            )
        else:
            lowest = min(_values(records, "validation_loss"))
            epoch = next(row["epoch"] for row in records if row.get("validation_loss") == lowest)
            text += f"; on the validation images it was lowest, {lowest:.4g}, after epoch {epoch:,}"
    smoothing = getattr(recipe.loss, "label_smoothing", 0.0) if recipe is not None else 0.0
    if not smoothing:
        return f"{text}."
    return (
        f"{text}. The training loss uses labels smoothed by {smoothing:g}, so it stays well above "
        "0; the validation loss uses the labels without smoothing."
    )


def _seconds_caption(data: FigureData) -> str:
    """Return a sentence on the seconds after which validation accuracy passed round numbers."""
    rows = [
        row
        for row in data.records
        if row.get("validation_accuracy") is not None and row.get("seconds") is not None
    ]
    passed = {
        mark: next((row["seconds"] for row in rows if row["validation_accuracy"] >= mark), None)
        for mark in _ACCURACIES
    }
    reached = [
        f"{percent(mark, 1).replace('.0', '')} after {seconds(time)}"
        for mark, time in passed.items()
        if time is not None
    ]
    if not reached:
        return "Accuracy over the seconds of training."
    return f"On the validation images it passed {'; '.join(reached[-4:])}."


def _has_seconds(data: FigureData) -> bool:
    records = data.records
    has_keys = is_recorded(records, "validation_accuracy") and is_recorded(records, "seconds")
    return len(records) > 1 and has_keys


def _schedule(data: FigureData) -> "Figure":
    assert data.recipe is not None
    return schedule_figure({data.recipe.name: data.recipe.schedule}, data.steps)


def _schedule_caption(data: FigureData) -> str:
    assert data.recipe is not None
    return f"The learning rate at every step: {data.recipe.schedule!r}."


def _errors(data: FigureData) -> "Figure":
    recorded = [key for key in PROBABILITY_ERRORS if is_recorded(data.records, key)]
    return metric_curves({data.label: data.records}, recorded)


def _recorded_metric(metric: str) -> CatalogueFigure:
    """Return the entry of a metric that has one value per epoch, not one for each split."""

    def draw(data: FigureData) -> "Figure":
        return learning_curves({data.label: data.records}, metric)

    def caption(data: FigureData) -> str:
        return f"{_MEANINGS[metric]}. It {change(data.records, metric)}."

    title = METRICS[metric].title
    return CatalogueFigure(
        name=metric.replace("_", "-"),
        title=title,
        sources=("records.jsonl",),
        condition=lambda data: is_recorded(data.records, metric),
        draw=draw,
        report=ReportEntry(_SECTION, caption, _alt(title), _SIZE, "beside"),
    )


def _alt(title: str, over: str = "epochs") -> str:
    return f"A curve, {title.lower()} over the {over}."


_ACCURACY, _LOSS = METRICS["accuracy"].title, METRICS["loss"].title

FIGURES: tuple[CatalogueFigure, ...] = (
    CatalogueFigure(
        name="accuracy",
        title=_ACCURACY,
        sources=("records.jsonl",),
        condition=lambda data: is_recorded(data.records, "train_accuracy", "validation_accuracy"),
        draw=lambda data: learning_curves({data.label: data.records_or_batches}, "accuracy"),
        file="learning-curve",
        report=ReportEntry(_SECTION, _accuracy_caption, _alt(_ACCURACY), _SIZE, "beside"),
    ),
    CatalogueFigure(
        name="loss",
        title=_LOSS,
        sources=("records.jsonl",),
        condition=lambda data: is_recorded(data.records, "train_loss", "validation_loss"),
        draw=lambda data: learning_curves({data.label: data.records_or_batches}, "loss"),
        file="loss",
        report=ReportEntry(_SECTION, _loss_caption, _alt(_LOSS), _SIZE, "beside"),
    ),
    _recorded_metric("last_batch_accuracy"),
    *map(_recorded_metric, PROBABILITY_ERRORS),
    CatalogueFigure(
        name="errors",
        title="MSE, RMSE and R²",
        sources=("records.jsonl",),
        condition=lambda data: is_recorded(data.records, *PROBABILITY_ERRORS),
        draw=_errors,
        file="errors",
    ),
    CatalogueFigure(
        name="accuracy-seconds",
        title="Accuracy against seconds",
        sources=("records.jsonl",),
        condition=_has_seconds,
        draw=lambda data: learning_curves({data.label: data.records}, over="seconds"),
        report=ReportEntry(_SECTION, _seconds_caption, _alt(_ACCURACY, "seconds"), _SIZE, "beside"),
    ),
    CatalogueFigure(
        name="schedule",
        title=METRICS["learning_rate"].title,
        sources=("config.json",),
        draw=_schedule,
        file="schedule",
        report=ReportEntry(_SECTION, _schedule_caption, "A curve over the steps.", _SIZE, "beside"),
    ),
)
"""Figures of the training curves and of the learning rate."""
