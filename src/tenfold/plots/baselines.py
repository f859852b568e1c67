"""The error rates of baselines, which are simple classifiers, and of networks."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tenfold.plots.formatting import axis_percent
from tenfold.plots.style import COLOURS, INK, styled_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["baselines_figure"]

_STEPS = (1, 2, 5)  # multiples of a power of ten that are marked on the axis
_TICKS = tuple(step * 10.0**power for power in range(-6, 1) for step in _STEPS)
# Baselines are hollow on a thin line, networks filled on a thick line, so that they can be
# distinguished without colour, too.
_STYLES: dict[str, dict[str, Any]] = {
    "baseline": {"color": COLOURS[0], "marker": "o", "markerfacecolor": "white", "linewidth": 1.2},
    "network": {"color": INK, "marker": "D", "markerfacecolor": INK, "linewidth": 2.8},
}


@styled_figure
def baselines_figure(
    baselines: Mapping[str, Mapping[str, Any]], networks: Mapping[str, Mapping[str, Any]]
) -> "Figure":
    """Draw the error rate of each classifier with its interval on a logarithmic scale.

    The classifier with the highest error rate is at the top.

    Baselines are hollow circles on thin lines, networks filled diamonds on thick lines. The error
    rates are written on the right.

    Args:
        baselines: ``accuracy`` and ``interval95`` of each baseline by name, as from
            ``BaselineResult.to_dict``.
        networks: ``accuracy`` and ``interval95`` of each network by name. One of the two arguments
            may be empty.

    Raises:
        ValueError: If both are empty.
        TenfoldError: If matplotlib is not installed.
    """
    from matplotlib.figure import Figure

    rows = [("baseline", *row) for row in baselines.items()]
    rows += [("network", *row) for row in networks.items()]
    if not rows:
        raise ValueError("baselines and networks must not both be empty")
    rows.sort(key=lambda row: -row[2]["accuracy"])
    figure = Figure(figsize=(6.8, 1.3 + 0.3 * len(rows)), layout="constrained")
    axes = figure.add_subplot(xscale="log", xlabel="errors on the test images (logarithmic scale)")
    axes.set_title("Error rates of baselines and of networks")
    ends = [1 - end for *_, row in rows for end in (row["accuracy"], *row["interval95"])]
    # A logarithmic scale does not contain 0, so an error rate of 0 is drawn at the edge.
    edge = min(end for end in ends if end > 0) / 1.5
    in_legend: set[str] = set()
    for height, (kind, _, row) in enumerate(rows):
        interval = [max(1 - end, edge) for end in (row["interval95"][1], row["interval95"][0])]
        style = _STYLES[kind]
        axes.plot(interval, (height, height), **style | {"marker": ""})
        label = "" if kind in in_legend else f"{kind}, with its 95% interval"
        axes.plot(max(1 - row["accuracy"], edge), height, **style, label=label)
        in_legend.add(kind)
    axes.set_xlim(edge, max(ends) * 1.3)
    _label_axes(axes, [(name, 1 - row["accuracy"]) for _, name, row in rows])
    axes.legend(loc="upper left")  # free of points: the rows at the top have large error rates
    return figure


def _label_axes(axes: "Axes", rows: list[tuple[str, float]]) -> None:
    """Write names on the left, error rates on the right and the scale below."""
    from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

    axes.set_yticks(range(len(rows)), [name for name, _ in rows])
    axes.set_ylim(-0.7, len(rows) - 0.3)
    axes.tick_params(axis="y", length=0, labelcolor=INK)
    axes.grid(visible=False, axis="y")
    right_axis = axes.secondary_yaxis("right")
    right_axis.set_yticks(range(len(rows)), [f"{100 * error:.2f}%" for _, error in rows])
    right_axis.tick_params(length=0, labelcolor=INK)
    right_axis.spines["right"].set_visible(False)
    low, high = axes.get_xlim()
    axes.xaxis.set_major_locator(FixedLocator([tick for tick in _TICKS if low <= tick <= high]))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(axis_percent))
