"""Inside: what the network has learned to look for, and what went on in it while it learned."""

import base64
import io
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from tenfold.errors import TenfoldError
from tenfold.inspection import PATH_OPTIMIZERS, DigitMaps, LayerRow, OptimizerPaths
from tenfold.models import Model, load_model
from tenfold.nn import Network
from tenfold.nn.array import Array
from tenfold.plots import (
    activations_figure,
    dead_units_figure,
    distributions_figure,
    filters_figure,
    gradients_figure,
    learning_curves,
    map_figure,
    paths_figure,
    updates_figure,
    weights_figure,
)
from tenfold.plots.weights import has_feature_maps, has_weights
from tenfold.report.blocks import Beside, Block, Folded, Picture, Section, Table
from tenfold.report.context import Context
from tenfold.report.explore import LANDSCAPE
from tenfold.report.formatting import count, percent
from tenfold.report.svg import drawn

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["inside", "race"]


def inside(context: Context) -> Section | None:
    """Return the layers, the weights, what an image becomes, the map, and the training inside."""
    model = _model(context)
    if model is None:
        return None
    network = model.network
    blocks: list[Block] = [_layers(network), *_weights(context, model), *_map(context)]
    rows = context.run.layers()
    if pictures := list(_training(rows)):
        blocks.append(Beside(pictures))
    if any(row.get("histograms") for row in rows):
        blocks.append(Folded("How weights and updates were distributed", [_distributions(rows)]))
    blocks += _descents(context)
    lead = (
        f"{count(len(network.layers), 'layer')}, {count(network.theta.value.size, 'parameter')}, "
        f"{count(network.multiply_adds, 'multiply-add')} for an image."
    )
    return Section("inside", "What it looks like inside", lead, blocks)


def _model(context: Context) -> Model | None:
    try:
        return load_model(context.run.model)
    except TenfoldError as error:
        context.miss(error)
        return None


def _layers(network: Network) -> Folded:
    """Return the layers as a table, from the image to the classes."""
    rows = [
        [
            cost.name,
            " x ".join(map(str, cost.output)),
            f"{cost.parameters:,}",
            f"{cost.multiply_adds:,}",
        ]
        for cost in network.costs
    ]
    head = ["layer", "output", "parameters", "multiply-adds"]
    return Folded(
        "The network, layer by layer", [Table("From the image to the classes", head, rows)]
    )


def _weights(context: Context, model: Model) -> Iterator[Picture]:
    network = model.network
    if has_weights(network):
        words = (
            "What its units look for: where a weight is positive, ink speaks for the unit, where "
            "it is negative, against it. Those with the largest weights are drawn."
        )
        figure = weights_figure(network)
        yield drawn(figure, "weights", "Weights as images", words, f"Weights as images. {words}")
    image = _first_image(context)
    if image is not None and has_feature_maps(network):
        words = "What the layers make of one image, from the top down: some channels of each."
        figure = filters_figure(model, image)
        yield drawn(figure, "filters", "Feature maps", words, f"Feature maps of a digit. {words}")


def _first_image(context: Context) -> Array | None:
    """Return the first image that the page shows, (H, W, 1), as the network takes it."""
    found = context.study("digits")
    if not found or not found["samples"]:
        return None
    from PIL import Image

    content = io.BytesIO(base64.b64decode(found["samples"][0]["png"]))
    with Image.open(content) as picture:
        image: Array = 255 - np.asarray(picture.convert("L"))[..., None]
    return image


def _map(context: Context) -> Iterator[Picture]:
    found = context.study("map")
    if found is None:
        return
    maps = DigitMaps.from_dict(found)
    first, last = (one for one in (maps.maps[0], [m for m in maps.maps if m.method == "pca"][-1]))
    words = (
        f"{count(len(maps.labels), 'held-out image')}, each drawn as its digit, stage by stage on "
        "the plane of its first two principal components: in the pixels "
        f"{percent(first.purity, 0)} of the nearest neighbours are of the same digit, in the "
        f"{last.stage} {percent(last.purity, 0)}."
    )
    if any(one.method == "tsne" for one in maps.maps):
        words += " t-SNE keeps neighbours together and lets distances go."
    yield drawn(map_figure(maps), "map", "A map of the digits", words, f"A map. {words}")


