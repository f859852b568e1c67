"""Batch normalisation: standardise each feature, then apply a learned scale and shift."""

import math
from typing import Annotated

import numpy as np

from tenfold.nn.arguments import checked
from tenfold.nn.array import Array
from tenfold.nn.constraints import Number, Positive, Size, invalid
from tenfold.nn.initializers import Ones, Zeros
from tenfold.nn.layers.base import Layer, Shape
from tenfold.nn.parameter import Parameter

__all__ = ["BatchNorm", "reference_batchnorm"]

# Largest mean^2 / variance for which mean(x^2) - mean^2 is precise enough as the variance.
_MAX_MEAN_RATIO = 100

_MAX_REPEATED = 32_768  # entries; more would not fit into the cache together with the data


class BatchNorm(Layer):
    r"""Normalise each feature (the last axis) over all other axes.

    .. math:: \hat x = (x - \mu) / \sqrt{\sigma^2 + \epsilon}, \quad y = \gamma \hat x + \beta

    In training, mu and sigma^2 are the mean and the variance (with divisor M, not M - 1) of a
    feature's M = N (or N * H * W) entries in the batch. Outside training, running averages are
    used. The running variance averages the unbiased estimate (with divisor M - 1). A batch with
    M = 1 does not change the averages.

    Shapes: x, y (N, F) or (N, H, W, F); scale gamma and shift beta (F,).

    Gradients: dscale = sum dy * xhat, dshift = sum dy, and, since mu and sigma depend on x,

    .. math:: dx = \frac{\gamma}{\sqrt{\sigma^2 + \epsilon}}
              (dy - \overline{dy} - \hat x\, \overline{dy\, \hat x})

    where a bar is the mean over the batch. ``reference_batchnorm`` is these formulas as code; the
    layer computes the same in fewer passes over memory.

    Args:
        features: Number of features F, at least 1.
        momentum: Weight of the newest batch in the running averages, 0 < momentum <= 1; 0.1 by
            default, with which they average about the last ten batches. A short training run needs
            a larger momentum.
        epsilon: Keeps the division finite, above 0; 1e-5 by default.
        with_scale: True, the default, to learn gamma; False to keep gamma at 1, which works equally
            well if a ReLU and a layer with weights follow.
        with_shift: True, the default, to learn beta; False to keep beta at 0.

    Raises:
        ValueError: If an argument has a wrong type or is out of its range. From a training
            ``forward``, if the batch is empty.

    References:
        Ioffe and Szegedy, "Batch normalization" (ICML 2015).
    """

    @checked
    def __init__(
        self,
        features: Size,
        *,
        momentum: Annotated[float, Number("(0, 1]")] = 0.1,
        epsilon: Positive = 1e-5,
        with_scale: bool = True,
        with_shift: bool = True,
    ) -> None:
        super().__init__()
        self.features = features
        self.momentum = momentum
        self.epsilon = epsilon
        self.with_scale, self.with_shift = with_scale, with_shift
        self.scale = Parameter("scale", (features,), Ones(), decay=False)
        self.shift = Parameter("shift", (features,), Zeros(), decay=False)
        chosen = ((self.scale, with_scale), (self.shift, with_shift))
        self.parameters = [parameter for parameter, wanted in chosen if wanted]
        self.state = {"running_mean": np.zeros(features), "running_variance": np.ones(features)}

    def output_shape(self, shape: Shape) -> Shape:
        """Return the same shape, if its last axis has F features."""
        if shape[-1:] != (self.features,):
            name = f"the input of BatchNorm({self.features})"
            raise invalid(name, f"of {self.features} features", shape)
        return shape

    def forward(self, x: Array, training: bool = False) -> Array:
        """Return scale * xhat + shift, in training with the statistics of the batch."""
        if not training:
            return self._normalised(x, self.state["running_mean"], self.state["running_variance"])
        is_single = x.size == self.features  # a single entry has no variance
        x, mean, variance = self._learn_statistics(x, 0.0 if is_single else self.momentum)
        inverse = 1 / np.sqrt(variance + self.epsilon)
        self.save_for_backward(x, mean, inverse)
        slope = self._scaled(inverse)
        y = np.multiply(x, _repeat(slope, x), out=self.buffer("y", x.shape, x.dtype))
        y += _repeat(self._shifted(-mean * slope), x)
        return y

    def absorb(self, x: Array, share: float) -> Array:
        """Return scale * xhat + shift with the batch's statistics; update the running averages.

        If d is the difference of the batch's mean and the running mean, the running variance also
        increases by share * (1 - share) * d^2 (Chan, Golub and LeVeque, 1979). If ``share`` is the
        size of a batch divided by the number of images so far, the running averages after several
        batches are the statistics of all their images.
        """
        old_mean = self.state["running_mean"].copy()
        x, mean, variance = self._learn_statistics(x, share)
        change = self.state["running_mean"] - old_mean  # share * d
        self.state["running_variance"] += (1 - share) / share * change * change
        return self._normalised(x, mean, variance)

    def affine(self) -> tuple[Array, Array]:
        """Return (slope, offset), each (F,): outside training y = slope * x + offset."""
        return self._affine(self.state["running_mean"], self.state["running_variance"])

    def backward(self, dy: Array) -> Array:
        """Assign dscale and dshift; return dx."""
        x, mean, inverse = self.pop_saved()
        sum_dy = _sum(dy)
        sum_dy_xhat = (_sum_of_products(dy, x) - mean * sum_dy) * inverse
        if self.with_shift:
            self.shift.grad[...] = sum_dy
        if self.with_scale:
            self.scale.grad[...] = sum_dy_xhat
        # With xhat = (x - mean) * inverse, dx = slope * (dy + factor * x + offset).
        count = x.size // self.features
        factor = -inverse * sum_dy_xhat / count
        offset = -sum_dy / count - mean * factor
        dx = np.multiply(x, _repeat(factor, x), out=self.buffer("dx", x.shape, dy.dtype))
        dx += dy
        dx += _repeat(offset, x)
        dx *= _repeat(self._scaled(inverse), x)
        return dx

    def _learn_statistics(self, x: Array, share: float) -> tuple[Array, Array, Array]:
        """Average the batch's statistics into the running ones with weight ``share``.

        Returns:
            x, its mean and its variance; if the mean is far from zero, x - mean, its mean (about
            0) and its variance.
        """
        if not x.size:
            raise ValueError(
                f"the input of BatchNorm({self.features}) must have at least one image in "
                f"training, got an empty batch of shape {x.shape}"
            )
        mean, variance = self._statistics(x)
        centre = np.zeros_like(mean)
        if np.any(mean * mean > _MAX_MEAN_RATIO * variance):
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
        """Return the mean, and the variance as mean(x^2) - mean(x)^2; one pass over x for each."""
        count = x.size // self.features
        mean = _sum(x) / count
        return mean, np.maximum(_sum_of_products(x, x) / count - mean * mean, 0)

    def _normalised(self, x: Array, mean: Array, variance: Array) -> Array:
        slope, offset = self._affine(mean, variance)
        return x * slope + offset

    def _affine(self, mean: Array, variance: Array) -> tuple[Array, Array]:
        slope = self._scaled(1 / np.sqrt(variance + self.epsilon))
        return slope, self._shifted(-mean * slope)

    def _scaled(self, slope: Array) -> Array:
        return slope * self.scale.value if self.with_scale else slope

    def _shifted(self, offset: Array) -> Array:
        return offset + self.shift.value if self.with_shift else offset


