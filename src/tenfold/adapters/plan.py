"""The plan of a network: the steps of its forward pass, for generated code.

Here, a step is a part of the forward pass, such as one layer. Batch normalisation is folded into
the dense layer or the convolution before it. Layers that do nothing in prediction have no step:
``Dropout``, and ``Flatten``, which keeps the order of the numbers in memory. For each kind of step
there is one function in JavaScript (``html/network.js``) and one in C (``c/functions.h``).
"""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias

import numpy as np

from tenfold.adapters.interface import unknown_layer
from tenfold.models import Model
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
from tenfold.nn.array import Array
from tenfold.nn.layers.base import Shape

__all__ = ["STEPS", "Step", "Weights", "plan_steps", "rounded"]

Weights: TypeAlias = Literal["int8", "int16", "float32"]
"""How weights are stored."""

_LARGEST = {"int8": 127, "int16": 32767}


@dataclass(frozen=True)
class Step:
    """One step of a forward pass.

    Attributes:
        kind: Name of the function, such as ``"convolution"``.
        shape: Shape of its input, without the batch axis.
        output: Shape of its output.
        settings: Settings by name, such as ``kernel``.
        weight: Weight of a dense layer (F, F_in) or of a convolution (F, K, K, C), with the dtype
            that the argument ``weights`` of ``plan_steps`` gives; None for other steps.
        scale: Factor by which each output feature is multiplied after the matrix product, (F,);
            None if the step has none.
        offset: Number that is then added to each output feature, (F,); None if the step has none.
        block: Steps of a residual block.
    """

    kind: str
    shape: Shape
    output: Shape
    settings: Mapping[str, float] = field(default_factory=dict)
    weight: Array | None = None
    scale: Array | None = None
    offset: Array | None = None
    block: tuple["Step", ...] = ()


def plan_steps(
    layers: Sequence[Layer], shape: Shape, weights: Weights, format_name: str
) -> tuple[Step, ...]:
    """Return the steps of layers.

    Args:
        layers: The layers, from input to output.
        shape: Shape of one input.
        weights: ``"float32"``, ``"int8"`` or ``"int16"``. With ``"int8"``, the weights of each
            output are rounded to w = scale * q, where scale is the largest absolute weight of the
            output divided by 127, and q is an integer from -127 to 127. With ``"int16"``, the
            number is 32,767 instead of 127.
        format_name: Name of the format, for the error message.

    Raises:
        TenfoldError: If a layer has no step.
    """
    steps: list[Step] = []
    # Whether batch normalisation can be folded into the last step: this step belongs to a layer
    # with weights, and only dropout came after that layer.
    foldable = False
    for layer in layers:
        output = layer.output_shape(shape)
        if type(layer) is Residual:
            block = plan_steps(layer.block, shape, weights, format_name)
            steps.append(Step("residual", shape, output, block=block))
        elif type(layer) is BatchNorm and foldable:
            steps[-1] = _folded(steps[-1], layer)
        elif type(layer) in STEPS:
            if (step := STEPS[type(layer)](layer, shape, output)) is not None:
                steps.append(step)
        else:
            raise unknown_layer(layer, format_name)
        foldable = type(layer) in _WEIGHTED or (foldable and type(layer) is Dropout)
        shape = output
    return tuple(_quantised(step, weights) for step in steps)


def rounded(model: Model, weights: Weights) -> Model:
    """Return a copy of a model whose weights are rounded as ``plan_steps`` does."""
    copy = deepcopy(model)
    if weights != "float32":
        _round_weights(copy.network.layers, weights)
    return copy


def _round_weights(layers: Sequence[Layer], weights: Weights) -> None:
    for layer in layers:
        if isinstance(layer, _WEIGHTED):
            integers, unit = _rounded_weight(layer.weight.value, _LARGEST[weights])
            layer.weight.value[...] = integers * unit
        elif isinstance(layer, Residual):
            _round_weights(layer.block, weights)


def _folded(step: Step, layer: BatchNorm) -> Step:
    """Return one step that does the given step and then the batch normalisation.

    It computes slope * (step.scale * y + step.offset) + offset, with the numbers of ``affine``.
    The slope is multiplied into the scale, not into the weights, because a convolution may be
    pooled before it is scaled. With a negative slope in the weights, the pooling would take the
    smallest value instead of the largest.
    """
    assert step.scale is not None
    assert step.offset is not None
    slope, offset = layer.affine()
    return replace(step, scale=step.scale * slope, offset=step.offset * slope + offset)


