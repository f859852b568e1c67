"""Statistics of the layers of a network during training, from the rows of a ``LayerMonitor``.

In this module, an update is the change of a layer's weights in one training step. The x axes count
the steps from 1, on a square-root scale. This scale gives more space to the first steps, in which
the layers change most.
"""

import math
from collections.abc import Iterable, Sequence
from itertools import cycle
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import numpy as np

from tenfold.errors import TenfoldError
from tenfold.inspection import LayerRow
from tenfold.nn.mapping_rules import DictWith
from tenfold.plots.formatting import axis_percent
from tenfold.plots.style import COLOURS, FAINT, INK, MARKERS, PALE, styled_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "TITLE_STYLE",
    "LayerRows",
    "activations_figure",
    "dead_units_figure",
    "gradients_figure",
    "no_data_error",
    "panels",
    "updates_figure",
]

_LINE_STYLES = ("-", "--", "-.", ":")
_STEP_LABEL = "step (square-root scale)"
_USUAL_RATIO = 1e-3  # usual size of an update as a share of the weights

LayerRows: TypeAlias = Sequence[Annotated[LayerRow, DictWith("step", "layer", "name", "images")]]
"""Rows from ``LayerMonitor`` or from a run's ``layers.jsonl``."""

TITLE_STYLE: dict[str, Any] = {"x": 0.01, "ha": "left", "size": 10.5, "weight": "bold"}
"""Text style of the title of a figure with several panels."""


@styled_figure
def activations_figure(rows: LayerRows) -> "Figure":
    """Draw the mean and standard deviation of each layer's outputs over the training steps.

    Args:
        rows: Layer rows from ``LayerMonitor`` or from a run's ``layers.jsonl``.

    Raises:
        TenfoldError: If no row contains a mean, or matplotlib is not installed.
    """
    layers = _group_by_layer(rows, "mean")
    figure, grid = panels(len(layers), 1.9, 1.45)
    for axes, (name, points) in zip(grid, layers.items(), strict=False):
        steps = _step_numbers(points)
        mean = np.array([row["mean"] for row in points])
        standard_deviation = np.array([_or_nan(row.get("deviation")) for row in points])
        axes.axhline(0, color=PALE)
        axes.fill_between(
            steps,
            mean - standard_deviation,
            mean + standard_deviation,
            color=COLOURS[5],
            alpha=0.45,
        )
        axes.plot(steps, mean, color=COLOURS[0])
        axes.set_title(name, size=9, pad=4)
        _set_square_root_scale(axes, rows)
        axes.locator_params(axis="y", nbins=4)
    images = max(row["images"] for row in rows)
    figure.suptitle(
        f"Outputs of each layer on {images} images: mean ± standard deviation", **TITLE_STYLE
    )
    figure.supxlabel(_STEP_LABEL, color=FAINT, size=9)
    return figure


@styled_figure
def gradients_figure(rows: LayerRows) -> "Figure":
    """Draw the root mean square of each layer's gradient on a logarithmic scale.

    Curves that are far apart show gradients that vanish or explode in the backward pass.

    Args:
        rows: Layer rows from ``LayerMonitor`` or from a run's ``layers.jsonl``.

    Raises:
        TenfoldError: If no row contains a gradient, or matplotlib is not installed.
    """
    figure, axes = _draw_layers(rows, "gradient_rms")
    _set_log_scale(axes)
    axes.set_title("Gradients of each layer's weights")
    axes.set_ylabel("root mean square of the gradient")
    return figure


@styled_figure
def updates_figure(rows: LayerRows) -> "Figure":
    """Draw the size of each layer's updates as a share of its weights on a logarithmic scale.

    A share of about 0.001 is usual. At 0.01 training may be unstable, at 0.00001 it is very slow.

    Args:
        rows: Layer rows from ``LayerMonitor`` or from a run's ``layers.jsonl``.

    Raises:
        TenfoldError: If no row contains an update ratio, or matplotlib is not installed.
    """
    figure, axes = _draw_layers(rows, "update_ratio")
    axes.axhline(_USUAL_RATIO, color=INK, linewidth=1, linestyle=(0, (6, 3)), label="usual: 0.001")
    _set_log_scale(axes)
    axes.set_title("Updates as a share of the weights")
    axes.set_ylabel("update / weight, root mean squares")
    _add_legend(figure, axes)
    return figure


@styled_figure
def dead_units_figure(rows: LayerRows) -> "Figure":
    """Draw the share of dead units in each activation layer.

    A unit is dead if its output is 0 for every measured image.

    Args:
        rows: Layer rows from ``LayerMonitor`` or from a run's ``layers.jsonl``.

    Raises:
        TenfoldError: If no row contains the share of dead units, or matplotlib is not installed.
    """
    figure, axes = _draw_layers(rows, "dead")
    images = max(row["images"] for row in rows)
    axes.set_title(f"Dead units: output 0 for all of {images} training images")
    axes.set_ylabel("share of the layer's units")
    axes.yaxis.set_major_formatter(axis_percent)
    highest = max(row["dead"] for row in rows if row.get("dead") is not None)
    top = max(0.05, 1.05 * highest)
    axes.set_ylim(-0.02 * top, top)
    return figure