# These functions work on whole images or rows of images, H * W * F or W * F entries. The inner
# loops are then long, which is several times as fast as loops over F entries.


def _rows(x: Array) -> Array:
    """View (N, H, W, F) as (N * H, W * F); (N, F) is unchanged."""
    return x.reshape(-1, math.prod(x.shape[-2:])) if x.ndim > 2 else x


def _repeat(values: Array, x: Array) -> Array:
    """Repeat values (F,) for each pixel of an image or, if the image is large, of one row of it.

    The shape is (H, W, F) or (W, F).
    """
    if x.ndim == 2:
        return values
    shape = x.shape[1:] if math.prod(x.shape[1:]) <= _MAX_REPEATED else x.shape[-2:]
    return np.broadcast_to(values, shape).copy()


def _sum(x: Array) -> Array:
    """Return the sum over all axes but the last, as a product with ones, which BLAS computes."""
    rows = _rows(x)
    return (np.ones(len(rows), x.dtype) @ rows).reshape(-1, x.shape[-1]).sum(axis=0)


def _sum_of_products(x: Array, y: Array) -> Array:
    """Return the sum of x * y over all axes but the last, without an array of the products."""
    return np.einsum("mf,mf->f", _rows(x), _rows(y)).reshape(-1, x.shape[-1]).sum(axis=0)


def reference_batchnorm(
    x: Array, scale: Array, shift: Array, epsilon: float, dy: Array
) -> tuple[Array, Array, Array, Array]:
    """Return (y, dx, dscale, dshift) by the formulas of ``BatchNorm``, for a training batch.

    Args:
        x: Batch, shape (M, F).
        scale: gamma, shape (F,).
        shift: beta, shape (F,).
        epsilon: Keeps the division finite.
        dy: Gradient of the loss with respect to y, shape (M, F).
    """
    mean, variance = x.mean(axis=0), x.var(axis=0)
    inverse = 1 / np.sqrt(variance + epsilon)
    xhat = (x - mean) * inverse
    y = scale * xhat + shift
    dx = scale * inverse * (dy - dy.mean(axis=0) - xhat * (dy * xhat).mean(axis=0))
    return y, dx, (dy * xhat).sum(axis=0), dy.sum(axis=0)