def _quantised(step: Step, weights: Weights) -> Step:
    if step.weight is None or step.scale is None or weights == "float32":
        return step
    integers, unit = _rounded_weight(np.moveaxis(step.weight, 0, -1), _LARGEST[weights])
    weight = np.ascontiguousarray(np.moveaxis(integers, -1, 0)).astype(weights)
    return replace(step, weight=weight, scale=step.scale * unit)


def _rounded_weight(weight: Array, limit: int) -> tuple[Array, Array]:
    """Return integers q from -limit to limit and the unit of each output: weight ~ q * unit."""
    largest = np.abs(weight).max(axis=tuple(range(weight.ndim - 1)))
    unit = np.where(largest > 0, largest / limit, 1).astype(np.float32)
    return np.rint(weight / unit), unit


def _weighted(
    kind: str, layer: Dense | Conv2D, shape: Shape, output: Shape, **settings: float
) -> Step:
    """Return the step of a layer with a weight, whose last axis becomes the first."""
    weight = layer.weight.value.astype(np.float32)
    weight = np.ascontiguousarray(np.moveaxis(weight, -1, 0))
    bias = layer.bias.value if layer.bias in layer.parameters else np.zeros(len(weight))
    scale, offset = np.ones(len(weight), np.float32), bias.astype(np.float32)
    return Step(kind, shape, output, settings, weight, scale, offset)


def _dense(layer: Dense, shape: Shape, output: Shape) -> Step:
    return _weighted("dense", layer, shape, output)


def _convolution(layer: Conv2D, shape: Shape, output: Shape) -> Step:
    padding_before, _ = layer.zeros_around
    settings = {"kernel": layer.kernel, "stride": layer.stride, "before": padding_before, "pool": 1}
    return _weighted("convolution", layer, shape, output, **settings)


def _pooled_convolution(layer: ConvMaxPool, shape: Shape, output: Shape) -> Step:
    step = _convolution(layer.convolution, shape, output)
    return replace(step, settings={**step.settings, "pool": 2})


def _batch_norm(layer: BatchNorm, shape: Shape, output: Shape) -> Step:
    slope, offset = (values.astype(np.float32) for values in layer.affine())
    return Step("affine", shape, output, scale=slope, offset=offset)


def _normalize(layer: Normalize, shape: Shape, output: Shape) -> Step:
    factor = 1 / layer.deviation
    return Step("normalize", shape, output, {"mean": layer.mean, "factor": factor})


def _pool(kind: str) -> Callable[[Any, Shape, Shape], Step]:
    def step(layer: MaxPool | AveragePool, shape: Shape, output: Shape) -> Step:
        settings = {"size": layer.size, "stride": layer.stride_pixels}
        return Step(kind, shape, output, settings)

    return step


def _leaky(layer: LeakyReLU, shape: Shape, output: Shape) -> Step:
    return Step("leaky_relu", shape, output, {"slope": layer.slope})


def _without_settings(kind: str) -> Callable[[Any, Shape, Shape], Step]:
    return lambda layer, shape, output: Step(kind, shape, output)


def _nothing(layer: Layer, shape: Shape, output: Shape) -> None:
    return None


_WEIGHTED = (Conv2D, ConvMaxPool, Dense)

STEPS: dict[type[Layer], Callable[[Any, Shape, Shape], Step | None]] = {
    GELU: _without_settings("gelu"),
    AveragePool: _pool("average_pool"),
    BatchNorm: _batch_norm,
    Conv2D: _convolution,
    ConvMaxPool: _pooled_convolution,
    Dense: _dense,
    Deskew: _without_settings("deskew"),
    Dropout: _nothing,
    Flatten: _nothing,
    GlobalAveragePool: _without_settings("global_average_pool"),
    GlobalMaxPool: _without_settings("global_max_pool"),
    LeakyReLU: _leaky,
    MaxPool: _pool("max_pool"),
    Normalize: _normalize,
    ReLU: _without_settings("relu"),
    Sigmoid: _without_settings("sigmoid"),
    Tanh: _without_settings("tanh"),
}
"""For each class of layer (not for its subclasses), the function that returns its step.

``Residual`` is missing, since ``plan_steps`` handles it. The function returns None for layers that
have no step.
"""
