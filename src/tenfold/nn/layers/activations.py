"""Activations: elementwise nonlinear functions.

Without them, several dense layers would compute no more than a single one. The output has the
shape of the input, which may be any shape, and dx = dy * f'(x). Where f' is simpler in terms of
y = f(x) than of x (tanh, sigmoid, ReLU), y is kept for backward.
"""

import math

import numpy as np

from tenfold.nn.arguments import checked
from tenfold.nn.array import Array
from tenfold.nn.constraints import FractionBelowOne
from tenfold.nn.layers.base import Layer

__all__ = ["GELU", "LeakyReLU", "ReLU", "Sigmoid", "Tanh"]


class ReLU(Layer):
    """Rectified linear unit: y = max(x, 0); dx = dy where x > 0, else 0 (also at x = 0).

    References:
        Nair and Hinton, "Rectified linear units improve restricted Boltzmann machines" (ICML 2010).
    """

    def forward(self, x: Array, training: bool = False) -> Array:
        """Return max(x, 0)."""
        # NumPy computes the maximum with an array of zeros three times as fast as with a single 0.
        zeros = np.zeros(x.shape[-3:], x.dtype)
        if not training:
            return np.maximum(x, zeros)
        y = np.maximum(x, zeros, out=self.buffer("y", x.shape, x.dtype))
        self.save_for_backward(y)
        return y

    def backward(self, dy: Array) -> Array:
        """Return dy * [x > 0]."""
        (y,) = self.pop_saved()
        active = np.greater(y, 0, out=self.buffer("active", y.shape, bool))
        return np.multiply(dy, active, out=self.buffer("dx", dy.shape, dy.dtype))


class LeakyReLU(Layer):
    """ReLU with a small slope for negative inputs, so that no unit stops learning.

    y = x where x > 0, else slope * x; dx = dy * (1 or slope).

    Args:
        slope: Slope for negative inputs, 0 <= slope < 1; 0.01 by default.

    Raises:
        ValueError: If the slope is out of its range.

    References:
        Maas, Hannun and Ng, "Rectifier nonlinearities improve neural network acoustic models"
        (2013).
    """

    @checked
    def __init__(self, slope: FractionBelowOne = 0.01) -> None:
        super().__init__()
        self.slope = slope

    def forward(self, x: Array, training: bool = False) -> Array:
        """Return max(x, slope * x), which is the same since slope < 1."""
        y = np.maximum(x, x * self.slope)
        if training:
            self.save_for_backward(x)
        return y

    def backward(self, dy: Array) -> Array:
        """Return dy * (1 where x > 0, else slope)."""
        (x,) = self.pop_saved()
        return np.where(x > 0, dy, dy * self.slope)


class Tanh(Layer):
    """Hyperbolic tangent: y = tanh(x); dx = dy * (1 - y^2)."""

    def forward(self, x: Array, training: bool = False) -> Array:
        """Return tanh(x)."""
        y = np.tanh(x)
        if training:
            self.save_for_backward(y)
        return y

    def backward(self, dy: Array) -> Array:
        """Return dy * (1 - y^2)."""
        (y,) = self.pop_saved()
        return dy * (1 - y * y)


class Sigmoid(Layer):
    """Logistic function: y = 1 / (1 + exp(-x)); dx = dy * y * (1 - y)."""

    def forward(self, x: Array, training: bool = False) -> Array:
        """Return (1 + tanh(x / 2)) / 2, the same function in a form that cannot overflow."""
        y = 0.5 + 0.5 * np.tanh(0.5 * x)
        if training:
            self.save_for_backward(y)
        return y

    def backward(self, dy: Array) -> Array:
        """Return dy * y * (1 - y)."""
        (y,) = self.pop_saved()
        return dy * y * (1 - y)


class GELU(Layer):
    r"""Gaussian error linear unit, in its tanh form.

    .. math:: y = \tfrac{x}{2}(1 + t), \quad t = \tanh(\sqrt{2/\pi}\,(x + 0.044715 x^3))

    and dy/dx = (1 + t)/2 + (x/2)(1 - t^2) sqrt(2/pi) (1 + 3 * 0.044715 x^2). It differs from
    x * Phi(x) by less than 0.0005 everywhere.

    References:
        Hendrycks and Gimpel, "Gaussian error linear units" (arXiv 1606.08415).
    """

    def forward(self, x: Array, training: bool = False) -> Array:
        """Return x/2 * (1 + t)."""
        t = np.tanh(_GELU_SCALE * (x + _GELU_CUBIC * x * x * x))
        if training:
            self.save_for_backward(x, t)
        return 0.5 * x * (1 + t)

    def backward(self, dy: Array) -> Array:
        """Return dy * ((1 + t)/2 + x/2 * (1 - t^2) * slope); slope is d(argument of tanh)/dx."""
        x, t = self.pop_saved()
        slope = _GELU_SCALE * (1 + 3 * _GELU_CUBIC * x * x)
        return dy * (0.5 * (1 + t) + 0.5 * x * (1 - t * t) * slope)


_GELU_SCALE = math.sqrt(2 / math.pi)
_GELU_CUBIC = 0.044715
