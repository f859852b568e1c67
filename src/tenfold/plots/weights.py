"""Weights: what a network looks for in an image, and what it finds in one."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from tenfold.errors import TenfoldError
from tenfold.models import Model
from tenfold.nn import Conv2D, Dense, Dropout, Layer, Network, Normalize, Residual
from tenfold.nn.array import Array
from tenfold.plots.strips import Strip, strips_figure
from tenfold.plots.style import picture, rounded_percent

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["filters_figure", "has_feature_maps", "has_weights", "weights_figure"]

_Shape: TypeAlias = tuple[int, ...]

_UNITS = 48  # of a first layer; of each later one, _LATER
_LATER = 24
_LINE = 12  # images in a line, and channels of a layer
_STAGES = 16  # layers whose maps are drawn


@picture
def weights_figure(network: Network) -> "Figure":
    """Draw a network's weights as images: what its units look for.

    - A dense layer at the image: the weights of each unit as an image, the mean over channels if
      it has several; of a network without hidden layers they are the templates of the classes.
    - Convolutions, also those in a ``Residual``: the kernels of each, the mean over the channels
      that come in.

    Of a first layer up to 48 units are drawn, of each later convolution 24: those whose weights
    have the largest Euclidean norm, the largest first; the number below is the unit's. Classes are
    drawn in their order. Each layer has its own scale, which is written beside it.

    Raises:
        TenfoldError: if the network has none (``has_weights``), or matplotlib is missing.
    """
    if not has_weights(network):
        raise TenfoldError(
            "this network has no dense layer and no convolution, so there are no weights to draw "
            "as images: choose a model that has some"
        )
    strips: list[Strip] = []
    for name, layer, shape in _walk(network.layers, network.input_shape):
        if isinstance(layer, Conv2D):
            strips.append(_kernels(name, layer, _LATER if strips else _UNITS))
        elif isinstance(layer, Dense) and not strips:
            strips.append(_templates(name, layer, shape, layer is network.layers[-1]))
            break  # no image comes after it
    classes = strips[0].captions == [str(number) for number in range(len(strips[0].captions))]
    order = "each class's template" if classes else "strongest first; below, the unit's number"
    return strips_figure(
        "Weights: what the network looks for",
        f"ink counts for a unit where it is light, against it where it is dark; {order}",
        strips,
        wrap=_LINE,
    )


@picture
def filters_figure(model: Model, image: Array) -> "Figure":
    """Draw what the layers of a network make of one image: their feature maps.

    Shown is the image, then each layer that gives images and changes them, in at most 16 rows
    evenly spread. Of each convolution the 12 channels that vary most over this image are drawn,
    the most varied first (of maps of one pixel, the largest), and the layers after it keep to
    these; the number below is the channel's. Each row has its own scale, written beside it.

    Args:
        model: whose network is looked into.
        image: (H, W, C), on the 0..255 scale.

    Raises:
        ValueError: if the image has another shape than the network takes.
        TenfoldError: if no layer gives images (``has_feature_maps``), or matplotlib is missing.
    """
    network = model.network
    if not has_feature_maps(network):
        raise TenfoldError(
            "no layer of this network gives images, so there are no feature maps to draw: choose "
            "a model with convolutions"
        )
    probabilities = model.predict_probabilities(image[np.newaxis])[0]
    answer = int(probabilities.argmax())
    maps = list(_maps(network, image))
    kept = np.unique(np.linspace(0, len(maps) - 1, min(len(maps), _STAGES)).round().astype(int))
    seen = Strip("the image", image.mean(axis=-1)[np.newaxis])
    return strips_figure(
        f"Feature maps: a digit that is taken for a {answer}, "
        f"{rounded_percent(float(probabilities[answer]))} sure",
        "what each layer makes of it; the channels that vary most over this image",
        [seen, *(maps[index] for index in kept)],
        wrap=_LINE,
    )


def has_weights(network: Network) -> bool:
    """Return whether there are weights to draw: a dense layer or a convolution, even in a block."""
    layers = (layer for _, layer, _ in _walk(network.layers, network.input_shape))
    return any(isinstance(layer, (Conv2D, Dense)) for layer in layers)


def has_feature_maps(network: Network) -> bool:
    """Return whether some layer gives images that are other than the one that came in."""
    shapes = zip(network.layers, network.shapes, strict=True)
    return any(len(shape) == 3 and _changes(layer) for layer, shape in shapes)


def _walk(
    layers: tuple[Layer, ...], shape: _Shape, prefix: str = ""
) -> Iterator[tuple[str, Layer, _Shape]]:
    """Yield each layer with its name and the last shape of images before it, blocks opened."""
    images = shape
    for index, layer in enumerate(layers):
        place = f"{prefix}{index}"
        if isinstance(layer, Residual):
            yield from _walk(layer.block, shape, f"{place}.")
        else:
            yield f"{place} {type(layer).__name__}", layer, images
        shape = layer.output_shape(shape)
        images = shape if len(shape) == 3 else images


def _kernels(name: str, layer: Conv2D, most: int) -> Strip:
    kernels = layer.weight.value.transpose(3, 0, 1, 2)  # (F, K, K, C)
    chosen = _strongest(kernels, most)
    told = f"{layer.outputs} kernels {layer.kernel} x {layer.kernel}"
    mean = f", mean of {layer.inputs}" if layer.inputs > 1 else ""
    return _strip(f"{name}\n{told}{mean}", kernels[chosen].mean(axis=-1), chosen)


def _templates(name: str, layer: Dense, shape: _Shape, classes: bool) -> Strip:
    """Return a dense layer's weights as images; as lines where it does not see whole images."""
    form = shape if np.prod(shape) == layer.inputs else (1, layer.inputs, 1)
    units = layer.weight.value.T.reshape(layer.outputs, *form)
    chosen = np.arange(layer.outputs)[:_UNITS] if classes else _strongest(units, _UNITS)
    told = f"{layer.outputs} {'classes' if classes else 'units'}"
    return _strip(f"{name}\n{told}", units[chosen].mean(axis=-1), chosen)


