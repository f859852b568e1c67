"""Section: the accuracy on distorted and corrupted images."""

from tenfold.inspection import Robustness
from tenfold.plots.formatting import percent
from tenfold.report.blocks import Section
from tenfold.report.context import Context
from tenfold.report.figures import figure_blocks

__all__ = ["robustness_section"]


def robustness_section(context: Context) -> Section | None:
    """Return the accuracy under distortions and corruptions; None without the study."""
    found = context.study("robustness")
    if found is None:
        return None
    result = Robustness.from_dict(found)
    lead = (
        f"Accuracy is {percent(result.clean.accuracy)} on clean images and "
        f"{percent(result.mean_accuracy)} on average over the {len(result.corruptions)} "
        "corruptions of MNIST-C (Mu and Gilmer, 2019), without test-time augmentation."
    )
    blocks = figure_blocks(context.figure_data, "robustness")
    return Section("robustness", "Robustness", lead, blocks)
