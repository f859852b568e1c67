"""Catalogue: accuracy on distorted and corrupted images, and compared with baselines.

A distortion is a change of adjustable strength, such as a rotation. A corruption is one of the
changes of MNIST-C, each with a fixed strength. Baselines are simple classifiers without a neural
network.
"""

from typing import TYPE_CHECKING, Any

from tenfold.inspection import Robustness
from tenfold.plots.baselines import baselines_figure
from tenfold.plots.catalogue.entry import CatalogueFigure, FigureData, ReportEntry
from tenfold.plots.formatting import joined, percent
from tenfold.plots.robustness import corruptions_figure, robustness_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["FIGURES"]

_SIZE = (5.6, 7.2)  # inches, for two figures side by side
_DISTORTIONS_ALT = "Curves of accuracy against strength, a panel for each distortion."


def _robustness(data: FigureData) -> Robustness:
    result: dict[str, Any] = data.study("robustness") or {}
    return Robustness.from_dict(result)


def _distortions_caption(data: FigureData) -> str:
    return (
        f"Accuracy on {_robustness(data).clean.n:,} images against the strength of each "
        "distortion, with 95% intervals. A triangle marks the strength that leaves images "
        "unchanged. The dotted line is the accuracy of random guessing."
    )


def _corruptions_caption(data: FigureData) -> str:
    result = _robustness(data)
    ranked = sorted(result.corruptions.items(), key=lambda item: item[1].accuracy)
    names = [f"{name.replace('_', ' ')} ({percent(count.accuracy, 0)})" for name, count in ranked]
    return (
        "Each corruption is a change of the images with a fixed strength. Accuracy is "
        f"{percent(result.clean.accuracy, 0)} on clean images. It is highest under "
        f"{joined(names[:-4:-1])}, and lowest under {joined(names[:3])}."
    )


def _baselines(data: FigureData) -> "Figure":
    metrics, result = data.held_out, data.study("baselines")
    assert metrics is not None
    assert result is not None
    run = {"accuracy": metrics.accuracy, "interval95": list(metrics.interval95)}
    return baselines_figure(result["baselines"], {"this run": run})


def _baselines_caption(data: FigureData) -> str:
    result = data.study("baselines") or {}
    return (
        "Error rates with 95% intervals. To save time, the baselines were trained on "
        f"{result['train']:,} of the training images and evaluated on {result['asked']:,} of the "
        "held-out images."
    )


FIGURES: tuple[CatalogueFigure, ...] = (
    CatalogueFigure(
        name="distortions",
        title="Distortions of increasing strength",
        sources=("studies/robustness",),
        draw=lambda data: robustness_figure(_robustness(data), columns=2),
        report=ReportEntry(
            "robustness", _distortions_caption, _DISTORTIONS_ALT, _SIZE, layout="beside"
        ),
    ),
    CatalogueFigure(
        name="corruptions",
        title="Corruptions",
        sources=("studies/robustness",),
        draw=lambda data: corruptions_figure(_robustness(data)),
        report=ReportEntry(
            "robustness",
            _corruptions_caption,
            "Bars of the accuracy under each corruption.",
            _SIZE,
            layout="beside",
        ),
    ),
    CatalogueFigure(
        name="baselines",
        title="Baselines",
        sources=("metrics.json", "studies/baselines"),
        condition=lambda data: data.held_out is not None,
        draw=_baselines,
        report=ReportEntry(
            "baselines",
            _baselines_caption,
            "Points on an axis: error rates of the baselines and of this run.",
            (5.8, 3.0),
        ),
    ),
)
"""Figures of robustness and of the baselines."""