def _training(rows: list[LayerRow]) -> Iterator[Picture]:
    figures: dict[str, tuple[str, str, Callable[[list[LayerRow]], Figure]]] = {
        "mean": ("Activations", "Mean and deviation of what each layer gives", activations_figure),
        "gradient_rms": ("Gradients", "Far apart, they vanish or explode", gradients_figure),
        "update_ratio": ("Updates", "About a thousandth of the weights is usual", updates_figure),
        "dead": ("Dead units", "Units that no image of the probe wakes", dead_units_figure),
    }
    for key, (title, words, draw) in figures.items():
        held = [row for row in rows if row.get(key) is not None]
        if held:
            caption = f"{words}. {_at_the_end(held, key)}"
            name = f"layers-{key}".replace("_", "-")
            shades = key != "mean"  # one for each layer, the first too dark for a dark page
            yield drawn(draw(rows), name, title, caption, caption, paper=shades)


def _at_the_end(rows: list[LayerRow], key: str) -> str:
    last = [row for row in rows if row["step"] == rows[-1]["step"]]
    highest = max(last, key=lambda row: row[key])
    if not highest[key]:
        return "At the end there is none."
    value: Any = percent(highest[key], 1) if key == "dead" else f"{highest[key]:.2g}"
    return f"At the end the highest is {value}, in {highest['name']}."


def _distributions(rows: list[LayerRow]) -> Picture:
    words = (
        "Weights and what one update changed, at the first, the middle and the last of the looks."
    )
    return drawn(distributions_figure(rows), "distributions", "Distributions", words, words)


def _descents(context: Context) -> Iterator[Picture]:
    """Yield how far Adam and gradient descent get, step by step, and where six optimizers went."""
    found = context.study("paths")
    if found is None:
        return
    paths = OptimizerPaths.from_dict(found)
    yield race(paths)
    best = min(paths.losses, key=lambda name: paths.losses[name][-1])
    words = (
        f"The loss of {LANDSCAPE} again, on the plane that {len(paths.losses)} optimizers keep "
        f"closest to in {_steps(paths)} steps from one start. The plane holds "
        f"{percent(paths.explained, 0)} of their squared distances. Lowest in the end: "
        f"{best}, {paths.losses[best][-1]:.3f}."
    )
    figure = paths_figure(paths)
    yield drawn(figure, "paths", "Optimizer paths", words, f"Contours. {words}", paper=True)


def race(paths: OptimizerPaths) -> Picture:
    """Return the loss of Adam and of gradient descent over the same steps from the same start."""
    names = {"Adam": "Adam", "SGD": "gradient descent"}
    runs = {
        names[key]: [
            {"epoch": step - 1, "step": step, "train_loss": loss}
            for step, loss in enumerate(paths.losses[key])
        ]
        for key in names
    }
    adam, plain = (paths.losses[key] for key in names)
    overtaken = next((step for step, loss in enumerate(adam) if loss <= plain[-1]), None)
    rates = {name: PATH_OPTIMIZERS[name].learning_rate for name in ("Adam", "SGD")}
    words = (
        f"Not this network but {LANDSCAPE}, from one start, on 512 of its training images, all of "
        f"them at every step: after {_steps(paths)} steps Adam (rate {rates['Adam']:g}) "
        f"has a loss of {adam[-1]:.3f}, gradient descent (rate {rates['SGD']:g}) one of "
        f"{plain[-1]:.3f}"
    )
    words += "." if overtaken is None else f", where Adam was after {overtaken}."
    figure = learning_curves(runs, "loss", over="step", size=(5.6, 3.4))
    title = "Adam against gradient descent"
    return drawn(figure, "race", title, words, f"Two curves, loss over updates. {words}")


def _steps(paths: OptimizerPaths) -> int:
    return len(next(iter(paths.losses.values()))) - 1
