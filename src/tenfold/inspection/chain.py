r"""The chain rule for one weight, written out with its numbers, from the weight to the loss.

.. math:: \frac{\partial L}{\partial w} = \sum_o \frac{\partial L}{\partial y_o} \,
          \frac{\partial y_o}{\partial w}, \qquad
          \frac{\partial L}{\partial x_u} = \sum_o \frac{\partial L}{\partial y_o} \,
          \frac{\partial y_o}{\partial x_u}

The first equation is for the layer of the weight. The second equation is then repeated for one
layer after the other, each time for the output y_o in the largest product of the previous equation.
The last equation is for a logit, where the derivative is p - t. Each equation is exact, and its
result is a factor in the previous equation. If the weight is in the block f of a
``Residual``, y = x + f(x), the path leads through the layers of the block. If the weight is in a
layer before the ``Residual``, the whole ``Residual`` is one equation.
"""

import numpy as np

from tenfold.inspection.arithmetic import conv_inputs
from tenfold.inspection.frozen import FrozenBatchNorm, FrozenNetwork
from tenfold.inspection.passage import Passage
from tenfold.inspection.steps import Step, Term, Unit, position_name, product_terms
from tenfold.inspection.tangents import tangent
from tenfold.inspection.trace import Trace
from tenfold.nn import Conv2D, Dense, Residual
from tenfold.nn.arguments import checked
from tenfold.nn.array import Array

__all__ = ["chain_rule"]

_MAX_LISTED = 5  # number of the largest products that are listed; the others are added up
_RULE = "∂L/∂x = Σ ∂L/∂y · ∂y/∂x"


@checked
def chain_rule(
    frozen: FrozenNetwork, found: Trace, name: str, index: tuple[int, ...]
) -> list[Step]:
    """Return the equations from one weight to the loss.

    Args:
        frozen: The network.
        found: The trace of an image.
        name: Name of a parameter of a convolution, a dense layer or a batch normalisation, such as
            ``"2.weight"``, or ``"3.0.weight"`` in the block of a ``Residual``.
        index: Index of the weight in the parameter.

    Raises:
        ValueError: If there is no such weight.
    """
    gradient = found.parameters.get(name)
    if gradient is None or len(index) != gradient.ndim:
        raise ValueError(f"there is no weight {list(index)} in {name!r}")
    if not all(0 <= i < n for i, n in zip(index, gradient.shape, strict=True)):
        raise ValueError(
            f"index must be within the shape {gradient.shape} of {name}, got {list(index)}"
        )
    steps, unit = _from_weight(
        Passage.of(frozen, found), name.split("."), index, float(gradient[index])
    )
    if unit is not None:
        steps.append(_loss_equation(found, unit))
    return steps


def _from_weight(
    passage: Passage, path: list[str], index: tuple[int, ...], value: float
) -> tuple[list[Step], Unit | None]:
    """Return the equations from a weight to the last layer of a passage, and the output they reach.

    Args:
        passage: The passage that contains the layer of the weight.
        path: The name of the parameter in the passage, split at its dots.
        index: Index of the weight.
        value: dL/dw.
    """
    layer = int(path[0])
    if isinstance(passage.layers[layer], Residual):
        steps, unit = _from_weight(passage.block(layer), path[1:], index, value)
        if unit is not None:
            steps.append(_sum_equation(passage, layer, unit))
    else:
        steps, unit = _first(passage, layer, path[1], index, value)
    while layer < len(passage.layers) - 1 and unit is not None:
        steps.append(_through(passage, layer, unit))
        unit = steps[-1].terms[0].at if steps[-1].terms else None
        layer += 1
    return steps, unit


def _first(
    passage: Passage, layer: int, name: str, index: tuple[int, ...], value: float
) -> tuple[list[Step], Unit | None]:
    """Return the equation for dL/dw, and the output with which the next equation continues."""
    dy, by_weight = _weight_derivatives(passage, layer, name, index)
    terms, rest = product_terms(dy, by_weight, _MAX_LISTED)
    step = Step(layer, index, "∂L/∂w = Σ ∂L/∂y · ∂y/∂w", "", value, terms, rest)
    # The path continues with the largest term; if all are 0, with the output most affected.
    return [passage.placed(step)], terms[0].at if terms else _most_affected_output(by_weight)


def _weight_derivatives(
    passage: Passage, layer: int, name: str, index: tuple[int, ...]
) -> tuple[Array, Array]:
    """Return dL/dy of the layer of a weight, and dy/dw, both in the shape of y."""
    owner, x, dy = passage.layers[layer], passage.input_of(layer), passage.gradients[layer]
    by_weight = np.zeros_like(dy)
    feature = index[-1]
    if isinstance(owner, FrozenBatchNorm):
        slope = owner.standardised(x)[..., feature] if name == "scale" else 1.0
        by_weight[..., feature] = slope
    elif name == "bias":
        by_weight[..., feature] = 1
    elif isinstance(owner, Dense):
        by_weight[feature] = x[index[0]]
    elif isinstance(owner, Conv2D):
        for unit in np.ndindex(*dy.shape[:2]):
            by_weight[(*unit, feature)] = conv_inputs(owner, x, unit)[0][index[:3]]
    else:
        raise ValueError(
            f"the chain rule is written out for convolutions, dense layers and batch "
            f"normalisations, not for {type(owner).__name__}"
        )
    return dy, by_weight


def _most_affected_output(by_weight: Array) -> Unit | None:
    """Return the output that depends most on a weight; None if no output depends on it."""
    if not by_weight.any():
        return None
    return tuple(int(i) for i in np.unravel_index(np.abs(by_weight).argmax(), by_weight.shape))


def _through(passage: Passage, layer: int, unit: Unit) -> Step:
    """Return the equation for dL/dx, with x one output of a layer, by the layer after it."""
    value = float(passage.gradients[layer][unit])
    if passage.is_off(layer, unit):
        return Step(layer + 1, unit, _RULE, "this unit is switched off", 0.0)
    x = passage.outputs[layer][np.newaxis]
    one = np.zeros_like(x)
    one[(0, *unit)] = 1
    by_input = tangent(passage.layers[layer + 1], x, one)[0]
    dy = passage.gradients[layer + 1]
    terms, rest = product_terms(dy, by_input, _MAX_LISTED)
    numbers = "" if terms else _why_zero(by_input)
    return passage.placed(Step(layer + 1, unit, _RULE, numbers, value, terms, rest))


def _sum_equation(passage: Passage, layer: int, unit: Unit) -> Step:
    """Return the equation for dL/df of a ``Residual``, y = x + f(x)."""
    value = float(passage.gradients[layer][unit])
    terms, rest = product_terms(np.array([value]), np.ones(1))
    named = tuple(Term(position_name(unit), term.left, term.right, unit) for term in terms)
    step = Step(layer, unit, "∂L/∂f = ∂L/∂y · 1, since y = x + f(x)", "", value, named, rest)
    return passage.placed(step)


def _why_zero(by_input: Array) -> str:
    if by_input.any():
        return "all outputs that depend on it have the gradient 0"
    return "no output depends on it: a ReLU is 0, or another pixel is the largest in its window"


def _loss_equation(found: Trace, unit: Unit) -> Step:
    p, target = float(found.probabilities[unit]), int(unit[0] == found.label)
    value = float(found.gradients[-1][unit])
    return Step(len(found.outputs), unit, "∂L/∂z = p − t", f"{p:.6g} − {target}", value)
