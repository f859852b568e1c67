"""Maps of the digits at each stage of a network: the pixels, hidden layers and the logits."""

import math
from typing import TYPE_CHECKING

import numpy as np

from tenfold.inspection import DigitMaps, StageMap
from tenfold.nn.array import Array
from tenfold.plots.formatting import short_percent
from tenfold.plots.style import COLOURS, FAINT, PALE, styled_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.path import Path

__all__ = ["map_figure"]

_METHODS = {"pca": "PCA", "tsne": "t-SNE"}
_MAX_COLUMNS = 6  # largest number of maps next to each other
_PANEL_SIZE, _HEAD_HEIGHT = 2.3, 0.6  # inches
_MIN_WIDTH = 5.2  # inches; the title needs this width


@styled_figure
def map_figure(result: DigitMaps) -> "Figure":
    """Draw the maps stage by stage. Each point is drawn as its digit, so no legend is needed.

    A large digit marks the median of its class. The figure can be read without colour. Each map
    is labelled with the number of features of the stage, the neighbour accuracy, and for PCA the
    share of the variance on the two axes.

    Args:
        result: Result of ``digit_maps``.

    Raises:
        ValueError: If there is no map.
        TenfoldError: If matplotlib is not installed.
    """
    from matplotlib.figure import Figure

    if not result.maps:
        raise ValueError("result must contain at least one map")
    methods = list(dict.fromkeys(row.method for row in result.maps))
    longest = max(sum(row.method == method for row in result.maps) for method in methods)
    rows_per_method = math.ceil(longest / _MAX_COLUMNS)
    columns = math.ceil(longest / rows_per_method)
    panel = max(_PANEL_SIZE, _MIN_WIDTH / columns)
    width = panel * columns + 0.2
    height = (panel + 0.75) * rows_per_method * len(methods) + _HEAD_HEIGHT
    figure = Figure(figsize=(width, height))
    grid = figure.subplots(rows_per_method * len(methods), columns, squeeze=False)
    for axes in grid.flat:
        axes.set_axis_off()
    for first, method in enumerate(methods):
        rows = [row for row in result.maps if row.method == method]
        for index, row in enumerate(rows):
            line, column = divmod(index, columns)
            _draw(grid[first * rows_per_method + line, column], row, result.labels)
    _write_title(figure, f"Map of {len(result.labels):,} digits, stage by stage")
    return figure


def _write_title(figure: "Figure", title: str) -> None:
    width, height = figure.get_size_inches()
    figure.set_layout_engine("constrained", rect=(0, 0, 1, 1 - _HEAD_HEIGHT / height))
    figure.text(0.08 / width, 1 - 0.28 / height, title, size=10.5, weight="bold")
    explanation = (
        "neighbour accuracy: share of the points whose nearest neighbour is the same digit"
    )
    figure.text(0.08 / width, 1 - 0.48 / height, explanation, color=FAINT)


def _draw(axes: "Axes", row: StageMap, labels: Array) -> None:
    from matplotlib.patheffects import withStroke

    axes.set_axis_on()
    axes.set(xticks=[], yticks=[], aspect="equal", box_aspect=1, adjustable="datalim")
    axes.spines[:].set(visible=True, color=PALE)
    for digit in np.unique(labels):
        colour = COLOURS[digit % len(COLOURS)]
        x, y = row.positions[labels == digit].T
        axes.plot(
            x, y, linestyle="none", marker=_outline(digit), markersize=4.5, color=colour, mew=0
        )
        axes.text(
            float(np.median(x)),
            float(np.median(y)),
            str(digit),
            size=15,
            weight="bold",
            color=colour,
            ha="center",
            va="center",
            path_effects=[withStroke(linewidth=3, foreground="white")],
        )
    label = f"{_METHODS[row.method]}, {row.size:,} features"
    label += f"\nneighbour accuracy {short_percent(row.purity)}"
    if row.explained is not None:
        label += f"\n{short_percent(sum(row.explained))} of the variance"
    axes.set_xlabel(label, size=7.5)
    axes.set_title(row.stage)


def _outline(digit: int) -> "Path":
    """Return the outline of a digit around (0, 0), for use as a marker."""
    from matplotlib.path import Path
    from matplotlib.textpath import TextPath

    outline = TextPath((0, 0), str(digit), size=10)
    box = outline.get_extents()
    middle = ((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2)
    return Path(np.asarray(outline.vertices) - middle, outline.codes)
