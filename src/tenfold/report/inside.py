"""Section: a table of the layers, figures of the weights, and layer statistics in training."""

from tenfold.nn import Network
from tenfold.plots.formatting import number_of
from tenfold.report.blocks import Block, Details, Section, Table
from tenfold.report.context import Context
from tenfold.report.figures import figure_blocks

__all__ = ["inside_section"]


def inside_section(context: Context) -> Section | None:
    """Return the section on the inside of the network; None if there is no readable model file."""
    if context.model is None:
        return None
    network = context.model.network
    blocks: list[Block] = [_layers(network), *figure_blocks(context.figure_data, "inside")]
    intro = (
        f"{number_of(len(network.layers), 'layer')}, "
        f"{number_of(network.theta.value.size, 'parameter')}, "
        f"{number_of(network.multiply_adds, 'multiply-add')} per image."
    )
    return Section("inside", "Inside the network", intro, blocks)


def _layers(network: Network) -> Details:
    """Return a table of the layers, from the image to the classes."""
    rows = [
        [
            cost.name,
            " x ".join(map(str, cost.output)),
            f"{cost.parameters:,}",
            f"{cost.multiply_adds:,}",
        ]
        for cost in network.costs
    ]
    head = ["layer", "output", "parameters", "multiply-adds"]
    return Details("Layers", [Table("From the image to the classes", head, rows)])
