"""Statistics of the layers of a network during training, from the rows of a ``LayerMonitor``.

The x axes have a square-root scale, which gives more room to the first updates, where most happens.
"""

import math
from collections.abc import Iterable, Sequence
from itertools import cycle
from typing import TYPE_CHECKING, Any

import numpy as np

from tenfold.errors import TenfoldError
from tenfold.inspection import LayerRow
from tenfold.plots.formatting import axis_percent
from tenfold.plots.style import COLOURS, FAINT, INK, MARKERS, PALE, picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "TITLE",
    "activations_figure",
    "dead_units_figure",
    "gradients_figure",
    "nothing_to_draw",
    "panels",
    "updates_figure",
]

_LINES = ("-", "--", "-.", ":")
_UPDATES = "update (square-root scale)"
_USUAL = 1e-3  # update as a share of the weights: a rule of thumb

TITLE: dict[str, Any] = {"x": 0.01, "ha": "left", "size": 10.5, "weight": "bold"}
"""Look of the title of a figure with several panels."""


@picture
def activations_figure(rows: Sequence[LayerRow]) -> "Figure":
    """Draw mean and standard deviation of each layer's outputs over the updates.

    Args:
        rows: Layer rows from ``LayerMonitor`` or from a run's ``layers.jsonl``.

    Raises:
        TenfoldError: If no row holds a mean, or matplotlib is not installed.
    """
    layers = _by_layer(rows, "mean")
    figure, cells = panels(len(layers), 1.9, 1.45)
    for axes, (name, points) in zip(cells, layers.items(), strict=False):
        updates = _updates(points)
        mean = np.array([row["mean"] for row in points])
        deviation = np.array([_or_nan(row.get("deviation")) for row in points])
        axes.axhline(0, color=PALE)
        axes.fill_between(updates, mean - deviation, mean + deviation, color=COLOURS[5], alpha=0.45)
        axes.plot(updates, mean, color=COLOURS[0])
        axes.set_title(name, size=9, pad=4)
        _scale_steps(axes, rows)
        axes.locator_params(axis="y", nbins=4)
    images = max(row["images"] for row in rows)
    figure.suptitle(f"Outputs of each layer on {images} images: mean ± standard deviation", **TITLE)
    figure.supxlabel(_UPDATES, color=FAINT, size=9)
    return figure


@picture
def gradients_figure(rows: Sequence[LayerRow]) -> "Figure":
    """Draw the root mean square of each layer's gradient over the updates, logarithmically.

    Lines that are far apart show gradients that vanish or explode in the backward pass.

    Args:
        rows: Layer rows from ``LayerMonitor`` or from a run's ``layers.jsonl``.

    Raises:
        TenfoldError: If no row holds a gradient, or matplotlib is not installed.
    """
    figure, axes = _lines(rows, "gradient_rms")
    _scale_logarithmically(axes)
    axes.set_title("Gradients of each layer's weights")
    axes.set_ylabel("root mean square of the gradient")
    return figure


@picture
def updates_figure(rows: Sequence[LayerRow]) -> "Figure":
    """Draw the size of each layer's updates as a share of its weights, logarithmically.

    A share of about 0.001 is usual. At 0.01 training may be unstable, at 0.00001 it is very slow.

    Args:
        rows: Layer rows from ``LayerMonitor`` or from a run's ``layers.jsonl``.

    Raises:
        TenfoldError: If no row holds an update, or matplotlib is not installed.
    """
    figure, axes = _lines(rows, "update_ratio")
    axes.axhline(_USUAL, color=INK, linewidth=1, linestyle=(0, (6, 3)), label="usual: 0.001")
    _scale_logarithmically(axes)
    axes.set_title("Updates as a share of the weights")
    axes.set_ylabel("update / weight, root mean squares")
    _name_lines(figure, axes)
    return figure


@picture
def dead_units_figure(rows: Sequence[LayerRow]) -> "Figure":
    """Draw the share of each activation layer's units that are 0 for every probe image.

    Args:
        rows: Layer rows from ``LayerMonitor`` or from a run's ``layers.jsonl``.

    Raises:
        TenfoldError: If no row holds dead units, or matplotlib is not installed.
    """
    figure, axes = _lines(rows, "dead")
    images = max(row["images"] for row in rows)
    axes.set_title(f"Dead units: 0 for all of {images} training images")
    axes.set_ylabel("share of the layer's units")
    axes.yaxis.set_major_formatter(axis_percent)
    highest = max(row["dead"] for row in rows if row.get("dead") is not None)
    top = max(0.05, 1.05 * highest)
    axes.set_ylim(-0.02 * top, top)
    return figure


