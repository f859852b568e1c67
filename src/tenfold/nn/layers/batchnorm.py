"""Batch normalisation: each feature gets mean 0 and deviation 1 over the batch, then may choose."""

import math

import numpy as np

from tenfold.nn.array import Array
from tenfold.nn.initializers import Ones, Zeros
from tenfold.nn.layers.base import Layer, Shape, is_size
from tenfold.nn.parameter import Parameter

__all__ = ["BatchNorm"]

_FAR = 100  # from so many variances on, a squared mean drowns them in rounding errors

_LARGE = 32_768  # numbers in an image: more would not stay in the cache beside the data


class BatchNorm(Layer):
    r"""Normalise each feature (the last axis) over all other axes.

    .. math:: \hat x = (x - \mu) / \sqrt{\sigma^2 + \epsilon}, \quad y = \gamma \hat x + \beta

    with mu and sigma^2 (divided by M, not M - 1) over the M = N (or N * H * W) entries of the
    batch in training, and their running averages outside it. The running variance averages the
    unbiased estimate (divided by M - 1). A batch with M = 1 leaves both averages as they are.

    Shapes: x, y (N, F) or (N, H, W, F); scale gamma and shift beta (F,).

    Gradients: dscale = sum dy * xhat, dshift = sum dy, and, since mu and sigma depend on x,

    .. math:: dx = \frac{\gamma}{\sqrt{\sigma^2 + \epsilon}}
              (dy - \overline{dy} - \hat x\, \overline{dy\, \hat x})

    where a bar is the mean over the batch.

    Args:
        features: F.
        momentum: weight of the newest batch in the running averages, 0 < momentum <= 1. A short
            training wants a large one: with 0.1 the averages lag some ten steps behind.
        epsilon: keeps the division finite.
        with_scale: whether gamma is learned, else it is 1: a ReLU and a next layer make it idle.
        with_shift: whether beta is learned, else it is 0.

    Ioffe and Szegedy, "Batch normalization" (ICML 2015).

    Raises:
        ValueError: by a training forward, if the batch is empty: it has no mean.
    """

    def __init__(
        self,
        features: int,
        momentum: float = 0.1,
        epsilon: float = 1e-5,
        with_scale: bool = True,
        with_shift: bool = True,
    ) -> None:
        super().__init__()
        if not is_size(features) or not 0 < momentum <= 1 or not 0 < epsilon < math.inf:
            raise ValueError(
                "BatchNorm needs features >= 1, a whole number, momentum above 0 up to 1 and "
                f"epsilon above 0 and finite, not {features!r}, {momentum}, {epsilon}"
            )
        self.features = int(features)
        self.momentum = momentum
        self.epsilon = epsilon
        self.with_scale, self.with_shift = bool(with_scale), bool(with_shift)
        self.scale = Parameter("scale", (features,), Ones(), decay=False)
        self.shift = Parameter("shift", (features,), Zeros(), decay=False)
        chosen = ((self.scale, with_scale), (self.shift, with_shift))
        self.parameters = [parameter for parameter, wanted in chosen if wanted]
        self.state = {"running_mean": np.zeros(features), "running_variance": np.ones(features)}

    def output_shape(self, shape: Shape) -> Shape:
        """Return the same shape, if its last axis has F features."""
        if shape[-1] != self.features:
            raise ValueError(f"BatchNorm({self.features}) receives {shape[-1]} features: {shape}")
        return shape

    def forward(self, x: Array, training: bool = False) -> Array:
        """Return scale * xhat + shift, with the batch's own statistics in training."""
        if not training:
            return self._normalised(x, self.state["running_mean"], self.state["running_variance"])
        alone = x.size == self.features  # a single entry has no variance to learn from
        x, mean, variance = self._learned(x, 0.0 if alone else self.momentum)
        inverse = 1 / np.sqrt(variance + self.epsilon)
        self.keep(x, mean, inverse)
        slope = self._scaled(inverse)
        y = np.multiply(x, _wide(slope, x), out=self.buffer("y", x.shape, x.dtype))
        y += _wide(self._shifted(-mean * slope), x)
        return y

    def absorb(self, x: Array, share: float) -> Array:
        """Return scale * xhat + shift with the batch's statistics, merged into the running ones.

        Merged, not averaged: with d how far the batch's mean lies from the one so far, the variance
        also gains share * (1 - share) * d^2 (Chan, Golub and LeVeque, 1979). Over batches in a row,
        with ``share`` = batch / images so far, the running statistics become those of them all.
        """
        before = self.state["running_mean"].copy()
        x, mean, variance = self._learned(x, share)
        moved = self.state["running_mean"] - before  # share * d
        self.state["running_variance"] += (1 - share) / share * moved * moved
        return self._normalised(x, mean, variance)

    def backward(self, dy: Array) -> Array:
        """Assign dscale and dshift; return dx."""
        x, mean, inverse = self.kept()
        sum_dy = _sum(dy)
        sum_dy_xhat = (_sum_of_products(dy, x) - mean * sum_dy) * inverse
        if self.with_shift:
            self.shift.grad[...] = sum_dy
        if self.with_scale:
            self.scale.grad[...] = sum_dy_xhat
        # With xhat = (x - mean) * inverse that is dx = slope * (dy + of_x * x + rest).
        count = x.size // self.features
        of_x = -inverse * sum_dy_xhat / count
        rest = -sum_dy / count - mean * of_x
        dx = np.multiply(x, _wide(of_x, x), out=self.buffer("dx", x.shape, dy.dtype))
        dx += dy
        dx += _wide(rest, x)
        dx *= _wide(self._scaled(inverse), x)
        return dx

    def _learned(self, x: Array, share: float) -> tuple[Array, Array, Array]:
        """Average the batch's statistics into the running ones with ``share``.

        Returns:
            x, its mean and its variance; if the mean is far from zero, those of x less its mean.
        """
        if not x.size:
            raise ValueError(
                f"BatchNorm({self.features}) takes its mean over a batch, but receives an empty "
                f"batch {x.shape}: train on at least one image"
            )
        mean, variance = self._statistics(x)
        centre = np.zeros_like(mean)
        if np.any(mean * mean > _FAR * variance):
            centre = mean
            x = np.subtract(x, centre, out=self.buffer("centred", x.shape, x.dtype))
            mean, variance = self._statistics(x)
        count = x.size // self.features
        unbiased = variance * (count / max(count - 1, 1))
        for name, newest in (("running_mean", centre + mean), ("running_variance", unbiased)):
            self.state[name] *= 1 - share
            self.state[name] += share * newest
        return x, mean, variance

    def _statistics(self, x: Array) -> tuple[Array, Array]:
        """Return mean and variance, as the mean square less the squared mean: one pass each."""
        count = x.size // self.features
        mean = _sum(x) / count
        return mean, np.maximum(_sum_of_products(x, x) / count - mean * mean, 0)

    def _normalised(self, x: Array, mean: Array, variance: Array) -> Array:
        slope = self._scaled(1 / np.sqrt(variance + self.epsilon))
        return x * slope + self._shifted(-mean * slope)

    def _scaled(self, slope: Array) -> Array:
        return slope * self.scale.value if self.with_scale else slope

    def _shifted(self, offset: Array) -> Array:
        return offset + self.shift.value if self.with_shift else offset


