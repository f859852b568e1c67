"""A table of the layers of a network, with the output shape and the cost of each."""

from collections.abc import Sequence
from typing import NamedTuple

from tenfold.nn.html_table import html_table
from tenfold.nn.layers.base import Layer, Shape

__all__ = ["LayerCost", "as_html", "as_text", "layer_costs"]

_HEAD = ("layer", "output", "parameters", "multiply-adds")


class LayerCost(NamedTuple):
    """Output shape and cost of one layer.

    Attributes:
        name: Index and class of the layer, such as ``"2 Dense"``. The names of its parameters begin
            with the same index.
        output: Shape of its output for one image.
        parameters: Number of trainable parameters.
        multiply_adds: Number of multiply-adds in its matrix products for one image. The
            products take most of the time.
    """

    name: str
    output: Shape
    parameters: int
    multiply_adds: int


def layer_costs(layers: Sequence[Layer], shape: Shape) -> list[LayerCost]:
    """Return the cost of each layer for inputs of ``shape``; a ``Residual`` is one layer."""
    costs = []
    for index, layer in enumerate(layers):
        products, shape = layer.multiply_adds(shape), layer.output_shape(shape)
        count = sum(parameter.size for parameter in layer.parameters)
        costs.append(LayerCost(f"{index} {type(layer).__name__}", shape, count, products))
    return costs


def as_text(costs: Sequence[LayerCost], shape: Shape) -> str:
    """Return the table as text: the first column is left-aligned, the others right-aligned.

    Args:
        costs: The costs of the layers.
        shape: Shape of one input of the first layer.
    """
    rows = [_HEAD, *_rows(costs, shape)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for name, *cells in rows:
        aligned = (f"{cell:>{width}}" for cell, width in zip(cells, widths[1:], strict=True))
        lines.append("   ".join([f"{name:<{widths[0]}}", *aligned]).rstrip())
    return "\n".join(lines)


def as_html(costs: Sequence[LayerCost], shape: Shape) -> str:
    """Return the table as HTML; the arguments are the same as for ``as_text``."""
    return html_table(_HEAD, _rows(costs, shape), total=True)


def _rows(costs: Sequence[LayerCost], shape: Shape) -> list[tuple[str, ...]]:
    """Return a row for the input, each layer and the totals, in the columns of ``_HEAD``.

    A zero becomes an empty cell, except in the totals.
    """
    rows = [("input", _size_text(shape), "", "")]
    for name, output, parameters, products in costs:
        rows.append((name, _size_text(output), _count_text(parameters), _count_text(products)))
    totals = sum(cost.parameters for cost in costs), sum(cost.multiply_adds for cost in costs)
    return [*rows, ("total", "", *(f"{total:,}" for total in totals))]


def _count_text(number: int) -> str:
    return f"{number:,}" if number else ""


def _size_text(shape: Shape) -> str:
    return " x ".join(map(str, shape))
