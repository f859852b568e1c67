"""Section: the accuracy of baselines, which are simple classifiers without a neural network."""

from tenfold.plots.formatting import number_of, percent
from tenfold.report.blocks import Section
from tenfold.report.context import Context
from tenfold.report.figures import figure_blocks

__all__ = ["baselines_section"]


def baselines_section(context: Context) -> Section | None:
    """Return the section that compares the run with baselines.

    None if no images were held out, or if the study cannot be computed.
    """
    metrics = context.metrics.test or context.metrics.validation
    result = context.study("baselines") if metrics is not None else None
    if metrics is None or result is None:
        return None
    rows = result["baselines"]
    best = max(rows, key=lambda name: rows[name]["accuracy"])
    intro = (
        f"The best of {number_of(len(rows), 'baseline')} ({best}) reaches "
        f"{percent(rows[best]['accuracy'])} after training on {result['train']:,} images; this run "
        f"reaches {percent(metrics.accuracy)}."
    )
    blocks = figure_blocks(context.figure_data, "baselines")
    return Section("baselines", "Comparison with baselines", intro, blocks)
