"""The paths of optimizers on the loss landscape."""

from typing import TYPE_CHECKING

import numpy as np

from tenfold.inspection import OptimizerPaths
from tenfold.nn.array import Array
from tenfold.plots.formatting import axis_percent
from tenfold.plots.style import COLOURS, FAINT, INK, MARKERS, styled_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["paths_figure"]

_LINE_STYLES = ("-", "--", "-.", ":")
_CONTOURS = 12  # number of contours; the losses of neighbouring ones have a constant ratio


@styled_figure
def paths_figure(paths: OptimizerPaths) -> "Figure":
    """Draw the loss on a plane as contours, and the path of each optimizer from a common start.

    Contours are evenly spaced on a logarithmic scale and labelled with their loss. Each path has
    its own colour, line style and marker, and the name of its optimizer at its end. The legend
    gives the loss of each network after the last step. At the end of a path, the contours may show
    another loss than the legend, because they are for the plane, and the networks are usually not
    exactly on it.

    Args:
        paths: Result of ``optimizer_paths``.

    Raises:
        TenfoldError: If matplotlib is not installed.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=_figure_size(paths), layout="compressed")
    axes = figure.subplots()
    axes.grid(visible=False)
    _draw_contours(axes, paths)
    for index, (name, points) in enumerate(paths.points.items()):
        x, y = np.array(points).T
        colour, marker = COLOURS[index % len(COLOURS)], MARKERS[index % len(MARKERS)]
        axes.plot(
            x,
            y,
            color=colour,
            linestyle=_LINE_STYLES[index % len(_LINE_STYLES)],
            marker=marker,
            markersize=3.5,
            markevery=max(1, len(points) // 10),
            label=f"{name}: {paths.losses[name][-1]:.3g}",
        )
        axes.plot(x[-1:], y[-1:], marker, color=colour, markeredgecolor=INK, markersize=8)
    _label_ends(axes, paths)
    axes.plot([0], [0], "*", color=INK, markersize=13, label="start")
    explained = axis_percent(round(paths.explained, 3))
    axes.set_title(
        f"Optimizer paths: this plane contains {explained}\n"
        "of the squared distances of the weights from the start"
    )
    axes.set_xlabel("distance along the first principal direction of all paths")
    axes.set_ylabel("distance along the second principal direction")
    axes.set_aspect("equal")
    steps = len(next(iter(paths.points.values()))) - 1
    figure.legend(loc="outside right upper", title=f"loss after {steps} step{'s' * (steps > 1)}")
    return figure


def _figure_size(paths: OptimizerPaths) -> tuple[float, float]:
    """Return the width and height in inches for the same scale on both axes."""
    height = 5.2 * (paths.y[-1] - paths.y[0]) / (paths.x[-1] - paths.x[0])
    return 7.4, min(max(height, 2.4), 8.0) + 1.0


def _label_ends(axes: "Axes", paths: OptimizerPaths) -> None:
    """Write each name to the right of its path's end, or to the left if it does not fit there."""
    width, height = paths.x[-1] - paths.x[0], paths.y[-1] - paths.y[0]
    line_height = 0.17 * width / 4.8  # height of a text, in the unit of the axes
    # A name that would overlap with another is moved downwards.
    taken: list[tuple[float, float]] = []
    for name, points in sorted(paths.points.items(), key=lambda item: -item[1][-1][1]):
        x, y = points[-1]
        while any(abs(x - a) < 0.25 * width and abs(y - b) < line_height for a, b in taken):
            y -= 0.1 * line_height
        taken.append((x, y))
        no_space = x + 0.025 * width + 0.016 * width * len(name) > paths.x[-1]
        alignment, direction = ("right", -1) if no_space else ("left", 1)
        y = min(max(y, paths.y[0] + 0.03 * height), paths.y[-1] - 0.03 * height)
        x += direction * 0.025 * width
        axes.plot([points[-1][0], x], [points[-1][1], y], color=FAINT, linewidth=0.7, zorder=1.5)
        axes.text(x, y, name, ha=alignment, va="center", size=8, weight="bold")


def _draw_contours(axes: "Axes", paths: OptimizerPaths) -> None:
    grid: Array = np.maximum(np.array(paths.grid), 1e-12)  # a logarithm needs positive numbers
    levels = np.geomspace(grid.min(), grid.max() * 1.0001, _CONTOURS)
    if len(np.unique(levels)) < _CONTOURS:
        return  # a flat loss has no contours
    axes.contourf(paths.x, paths.y, np.log(grid), np.log(levels), cmap="Greys", alpha=0.35)
    lines = axes.contour(
        paths.x, paths.y, grid, levels, colors=FAINT, linewidths=0.7, linestyles="solid"
    )
    axes.clabel(lines, levels[1:-1], fmt=_format_loss, fontsize=7)


def _format_loss(loss: float) -> str:
    """Return a loss with two significant digits."""
    return f"{float(f'{loss:.2g}'):,g}"
