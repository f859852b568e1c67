"""The gradient check: is a backward pass the derivative of its forward pass?

Two random directions test a whole gradient at once. For y = f(x) with Jacobian J, any u in the
shape of x and v in the shape of y must satisfy

    <u, J^T v>  =  d/de <v, f(x + e * u)>  at e = 0

The left side is one backward pass, the right side two forward passes and a division. A wrong entry
anywhere in J would have to be orthogonal to both random directions to stay unseen.

Use float64: in float32 the rounding of the difference hides real errors. Stay off kinks: a ReLU
input within ``epsilon`` of 0 has no derivative there.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tenfold.nn.array import Array
from tenfold.nn.layers.base import Layer
from tenfold.nn.losses import Loss
from tenfold.nn.network import Network
from tenfold.nn.random_streams import stream

__all__ = ["GradientCheck", "check_gradient", "check_layer", "check_network"]


@dataclass(frozen=True)
class GradientCheck:
    """One comparison: the derivative along a direction, from the formula and from differences."""

    name: str
    analytic: float
    numeric: float

    @property
    def error(self) -> float:
        """The difference, relative to the larger of the two (absolute below 1e-6)."""
        scale = max(abs(self.analytic), abs(self.numeric), 1e-6)
        return abs(self.analytic - self.numeric) / scale

    def __str__(self) -> str:
        return (
            f"{self.name}: formula {self.analytic:.12g}, differences {self.numeric:.12g}, "
            f"relative error {self.error:.2g}"
        )


def check_gradient(
    name: str,
    function: Callable[[], float],
    x: Array,
    gradient: Array,
    rng: np.random.Generator,
    epsilon: float = 1e-5,
) -> GradientCheck:
    """Compare ``gradient`` with centred differences of ``function`` along a random direction.

    Args:
        name: what is checked, for the report.
        function: returns the scalar at the present content of ``x``.
        x: the array that the function depends on; moved in place and restored.
        gradient: the claimed derivative of the function with respect to ``x``, in its shape.
        rng: draws the direction.
        epsilon: the length of the step.
    """
    direction = rng.standard_normal(x.shape)
    analytic = float(np.vdot(direction, gradient))
    start = x.copy()
    x[...] = start + epsilon / 2 * direction
    above = function()
    x[...] = start - epsilon / 2 * direction
    below = function()
    x[...] = start
    return GradientCheck(name, analytic, (above - below) / epsilon)


def check_layer(layer: Layer, x: Array, seed: int = 0) -> list[GradientCheck]:
    """Check a layer's dx and the gradient of each of its parameters.

    Args:
        layer: initialised in float64.
        x: a float64 input; it is not changed.
        seed: of the directions.
    """
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


def check_network(
    network: Network, loss: Loss, images: Array, labels: Array, seed: int = 0
) -> list[GradientCheck]:
    """Check the gradient of the loss with respect to every parameter of a float64 network."""
    rng = stream(seed, "gradient check")

    def evaluate() -> float:
        return loss(network.forward(images, training=True, step=0), labels)[0]

    _, dlogits = loss(network.forward(images, training=True, step=0), labels)
    network.backward(dlogits)
    gradients = [(p, p.grad.copy()) for p in network.parameters]
    return [check_gradient(f"d{p.name}", evaluate, p.value, grad, rng) for p, grad in gradients]
