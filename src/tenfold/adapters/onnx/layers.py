"""Each layer as nodes of an ONNX graph.

Images are (N, C, H, W) inside the graph, as ONNX's convolutions need them; ``Flatten`` restores
tenfold's order (N, H, W, C). Only the classes in ``LAYERS`` are accepted, not their subclasses,
which may compute anything.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np

from tenfold.adapters.interface import unknown_layer
from tenfold.adapters.onnx.deskew import add_deskew
from tenfold.adapters.onnx.graph import Graph
from tenfold.nn import (
    GELU,
    AveragePool,
    BatchNorm,
    Conv2D,
    ConvMaxPool,
    Dense,
    Deskew,
    Dropout,
    Flatten,
    GlobalAveragePool,
    GlobalMaxPool,
    Layer,
    LeakyReLU,
    MaxPool,
    Normalize,
    ReLU,
    Residual,
    Sigmoid,
    Tanh,
)
from tenfold.nn.layers.base import Shape

__all__ = ["LAYERS", "add_layers"]


def add_layers(graph: Graph, layers: Sequence[Layer], x: str, shape: Shape) -> str:
    """Add layers one after another, and return the name of the last output.

    Args:
        graph: The graph, which is changed: nodes are added to it.
        layers: The layers.
        x: Name of the input.
        shape: Shape of one input in tenfold's order, without the batch axis.

    Raises:
        TenfoldError: If a layer cannot be written in ONNX.
    """
    for layer in layers:
        if type(layer) not in LAYERS:
            raise unknown_layer(layer, "ONNX")
        x = LAYERS[type(layer)](graph, layer, x, shape)
        shape = layer.output_shape(shape)
    return x


def _normalize(graph: Graph, layer: Normalize, x: str, shape: Shape) -> str:
    centred = graph.add("Sub", x, graph.number(layer.mean))
    return graph.add("Mul", centred, graph.number(1 / layer.deviation))


def _dense(graph: Graph, layer: Dense, x: str, shape: Shape) -> str:
    weight, bias = (graph.constant(p.value) for p in (layer.weight, layer.bias))
    return graph.add("Gemm", x, weight, bias)


def _convolution(graph: Graph, layer: Conv2D, x: str, shape: Shape) -> str:
    before, both = layer.zeros_around
    after = both - before
    inputs = [x, graph.constant(layer.weight.value.transpose(3, 2, 0, 1))]
    if layer.with_bias:
        inputs.append(graph.constant(layer.bias.value))
    pads, strides = [before, before, after, after], [layer.stride] * 2
    return graph.add("Conv", *inputs, pads=pads, strides=strides)


def _pooled_convolution(graph: Graph, layer: ConvMaxPool, x: str, shape: Shape) -> str:
    y = _convolution(graph, layer.convolution, x, shape)
    return graph.add("MaxPool", y, kernel_shape=[2, 2], strides=[2, 2])


def _batch_norm(graph: Graph, layer: BatchNorm, x: str, shape: Shape) -> str:
    for operator, values in zip(("Mul", "Add"), layer.affine(), strict=True):
        by_channel = values[:, np.newaxis, np.newaxis] if len(shape) == 3 else values
        x = graph.add(operator, x, graph.constant(by_channel))
    return x


def _pool(operator: str) -> Callable[..., str]:
    def add(graph: Graph, layer: MaxPool | AveragePool, x: str, shape: Shape) -> str:
        size, strides = [layer.size] * 2, [layer.stride_pixels] * 2
        return graph.add(operator, x, kernel_shape=size, strides=strides)

    return add


def _global_pool(operator: str) -> Callable[..., str]:
    def add(graph: Graph, layer: Layer, x: str, shape: Shape) -> str:
        return graph.add("Flatten", graph.add(operator, x), axis=1)

    return add


def _flatten(graph: Graph, layer: Flatten, x: str, shape: Shape) -> str:
    if len(shape) == 3 and shape[2] > 1:
        x = graph.add("Transpose", x, perm=[0, 2, 3, 1])
    return graph.add("Reshape", x, graph.integers(0, math.prod(shape)))


def _residual(graph: Graph, layer: Residual, x: str, shape: Shape) -> str:
    return graph.add("Add", x, add_layers(graph, layer.block, x, shape))


def _elementwise(operator: str) -> Callable[..., str]:
    return lambda graph, layer, x, shape: graph.add(operator, x)


def _leaky(graph: Graph, layer: LeakyReLU, x: str, shape: Shape) -> str:
    return graph.add("LeakyRelu", x, alpha=float(layer.slope))


def _gelu(graph: Graph, layer: GELU, x: str, shape: Shape) -> str:
    """x/2 (1 + tanh(scale (x + 0.044715 x^3))), since the operator Gelu came with opset 20."""
    square = graph.add("Mul", x, x)
    cubic = graph.add("Mul", graph.add("Mul", square, x), graph.number(0.044715))
    inner = graph.add("Mul", graph.add("Add", x, cubic), graph.number(math.sqrt(2 / math.pi)))
    factor = graph.add("Add", graph.add("Tanh", inner), graph.number(1))
    return graph.add("Mul", graph.add("Mul", x, graph.number(0.5)), factor)


def _nothing(graph: Graph, layer: Layer, x: str, shape: Shape) -> str:
    return x


def _deskew(graph: Graph, layer: Deskew, x: str, shape: Shape) -> str:
    return add_deskew(graph, x, shape)


LAYERS: dict[type[Layer], Callable[..., str]] = {
    GELU: _gelu,
    AveragePool: _pool("AveragePool"),
    BatchNorm: _batch_norm,
    Conv2D: _convolution,
    ConvMaxPool: _pooled_convolution,
    Dense: _dense,
    Deskew: _deskew,
    Dropout: _nothing,
    Flatten: _flatten,
    GlobalAveragePool: _global_pool("GlobalAveragePool"),
    GlobalMaxPool: _global_pool("GlobalMaxPool"),
    LeakyReLU: _leaky,
    MaxPool: _pool("MaxPool"),
    Normalize: _normalize,
    ReLU: _elementwise("Relu"),
    Residual: _residual,
    Sigmoid: _elementwise("Sigmoid"),
    Tanh: _elementwise("Tanh"),
}
"""For each class of layer (not for its subclasses), the function that adds such a layer."""
