"""Catalogue: the layers of the network during training."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from tenfold.inspection import LayerRow
from tenfold.plots.catalogue.entry import CatalogueFigure, FigureData, ReportEntry
from tenfold.plots.distributions import distributions_figure
from tenfold.plots.formatting import percent
from tenfold.plots.layers import (
    activations_figure,
    dead_units_figure,
    gradients_figure,
    updates_figure,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["FIGURES"]

_SECTION = "inside"


def _layer_figure(
    name: str,
    title: str,
    key: str,
    quantity: str,
    text: str,
    draw: "Callable[[Sequence[LayerRow]], Figure]",
    keep_white: bool = True,  # the shade of the first layer is too dark for the dark theme
) -> CatalogueFigure:
    """Return the entry of a statistic of the layers.

    Args:
        name: Name of the figure and of its file.
        title: Title of the figure.
        key: Key of the statistic in a layer row.
        quantity: Name of the statistic in a sentence.
        text: First sentence of the caption.
        draw: Function that draws the figure.
        keep_white: Whether the background stays white in the dark theme.
    """
    return CatalogueFigure(
        name=name,
        title=title,
        sources=("layers.jsonl",),
        condition=lambda data: _has_values(data, key),
        draw=lambda data: draw(data.layers),
        file=name,
        report=ReportEntry(
            _SECTION,
            lambda data: f"{text} {_largest_at_the_end(data.layers, key, quantity)}",
            "Curves over the steps, one for each layer.",
            layout="beside",
            keep_white=keep_white,
        ),
    )


def _has_values(data: FigureData, key: str) -> bool:
    return any(row.get(key) is not None for row in data.layers)


def _largest_at_the_end(rows: Sequence[LayerRow], key: str, quantity: str) -> str:
    """Return a sentence on the layer with the largest value at the last measured step."""
    measured = [row for row in rows if row.get(key) is not None]
    last = [row for row in measured if row["step"] == measured[-1]["step"]]
    largest = max(last, key=lambda row: float(row[key]))
    value = float(largest[key])
    text = percent(value, 1) if key == "dead" else f"{value:.2g}"
    if not value:
        return f"At the end, the {quantity} is 0 in all layers."
    return f"At the end, the largest {quantity} is {text}, in layer {largest['name']}."


FIGURES: tuple[CatalogueFigure, ...] = (
    _layer_figure(
        "activations",
        "Activations",
        "mean",
        "mean",
        "Mean and standard deviation of the outputs of each layer.",
        activations_figure,
        keep_white=False,
    ),
    _layer_figure(
        "gradients",
        "Gradients",
        "gradient_rms",
        "gradient",
        "Curves that are far apart show vanishing or exploding gradients.",
        gradients_figure,
    ),
    _layer_figure(
        "updates",
        "Updates",
        "update_ratio",
        "update",
        "An update is the change of the weights in one step, usually about a thousandth of the "
        "weights.",
        updates_figure,
    ),
    _layer_figure(
        "dead-units",
        "Dead units",
        "dead",
        "share",
        "Share of the units whose output is 0 for every measured image.",
        dead_units_figure,
    ),
    CatalogueFigure(
        name="distributions",
        title="Distributions of weights and updates",
        sources=("layers.jsonl",),
        condition=lambda data: any(row.get("histograms") for row in data.layers),
        draw=lambda data: distributions_figure(data.layers),
        file="distributions",
        report=ReportEntry(
            _SECTION,
            lambda data: (
                "The weights of each layer and their changes in one step: first, "
                "middle and last measurement."
            ),
            "Histograms of weights and of their changes.",
            layout="details",
        ),
    ),
)
"""Figures of the layers during training."""
