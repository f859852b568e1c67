"""Worse images: what is left of the accuracy when images are not as clean as these."""

from tenfold.inspection import Robustness
from tenfold.plots import corruptions_figure, robustness_figure
from tenfold.report.blocks import Beside, Section
from tenfold.report.context import Context
from tenfold.report.formatting import joined, percent
from tenfold.report.svg import drawn

__all__ = ["worse"]

_SIZE = (5.6, 7.2)  # inches: two beside each other


def worse(context: Context) -> Section | None:
    """Return the curves of six distortions and the bars of fifteen corruptions."""
    found = context.study("robustness")
    if found is None:
        return None
    result = Robustness.from_dict(found)
    ranked = sorted(result.corruptions.items(), key=lambda item: item[1].accuracy)
    told = [f"{name.replace('_', ' ')} ({percent(tally.accuracy, 0)})" for name, tally in ranked]
    hardest, easiest = joined(told[:3]), joined(told[:-4:-1])
    degrees = (
        f"Accuracy on {result.clean.n:,} images as each distortion grows, with its 95 % interval; "
        "the triangle marks images as they are, the dotted line is guessing."
    )
    clean = percent(result.clean.accuracy, 0)
    kinds = f"Clean images: {clean}. The mildest are {easiest}; the worst are {hardest}."
    curves, bars = robustness_figure(result, columns=2), corruptions_figure(result)
    pictures = [
        drawn(curves, "degrees", "By degrees", degrees, f"Curves. {degrees}", _SIZE),
        drawn(bars, "corruptions", "By kind", kinds, f"Bars. {kinds}", _SIZE),
    ]
    lead = (
        f"{percent(result.clean.accuracy)} on clean images, {percent(result.mean_accuracy)} as the "
        "mean of the fifteen corruptions of MNIST-C (Mu and Gilmer, 2019), by one view of each "
        "image."
    )
    return Section("worse", "How it stands up to worse images", lead, [Beside(pictures)])
