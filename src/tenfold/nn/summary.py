"""Summary: a network's layers as a table: what each gives, and what it costs."""

from collections.abc import Sequence
from itertools import pairwise

from tenfold.nn.layers.base import Layer, Shape

__all__ = ["HEAD", "as_text", "summary_rows"]

HEAD = ("layer", "output", "parameters", "multiply-adds")
"""What the columns hold; multiply-adds are those of one image's answer."""


def summary_rows(layers: Sequence[Layer], shapes: Sequence[Shape]) -> list[tuple[str, ...]]:
    """Return a row for the input, one for each layer and one for the totals, under ``HEAD``.

    A layer is named by its index in the network, as its parameters are, and its class. Multiply-
    adds are those of the matrix products, which is where the time goes: a layer without any has
    an empty cell, and so has one without parameters. A ``Residual`` counts its whole block.

    Args:
        layers: of the network.
        shapes: of the input, then of each layer's output: one more than there are layers.
    """
    counts = [sum(parameter.size for parameter in layer.parameters) for layer in layers]
    products = [layer.multiply_adds(shape) for layer, shape in zip(layers, shapes, strict=False)]
    rows = [("input", _times(shapes[0]), "", "")]
    for index, (_, shape) in enumerate(pairwise(shapes)):
        name = f"{index} {type(layers[index]).__name__}"
        rows.append((name, _times(shape), _counted(counts[index]), _counted(products[index])))
    return [*rows, ("total", "", f"{sum(counts):,}", f"{sum(products):,}")]


def as_text(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as lines: the first column begins on the left, the others end on the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for name, *cells in rows:
        ends = (f"{cell:>{width}}" for cell, width in zip(cells, widths[1:], strict=True))
        lines.append("   ".join([f"{name:<{widths[0]}}", *ends]).rstrip())
    return "\n".join(lines)


def _counted(number: int) -> str:
    return f"{number:,}" if number else ""


def _times(shape: Shape) -> str:
    return " x ".join(map(str, shape))
