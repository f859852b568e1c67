"""Training curves of one run or of several.

Each run has its own colour and marker. Solid lines are training, dashed lines validation.
"""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

import numpy as np

from tenfold.errors import TenfoldError
from tenfold.nn.arguments import checked
from tenfold.plots.formatting import axis_percent
from tenfold.plots.style import COLOURS, FAINT, MARKERS, FigureSize, styled_figure
from tenfold.runs import Records

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

__all__ = [
    "METRICS",
    "PROBABILITY_ERRORS",
    "Metric",
    "Over",
    "Runs",
    "learning_curves",
    "metric_curves",
]

Runs: TypeAlias = Mapping[str, Records]
"""The epoch records of each run, by the run's name."""

Over: TypeAlias = Literal["epoch", "seconds", "step"]
"""The quantity on an x axis: epochs, seconds of training, or steps."""

_PARTS: dict[str, tuple[str, Any]] = {
    "train_": ("training", "-"),
    "validation_": ("validation", "--"),
    "": ("", "-"),
}
"""The split and the line style for each prefix of the keys in a record."""

_SPACED_MARKERS = 11  # markers on a curve of more than 22 points; shorter curves mark each point
_LETTERS_PER_INCH = 13  # letters in an inch of the text of a legend


class Metric(NamedTuple):
    """How a recorded metric is drawn.

    Attributes:
        title: Title of its curve.
        axis: Label of the y axis.
        kind: ``"share"``, from 0 to 1, ``"positive"``, which may need a logarithmic scale, or
            ``"number"``.
    """

    title: str
    axis: str
    kind: str = "number"


METRICS = {
    "accuracy": Metric("Accuracy", "accuracy", "share"),
    "last_batch_accuracy": Metric("Accuracy on the last batch", "accuracy", "share"),
    "loss": Metric("Loss", "mean loss per image", "positive"),
    "cost": Metric("MSE", "mean squared error", "positive"),
    "rmse": Metric("RMSE", "root mean squared error", "positive"),
    "r2": Metric("R²", "share of variance explained"),
    "learning_rate": Metric("Learning rate", "learning rate", "positive"),
}
"""The metrics with a title of their own, by name: "loss" for the key ``train_loss`` of a record."""

PROBABILITY_ERRORS = ("cost", "rmse", "r2")
"""Metrics of the distance between probabilities and labels, which some recipes record."""


@checked
def learning_curves(
    runs: Runs,
    metric: str = "accuracy",
    *,
    over: Over = "epoch",
    size: FigureSize | None = None,
) -> "Figure":
    """Draw one metric of one or several runs over epochs, seconds or steps.

    An x axis of epochs is labelled "step" if every epoch is one step (``step`` equals ``epoch``). A
    positive metric that spans more than two decades gets a logarithmic axis.

    Args:
        runs: Records by run name: dicts with the keys ``epoch``, ``step`` and any of
            ``train_<metric>``, ``validation_<metric>`` and ``<metric>``.
        metric: ``"accuracy"``, ``"loss"``, or another metric in the records.
        over: Quantity on the x axis; ``"seconds"`` leaves out records without seconds.
        size: Width and height in inches; by default enough for the legend of several runs.

    Raises:
        TenfoldError: If no record contains the metric, or matplotlib is not installed.
    """
    return metric_curves(runs, (metric,), over=over, size=size)


@styled_figure
def metric_curves(
    runs: Runs,
    keys: Sequence[str] = ("cost", "rmse", "r2"),
    *,
    over: Over = "epoch",
    size: FigureSize | None = None,
) -> "Figure":
    """Draw several metrics of the same runs in one figure, each as ``learning_curves`` does.

    Args:
        runs: Records by run name.
        keys: Names of the metrics, at least one.
        over: Quantity on the x axis.
        size: Width and height in inches; by default it depends on the number of metrics.

    Raises:
        TenfoldError: If no record contains one of the metrics, or matplotlib is not installed.
        ValueError: If ``keys`` is empty.
    """
    from matplotlib.figure import Figure

    if not keys:
        raise ValueError("keys must contain at least one metric")
    columns = len(keys) if len(keys) <= 3 else math.ceil(math.sqrt(len(keys)))
    rows = math.ceil(len(keys) / columns)
    default_size = (6.4, 4.2) if len(keys) == 1 else (3.7 * columns, 3.0 * rows + 0.4)
    figure = Figure(figsize=size or default_size, layout="constrained")
    grid = list(figure.subplots(rows, columns, squeeze=False).flatten())
    drawn = {
        line for axes, key in zip(grid, keys, strict=False) for line in _draw(axes, runs, key, over)
    }
    for axes in grid[len(keys) :]:
        axes.set_axis_off()
    _add_legend(figure, runs, drawn, grid[len(keys) :])
    return figure


