"""The confusion matrix."""

from collections.abc import Sequence
from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np

from tenfold.nn.array import Array
from tenfold.plots.formatting import axis_percent, short_percent
from tenfold.plots.style import FAINT, INK, PALE, styled_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["confusion_figure"]

# The darkest colour stands for the largest share of a row that is wrong, but at least for this
# share, so that a single mistake is pale.
_FULL_SHADE = 0.01
_CLASSES, _CELL = 10, 0.5  # for each class after the tenth, the figure is larger by 0.5 inches
_LINE = 6  # largest number of characters in a line of a name


@styled_figure
def confusion_figure(matrix: Array, names: Sequence[str] | None = None) -> "Figure":
    """Draw a confusion matrix: true classes in rows, predicted classes in columns.

    Every cell shows its count. The colour of a mistake shows its share of the row. Correct
    predictions, usually 98% of a row, are grey, so that the few mistakes can be compared.

    Args:
        matrix: Counts, (classes, classes), from ``tenfold.evaluation.confusion_matrix``.
        names: Names of the classes; their numbers by default.

    Raises:
        ValueError: If the matrix is not square, or there is not one name for each class.
        TenfoldError: If matplotlib is not installed.
    """
    from matplotlib.figure import Figure

    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not matrix.size:
        raise ValueError(f"a confusion matrix must be (classes, classes), got {matrix.shape}")
    names = [str(index) for index in range(len(matrix))] if names is None else names
    if len(names) != len(matrix):
        raise ValueError(f"names must be {len(matrix)} names, one for each class, got {len(names)}")
    rates = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    mistakes = np.ma.masked_array(rates, np.eye(len(matrix), dtype=bool))
    more = _CELL * max(0, len(matrix) - _CLASSES)
    figure = Figure(figsize=(6.8 + more, 5.5 + more), layout="constrained")
    axes = figure.subplots()
    limit = max(_FULL_SHADE, float(mistakes.max())) if len(matrix) > 1 else _FULL_SHADE
    _draw_mistakes(axes, mistakes, limit)
    _write_counts(axes, matrix, rates > 0.6 * limit)
    _name_axes(axes, matrix, rates, [fill(name, _LINE) for name in names])
    return figure


def _draw_mistakes(axes: "Axes", mistakes: Array, limit: float) -> None:
    from matplotlib import colormaps

    colours = colormaps["Oranges"].with_extremes(bad=PALE)
    shown = axes.imshow(mistakes, cmap=colours, vmin=0, vmax=limit)
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    bar = axes.figure.colorbar(shown, ax=axes, shrink=0.6, aspect=24, pad=0.02)
    bar.set_label("mistakes, share of the row", color=FAINT)
    bar.outline.set_visible(False)
    bar.ax.yaxis.set_major_formatter(axis_percent)


def _write_counts(axes: "Axes", matrix: Array, dark: Array) -> None:
    """Write the count of each cell in a colour that is readable on it; zeros are pale."""
    size = 9 if matrix.max() < 10_000 else 7
    for (row, column), count in np.ndenumerate(matrix):
        is_correct = row == column
        colour = "white" if dark[row, column] and not is_correct else INK
        axes.text(
            column,
            row,
            f"{count:,}",
            ha="center",
            va="center",
            size=size,
            color=colour if count else "#B8B8B8",
            weight="bold" if is_correct else "normal",
        )


def _name_axes(axes: "Axes", matrix: Array, rates: Array, names: Sequence[str]) -> None:
    indices = range(len(matrix))
    correct, total = int(np.trace(matrix)), int(matrix.sum())
    axes.set_title(f"Confusion matrix: {correct:,} of {total:,} correct")
    axes.set_xticks(indices, names)
    axes.set_yticks(indices, names)
    axes.set_xlabel("predicted")
    axes.set_ylabel("true")
    side = axes.secondary_yaxis("right")
    shares = [
        short_percent(rates[index, index]) if matrix[index].any() else "none" for index in indices
    ]
    side.set_yticks(indices, shares)
    side.tick_params(length=0)
    side.spines[:].set_visible(False)
    axes.text(1.015, 1.015, "correct", color=FAINT, transform=axes.transAxes)
