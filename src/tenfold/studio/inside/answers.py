"""What the view Inside sends to its page, as plain data and arrays."""

from typing import Any

import numpy as np

from tenfold.inspection import (
    Difference,
    FrozenNetwork,
    Step,
    Trace,
    arithmetic,
    chain_rule,
    finite_difference,
)
from tenfold.nn import Conv2D, Dense, Flatten, Layer, Residual
from tenfold.nn.array import Array
from tenfold.studio.inside.cache import TracedNetwork

__all__ = ["display_bytes", "equations", "layers", "unit_answer"]

_NAMES = {"FrozenBatchNorm": "BatchNorm", "Identity": "Dropout", "Normalize": "Normalize"}
_MOST_FILTERS = 64  # a first convolution with more filters is sent without its filters


def layers(traced: TracedNetwork) -> list[dict[str, Any]]:
    """Return a description of each layer, as plain data.

    ``high`` and ``steep`` are the largest absolute output and gradient; ``zero`` and ``flat`` are
    the shares of outputs and gradients that are 0; ``best`` is the index of the largest output.
    """
    trace = traced.trace
    return [
        {
            "name": name_of(layer),
            "index": traced.frozen.origins[index],
            "shape": list(trace.outputs[index].shape),
            "high": float(np.abs(trace.outputs[index]).max()),
            "steep": float(np.abs(trace.gradients[index]).max()),
            "parameters": sum(parameter.size for parameter in layer.parameters),
            "zero": float(np.mean(trace.outputs[index] == 0)),
            "flat": float(np.mean(trace.gradients[index] == 0)),
            "best": [int(i) for i in _index_of_largest(trace.outputs[index])],
        }
        for index, layer in enumerate(traced.frozen.network.layers)
    ]


def name_of(layer: Layer) -> str:
    """Return the name that a layer had before the network was frozen."""
    name = type(layer).__name__
    return _NAMES.get(name, name)


def _layers_at(frozen: FrozenNetwork, step: Step) -> list[Layer]:
    """Return the ``Residual`` layers that contain the layer of a step, and then that layer."""
    found = [frozen.network.layers[step.layer]]
    for index in step.inner:
        block = found[-1].block if isinstance(found[-1], Residual) else ()
        found.append(block[index])
    return found


def _name_at(frozen: FrozenNetwork, step: Step) -> str:
    return ": ".join(map(name_of, _layers_at(frozen, step)))


def display_bytes(trace: Trace) -> dict[str, Array]:
    """Return the outputs ``a0``, ``a1``, ... and their gradients ``g0``, ... as bytes for display.

    The byte 128 stands for 0; 1 or 255 stands for the largest absolute value of the array.
    """
    arrays = {}
    for index, (output, gradient) in enumerate(zip(trace.outputs, trace.gradients, strict=True)):
        arrays[f"a{index}"] = _as_bytes(output)
        arrays[f"g{index}"] = _as_bytes(gradient)
    return arrays | {"saliency": _as_bytes(trace.saliency)}


def unit_answer(
    traced: TracedNetwork,
    layer: int,
    unit: tuple[int, ...],
    weight: tuple[str, tuple[int, ...]] | None,
    step: float,
) -> tuple[dict[str, Any], dict[str, Array]]:
    """Return the equations of a unit, and of the gradient of one weight, with images of weights.

    Args:
        traced: The trace.
        layer: Index of a layer.
        unit: Index of a number in its output.
        weight: Name of a parameter, and an index in it; None for the weight of the largest product.
        step: Step of the finite difference.
    """
    frozen, trace = traced.frozen, traced.trace
    forward = arithmetic(frozen, trace, layer, unit)
    weight = weight or _largest_weight(frozen, trace, forward)
    fields: dict[str, Any] = {
        "layer": layer,
        "unit": list(unit),
        "value": float(trace.outputs[layer][unit]),
        "gradient": float(trace.gradients[layer][unit]),
        "steps": equations(forward, frozen),
    }
    if weight is not None:
        name, index = weight
        difference = finite_difference(frozen, trace, name, index, step)
        fields["weight"] = {
            "name": name,
            "index": list(index),
            "gradient": float(trace.parameters[name][index]),
            "chain": equations(chain_rule(frozen, trace, name, index), frozen),
            **_comparison(difference, frozen, float(trace.parameters[name][index])),
        }
    return fields, _weights_of(frozen, trace, forward[0])


