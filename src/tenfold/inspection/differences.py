r"""Differences: the derivative of the loss with respect to one weight, computed without calculus.

.. math:: \frac{\partial L}{\partial w} \approx \frac{L(w + h) - L(w - h)}{2h}

If both losses are near 0, subtracting them would lose nearly all digits. So their difference is
computed in another way. Let p be the probabilities at w - h, and d = z(w + h) - z(w - h) the
difference of the logits z. Then

.. math:: L(w + h) - L(w - h) = \log \Big( 1 + \sum_c p_c (e^{d_c - d_y} - 1) \Big)

This keeps the digits: log1p and expm1 are exact for small numbers.
"""

from copy import deepcopy
from dataclasses import dataclass

import numpy as np

from tenfold.inspection.frozen import FrozenNetwork
from tenfold.inspection.tangents import kinks
from tenfold.inspection.trace import Trace, forward_from
from tenfold.nn import Network, softmax
from tenfold.nn.arguments import check_fields, checked
from tenfold.nn.array import Array
from tenfold.nn.losses import log_softmax

__all__ = ["STEP", "Difference", "finite_difference"]

STEP = 1e-4
"""Default of the step h. With a smaller step, rounding errors are larger; with a larger step, the
curvature of the loss has more influence."""


@dataclass(frozen=True)
class Difference:
    """A derivative by a centred difference.

    Attributes:
        weight: Value of the weight w.
        step: The step h.
        lower, upper: Loss at w - h and at w + h.
        value: (upper - lower) / 2h, without loss of digits.
        switched: Number of units of each layer that cross a kink between w - h and w + h, by the
            index of the layer; layers without such units are left out. (A kink is a point where a
            layer is not smooth, such as 0 for ReLU.) If any unit crosses a kink, the difference is
            not a derivative.
    """

    weight: float
    step: float
    lower: float
    upper: float
    value: float
    switched: dict[int, int]

    def __post_init__(self) -> None:
        check_fields(self)


@checked
def finite_difference(
    frozen: FrozenNetwork, found: Trace, name: str, index: tuple[int, ...], step: float = STEP
) -> Difference:
    """Return the derivative of the loss with respect to one weight by a centred difference.

    Args:
        frozen: The network, which is not changed: the weight is changed in a copy.
        found: The trace of the image.
        name: Name of the parameter, such as ``"2.weight"``.
        index: Index of the weight in the parameter.
        step: The step h, above 0.

    Raises:
        ValueError: If there is no such weight.
    """
    if not 0 < step < np.inf:
        raise ValueError(f"step must be a finite number above 0, got {step}")
    network = deepcopy(frozen.network)
    parameter = {p.name: p for p in network.parameters}.get(name)
    if parameter is None:
        raise ValueError(f"{name!r} is not a parameter of this network")
    inside = len(index) == parameter.value.ndim and all(
        0 <= i < n for i, n in zip(index, parameter.shape, strict=True)
    )
    if not inside:
        raise ValueError(
            f"index must be within the shape {parameter.shape} of {name}, got {list(index)}"
        )
    first = int(name.partition(".")[0])
    start = found.input_of(first)[np.newaxis]
    weight = float(parameter.value[index])
    sides = []
    for sign in (-1, 1):
        parameter.value[index] = weight + sign * step
        logits = forward_from(network, start, first, found.off)[0]
        sides.append((logits, _patterns(network, start, first, found)))
    (below, before), (above, after) = sides
    change = above - below
    rise = np.log1p(softmax(below) @ np.expm1(change - change[found.label]))
    actual = (weight + step) - (weight - step)  # 2h after rounding
    switched = {layer: _count_differences(before[layer], after[layer]) for layer in before}
    return Difference(
        weight,
        step,
        -float(log_softmax(below)[found.label]),
        -float(log_softmax(above)[found.label]),
        float(rise / actual),
        {layer: count for layer, count in switched.items() if count},
    )


def _patterns(network: Network, x: Array, first: int, found: Trace) -> dict[int, list[Array]]:
    """Return, for each layer with kinks, on which side of each kink its inputs are."""
    patterns = {}
    for index, layer in enumerate(network.layers[first:], first):
        if sides := list(kinks(layer, x)):
            patterns[index] = sides
        x = layer.forward(x)
        for unit in found.off.get(index, ()):
            x[..., unit] = 0
    return patterns


def _count_differences(before: list[Array], after: list[Array]) -> int:
    return sum(int(np.count_nonzero(a != b)) for a, b in zip(before, after, strict=True))