def _strongest(units: Array, most: int) -> Array:
    """Return the indices of the units with the largest norm, the largest first."""
    norms = np.sqrt((units.reshape(len(units), -1).astype(np.float64) ** 2).sum(axis=1))
    return np.argsort(-norms, kind="stable")[:most]


def _maps(network: Network, image: Array) -> Iterator[Strip]:
    """Yield a strip for each layer that gives images and changes them."""
    x = image[np.newaxis]
    chosen = np.empty(0, int)
    for index, layer in enumerate(network.layers):
        x = layer.forward(x)
        if x.ndim != 4 or not _changes(layer):
            continue
        _, height, width, channels = x.shape
        if isinstance(layer, (Conv2D, Residual)) or not chosen.size:
            chosen = _most_varied(x[0])
        name = f"{index} {type(layer).__name__}\n{height} x {width} x {channels}"
        yield _strip(name, x[0].transpose(2, 0, 1)[chosen], chosen)


def _most_varied(maps: Array) -> Array:
    """Return the channels of (H, W, C) that vary most; of those that do not, the largest."""
    size, deviation = np.abs(maps).mean(axis=(0, 1)), maps.std(axis=(0, 1))
    return np.lexsort((-size, -deviation))[:_LINE]


def _changes(layer: Layer) -> bool:
    """Return whether a picture of what comes out differs from one of what goes in."""
    return not isinstance(layer, (Normalize, Dropout))


def _strip(name: str, images: Array, numbers: Array) -> Strip:
    captions = [str(number) for number in numbers]
    strip = Strip(name, images, captions, signed=True)
    return Strip(f"{name}\nshades to ± {strip.limit:.2g}", images, captions, signed=True)