def equations(steps: list[Step], frozen: FrozenNetwork) -> list[dict[str, Any]]:
    """Return equations as plain data."""
    count = len(frozen.network.layers)
    return [
        {
            "layer": step.layer,
            "path": step.path,
            "name": _name_at(frozen, step) if step.layer < count else "Loss",
            "index": frozen.origins[step.layer] if step.layer < count else None,
            "unit": list(step.unit),
            "rule": step.rule,
            "numbers": step.numbers,
            "value": step.value,
            "terms": [[t.name, t.left, t.right, t.product, list(t.at)] for t in step.terms],
            "rest": list(step.rest),
            "constant": step.constant,
        }
        for step in steps
    ]


def _comparison(difference: Difference, frozen: FrozenNetwork, gradient: float) -> dict[str, Any]:
    """Return a finite difference, and how much the gradient of the chain rule differs from it."""
    size = max(abs(gradient), abs(difference.value))
    return {
        "value": difference.weight,
        "step": difference.step,
        "lower": difference.lower,
        "upper": difference.upper,
        "difference": difference.value,
        "error": abs(gradient - difference.value) / size if size else 0.0,
        "switched": [
            {
                "index": frozen.origins[layer],
                "name": name_of(frozen.network.layers[layer]),
                "units": units,
            }
            for layer, units in difference.switched.items()
        ],
    }


def _largest_weight(
    frozen: FrozenNetwork, trace: Trace, forward: list[Step]
) -> tuple[str, tuple[int, ...]] | None:
    """Return the weight of the largest product, or None if the network has no weights.

    If there are no products, it is the weight with the largest gradient.
    """
    for step in forward:
        if step.terms:
            return f"{step.path}.weight", step.terms[0].at
    layer = forward[-1].layer
    for index in (*range(layer, len(trace.outputs)), *range(layer)):
        for name, values in trace.parameters.items():
            if name.startswith(f"{index}.") and name.endswith(".weight"):
                gradient = np.abs(values)
                return name, tuple(map(int, _index_of_largest(gradient)))
    return None


def _weights_of(frozen: FrozenNetwork, trace: Trace, step: Step) -> dict[str, Array]:
    """Return the weights of the unit of a step as images, and all filters of a first convolution.

    The shape of each array is (number of images, H, W).
    """
    layer = _layers_at(frozen, step)[-1]
    if isinstance(layer, Conv2D):
        kernel = layer.weight.value[..., step.unit[2]]
        arrays = {"kernel": _as_bytes(kernel.transpose(2, 0, 1))}
        if layer.inputs == 1 and layer.outputs <= _MOST_FILTERS:
            arrays["filters"] = _as_bytes(layer.weight.value[:, :, 0].transpose(2, 0, 1))
        return arrays
    if isinstance(layer, Dense):
        weight = layer.weight.value[:, step.unit[0]]
        outermost = step.layer and not step.inner
        before = frozen.network.layers[step.layer - 1] if outermost else None
        shape = trace.input_of(step.layer - 1).shape if isinstance(before, Flatten) else ()
        image = weight.reshape(shape).transpose(2, 0, 1) if len(shape) == 3 else weight[None, None]
        return {"kernel": _as_bytes(image)}
    return {}


def _index_of_largest(values: Array) -> tuple[Any, ...]:
    return np.unravel_index(int(values.argmax()), values.shape)


def _as_bytes(values: Array) -> Array:
    high = float(np.abs(values).max()) or 1.0
    return np.rint(values * (127 / high) + 128).astype(np.uint8)
