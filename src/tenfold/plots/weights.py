"""The weights of a network as images, and its feature maps of an image."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from tenfold.errors import TenfoldError
from tenfold.models import Model
from tenfold.nn import Conv2D, ConvMaxPool, Dense, Dropout, Layer, Network, Normalize, Residual
from tenfold.nn.array import Array
from tenfold.plots.formatting import short_percent
from tenfold.plots.strips import Strip, strips_figure
from tenfold.plots.style import styled_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["filters_figure", "has_feature_maps", "has_weights", "weights_figure"]

_Shape: TypeAlias = tuple[int, ...]

_FIRST_UNITS = 48  # largest number of units of the first layer that are drawn
_LATER_UNITS = 24  # largest number of units of each later layer that are drawn
_LINE_IMAGES = 12  # largest number of images in a line, and of channels of a layer
_MAX_LAYERS = 16  # largest number of layers whose feature maps are drawn


@styled_figure
def weights_figure(network: Network) -> "Figure":
    """Draw the weights of a network as images.

    - Dense layer on the image: the weights of each unit as an image, averaged over channels. In a
      network without hidden layers these are the templates of the classes.
    - Convolutions, also inside a ``Residual``: the kernels, averaged over the input channels.

    Up to 48 units of the first layer are drawn, and 24 of each later convolution: those with the
    largest Euclidean norm of the weights, the largest first, with the index of the unit below.
    Classes are drawn in their order. Each layer has its own scale, which is written next to it.

    Args:
        network: The network.

    Raises:
        TenfoldError: If the network has no such layer (``has_weights``), or matplotlib is not
            installed.
    """
    if not has_weights(network):
        raise TenfoldError(
            "this network has no dense layer and no convolution, so it has no weights to draw as "
            "images: choose another model"
        )
    strips: list[Strip] = []
    for name, layer, shape in _walk(network.layers, network.input_shape):
        if isinstance(layer, (Conv2D, ConvMaxPool)):
            strips.append(_kernels(name, layer, _LATER_UNITS if strips else _FIRST_UNITS))
        elif isinstance(layer, Dense) and not strips:
            strips.append(_templates(name, layer, shape, layer is network.layers[-1]))
            break  # later layers do not get an image
    by_class = strips[0].captions == list(map(str, range(len(strips[0].captions))))
    order = "one template per class" if by_class else "largest first; below, the index of the unit"
    return strips_figure(
        "Weights of the units as images",
        f"ink in light areas raises the output of a unit, in dark areas lowers it; {order}",
        strips,
        wrap=_LINE_IMAGES,
    )


@styled_figure
def filters_figure(model: Model, image: Array) -> "Figure":
    """Draw the feature maps of the layers of a network for one image.

    The first row is the image. Then follow at most 16 layers that output images, evenly spaced. For
    each convolution, the 12 channels that vary most over this image are drawn; if the maps have a
    single pixel, the 12 channels with the largest absolute values. The same channels are drawn for
    the layers after the convolution. The number below a map is the channel. Each row has its own
    scale, which is written next to it.

    Args:
        model: The model.
        image: Image, (H, W, C), on the scale from 0 to 255.

    Raises:
        ValueError: If the image does not have the input shape of the network.
        TenfoldError: If no layer outputs images (``has_feature_maps``), or matplotlib is not
            installed.
    """
    network = model.network
    if not has_feature_maps(network):
        raise TenfoldError(
            "no layer of this network outputs images, so there are no feature maps to draw: choose "
            "a model with convolutions"
        )
    probabilities = model.predict_probabilities(image[np.newaxis])[0]
    digit = int(probabilities.argmax())
    maps = list(_maps(network, image))
    kept = np.unique(np.linspace(0, len(maps) - 1, min(len(maps), _MAX_LAYERS)).round().astype(int))
    original = Strip("the image", image.mean(axis=-1)[np.newaxis])
    return strips_figure(
        f"Feature maps of a digit, predicted as {model.classes[digit]} with confidence "
        f"{short_percent(float(probabilities[digit]))}",
        "output of each layer for this image: the channels that vary most",
        [original, *(maps[index] for index in kept)],
        wrap=_LINE_IMAGES,
    )


def has_weights(network: Network) -> bool:
    """Return whether a network has a dense layer or a convolution, also inside a block."""
    layers = (layer for _, layer, _ in _walk(network.layers, network.input_shape))
    return any(isinstance(layer, (Conv2D, ConvMaxPool, Dense)) for layer in layers)


def has_feature_maps(network: Network) -> bool:
    """Return whether a layer of a network outputs images that differ from its input."""
    shapes = zip(network.layers, network.shapes, strict=True)
    return any(len(shape) == 3 and _changes(layer) for layer, shape in shapes)


def _walk(
    layers: tuple[Layer, ...], shape: _Shape, prefix: str = ""
) -> Iterator[tuple[str, Layer, _Shape]]:
    """Yield each layer, also inside blocks, with its name and the shape of the image before it."""
    image_shape = shape
    for index, layer in enumerate(layers):
        path = f"{prefix}{index}"
        if isinstance(layer, Residual):
            yield from _walk(layer.block, shape, f"{path}.")
        else:
            yield f"{path} {type(layer).__name__}", layer, image_shape
        shape = layer.output_shape(shape)
        image_shape = shape if len(shape) == 3 else image_shape


def _kernels(name: str, layer: Conv2D | ConvMaxPool, count: int) -> Strip:
    kernels = layer.weight.value.transpose(3, 0, 1, 2)  # (F, K, K, C)
    chosen = _strongest(kernels, count)
    size = f"{layer.outputs} kernels {layer.kernel} x {layer.kernel}"
    mean = f", mean of {layer.inputs}" if layer.inputs > 1 else ""
    return _strip(f"{name}\n{size}{mean}", kernels[chosen].mean(axis=-1), chosen)


def _templates(name: str, layer: Dense, shape: _Shape, is_last: bool) -> Strip:
    """Return a dense layer's weights as images, or as lines if its input is not an image."""
    form = shape if np.prod(shape) == layer.inputs else (1, layer.inputs, 1)
    units = layer.weight.value.T.reshape(layer.outputs, *form)
    chosen = np.arange(layer.outputs)[:_FIRST_UNITS] if is_last else _strongest(units, _FIRST_UNITS)
    size = f"{layer.outputs} {'classes' if is_last else 'units'}"
    return _strip(f"{name}\n{size}", units[chosen].mean(axis=-1), chosen)


