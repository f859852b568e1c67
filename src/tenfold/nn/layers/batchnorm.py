"""Batch normalisation: each feature gets mean 0 and deviation 1 over the batch, then may choose."""

import math

import numpy as np

from tenfold.nn.array import Array
from tenfold.nn.initializers import Ones, Zeros
from tenfold.nn.layers.base import Layer, Shape
from tenfold.nn.parameter import Parameter

__all__ = ["BatchNorm"]


class BatchNorm(Layer):
    r"""Normalise each feature (the last axis) over all other axes.

    .. math:: \hat x = (x - \mu) / \sqrt{\sigma^2 + \epsilon}, \quad y = \gamma \hat x + \beta

    with mu and sigma^2 (divided by M, not M - 1) over the M = N (or N * H * W) entries of the
    batch in training, and their running averages outside it. The running variance averages the
    unbiased estimate (divided by M - 1).

    Shapes: x, y (N, F) or (N, H, W, F); scale gamma and shift beta (F,).

    Gradients: dscale = sum dy * xhat, dshift = sum dy, and, since mu and sigma depend on x,

    .. math:: dx = \frac{\gamma}{\sqrt{\sigma^2 + \epsilon}}
              (dy - \overline{dy} - \hat x\, \overline{dy\, \hat x})

    where a bar is the mean over the batch.

    Args:
        features: F.
        momentum: weight of the newest batch in the running averages, 0 < momentum <= 1.
        epsilon: keeps the division finite.

    Ioffe and Szegedy, "Batch normalization" (ICML 2015).

    Raises:
        ValueError: by a training forward, if the batch is empty: it has no mean.
    """

    def __init__(self, features: int, momentum: float = 0.1, epsilon: float = 1e-5) -> None:
        super().__init__()
        whole = isinstance(features, (int, np.integer)) and features >= 1
        if not whole or not 0 < momentum <= 1 or not 0 < epsilon < math.inf:
            raise ValueError(
                "BatchNorm needs features >= 1, a whole number, momentum above 0 up to 1 and "
                f"epsilon above 0 and finite, not {features!r}, {momentum}, {epsilon}"
            )
        self.features = int(features)
        self.momentum = momentum
        self.epsilon = epsilon
        self.scale = Parameter("scale", (features,), Ones(), decay=False)
        self.shift = Parameter("shift", (features,), Zeros(), decay=False)
        self.parameters = [self.scale, self.shift]
        self.state = {"running_mean": np.zeros(features), "running_variance": np.ones(features)}

    def output_shape(self, shape: Shape) -> Shape:
        """Return the same shape, if its last axis has F features."""
        if shape[-1] != self.features:
            raise ValueError(f"BatchNorm({self.features}) receives {shape[-1]} features: {shape}")
        return shape

    def forward(self, x: Array, training: bool = False) -> Array:
        """Return scale * xhat + shift, with the batch's own statistics in training."""
        if not training:
            slope = self.scale.value / np.sqrt(self.state["running_variance"] + self.epsilon)
            return x * slope + (self.shift.value - self.state["running_mean"] * slope)
        if not x.size:
            raise ValueError(
                f"BatchNorm({self.features}) takes its mean over a batch, but receives an empty "
                f"batch {x.shape}: train on at least one image"
            )
        axes = tuple(range(x.ndim - 1))
        mean = x.mean(axis=axes)
        xhat = np.subtract(x, mean, out=self.buffer("xhat", x.shape, x.dtype))
        variance = np.mean(xhat * xhat, axis=axes)
        self._remember(mean, variance, count=math.prod(x.shape[:-1]))
        inverse = 1 / np.sqrt(variance + self.epsilon)
        xhat *= inverse
        self.keep(xhat, inverse)
        return xhat * self.scale.value + self.shift.value

    def backward(self, dy: Array) -> Array:
        """Assign dscale and dshift; return dx."""
        xhat, inverse = self.kept()
        axes = tuple(range(dy.ndim - 1))
        np.sum(dy, axis=axes, out=self.shift.grad)
        np.sum(dy * xhat, axis=axes, out=self.scale.grad)
        count = math.prod(dy.shape[:-1])
        dx = dy - self.shift.grad / count - xhat * (self.scale.grad / count)
        dx *= self.scale.value * inverse
        return dx

    def _remember(self, mean: Array, variance: Array, count: int) -> None:
        unbiased = variance * (count / max(count - 1, 1))
        for name, newest in (("running_mean", mean), ("running_variance", unbiased)):
            self.state[name] += self.momentum * (newest - self.state[name])
