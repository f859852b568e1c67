"""Catalogue: the trained network, and its stages (``tenfold.inspection.stages``)."""

from typing import TYPE_CHECKING, Any

from tenfold.inspection import DigitMaps
from tenfold.plots.catalogue.entry import CatalogueFigure, FigureData, ReportEntry
from tenfold.plots.formatting import number_of, percent
from tenfold.plots.maps import map_figure
from tenfold.plots.weights import filters_figure, has_feature_maps, has_weights, weights_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["FIGURES"]

_SECTION = "inside"


def _has_weights(data: FigureData) -> bool:
    return data.model is not None and has_weights(data.model.network)


def _weights(data: FigureData) -> "Figure":
    assert data.model is not None
    return weights_figure(data.model.network)


def _weights_caption(data: FigureData) -> str:
    return (
        "Where a weight is positive (light), ink raises the output of the unit; where it is "
        "negative (dark), ink lowers it. The units with the largest weights are shown."
    )


def _has_feature_maps(data: FigureData) -> bool:
    return data.model is not None and has_feature_maps(data.model.network)


def _filters(data: FigureData) -> "Figure":
    assert data.model is not None
    assert data.image is not None
    return filters_figure(data.model, data.image)


def _filters_caption(data: FigureData) -> str:
    return "Outputs of some channels of each layer for one image, from the first layer to the last."


def _maps(data: FigureData) -> DigitMaps:
    result: dict[str, Any] = data.study("map") or {}
    return DigitMaps.from_dict(result)


def _map_caption(data: FigureData) -> str:
    maps = _maps(data)
    first, last = maps.maps[0], [one for one in maps.maps if one.method == "pca"][-1]
    text = (
        f"{number_of(len(maps.labels), 'held-out image')}, each drawn as its digit, on the first "
        "two principal components of the features at each stage of the network. The nearest "
        f"neighbour in the map is the same digit for {percent(first.purity, 0)} of the images at "
        f"the input, and for {percent(last.purity, 0)} at the last stage ({last.stage})."
    )
    if any(one.method == "tsne" for one in maps.maps):
        text += " t-SNE keeps neighbours together, but does not preserve distances."
    return text


FIGURES: tuple[CatalogueFigure, ...] = (
    CatalogueFigure(
        name="weights",
        title="Weights as images",
        sources=("model.safetensors",),
        condition=_has_weights,
        draw=_weights,
        file="weights",
        report=ReportEntry(_SECTION, _weights_caption, "Images of weights."),
    ),
    CatalogueFigure(
        name="feature-maps",
        title="Feature maps",
        sources=("model.safetensors", "image"),
        condition=_has_feature_maps,
        draw=_filters,
        file="feature-maps",
        report=ReportEntry(_SECTION, _filters_caption, "Feature maps of a digit."),
    ),
    CatalogueFigure(
        name="map",
        title="Map of the digits",
        sources=("studies/map",),
        draw=lambda data: map_figure(_maps(data)),
        report=ReportEntry(_SECTION, _map_caption, "Maps with digits as points."),
    ),
)
"""Figures of the trained network."""
