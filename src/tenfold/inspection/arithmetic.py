"""Arithmetic: how one number in a network is computed from the input of its stage.

A stage begins with a layer that mixes its inputs, such as a convolution. It continues with layers
whose outputs depend on only one input each: batch normalisation and ReLU change each number
separately, and max-pooling chooses one. For a ``Residual``, the stage is the last stage of its
block, followed by the sum x + f(x).
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from tenfold.inspection.frozen import FrozenBatchNorm, FrozenNetwork, Identity
from tenfold.inspection.passage import Passage
from tenfold.inspection.steps import Step, Term, Unit, position_name, product_terms
from tenfold.inspection.tangents import ACTIVATIONS, winners
from tenfold.inspection.trace import Trace
from tenfold.nn import Conv2D, Dense, Flatten, GlobalMaxPool, Layer, MaxPool, Normalize, Residual
from tenfold.nn.arguments import checked
from tenfold.nn.array import Array

__all__ = ["arithmetic", "conv_inputs", "previous_unit"]


@checked
def arithmetic(frozen: FrozenNetwork, found: Trace, layer: int, unit: Unit) -> list[Step]:
    """Return the equations that lead to one number, from the first layer of its stage to it.

    Args:
        frozen: The network.
        found: The trace of an image.
        layer: Index of a layer.
        unit: Index of the number in the output of this layer.

    Raises:
        ValueError: If there is no such number.
    """
    if not 0 <= layer < len(found.outputs):
        raise ValueError(f"layer must be from 0 to {len(found.outputs) - 1}, got {layer}")
    shape = found.outputs[layer].shape
    if len(unit) != len(shape) or not all(0 <= i < n for i, n in zip(unit, shape, strict=True)):
        raise ValueError(f"unit must be an index of the output of layer {layer}, {shape}")
    return _equations(Passage.of(frozen, found), layer, unit)


def _equations(passage: Passage, layer: int, unit: Unit) -> list[Step]:
    """Return the equations that lead to an output of a layer of a passage."""
    steps: list[Step] = []
    at: Unit | None = unit
    while at is not None:
        steps.insert(0, passage.placed(_step(passage, layer, at)))
        if isinstance(passage.layers[layer], Residual):
            block = passage.block(layer)
            return [*_equations(block, len(block.layers) - 1, at), *steps]
        at = previous_unit(passage.layers[layer], passage.input_of(layer), at)
        layer -= 1
        if layer < 0:
            break
    return steps


def previous_unit(layer: Layer, x: Array, unit: Unit) -> Unit | None:
    """Return the only input on which an output depends; None if there are several.

    Args:
        layer: A layer of a frozen network.
        x: Input of the layer, without the batch axis.
        unit: Index of the output.
    """
    if isinstance(layer, (*ACTIVATIONS, FrozenBatchNorm, Identity, Normalize)):
        return unit
    if isinstance(layer, Flatten):
        return tuple(int(i) for i in np.unravel_index(unit[0], x.shape))
    if isinstance(layer, MaxPool):
        down, right = divmod(int(winners(layer, x[np.newaxis])[(0, *unit)]), layer.size)
        stride = layer.stride_pixels
        return (unit[0] * stride + down, unit[1] * stride + right, unit[2])
    if isinstance(layer, GlobalMaxPool):
        row, column = divmod(int(winners(layer, x[np.newaxis])[0, unit[0]]), x.shape[1])
        return (row, column, unit[0])
    return None


def conv_inputs(layer: Conv2D, x: Array, unit: Unit) -> tuple[Array, tuple[int, int]]:
    """Return the window (K, K, C) of a convolution's input for one output, and where it starts.

    The start is the row and column of the window's first pixel. Outside the image the window is 0.
    """
    top, total = layer.zeros_around
    around = (top, total - top)
    padded = np.pad(x, (around, around, (0, 0)))
    row, column = (layer.stride * i for i in unit[:2])
    return padded[row : row + layer.kernel, column : column + layer.kernel], (
        row - top,
        column - top,
    )


def _step(passage: Passage, index: int, unit: Unit) -> Step:
    """Return the equation for one output of a layer of a passage."""
    layer = passage.layers[index]
    x, value = passage.input_of(index), float(passage.outputs[index][unit])
    if passage.is_off(index, unit):
        return Step(index, unit, "y = 0", "this unit is switched off", 0.0)
    for kinds, write in _WRITERS.items():
        if isinstance(layer, kinds):
            step = write(layer, x, index, unit, value)
            flattened = index and isinstance(passage.layers[index - 1], Flatten)
            return _unflattened(step, passage.input_of(index - 1).shape) if flattened else step
    return _other(layer, x, index, unit, value)


def _dense(layer: Dense, x: Array, index: int, unit: Unit, value: float) -> Step:
    terms, rest = product_terms(x, layer.weight.value[:, unit[0]])
    terms = tuple(Term(t.name, t.left, t.right, (*t.at, unit[0])) for t in terms)
    bias = float(layer.bias.value[unit])
    return Step(index, unit, "y = Σ x·w + b", "", value, terms, rest, bias)


def _unflattened(step: Step, shape: tuple[int, ...]) -> Step:
    """Name the inputs of a dense layer by their positions before they were flattened."""
    positions = [np.unravel_index(term.at[0], shape) for term in step.terms]
    names = [position_name(tuple(map(int, index))) for index in positions]
    terms = [replace(term, name=name) for term, name in zip(step.terms, names, strict=True)]
    return replace(step, terms=tuple(terms))


def _conv(layer: Conv2D, x: Array, index: int, unit: Unit, value: float) -> Step:
    window, (top, left) = conv_inputs(layer, x, unit)
    terms, rest = product_terms(window, layer.weight.value[..., unit[2]])
    named = []
    for term in terms:
        down, right, channel = term.at
        name = position_name((top + down, left + right, channel))
        named.append(Term(name, term.left, term.right, (*term.at, unit[2])))
    bias = float(layer.bias.value[unit[2]]) if layer.with_bias else None
    rule = "y = Σ x·w + b" if layer.with_bias else "y = Σ x·w"
    return Step(index, unit, rule, "", value, tuple(named), rest, bias)


def _batchnorm(layer: FrozenBatchNorm, x: Array, index: int, unit: Unit, value: float) -> Step:
    f = unit[-1]
    mean, variance = (float(layer.state[f"running_{s}"][f]) for s in ("mean", "variance"))
    scale = float(layer.scale.value[f]) if layer.with_scale else 1.0
    shift = float(layer.shift.value[f]) if layer.with_shift else 0.0
    numbers = (
        f"{_number(scale)} · ({_number(x[unit])} − {_summand(mean)}) / "
        f"√({_number(variance)} + {_number(layer.epsilon)}) + {_summand(shift)}"
    )
    return Step(index, unit, "y = γ·(x − μ) / √(σ² + ε) + β", numbers, value)


def _activation(layer: Layer, x: Array, index: int, unit: Unit, value: float) -> Step:
    name, number = type(layer).__name__, _number(x[unit])
    rules = {
        "ReLU": ("y = max(0, x)", f"max(0, {number})"),
        "Sigmoid": ("y = 1 / (1 + e⁻ˣ)", f"1 / (1 + exp(−{_summand(x[unit])}))"),
    }
    rule, numbers = rules.get(name, (f"y = {name}(x)", f"{name}({number})"))
    return Step(index, unit, rule, numbers, value)


def _maxpool(layer: MaxPool, x: Array, index: int, unit: Unit, value: float) -> Step:
    window = [float(p[(0, *unit)]) for p in layer.positions(x[np.newaxis])]
    return Step(
        index,
        unit,
        "y = the largest in its window",
        f"max({', '.join(map(_number, window))})",
        value,
    )


def _normalize(layer: Normalize, x: Array, index: int, unit: Unit, value: float) -> Step:
    numbers = f"({_number(float(x[unit]))} − {_summand(layer.mean)}) / {_number(layer.deviation)}"
    return Step(index, unit, "y = (pixel − mean) / standard deviation", numbers, value)


def _residual(layer: Residual, x: Array, index: int, unit: Unit, value: float) -> Step:
    numbers = f"{_number(x[unit])} + {_summand(value - float(x[unit]))}"
    return Step(index, unit, "y = x + f(x)", numbers, value)


def _other(layer: Layer, x: Array, index: int, unit: Unit, value: float) -> Step:
    rules = {
        "Identity": ("y = x", "not active when the network predicts"),
        "Flatten": ("y = x", "the same number, in a list"),
        "GlobalMaxPool": ("y = the largest of its channel", f"of {x[..., 0].size} pixels"),
        "GlobalAveragePool": ("y = the mean of its channel", f"of {x[..., 0].size} pixels"),
    }
    rule, numbers = rules.get(type(layer).__name__, (f"y = {type(layer).__name__}(x)", ""))
    return Step(index, unit, rule, numbers, value)


_Writer = Callable[..., Step]
_WRITERS: dict[tuple[type, ...], _Writer] = {
    (Dense,): _dense,
    (Conv2D,): _conv,
    (FrozenBatchNorm,): _batchnorm,
    ACTIVATIONS: _activation,
    (MaxPool,): _maxpool,
    (Normalize,): _normalize,
    (Residual,): _residual,
}


def _number(value: float) -> str:
    """Return a number with four significant digits and a proper minus sign."""
    return f"{float(value):.4g}".replace("-", "−")


def _summand(value: float) -> str:
    """Return a number to write after + or −: a negative number in brackets."""
    return f"({_number(value)})" if value < 0 else _number(value)
