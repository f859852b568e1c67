"""The distributions of weights and their updates at three moments of training."""

from typing import TYPE_CHECKING, Any

import numpy as np

from tenfold.inspection import LayerRow
from tenfold.nn.array import Array
from tenfold.plots.layers import TITLE_STYLE, LayerRows, no_data_error, panels
from tenfold.plots.style import COLOURS, styled_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["distributions_figure"]

_MOMENT_STYLES: tuple[tuple[str, Any, str], ...] = (
    ("first", ":", "#8A8A8A"),
    ("middle", "--", COLOURS[4]),
    ("last", "-", COLOURS[0]),
)


@styled_figure
def distributions_figure(rows: LayerRows) -> "Figure":
    """Draw the distributions of each layer's weights and updates at three measured steps.

    The steps are the first, the middle and the last step with histograms. An update is the change
    of the weights in one step. All histograms have the same height. For layers without weights
    (batch normalisation), the scale parameters are drawn.

    Args:
        rows: Layer rows from ``LayerMonitor`` or from a run's ``layers.jsonl``.

    Raises:
        TenfoldError: If no row contains histograms, or matplotlib is not installed.
    """
    from matplotlib.lines import Line2D

    detailed = [row for row in rows if row.get("histograms")]
    steps = sorted({row["step"] for row in detailed})
    names = list(
        dict.fromkeys((row["name"], key) for row in detailed for key in _parameter_names(row))
    )
    if not names:
        raise no_data_error("histograms")
    pairs = 1 if len(names) <= 4 else 2
    figure, grid = panels(2 * len(names), 2.1, 1.25, columns=2 * pairs)
    for index, (name, key) in enumerate(names):
        histograms = {row["step"]: row["histograms"] for row in detailed if row["name"] == name}
        for axes, part in zip(grid[2 * index :], ("values", "updates"), strict=False):
            for step, style in zip(steps, _MOMENT_STYLES, strict=False):
                _outline(axes, histograms.get(step, {}).get(key, {}).get(part), style)
            axes.set_title(f"{name}, {key if part == 'values' else part}", size=9, pad=4)
            axes.set_yticks([])
            axes.set_ylim(0, 1.08)
            axes.locator_params(axis="x", nbins=3)
    handles = [Line2D([], [], linestyle=line, color=colour) for _, line, colour in _MOMENT_STYLES]
    labels = [f"{m} (step {s + 1:,})" for (m, *_), s in zip(_MOMENT_STYLES, steps, strict=False)]
    figure.suptitle(
        "Weights, and their changes in one step (all at the same height)", **TITLE_STYLE
    )
    figure.legend(handles[: len(labels)], labels, loc="outside lower left", ncols=3)
    return figure


def _outline(axes: "Axes", histogram: LayerRow | None, style: tuple[str, Any, str]) -> None:
    if histogram is not None:
        _, line, colour = style
        bins = _merged(np.array(histogram["counts"]))
        edges = np.linspace(histogram["low"], histogram["high"], len(bins) + 1)
        heights = np.concatenate([[0], bins / bins.max(), [0]])
        x = np.concatenate([edges, edges[-1:]])
        axes.step(x, heights, where="pre", linestyle=line, color=colour, linewidth=1.2)


def _merged(bins: Array) -> Array:
    """Return wider bins if the counts are small, so that the outline has no gaps."""
    for width in (4, 2):
        if bins.sum() < 800 / width and len(bins) % width == 0:
            merged: Array = bins.reshape(-1, width).sum(axis=1)
            return merged
    return bins


def _parameter_names(row: LayerRow) -> list[str]:
    """Return the names of a layer's weights, or of its first parameter if it has no weights."""
    names = list(row["histograms"])
    return [name for name in names if name.endswith("weight")] or names[:1]