def _draw(axes: "Axes", runs: Runs, key: str, over: str) -> set[tuple[str, str]]:
    """Draw and label every curve of one metric, and return (run, split) of each curve."""
    drawn = set()
    text = key.replace("_", " ")
    metric = METRICS.get(key, Metric(text.capitalize(), text))
    for index, (name, records) in enumerate(runs.items()):
        for prefix, (part, line) in _PARTS.items():
            points = _points(records, prefix + key, over)
            if points:
                drawn.add((name, part))
                axes.plot(
                    *zip(*points, strict=True),
                    label=f"{name}, {part}" if part else name,
                    linestyle=line,
                    markevery=_marker_indices(len(points)),
                    **_run_style(index, hollow=part == "validation"),
                )
    if not drawn:
        raise _metric_error(runs, key)
    axes.set_title(metric.title)
    axes.set_ylabel(metric.axis)
    _scale_x(axes, runs, over)
    _scale_y(axes, metric.kind)
    return drawn


def _points(records: Sequence[Mapping[str, Any]], key: str, over: str) -> list[tuple[float, float]]:
    """Return the points (x, value) of a curve, from the records that contain both numbers."""
    complete = [row for row in records if row.get(key) is not None and row.get(over) is not None]
    return [(row[over], row[key]) for row in complete]


def _marker_indices(count: int) -> list[int]:
    """Return the indices of points with a marker: all, or 11 evenly spaced on a long curve."""
    markers = count if count <= 2 * _SPACED_MARKERS else _SPACED_MARKERS
    return sorted({round(i) for i in np.linspace(0, count - 1, markers)})


def _run_style(index: int, hollow: bool = False) -> dict[str, Any]:
    """Return colour and marker of a run."""
    colour = COLOURS[index % len(COLOURS)]
    return {
        "color": colour,
        "marker": MARKERS[index % len(MARKERS)],
        "markerfacecolor": "white" if hollow else colour,
    }


def _scale_x(axes: "Axes", runs: Runs, over: str) -> None:
    from matplotlib.ticker import MaxNLocator

    if over == "seconds":
        axes.set_xlabel("seconds of training")
        return
    rows = [row for records in runs.values() for row in records]
    is_one_step = all(row["step"] == row["epoch"] for row in rows)
    axes.set_xlabel("step" if is_one_step or over == "step" else "epoch")
    axes.xaxis.set_major_locator(MaxNLocator("auto", integer=True, steps=[1, 2, 5, 10]))
    first, last = axes.dataLim.intervalx
    if first == last:
        axes.set_xlim(first - 1, last + 1)


def _scale_y(axes: "Axes", kind: str) -> None:
    from matplotlib.ticker import NullFormatter

    if kind == "share":
        axes.yaxis.set_major_formatter(axis_percent)
        low, high = axes.get_ylim()
        axes.set_ylim(max(low, -0.02), min(high, 1 + 0.02 * (high - low)))
    elif kind == "positive" and _spans_two_decades(axes.lines):
        axes.set_yscale("log")
        axes.yaxis.set_major_formatter("{x:g}")
        axes.yaxis.set_minor_formatter(NullFormatter())


def _spans_two_decades(lines: Sequence["Line2D"]) -> bool:
    values = np.concatenate([np.asarray(line.get_ydata(), float) for line in lines])
    positive = values[np.isfinite(values) & (values > 0)]
    return bool(positive.size) and float(positive.max()) > 100 * float(positive.min())


def _add_legend(
    figure: "Figure", runs: Runs, drawn: set[tuple[str, str]], blank: Sequence["Axes"]
) -> None:
    """Add a legend of runs (colour, marker) and splits (line), in a blank panel or below."""
    entries = _entries(runs, drawn)
    width = int(_LETTERS_PER_INCH * figure.get_figwidth()) // (3 if blank else 1)
    labels = [_shortened(label, width - 8) for label, _ in entries]
    handles = [handle for _, handle in entries]
    if blank:
        blank[0].legend(handles, labels, loc="upper left")
    else:
        columns = max(1, min(len(labels), width // (max(map(len, labels)) + 8)))
        figure.legend(handles, labels, loc="outside lower left", ncols=columns)


def _entries(runs: Runs, drawn: set[tuple[str, str]]) -> list[tuple[str, "Line2D"]]:
    from matplotlib.lines import Line2D

    names, parts = {name for name, _ in drawn}, {part for _, part in drawn}
    colours = [
        (name, Line2D([], [], linestyle="none", **_run_style(index)))
        for index, name in enumerate(runs)
        if name in names
    ]
    lines = [
        (part, Line2D([], [], linestyle=line, color=FAINT))
        for part, line in _PARTS.values()
        if part and part in parts
    ]
    return colours + lines


def _shortened(name: str, limit: int) -> str:
    """Return a name, or the end of a long name, because long paths usually differ at the end."""
    return name if len(name) <= limit else "…" + name[-limit + 1 :]


def _metric_error(runs: Runs, key: str) -> TenfoldError:
    known = {name for records in runs.values() for row in records for name in row}
    return TenfoldError(
        f"no record contains {key!r}, so there is nothing to draw; the records contain: "
        f"{', '.join(sorted(known)) or 'nothing'}"
    )
