"""Calibration: whether confidence can be believed, and what saying "unsure" is worth."""

from typing import TYPE_CHECKING, Any

import numpy as np

from tenfold.evaluation import Reliability, reliability, risk_coverage, selective_metrics
from tenfold.nn.array import Array
from tenfold.plots.style import COLOURS, FAINT, WRONG, percent, picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["confidence_figure", "reliability_figure", "risk_figure"]

_FEW = 20  # images in a bin: with fewer, its accuracy says little


@picture
def reliability_figure(confidence: Array, right: Array) -> "Figure":
    """Draw the share of right answers against confidence, and below it how many images there are.

    On the diagonal a network is as often right as it says. A bin of few images is a hollow mark.
    The counts are on a logarithmic scale: a good network is nearly sure of nearly all images.

    Args:
        confidence: the probability given to each answer, (N,).
        right: whether it is right, (N,), boolean.

    Raises:
        ValueError: if there are no answers, or a confidence is none.
        TenfoldError: if matplotlib is missing.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5.6, 6.2), layout="constrained")
    above, below = figure.subplots(2, 1, height_ratios=(3, 1))
    _draw_reliability(above, below, confidence, right)
    figure.legend(*above.get_legend_handles_labels(), loc="outside lower left", ncols=2)
    return figure


@picture
def risk_figure(confidence: Array, right: Array, threshold: float | None = None) -> "Figure":
    """Draw the error among the answered images against the share of images that are answered.

    From right to left the network says "unsure" of more and more images, the least sure first. The
    error is on a logarithmic scale, so the curve begins where the first mistake is answered.

    Args:
        confidence: the probability given to each answer, (N,).
        right: whether it is right, (N,), boolean.
        threshold: mark what comes of saying "unsure" below it; None to mark nothing.

    Raises:
        ValueError: if there are no answers, or a confidence is none.
        TenfoldError: if matplotlib is missing.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.4, 4.2), layout="constrained")
    _draw_risk(figure.add_subplot(), confidence, right, threshold)
    return figure


@picture
def confidence_figure(confidence: Array, right: Array, threshold: float | None = None) -> "Figure":
    """Draw ``reliability_figure`` and ``risk_figure`` side by side.

    Raises:
        ValueError: if there are no answers, or a confidence is none.
        TenfoldError: if matplotlib is missing.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11.4, 5.6), layout="constrained")
    axes = figure.subplot_mosaic(
        [["above", "risk"], ["below", "risk"]], height_ratios=(3, 1), gridspec_kw={"wspace": 0.08}
    )
    _draw_reliability(axes["above"], axes["below"], confidence, right)
    _draw_risk(axes["risk"], confidence, right, threshold)
    figure.legend(*axes["above"].get_legend_handles_labels(), loc="outside lower left", ncols=4)
    return figure


def _draw_reliability(above: "Axes", below: "Axes", confidence: Array, right: Array) -> None:
    bins = reliability(confidence, right)
    above.sharex(below)
    above.tick_params(labelbottom=False)
    above.set_title(f"Reliability: calibration error {_short(bins.expected_error)}")
    _draw_bins(above, bins)
    centres, width = (bins.edges[:-1] + bins.edges[1:]) / 2, bins.edges[1]
    below.bar(centres, bins.count, 0.9 * width, color=COLOURS[0])
    below.set(xlabel="confidence", ylabel="images", yscale="log")
    below.set_ylim(0.7, 3 * max(10, bins.count.max()))
    below.set_xlim(0, 1)
    below.xaxis.set_major_formatter(percent)
    below.yaxis.set_major_formatter(lambda count, _: f"{count:,.0f}")


def _draw_bins(axes: "Axes", bins: Reliability) -> None:
    axes.plot([0, 1], [0, 1], "--", color=FAINT, linewidth=1, label="right as often as it says")
    there = bins.count > 0
    axes.vlines(
        bins.confidence[there],
        np.minimum(bins.confidence, bins.accuracy)[there],
        np.maximum(bins.confidence, bins.accuracy)[there],
        color=WRONG,
        linewidth=3,
        alpha=0.5,
        label="gap",
    )
    many, few = bins.count >= _FEW, there & (bins.count < _FEW)
    kinds = ((many, COLOURS[0], f"{_FEW} images or more"), (few, "white", "fewer images"))
    for shown, fill, label in kinds:
        axes.plot(
            bins.confidence[shown],
            bins.accuracy[shown],
            "o",
            color=COLOURS[0],
            markerfacecolor=fill,
            clip_on=False,
            in_layout=False,  # nothing may be drawn here, which takes up endless room
            label=label,
        )
    axes.set(ylabel="share of right answers", ylim=(-0.03, 1.03))
    axes.yaxis.set_major_formatter(percent)


def _draw_risk(axes: "Axes", confidence: Array, right: Array, threshold: float | None) -> None:
    from matplotlib.ticker import NullFormatter

    curve = risk_coverage(confidence, right)
    some = curve.wrong > 0
    axes.set(xlabel="share of images answered", ylabel="error among the answered")
    axes.set_title(f"Saying unsure: {_short(float(curve.error[-1]))} wrong if it never does")
    axes.plot(curve.coverage[some], curve.error[some], color=COLOURS[0])
    shown = [float(share) for share in curve.coverage[some][:1]]
    if some.any():
        axes.set_yscale("log")
        axes.set_ylim(0.4 * curve.error[some].min(), 2.5 * curve.error.max())
    if threshold is not None:
        told = selective_metrics(confidence, right, threshold)
        _mark(axes, told)
        shown.append(told["coverage"])
    left = min(shown, default=0.0)
    margin = max(0.1 * (1 - left), 1e-3)
    axes.set_xlim(max(0.0, left - margin), 1 + 0.3 * margin)
    axes.xaxis.set_major_formatter(percent)
    axes.yaxis.set_major_formatter(percent)
    axes.yaxis.set_minor_formatter(NullFormatter())


def _mark(axes: "Axes", told: dict[str, Any]) -> None:
    """Mark what a threshold does, and say it in words where there is room: above the curve."""
    words = (
        f"unsure below {percent(round(told['threshold'], 3))}:\n"
        f"answers {percent(round(told['coverage'], 4))}, {_short(told['error'])} of these wrong"
    )
    if told["wrong"]:
        axes.plot([told["coverage"]], [told["error"]], "o", color=WRONG, markersize=7)
    axes.axvline(told["coverage"], linestyle="--", color=WRONG, linewidth=1)
    behind = {"facecolor": "white", "edgecolor": "none", "pad": 2}  # the line may pass here
    axes.text(0.02, 0.97, words, color=WRONG, va="top", transform=axes.transAxes, bbox=behind)


def _short(share: float) -> str:
    """Return a share with the two digits that can mean something."""
    return f"{100 * share:.2g} %"