def _group_by_layer(rows: Iterable[LayerRow], key: str) -> dict[str, list[LayerRow]]:
    """Return the rows with a finite value of a key, by layer name, from input to output."""
    layers: dict[str, list[LayerRow]] = {}
    for row in sorted(rows, key=lambda row: (row["layer"], row["step"])):
        if row.get(key) is not None and math.isfinite(row[key]):
            layers.setdefault(row["name"], []).append(row)
    if not layers:
        raise no_data_error(key)
    return layers


def _step_numbers(rows: Iterable[LayerRow]) -> list[int]:
    """Return the number of the step after which each row was measured, counted from 1."""
    return [row["step"] + 1 for row in rows]


def panels(
    count: int, width: float, height: float, columns: int | None = None
) -> tuple["Figure", list["Axes"]]:
    """Return a figure with a grid of panels, and the first ``count`` panels; the others are blank.

    Args:
        count: Number of panels.
        width: Width of a panel, in inches.
        height: Height of a panel, in inches.
        columns: Number of columns; by default it depends on the count.
    """
    from matplotlib.figure import Figure

    columns = columns or (min(count, 3) if count <= 9 else 4 if count <= 20 else 5)
    rows = math.ceil(count / columns)
    size = (max(6.4, width * columns), height * rows + 0.9)
    figure = Figure(figsize=size, layout="constrained")
    grid = list(figure.subplots(rows, columns, squeeze=False).flatten())
    for axes in grid[count:]:
        axes.set_axis_off()
    return figure, grid[:count]


def _draw_layers(rows: LayerRows, key: str) -> tuple["Figure", "Axes"]:
    """Return a figure with a curve for each layer, dark to light from input to output."""
    from matplotlib import colormaps
    from matplotlib.figure import Figure

    layers = _group_by_layer(rows, key)
    figure = Figure(figsize=(7.2, max(4.0, 0.21 * len(layers) + 1.4)), layout="constrained")
    axes = figure.subplots()
    shades = colormaps["viridis"](np.linspace(0, 0.88, len(layers)))
    styles = zip(shades, cycle(MARKERS), cycle(_LINE_STYLES), strict=False)
    for (name, points), (colour, marker, line_style) in zip(layers.items(), styles, strict=False):
        axes.plot(
            _step_numbers(points),
            [row[key] for row in points],
            color=colour,
            marker=marker,
            linestyle=line_style,
            linewidth=1.3,
            markersize=4,
            markevery=max(1, len(points) // 8),
            label=name,
        )
    _set_square_root_scale(axes, rows)
    axes.set_xlabel(_STEP_LABEL)
    _add_legend(figure, axes)
    return figure, axes


def _add_legend(figure: "Figure", axes: "Axes") -> None:
    """Add a legend of the curves next to the axes; it replaces an earlier legend."""
    for legend in figure.legends:
        legend.remove()
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside right upper", title="from input to output")


def _set_square_root_scale(axes: "Axes", rows: LayerRows) -> None:
    """Set a square-root scale of the steps, with ticks at 1 and at two other steps at most."""
    last = max(_step_numbers(rows))
    axes.set_xscale(
        "function", functions=(lambda x: np.sqrt(np.maximum(x, 0)), lambda x: np.square(x))
    )
    axes.set_xlim(1, max(2, last * 1.01))
    unit = 10.0 ** math.floor(math.log10(last))
    top = max(unit * factor for factor in (1, 2, 5) if unit * factor <= last)
    ticks = sorted({1, *(max(1, round(top * share)) for share in (0.25, 1))})
    axes.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
    axes.minorticks_off()


def _set_log_scale(axes: "Axes") -> None:
    """Set a logarithmic scale of the y axis, with ticks such as 0.001 (format ``g``)."""
    from matplotlib.ticker import LogLocator, NullFormatter

    values = np.concatenate([np.asarray(line.get_ydata(), float) for line in axes.lines])
    values = values[values > 0]
    if values.size:
        if values.min() == values.max():
            axes.set_ylim(values.min() / 10, values.max() * 10)
        axes.set_yscale("log")
        is_narrow = values.max() < 100 * values.min()
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if is_narrow else (1,)))
        axes.yaxis.set_major_formatter("{x:g}")
        axes.yaxis.set_minor_formatter(NullFormatter())


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else value


def no_data_error(key: str) -> TenfoldError:
    """Return the error for rows without the values to draw."""
    return TenfoldError(
        f"no row contains {key}, so there is nothing to draw: train with a LayerMonitor"
    )