def _strongest(units: Array, count: int) -> Array:
    """Return the indices of the units with the largest norm of the weights, largest first."""
    norms = np.sqrt((units.reshape(len(units), -1).astype(np.float64) ** 2).sum(axis=1))
    return np.argsort(-norms, kind="stable")[:count]


def _maps(network: Network, image: Array) -> Iterator[Strip]:
    """Yield a strip for each layer that outputs images and changes them."""
    x = image[np.newaxis]
    chosen = np.empty(0, int)
    for index, layer in enumerate(network.layers):
        x = layer.forward(x)
        if x.ndim != 4 or not _changes(layer):
            continue
        _, height, width, channels = x.shape
        if isinstance(layer, (Conv2D, ConvMaxPool, Residual)) or not chosen.size:
            chosen = _most_varied(x[0])
        name = f"{index} {type(layer).__name__}\n{height} x {width} x {channels}"
        yield _strip(name, x[0].transpose(2, 0, 1)[chosen], chosen)


def _most_varied(maps: Array) -> Array:
    """Return the channels of maps, (H, W, C), that vary most; of equal ones, the largest first."""
    size, standard_deviation = np.abs(maps).mean(axis=(0, 1)), maps.std(axis=(0, 1))
    return np.lexsort((-size, -standard_deviation))[:_LINE_IMAGES]


def _changes(layer: Layer) -> bool:
    """Return whether the output of a layer, drawn as images, looks different from its input."""
    return not isinstance(layer, (Normalize, Dropout))


def _strip(name: str, images: Array, numbers: Array) -> Strip:
    captions = [str(number) for number in numbers]
    strip = Strip(name, images, captions, signed=True)
    return Strip(f"{name}\nshades to ± {strip.limit:.2g}", images, captions, signed=True)
