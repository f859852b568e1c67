"""Batch normalisation: each feature gets mean 0 and deviation 1 over the batch, then may choose."""

import math

import numpy as np

from tenfold.nn.array import Array
from tenfold.nn.initializers import Ones, Zeros
from tenfold.nn.layers.base import Layer, Shape
from tenfold.nn.parameter import Parameter

__all__ = ["BatchNorm"]

_BLOCK_BYTES = 1024 * 1024  # of x are worked on at a time: less to keep in memory and cache


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
        whole = isinstance(features, (int, np.integer)) and features >= 1
        if not whole or not 0 < momentum <= 1 or not 0 < epsilon < math.inf:
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
        mean, variance = self._learned(x, self.momentum)
        inverse = 1 / np.sqrt(variance + self.epsilon)
        self.keep(x, mean, inverse)
        slope = self._scaled(inverse)
        slope, offset = _wide(slope, x), _wide(self._shifted(-mean * slope), x)
        y = self.buffer("y", x.shape, x.dtype)
        for block in self._blocks(x):
            np.multiply(x[block], slope, out=y[block])
            y[block] += offset
        return y

    def absorb(self, x: Array, share: float) -> Array:
        """Return scale * xhat + shift with the batch's statistics, averaged into the running ones.

        The running averages that training leaves are those of weights that have changed since.
        Over all batches in a row with ``share`` = batch / images so far they become exact means.
        """
        return self._normalised(x, *self._learned(x, share))

    def backward(self, dy: Array) -> Array:
        """Assign dscale and dshift; return dx."""
        x, mean, inverse = self.kept()
        count = x.size // self.features
        sum_dy, sum_dy_xhat = self._sums(x, dy, mean, inverse)
        if self.with_shift:
            self.shift.grad[...] = sum_dy
        if self.with_scale:
            self.scale.grad[...] = sum_dy_xhat
        # With xhat = (x - mean) * inverse, dx is dy and x, each times a number, plus a number.
        slope = self._scaled(inverse)
        of_x = -slope * inverse * sum_dy_xhat / count
        rest = -slope * sum_dy / count - mean * of_x
        slope, of_x, rest = _wide(slope, x), _wide(of_x, x), _wide(rest, x)
        dx = self.buffer("dx", x.shape, dy.dtype)
        for block in self._blocks(x):
            product = self._scratch(x[block])
            np.multiply(x[block], of_x, out=product)
            product += rest
            np.multiply(dy[block], slope, out=dx[block])
            dx[block] += product
        return dx

    def _statistics(self, x: Array) -> tuple[Array, Array]:
        """Return mean and variance of each feature, from those of blocks (Chan et al., 1979)."""
        blocks = self._blocks(x)
        means, variances = np.empty((2, len(blocks), self.features), x.dtype)
        for index, block in enumerate(blocks):
            means[index] = _mean(x[block])
            centred = np.subtract(x[block], _wide(means[index], x), out=self._scratch(x[block]))
            np.multiply(centred, centred, out=centred)
            variances[index] = _mean(centred)
        share = np.array([b.stop - b.start for b in blocks], x.dtype)[:, None] / x.dtype.type(
            len(x)
        )
        mean = (share * means).sum(axis=0)
        return mean, (share * (variances + np.square(means - mean))).sum(axis=0)

    def _sums(self, x: Array, dy: Array, mean: Array, inverse: Array) -> tuple[Array, Array]:
        """Return the sums over the batch of dy and of dy * xhat."""
        sum_dy, sum_product = np.zeros((2, self.features), dy.dtype)
        mean = _wide(mean, x)
        for block in self._blocks(x):
            count = x[block].size // self.features
            product = np.subtract(x[block], mean, out=self._scratch(x[block]))
            product *= dy[block]
            sum_dy += _mean(dy[block]) * count
            sum_product += _mean(product) * count
        return sum_dy, sum_product * inverse

    def _learned(self, x: Array, share: float) -> tuple[Array, Array]:
        """Return the batch's mean and variance, averaged into the running ones with ``share``."""
        if not x.size:
            raise ValueError(
                f"BatchNorm({self.features}) takes its mean over a batch, but receives an empty "
                f"batch {x.shape}: train on at least one image"
            )
        mean, variance = self._statistics(x)
        count = x.size // self.features
        unbiased = variance * (count / max(count - 1, 1))
        for name, newest in (("running_mean", mean), ("running_variance", unbiased)):
            self.state[name] += share * (newest - self.state[name])
        return mean, variance

    def _normalised(self, x: Array, mean: Array, variance: Array) -> Array:
        slope = self._scaled(1 / np.sqrt(variance + self.epsilon))
        return x * slope + self._shifted(-mean * slope)

    def _scaled(self, slope: Array) -> Array:
        return slope * self.scale.value if self.with_scale else slope

    def _shifted(self, offset: Array) -> Array:
        return offset + self.shift.value if self.with_shift else offset

    def _scratch(self, block: Array) -> Array:
        return self.buffer("scratch", block.shape, block.dtype)

    def _blocks(self, x: Array) -> list[slice]:
        rows = max(1, _BLOCK_BYTES // (x[:1].nbytes or 1))
        return [slice(start, min(start + rows, len(x))) for start in range(0, len(x), rows)]


def _wide(numbers: Array, x: Array) -> Array:
    """Repeat a number per feature along a row of the image: (F,) to (W, F), where there are rows.

    Arithmetic with (N, H, W, F) then has inner loops of W * F numbers, and is three times as fast.
    """
    return np.broadcast_to(numbers, x.shape[-2:]).copy() if x.ndim > 2 else numbers


def _mean(x: Array) -> Array:
    """Return the mean over all axes but the last.

    An image's rows are summed whole first: (n, H, W, F) to (W, F). Sums over the last axis but one
    alone have loops only F numbers long, which costs several times as much.
    """
    while x.ndim > 2:
        x = x.mean(axis=tuple(range(x.ndim - 2)))
    return x.mean(axis=0)
