"""The layers of a network as PyTorch modules: source text, and arrays with PyTorch's axes.

PyTorch keeps images as (N, C, H, W), weights of dense layers as (F_out, F_in) and of convolutions
as (F, C, K, K). So PyTorch's ``Flatten`` gives the features in another order. The arrays of the
next dense layer, and of a batch normalisation between the two, are reordered accordingly.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tenfold.adapters.interface import unknown_layer
from tenfold.nn import (
    GELU,
    AveragePool,
    BatchNorm,
    Conv2D,
    ConvMaxPool,
    Dense,
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

__all__ = ["Part", "parts_of"]

_ELEMENTWISE = (ReLU, LeakyReLU, Tanh, Sigmoid, GELU, Dropout)


@dataclass(frozen=True)
class Part:
    """One PyTorch module.

    Attributes:
        source: Constructor call of the module, such as ``"nn.Linear(784, 10)"``.
        layer: The layer whose arrays the module has; None for a module without arrays.
        order: Position, in the input of the layer, of each input feature of the module; None if
            the order is the same.
        block: The modules inside a residual block.
    """

    source: str
    layer: Layer | None = None
    order: Array | None = None
    block: tuple["Part", ...] = ()

    def arrays(self) -> dict[str, Array]:
        """Return the entries of the module in a state dict."""
        layer, order = self.layer, slice(None) if self.order is None else self.order
        if isinstance(layer, Dense):
            return {"weight": layer.weight.value[order].T, "bias": layer.bias.value}
        if isinstance(layer, Conv2D):
            bias = {"bias": layer.bias.value} if layer.with_bias else {}
            return {"weight": layer.weight.value.transpose(3, 2, 0, 1), **bias}
        if isinstance(layer, BatchNorm):
            named = {name: array[order] for name, array in _norm_arrays(layer).items()}
            return {**named, "num_batches_tracked": np.array(0, np.int64)}
        return {}

    def assign(self, arrays: dict[str, Array]) -> None:
        """Copy the entries of a state dict into the layer; the inverse of ``arrays``."""
        layer = self.layer
        back = slice(None) if self.order is None else np.argsort(self.order)
        if isinstance(layer, Dense):
            layer.weight.value[...] = arrays["weight"].T[back]
            layer.bias.value[...] = arrays["bias"]
        elif isinstance(layer, Conv2D):
            layer.weight.value[...] = arrays["weight"].transpose(2, 3, 1, 0)
            if layer.with_bias:
                layer.bias.value[...] = arrays["bias"]
        elif isinstance(layer, BatchNorm):
            for name, array in _norm_arrays(layer).items():
                array[...] = arrays[name][back]


def _norm_arrays(layer: BatchNorm) -> dict[str, Array]:
    """Return the arrays of batch normalisation by their names in PyTorch."""
    return {
        "weight": layer.scale.value if layer.with_scale else np.ones(layer.features, np.float32),
        "bias": layer.shift.value if layer.with_shift else np.zeros(layer.features, np.float32),
        "running_mean": layer.state["running_mean"],
        "running_var": layer.state["running_variance"],
    }


def parts_of(layers: Sequence[Layer], shape: Shape) -> tuple[Part, ...]:
    """Return the PyTorch modules of layers.

    Args:
        layers: The layers, from input to output.
        shape: Shape of one input, without the batch axis.

    Raises:
        TenfoldError: If a layer has no module in PyTorch.
    """
    parts: list[Part] = []
    order: Array | None = None
    for index, layer in enumerate(layers):
        if type(layer) is Flatten:
            differs = len(shape) == 3 and shape[2] > 1  # PyTorch has another order
            reorder_weight = differs and _dense_follows(layers[index + 1 :])
            order = _channels_first(shape) if reorder_weight else None
            parts += [Part("ChannelsLast()")] * (differs and not reorder_weight)
            parts.append(Part("nn.Flatten()"))
        elif type(layer) in (Dense, BatchNorm):
            parts.append(Part(_source(layer, shape), layer, order))
            order = None if isinstance(layer, Dense) else order
        else:
            parts += _modules(layer, shape)
        shape = layer.output_shape(shape)
    return tuple(parts)


def _dense_follows(layers: Sequence[Layer]) -> bool:
    """Return whether the next layer that mixes features is a dense layer."""
    others = (layer for layer in layers if type(layer) not in (*_ELEMENTWISE, BatchNorm))
    return type(next(others, None)) is Dense


def _channels_first(shape: Shape) -> Array:
    """Return the position in (H, W, C) of each entry of (C, H, W)."""
    return np.arange(np.prod(shape)).reshape(shape).transpose(2, 0, 1).ravel()


def _modules(layer: Any, shape: Shape) -> Iterator[Part]:
    """Yield the modules of a layer other than Flatten, Dense and BatchNorm."""
    kind = type(layer)
    if kind is Residual:
        yield Part("Residual", block=parts_of(layer.block, shape))
    elif kind is Conv2D:
        yield from _convolution(layer)
    elif kind is ConvMaxPool:
        yield from _convolution(layer.convolution)
        yield Part("nn.MaxPool2d(2)")
    elif kind in (GlobalMaxPool, GlobalAveragePool):
        yield Part(f"nn.Adaptive{'Max' if kind is GlobalMaxPool else 'Avg'}Pool2d(1)")
        yield Part("nn.Flatten()")
    else:
        yield Part(_source(layer, shape))


def _convolution(layer: Conv2D) -> Iterator[Part]:
    before, both = layer.zeros_around
    after = both - before
    if before != after:
        yield Part(f"nn.ZeroPad2d(({before}, {after}, {before}, {after}))")
    options = f", stride={layer.stride}" * (layer.stride != 1)
    options += f", padding={before}" * (before == after != 0)
    options += ", bias=False" * (not layer.with_bias)
    sizes = f"{layer.inputs}, {layer.outputs}, {layer.kernel}"
    yield Part(f"nn.Conv2d({sizes}{options})", layer)


def _source(layer: Any, shape: Shape) -> str:
    """Return the constructor call of the module for one layer."""
    kind = type(layer)
    if kind is Dense:
        return f"nn.Linear({layer.inputs}, {layer.outputs})"
    if kind is BatchNorm:
        axes = 2 if len(shape) == 3 else 1
        settings = f"eps={layer.epsilon}, momentum={layer.momentum}"
        return f"nn.BatchNorm{axes}d({layer.features}, {settings})"
    if kind in (MaxPool, AveragePool):
        name = "Max" if kind is MaxPool else "Avg"
        return f"nn.{name}Pool2d({layer.size}, {layer.stride_pixels})"
    sources: dict[type[Layer], Callable[[], str]] = {
        Dropout: lambda: f"nn.Dropout({layer.rate})",
        GELU: lambda: 'nn.GELU(approximate="tanh")',
        LeakyReLU: lambda: f"nn.LeakyReLU({layer.slope})",
        Normalize: lambda: f"Normalize({layer.mean}, {layer.deviation})",
        ReLU: lambda: "nn.ReLU()",
        Sigmoid: lambda: "nn.Sigmoid()",
        Tanh: lambda: "nn.Tanh()",
    }
    if kind not in sources:
        raise unknown_layer(layer, "PyTorch")
    return sources[kind]()
