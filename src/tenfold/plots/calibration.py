"""Calibration of the confidence, and errors against coverage."""

from typing import TYPE_CHECKING, Any

import numpy as np

from tenfold.evaluation import Reliability, reliability, risk_coverage, selective_metrics
from tenfold.nn.array import Array
from tenfold.plots.formatting import axis_percent
from tenfold.plots.style import COLOURS, DARK_ORANGE, FAINT, styled_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["confidence_figure", "reliability_figure", "risk_figure"]

_MIN_IMAGES = 20  # with fewer images, the accuracy of a bin is unreliable


@styled_figure
def reliability_figure(confidence: Array, correct: Array) -> "Figure":
    """Draw accuracy against confidence, and below it the number of images in each bin.

    On the diagonal, accuracy equals confidence. Bins with few images are hollow. The counts are on
    a logarithmic scale, since a good network has a confidence near 1 for most images.

    Args:
        confidence: Probability of each predicted class, (N,).
        correct: Whether each prediction is correct, (N,), boolean.

    Raises:
        ValueError: If there are no predictions, or a confidence is not from 0 to 1.
        TenfoldError: If matplotlib is not installed.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5.6, 6.2), layout="constrained")
    above, below = figure.subplots(2, 1, height_ratios=(3, 1))
    _draw_reliability(above, below, confidence, correct)
    figure.legend(*above.get_legend_handles_labels(), loc="outside lower left", ncols=2)
    return figure


@styled_figure
def risk_figure(confidence: Array, correct: Array, threshold: float | None = None) -> "Figure":
    """Draw the error rate among the accepted images against their share (coverage).

    From right to left, the network says "unsure" for more images, those with the lowest confidence
    first. The error is on a logarithmic scale, so the curve starts at the first mistake.

    Args:
        confidence: Probability of each predicted class, (N,).
        correct: Whether each prediction is correct, (N,), boolean.
        threshold: Confidence below which the network says "unsure". It is marked; None for no mark.

    Raises:
        ValueError: If there are no predictions, or a confidence is not from 0 to 1.
        TenfoldError: If matplotlib is not installed.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.4, 4.2), layout="constrained")
    _draw_risk(figure.add_subplot(), confidence, correct, threshold)
    return figure