def _by_layer(rows: Iterable[LayerRow], key: str) -> dict[str, list[LayerRow]]:
    """Return the rows with a finite number for a key, by layer name, from input to output."""
    layers: dict[str, list[LayerRow]] = {}
    for row in sorted(rows, key=lambda row: (row["layer"], row["step"])):
        if row.get(key) is not None and math.isfinite(row[key]):
            layers.setdefault(row["name"], []).append(row)
    if not layers:
        raise nothing_to_draw(key)
    return layers


def _updates(rows: Iterable[LayerRow]) -> list[int]:
    """Return the update after which each row was measured, counted from 1."""
    return [row["step"] + 1 for row in rows]


def panels(
    count: int, width: float, height: float, columns: int | None = None
) -> tuple["Figure", list["Axes"]]:
    """Return a figure of small panels and the first ``count`` of them; the others stay blank.

    Args:
        count: Number of panels.
        width: Width of a panel, in inches.
        height: Height of a panel, in inches.
        columns: Number of columns; by default it depends on the count.
    """
    from matplotlib.figure import Figure

    columns = columns or (min(count, 3) if count <= 9 else 4 if count <= 20 else 5)
    lines = math.ceil(count / columns)
    size = (max(6.4, width * columns), height * lines + 0.9)
    figure = Figure(figsize=size, layout="constrained")
    cells = list(figure.subplots(lines, columns, squeeze=False).flatten())
    for axes in cells[count:]:
        axes.set_axis_off()
    return figure, cells[:count]


def _lines(rows: Sequence[LayerRow], key: str) -> tuple["Figure", "Axes"]:
    """Return a figure with a line for each layer, dark to light from input to output."""
    from matplotlib import colormaps
    from matplotlib.figure import Figure

    layers = _by_layer(rows, key)
    figure = Figure(figsize=(7.2, max(4.0, 0.21 * len(layers) + 1.4)), layout="constrained")
    axes = figure.subplots()
    shades = colormaps["viridis"](np.linspace(0, 0.88, len(layers)))
    looks = zip(shades, cycle(MARKERS), cycle(_LINES), strict=False)
    for (name, points), (colour, marker, line) in zip(layers.items(), looks, strict=False):
        axes.plot(
            _updates(points),
            [row[key] for row in points],
            color=colour,
            marker=marker,
            linestyle=line,
            linewidth=1.3,
            markersize=4,
            markevery=max(1, len(points) // 8),
            label=name,
        )
    _scale_steps(axes, rows)
    axes.set_xlabel(_UPDATES)
    _name_lines(figure, axes)
    return figure, axes


def _name_lines(figure: "Figure", axes: "Axes") -> None:
    for legend in figure.legends:
        legend.remove()
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside right upper", title="from input to output")


def _scale_steps(axes: "Axes", rows: Sequence[LayerRow]) -> None:
    """Use a square-root scale with few, round numbers."""
    last = max(_updates(rows))
    axes.set_xscale(
        "function", functions=(lambda x: np.sqrt(np.maximum(x, 0)), lambda x: np.square(x))
    )
    axes.set_xlim(1, max(2, last * 1.01))
    unit = 10.0 ** math.floor(math.log10(last))
    top = max(unit * factor for factor in (1, 2, 5) if unit * factor <= last)
    ticks = sorted({1, *(max(1, round(top * share)) for share in (0.25, 1))})
    axes.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
    axes.minorticks_off()


def _scale_logarithmically(axes: "Axes") -> None:
    """Make the y axis logarithmic, with plain numbers."""
    from matplotlib.ticker import LogLocator, NullFormatter

    values = np.concatenate([np.asarray(line.get_ydata(), float) for line in axes.lines])
    values = values[values > 0]
    if values.size:
        if values.min() == values.max():
            axes.set_ylim(values.min() / 10, values.max() * 10)
        axes.set_yscale("log")
        few = values.max() < 100 * values.min()
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if few else (1,)))
        axes.yaxis.set_major_formatter("{x:g}")
        axes.yaxis.set_minor_formatter(NullFormatter())


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else value


def nothing_to_draw(key: str) -> TenfoldError:
    """Return the error that no row holds the values to draw."""
    return TenfoldError(
        f"no row holds {key}, so there is nothing to draw: train with a LayerMonitor"
    )