# What follows works on whole images or rows of them, H * W * F or W * F numbers, where there are
# any: its inner loops are then long, which makes it several times as fast as numbers F by F.


def _rows(x: Array) -> Array:
    """View (N, H, W, F) as (N * H, W * F); (N, F) is left as it is."""
    return x.reshape(-1, math.prod(x.shape[-2:])) if x.ndim > 2 else x


def _wide(numbers: Array, x: Array) -> Array:
    """Repeat a number per feature for an image, (H, W, F), or for a row of a large one, (W, F)."""
    if x.ndim == 2:
        return numbers
    shape = x.shape[1:] if math.prod(x.shape[1:]) <= _LARGE else x.shape[-2:]
    return np.broadcast_to(numbers, shape).copy()


def _sum(x: Array) -> Array:
    """Return the sum over all axes but the last; as a product with ones it is the BLAS's work."""
    rows = _rows(x)
    return (np.ones(len(rows), x.dtype) @ rows).reshape(-1, x.shape[-1]).sum(axis=0)


def _sum_of_products(x: Array, y: Array) -> Array:
    """Return the sum of x * y over all axes but the last, without an array of the products."""
    return np.einsum("mf,mf->f", _rows(x), _rows(y)).reshape(-1, x.shape[-1]).sum(axis=0)
