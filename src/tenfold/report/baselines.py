"""Section: the accuracy of simple methods on the same images."""

from tenfold.plots.formatting import number_of, percent
from tenfold.report.blocks import Section
from tenfold.report.context import Context
from tenfold.report.figures import figure_blocks

__all__ = ["baselines_section"]


def baselines_section(context: Context) -> Section | None:
    """Return the error rates of simple methods and of the run; None without held-out images."""
    own = context.metrics.test or context.metrics.validation
    found = context.study("baselines") if own is not None else None
    if own is None or found is None:
        return None
    rows = found["baselines"]
    best = max(rows, key=lambda name: rows[name]["accuracy"])
    lead = (
        f"The best of {number_of(len(rows), 'simple method')} ({best}) reaches "
        f"{percent(rows[best]['accuracy'])} after training on {found['train']:,} images; this run "
        f"reaches {percent(own.accuracy)}."
    )
    blocks = figure_blocks(context.figure_data, "baselines")
    return Section("baselines", "Comparison with simple methods", lead, blocks)