@styled_figure
def confidence_figure(
    confidence: Array, correct: Array, threshold: float | None = None
) -> "Figure":
    """Draw ``reliability_figure`` and ``risk_figure`` side by side.

    Args:
        confidence: Probability of each predicted class, (N,).
        correct: Whether each prediction is correct, (N,), boolean.
        threshold: Confidence below which the network says "unsure". It is marked; None for no mark.

    Raises:
        ValueError: If there are no predictions, or a confidence is not from 0 to 1.
        TenfoldError: If matplotlib is not installed.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11.4, 5.6), layout="constrained")
    axes = figure.subplot_mosaic(
        [["above", "risk"], ["below", "risk"]], height_ratios=(3, 1), gridspec_kw={"wspace": 0.08}
    )
    _draw_reliability(axes["above"], axes["below"], confidence, correct)
    _draw_risk(axes["risk"], confidence, correct, threshold)
    figure.legend(*axes["above"].get_legend_handles_labels(), loc="outside lower left", ncols=4)
    return figure


def _draw_reliability(above: "Axes", below: "Axes", confidence: Array, correct: Array) -> None:
    bins = reliability(confidence, correct)
    above.sharex(below)
    above.tick_params(labelbottom=False)
    above.set_title(f"Reliability: calibration error {_two_digit_percent(bins.expected_error)}")
    _draw_bins(above, bins)
    centres, width = (bins.edges[:-1] + bins.edges[1:]) / 2, bins.edges[1]
    below.bar(centres, bins.count, 0.9 * width, color=COLOURS[0])
    below.set(xlabel="confidence", ylabel="images", yscale="log")
    below.set_ylim(0.7, 3 * max(10, bins.count.max()))
    below.set_xlim(0, 1)
    below.xaxis.set_major_formatter(axis_percent)
    below.yaxis.set_major_formatter(lambda count, _: f"{count:,.0f}")


def _draw_bins(axes: "Axes", bins: Reliability) -> None:
    axes.plot([0, 1], [0, 1], "--", color=FAINT, linewidth=1, label="accuracy equals confidence")
    is_used = bins.count > 0
    axes.vlines(
        bins.confidence[is_used],
        np.minimum(bins.confidence, bins.accuracy)[is_used],
        np.maximum(bins.confidence, bins.accuracy)[is_used],
        color=DARK_ORANGE,
        linewidth=3,
        alpha=0.5,
        label="gap",
    )
    is_reliable, is_unreliable = bins.count >= _MIN_IMAGES, is_used & (bins.count < _MIN_IMAGES)
    kinds = (
        (is_reliable, COLOURS[0], f"{_MIN_IMAGES} images or more"),
        (is_unreliable, "white", "fewer images"),
    )
    for shown, fill, label in kinds:
        axes.plot(
            bins.confidence[shown],
            bins.accuracy[shown],
            "o",
            color=COLOURS[0],
            markerfacecolor=fill,
            clip_on=False,
            in_layout=False,  # an empty line would have an infinite extent
            label=label,
        )
    axes.set(ylabel="accuracy", ylim=(-0.03, 1.03))
    axes.yaxis.set_major_formatter(axis_percent)


def _draw_risk(axes: "Axes", confidence: Array, correct: Array, threshold: float | None) -> None:
    from matplotlib.ticker import NullFormatter

    curve = risk_coverage(confidence, correct)
    has_errors = curve.wrong > 0
    axes.set(xlabel="coverage: share of accepted images", ylabel="error rate of accepted images")
    axes.set_title(
        f"Error rate against coverage: {_two_digit_percent(float(curve.error[-1]))} overall"
    )
    axes.plot(curve.coverage[has_errors], curve.error[has_errors], color=COLOURS[0])
    shown = [float(share) for share in curve.coverage[has_errors][:1]]
    if has_errors.any():
        axes.set_yscale("log")
        axes.set_ylim(0.4 * curve.error[has_errors].min(), 2.5 * curve.error.max())
    if threshold is not None:
        metrics = selective_metrics(confidence, correct, threshold)
        _mark_threshold(axes, metrics)
        shown.append(metrics["coverage"])
    left = min(shown, default=0.0)
    margin = max(0.1 * (1 - left), 1e-3)
    axes.set_xlim(max(0.0, left - margin), 1 + 0.3 * margin)
    axes.xaxis.set_major_formatter(axis_percent)
    axes.yaxis.set_major_formatter(axis_percent)
    axes.yaxis.set_minor_formatter(NullFormatter())


def _mark_threshold(axes: "Axes", metrics: dict[str, Any]) -> None:
    """Mark the effect of a threshold, and write it above the curve, where there is space."""
    coverage, error = metrics["coverage"], metrics["error"]
    text = (
        f"unsure below {axis_percent(round(metrics['threshold'], 3))}:\n"
        f"{axis_percent(round(coverage, 4))} accepted, {_two_digit_percent(error)} of these wrong"
    )
    if metrics["wrong"]:
        axes.plot([coverage], [error], "o", color=DARK_ORANGE, markersize=7)
    axes.axvline(coverage, linestyle="--", color=DARK_ORANGE, linewidth=1)
    behind = {"facecolor": "white", "edgecolor": "none", "pad": 2}  # readable if a line crosses it
    axes.text(0.02, 0.97, text, color=DARK_ORANGE, va="top", transform=axes.transAxes, bbox=behind)


def _two_digit_percent(share: float) -> str:
    """Return a share in percent with two significant digits."""
    return f"{100 * share:.2g}%"
