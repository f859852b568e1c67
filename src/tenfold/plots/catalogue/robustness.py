"""Catalogue: accuracy on distorted images, and compared with simple methods."""

from typing import TYPE_CHECKING, Any

from tenfold.inspection import Robustness
from tenfold.plots.baselines import baselines_figure
from tenfold.plots.catalogue.entry import CatalogueFigure, FigureData, PageEntry
from tenfold.plots.formatting import joined, percent
from tenfold.plots.robustness import corruptions_figure, robustness_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["FIGURES"]

_SIZE = (5.6, 7.2)  # inches: two beside each other


def _robustness(data: FigureData) -> Robustness:
    found: dict[str, Any] = data.study("robustness") or {}
    return Robustness.from_dict(found)


def _distortions_caption(data: FigureData) -> str:
    return (
        f"Accuracy on {_robustness(data).clean.n:,} images as each distortion grows, with 95 % "
        "intervals. The triangle marks unchanged images, the dotted line is guessing."
    )


def _corruptions_caption(data: FigureData) -> str:
    result = _robustness(data)
    ranked = sorted(result.corruptions.items(), key=lambda item: item[1].accuracy)
    names = [f"{name.replace('_', ' ')} ({percent(tally.accuracy, 0)})" for name, tally in ranked]
    return (
        f"Accuracy is {percent(result.clean.accuracy, 0)} on clean images. It is highest under "
        f"{joined(names[:-4:-1])}, and lowest under {joined(names[:3])}."
    )


def _baselines(data: FigureData) -> "Figure":
    own, found = data.held_out, data.study("baselines")
    assert own is not None
    assert found is not None
    run = {"accuracy": own.accuracy, "interval95": list(own.interval95)}
    return baselines_figure(found["baselines"], {"this run": run})


def _baselines_caption(data: FigureData) -> str:
    found = data.study("baselines") or {}
    return (
        "Error rates with 95 % intervals. To save time, the simple methods were trained on "
        f"{found['train']:,} of the training images and evaluated on {found['asked']:,} of the "
        "held-out images."
    )


FIGURES: tuple[CatalogueFigure, ...] = (
    CatalogueFigure(
        name="distortions",
        title="Distortions of increasing strength",
        sources=("studies/robustness",),
        draw=lambda data: robustness_figure(_robustness(data), columns=2),
        page=PageEntry("robustness", _distortions_caption, "Curves.", _SIZE, layout="beside"),
    ),
    CatalogueFigure(
        name="corruptions",
        title="Corruptions",
        sources=("studies/robustness",),
        draw=lambda data: corruptions_figure(_robustness(data)),
        page=PageEntry("robustness", _corruptions_caption, "Bars.", _SIZE, layout="beside"),
    ),
    CatalogueFigure(
        name="baselines",
        title="Simple methods",
        sources=("metrics.json", "studies/baselines"),
        condition=lambda data: data.held_out is not None,
        draw=_baselines,
        page=PageEntry("baselines", _baselines_caption, "Dots on an axis.", (5.8, 3.0)),
    ),
)
"""Figures of robustness and of simple methods."""
