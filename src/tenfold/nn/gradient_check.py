"""The gradient check: whether a backward pass is the derivative of its forward pass.

Two random directions test a whole gradient at once. For y = f(x) with Jacobian J, every u in the
shape of x and v in the shape of y must satisfy

    <u, J^T v>  =  d/de <v, f(x + e * u)>  at e = 0

The left side is one backward pass, the right side two forward passes and a division. If the
backward pass uses J + E in place of J, the left side is wrong by <v, E u>, which is 0 only by
coincidence.

Use float64: in float32 the rounding of the difference hides real errors. Avoid kinks: the check is
not valid where an input of a ReLU is within ``epsilon`` of 0.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from tenfold.nn.arguments import check_fields, checked
from tenfold.nn.array import Array
from tenfold.nn.constraints import Positive
from tenfold.nn.layers.base import Layer
from tenfold.nn.losses import Loss
from tenfold.nn.network import Network
from tenfold.nn.parameter import Parameter
from tenfold.nn.random_streams import Seed, stream

__all__ = ["GradientCheck", "check_gradient", "check_layer", "check_network"]


@dataclass(frozen=True)
class GradientCheck:
    """A derivative along one direction, computed from the gradient and from differences.

    Attributes:
        name: Name of what was checked.
        analytic: Derivative from the gradient that was checked.
        numeric: Derivative from centred differences.

    Raises:
        ValueError: If an argument has a wrong type.
    """

    name: str
    analytic: float
    numeric: float

    def __post_init__(self) -> None:
        check_fields(self)

    @property
    def error(self) -> float:
        """Difference of the derivatives, divided by the larger absolute value (at least 1e-6)."""
        scale = max(abs(self.analytic), abs(self.numeric), 1e-6)
        return abs(self.analytic - self.numeric) / scale

    def __str__(self) -> str:
        return (
            f"{self.name}: formula {self.analytic:.12g}, differences {self.numeric:.12g}, "
            f"relative error {self.error:.2g}"
        )


def _check_float(name: str, x: Array) -> None:
    """Raise ValueError unless the array contains floats. float32 is accepted, but is imprecise."""
    if x.dtype.kind != "f":
        raise ValueError(f"{name} must be an array of float64, got {x.dtype}")


@checked
def check_gradient(
    name: str,
    function: Callable[[], float],
    x: Array,
    gradient: Array,
    rng: np.random.Generator,
    epsilon: Positive = 1e-5,
) -> GradientCheck:
    """Compare ``gradient`` with centred differences of ``function`` along a random direction.

    Args:
        name: Name of what is checked, for the report.
        function: Returns the scalar for the current content of ``x``.
        x: The array on which the function depends; changed in place and restored.
        gradient: The gradient to check: the derivative of the function with respect to ``x``, in
            the shape of ``x``.
        rng: Random generator of the direction.
        epsilon: Distance of the two points, in units of the length of the direction, above 0;
            1e-5 by default. The points are x - epsilon/2 * direction and x + epsilon/2 * direction.

    Raises:
        ValueError: If an argument has a wrong type.
    """
    _check_float("x", x)
    direction = rng.standard_normal(x.shape)
    analytic = float(np.vdot(direction, gradient))
    start = x.copy()
    x[...] = start + epsilon / 2 * direction
    upper_value = function()
    x[...] = start - epsilon / 2 * direction
    lower_value = function()
    x[...] = start
    return GradientCheck(name, analytic, (upper_value - lower_value) / epsilon)


@checked
def check_layer(layer: Layer, x: Array, seed: Seed = 0) -> list[GradientCheck]:
    """Check a layer's dx and the gradient of each of its parameters.

    Args:
        layer: The layer, initialised in float64.
        x: A float64 input, which is not changed.
        seed: Random seed of the directions.

    Returns:
        One comparison for x, then one for each parameter.

    Raises:
        ValueError: If an argument has a wrong type, or the layer is not initialised in float64.
    """
    _check_float64(layer.parameters, "initialise the layer with layer.initialize(rng, np.float64)")
    x = x.copy()
    rng = stream(seed, "gradient check")

    def forward() -> Array:
        layer.rng = stream(seed, "dropout")  # the same mask each time
        return layer.forward(x, training=True)

    v = rng.standard_normal(forward().shape)
    gradients = {"x": layer.backward(v).copy()} | {p.name: p.grad.copy() for p in layer.parameters}
    arrays = {"x": x} | {p.name: p.value for p in layer.parameters}
    return [
        check_gradient(
            f"{type(layer).__name__} d{name}",
            lambda: float(np.vdot(v, forward())),
            arrays[name],
            gradient,
            rng,
        )
        for name, gradient in gradients.items()
    ]


@checked
def check_network(
    network: Network, loss: Loss, images: Array, labels: Array, seed: Seed = 0
) -> list[GradientCheck]:
    """Check the gradient of the loss with respect to every parameter of a float64 network.

    Args:
        network: The network, created in float64.
        loss: The loss.
        images: Images as for ``Network.forward``.
        labels: Integers, shape (N,).
        seed: Random seed of the directions.

    Returns:
        One comparison for each parameter.

    Raises:
        ValueError: If an argument has a wrong type, or the network has another dtype.
    """
    _check_float64(network.parameters, "create the network with dtype=np.float64")
    rng = stream(seed, "gradient check")

    def evaluate() -> float:
        return loss(network.forward(images, training=True, step=0), labels)[0]

    _, dlogits = loss(network.forward(images, training=True, step=0), labels)
    network.backward(dlogits)
    gradients = [(p, p.grad.copy()) for p in network.parameters]
    return [check_gradient(f"d{p.name}", evaluate, p.value, grad, rng) for p, grad in gradients]


def _check_float64(parameters: Sequence[Parameter], advice: str) -> None:
    """Raise ValueError unless all parameters have values in float64."""
    for parameter in parameters:
        if parameter.value.shape != parameter.shape:
            raise ValueError(f"{parameter.name} must have values, got none: {advice}")
        if parameter.value.dtype != np.float64:
            raise ValueError(
                f"{parameter.name} must be float64, got {parameter.value.dtype}: {advice}"
            )
