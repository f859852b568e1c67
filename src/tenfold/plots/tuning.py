"""The trials of a search for good settings: the values of the settings and the accuracies."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from tenfold.errors import TenfoldError
from tenfold.plots.formatting import axis_percent
from tenfold.plots.style import COLOURS, FAINT, INK, styled_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["tuning_figure"]

_COLUMNS = 3  # largest number of plots in a row
_LOGARITHMIC = 10  # least ratio of largest to smallest value for which an axis is logarithmic


@styled_figure
def tuning_figure(
    settings: Mapping[str, Sequence[Any]],
    accuracies: Sequence[float],
    importances: Mapping[str, float],
) -> "Figure":
    """Plot the validation accuracy of each trial against each setting, the most important first.

    The best trial is a filled diamond.

    Args:
        settings: The value of each trial, numbers or strings, by the name of the setting.
        accuracies: The validation accuracy of each trial, from 0 to 1.
        importances: How much each setting mattered, from 0 to 1.

    Raises:
        TenfoldError: If there is no trial, or matplotlib is not installed.
    """
    from matplotlib.figure import Figure
    from matplotlib.ticker import FuncFormatter

    if not settings or not accuracies:
        raise TenfoldError("a figure of a search needs at least one setting and one trial")
    names = sorted(settings, key=lambda name: -importances[name])
    columns = min(len(names), _COLUMNS)
    rows = -(-len(names) // columns)
    figure = Figure(figsize=(0.9 + 2.6 * columns, 0.6 + 2.4 * rows), layout="constrained")
    best = int(np.argmax(accuracies))
    grid = figure.subplots(rows, columns, sharey=True, squeeze=False)
    for axes in grid.flat[len(names) :]:
        axes.set_axis_off()
    for axes, name in zip(grid.flat, names, strict=False):
        values, labels = _x_coordinates(settings[name])
        axes.plot(values, accuracies, "o", color=COLOURS[0], markerfacecolor="white")
        axes.plot(values[best], accuracies[best], "D", color=INK, markersize=7)
        axes.set_title(f"{name}: {importances[name]:.0%}")
        _label(axes, values, labels)
    for axes in grid[:, 0]:
        axes.set_ylabel("validation accuracy")
        axes.yaxis.set_major_formatter(FuncFormatter(axis_percent))
    figure.suptitle(
        "Validation accuracy of each trial, and how much each setting mattered", color=FAINT
    )
    return figure


def _x_coordinates(values: Sequence[Any]) -> tuple[list[float], list[str]]:
    """Return the x coordinate of each value, and the strings at the ticks; none for numbers."""
    if all(isinstance(value, (int, float)) for value in values):
        return [float(value) for value in values], []
    names = list(dict.fromkeys(map(str, values)))
    return [float(names.index(str(value))) for value in values], names


def _label(axes: "Axes", values: list[float], names: list[str]) -> None:
    if names:
        axes.set_xticks(range(len(names)), names)
        axes.set_xlim(-0.5, len(names) - 0.5)
    elif min(values) > 0 and max(values) / min(values) >= _LOGARITHMIC:
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter("{x:g}")
        axes.xaxis.set_minor_formatter("")
