"""The distributions of weights and their updates at three moments of training."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from tenfold.inspection import LayerRow
from tenfold.nn.array import Array
from tenfold.plots.layers import TITLE, nothing_to_draw, panels
from tenfold.plots.style import COLOURS, picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["distributions_figure"]

_MOMENTS: tuple[tuple[str, Any, str], ...] = (
    ("first", ":", "#8A8A8A"),
    ("middle", "--", COLOURS[4]),
    ("last", "-", COLOURS[0]),
)


@picture
def distributions_figure(rows: Sequence[LayerRow]) -> "Figure":
    """Draw the distributions of each layer's weights and updates: first, middle and last.

    All histograms have the same height. For layers without weights (batch normalisation), the
    scale is drawn.

    Args:
        rows: Layer rows from ``LayerMonitor`` or from a run's ``layers.jsonl``.

    Raises:
        TenfoldError: If no row holds histograms, or matplotlib is not installed.
    """
    from matplotlib.lines import Line2D

    detailed = [row for row in rows if row.get("histograms")]
    steps = sorted({row["step"] for row in detailed})
    names = list(dict.fromkeys((row["name"], key) for row in detailed for key in _chosen(row)))
    if not names:
        raise nothing_to_draw("histograms")
    across = 1 if len(names) <= 4 else 2
    figure, cells = panels(2 * len(names), 2.1, 1.25, columns=2 * across)
    for index, (name, key) in enumerate(names):
        of_layer = {row["step"]: row["histograms"] for row in detailed if row["name"] == name}
        for axes, part in zip(cells[2 * index :], ("values", "updates"), strict=False):
            for step, look in zip(steps, _MOMENTS, strict=False):
                _outline(axes, of_layer.get(step, {}).get(key, {}).get(part), look)
            axes.set_title(f"{name}, {key if part == 'values' else part}", size=9, pad=4)
            axes.set_yticks([])
            axes.set_ylim(0, 1.08)
            axes.locator_params(axis="x", nbins=3)
    handles = [Line2D([], [], linestyle=line, color=colour) for _, line, colour in _MOMENTS]
    labels = [f"{m} (update {s + 1:,})" for (m, *_), s in zip(_MOMENTS, steps, strict=False)]
    figure.suptitle("Weights and the changes by one update (all at the same height)", **TITLE)
    figure.legend(handles[: len(labels)], labels, loc="outside lower left", ncols=3)
    return figure


def _outline(axes: "Axes", histogram: LayerRow | None, look: tuple[str, Any, str]) -> None:
    if histogram is not None:
        _, line, colour = look
        bins = _merged(np.array(histogram["counts"]))
        edges = np.linspace(histogram["low"], histogram["high"], len(bins) + 1)
        heights = np.concatenate([[0], bins / bins.max(), [0]])
        places = np.concatenate([edges, edges[-1:]])
        axes.step(places, heights, where="pre", linestyle=line, color=colour, linewidth=1.2)


def _merged(bins: Array) -> Array:
    """Return fewer, wider bins for few entries, so that the outline has no gaps."""
    for width in (4, 2):
        if bins.sum() < 800 / width and len(bins) % width == 0:
            merged: Array = bins.reshape(-1, width).sum(axis=1)
            return merged
    return bins


def _chosen(row: LayerRow) -> list[str]:
    """Return the names of a layer's weights, or the first parameter if there are none."""
    names = list(row["histograms"])
    return [name for name in names if name.endswith("weight")] or names[:1]
