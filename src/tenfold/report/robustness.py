"""Section: the accuracy on distorted and corrupted images."""

from tenfold.inspection import Robustness
from tenfold.plots.formatting import percent
from tenfold.report.blocks import Section
from tenfold.report.context import Context
from tenfold.report.figures import figure_blocks

__all__ = ["robustness_section"]


def robustness_section(context: Context) -> Section | None:
    """Return the section on robustness; None if the study cannot be computed."""
    data = context.study("robustness")
    if data is None:
        return None
    result = Robustness.from_dict(data)
    intro = (
        f"Accuracy is {percent(result.clean.accuracy)} on clean images and "
        f"{percent(result.mean_accuracy)} on average over the {len(result.corruptions)} "
        "corruptions of MNIST-C (Mu and Gilmer, 2019), without test-time augmentation."
    )
    blocks = figure_blocks(context.figure_data, "robustness")
    return Section("robustness", "Robustness", intro, blocks)
