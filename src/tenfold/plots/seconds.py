"""Accuracy against the seconds of training."""

from collections.abc import Mapping, Sequence
from statistics import mean
from typing import TYPE_CHECKING, TypeAlias

from tenfold.nn.constraints import invalid
from tenfold.plots.formatting import axis_percent
from tenfold.plots.style import COLOURS, MARKERS, styled_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Costs", "accuracy_against_seconds"]

Costs: TypeAlias = Mapping[str, Sequence[tuple[str, Sequence[float], Sequence[float]]]]
"""For each system, groups of runs: (name, seconds of each run, accuracy of each run, 0 to 1)."""


@styled_figure
def accuracy_against_seconds(title: str, costs: Costs, what: str = "accuracy") -> "Figure":
    """Draw a line through the means of groups of runs, and each run as a faint mark.

    Both axes are logarithmic. The y axis is logarithmic in the error rate, so the distance from 98%
    to 99% equals the distance from 99% to 99.5%.

    Args:
        title: Title of the figure.
        costs: Groups of runs for each system. The line connects the means of the groups in this
            order, and the name of each group is written at its mean.
        what: Label of the y axis.

    Raises:
        ValueError: If a system has no group of runs.
        TenfoldError: If matplotlib is not installed.
    """
    _check(costs)
    from matplotlib.figure import Figure
    from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

    figure = Figure(figsize=(6.4, 4.2), layout="constrained")
    axes = figure.add_subplot(xscale="log", yscale="log", xlabel="seconds of training", ylabel=what)
    axes.set_title(title)
    styles = zip(COLOURS, MARKERS, ("-", "--", "-.", ":") * 2, strict=False)
    for (system, groups), (colour, marker, line) in zip(costs.items(), styles, strict=False):
        for _, seconds, accuracies in groups:
            errors = [1 - accuracy for accuracy in accuracies]
            axes.plot(seconds, errors, marker, color=colour, alpha=0.35, markersize=3.5)
        x = [mean(seconds) for _, seconds, _ in groups]
        y = [1 - mean(accuracies) for _, _, accuracies in groups]
        axes.plot(x, y, line, marker=marker, color=colour, label=system)
        above = system != next(iter(costs))  # so that the names of close lines do not overlap
        for (name, _, _), across, up in zip(groups, x, y, strict=True):
            axes.annotate(
                name,
                (across, up),
                (-6, 6) if above else (6, -11),
                textcoords="offset points",
                ha="right" if above else "left",
                color=colour,
                size=7.5,
            )
    all_accuracies = [
        a for groups in costs.values() for _, _, accuracies in groups for a in accuracies
    ]
    ticks = (0.1, 0.05, 0.03, 0.02, 0.015, 0.01, 0.008, 0.006, 0.005, 0.004, 0.003, 0.002, 0.001)
    low, high = 0.9 * (1 - max(all_accuracies)), 1.1 * (1 - min(all_accuracies))
    axes.set_ylim(high, low)
    axes.yaxis.set_major_locator(FixedLocator([t for t in ticks if low <= t <= high]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda error, _: axis_percent(1 - error)))
    axes.xaxis.set_major_locator(FixedLocator([1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 200]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda seconds, _: f"{seconds:g}"))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_minor_locator(NullLocator())
    axes.legend()
    return figure


def _check(costs: Costs) -> None:
    if not costs or not all(costs.values()):
        raise invalid("costs", "at least one group of runs for each system", dict(costs))
