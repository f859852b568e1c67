"""Summary: a network's layers as a table: what each gives, and what it costs."""

from collections.abc import Sequence
from typing import NamedTuple

from tenfold.nn.layers.base import Layer, Shape

__all__ = ["HEAD", "LayerCost", "as_text", "layer_costs", "summary_rows"]

HEAD = ("layer", "output", "parameters", "multiply-adds")


class LayerCost(NamedTuple):
    """What one layer gives and costs.

    Attributes:
        name: its index in the network, as in its parameters' names, and its class.
        output: the shape of its output for one image.
        parameters: how many numbers training changes in it.
        multiply_adds: of its matrix products for one image, which is where the time goes.
    """

    name: str
    output: Shape
    parameters: int
    multiply_adds: int


def layer_costs(layers: Sequence[Layer], shape: Shape) -> list[LayerCost]:
    """Return the costs of layers in a row, for inputs of ``shape``; a block's are those within."""
    costs = []
    for index, layer in enumerate(layers):
        products, shape = layer.multiply_adds(shape), layer.output_shape(shape)
        count = sum(parameter.size for parameter in layer.parameters)
        costs.append(LayerCost(f"{index} {type(layer).__name__}", shape, count, products))
    return costs


def summary_rows(costs: Sequence[LayerCost], shape: Shape) -> list[tuple[str, ...]]:
    """Return a row for the input, for each layer and for the totals, under ``HEAD``.

    What a layer has none of is left empty.
    """
    rows = [("input", _times(shape), "", "")]
    for name, output, parameters, products in costs:
        rows.append((name, _times(output), _counted(parameters), _counted(products)))
    totals = sum(cost.parameters for cost in costs), sum(cost.multiply_adds for cost in costs)
    return [*rows, ("total", "", *(f"{total:,}" for total in totals))]


def as_text(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as lines: the first column begins on the left, the others end on the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for name, *cells in rows:
        ends = (f"{cell:>{width}}" for cell, width in zip(cells, widths[1:], strict=True))
        lines.append("   ".join([f"{name:<{widths[0]}}", *ends]).rstrip())
    return "\n".join(lines)


def _counted(number: int) -> str:
    return f"{number:,}" if number else ""


def _times(shape: Shape) -> str:
    return " x ".join(map(str, shape))
