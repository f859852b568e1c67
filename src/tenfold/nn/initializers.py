"""Initializers: the values of a parameter before the first step.

Each is called with (shape, rng) and returns a float64 array. The shape of a weight is (F_in, F_out)
or (K, K, C_in, C_out). ``fan_in`` is the number of inputs from which one output is computed,
``fan_out`` the number of outputs for which one input is used. LeCunNormal, GlorotUniform and
HeNormal use these numbers to keep the variance of the signal about equal from layer to layer.
"""

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Annotated

import numpy as np

from tenfold.nn.arguments import check_fields
from tenfold.nn.array import Array
from tenfold.nn.constraints import Number, Size
from tenfold.nn.description import Describable

__all__ = [
    "GlorotUniform",
    "HeNormal",
    "Initializer",
    "LeCunNormal",
    "Ones",
    "Orthogonal",
    "Uniform",
    "UniformFanIn",
    "Zeros",
]

_Scale = Annotated[float, Number("(0, 1e38]")]  # the largest float32 is 3.4e38


class Initializer(Describable, ABC):
    """Base class: computes the first value of a parameter.

    Raises:
        ValueError: If a number is out of its range.
    """

    def __post_init__(self) -> None:
        check_fields(self)

    @staticmethod
    def advice_on(value: object) -> str:
        """Return the advice of an error message: what to give as an initializer."""
        return "write an object, such as HeNormal()"

    @abstractmethod
    def __call__(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        """Return a float64 array of ``shape``, with random numbers from ``rng``."""

    def for_bias(self, fan_in: int) -> "Initializer":
        """Return the initializer for the bias of a layer whose weight has ``fan_in`` inputs."""
        return self


def _fans(shape: tuple[int, ...]) -> tuple[int, int]:
    """Return (fan_in, fan_out) of a weight."""
    area = int(np.prod(shape[:-2]))  # area of the kernel; 1 for a matrix
    fan_in = int(np.prod(shape[:-1]))
    return max(fan_in, 1), area * shape[-1]


@dataclass(frozen=True)
class Zeros(Initializer):
    """All zeros: for biases and shifts."""

    def __call__(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        """Return zeros, without random numbers."""
        return np.zeros(shape)


@dataclass(frozen=True)
class Ones(Initializer):
    """All ones: for the scales of a normalisation."""

    def __call__(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        """Return ones, without random numbers."""
        return np.ones(shape)


@dataclass(frozen=True)
class Uniform(Initializer):
    """Uniform on [-limit, limit), for every shape.

    Args:
        limit: Largest absolute value, above 0; 0.5, a common choice of beginners, by default.
    """

    limit: _Scale = 0.5

    def __call__(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        """Sample from U(-limit, limit)."""
        return rng.uniform(-self.limit, self.limit, shape)


@dataclass(frozen=True)
class UniformFanIn(Initializer):
    """Uniform on [-1/sqrt(fan_in), 1/sqrt(fan_in)), as PyTorch initialises its layers.

    Args:
        fan_in: Number of inputs of one output; None, the default, to take it from the shape. The
            shape of a bias does not contain it; for a bias, layers pass the ``fan_in`` of their
            weight.
    """

    fan_in: Size | None = None

    def __call__(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        """Sample from U(-1/sqrt(fan_in), 1/sqrt(fan_in))."""
        limit = 1 / math.sqrt(self.fan_in or _fans(shape)[0])
        return rng.uniform(-limit, limit, shape)

    def for_bias(self, fan_in: int) -> Initializer:
        """Return an initializer with the weight's ``fan_in``, unless this one has a ``fan_in``."""
        return self if self.fan_in is not None else UniformFanIn(fan_in)


@dataclass(frozen=True)
class LeCunNormal(Initializer):
    """N(0, 1/fan_in): keeps the variance through linear and tanh layers.

    References:
        LeCun, Bottou, Orr and Mueller, "Efficient BackProp" (1998), section 4.6.
    """

    def __call__(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        """Sample from N(0, 1/fan_in)."""
        return rng.standard_normal(shape) * np.sqrt(1 / _fans(shape)[0])


@dataclass(frozen=True)
class GlorotUniform(Initializer):
    """U(-a, a) with a = sqrt(6 / (fan_in + fan_out)).

    It is a compromise between keeping the variance in the forward and in the backward pass.

    References:
        Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural
        networks" (AISTATS 2010).
    """

    def __call__(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        """Sample from U(-a, a)."""
        limit = np.sqrt(6 / sum(_fans(shape)))
        return rng.uniform(-limit, limit, shape)


@dataclass(frozen=True)
class HeNormal(Initializer):
    """N(0, 2/fan_in): keeps the variance through layers with ReLU, which halves it.

    References:
        He, Zhang, Ren and Sun, "Delving deep into rectifiers" (ICCV 2015).
    """

    def __call__(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        """Sample from N(0, 2/fan_in)."""
        return rng.standard_normal(shape) * np.sqrt(2 / _fans(shape)[0])


@dataclass(frozen=True)
class Orthogonal(Initializer):
    """A random orthogonal matrix times ``gain``: all its singular values are equal to ``gain``.

    A shape with more than two axes is treated as a matrix of shape (fan_in, F_out).

    Args:
        gain: Factor, above 0; 1 by default.

    References:
        Saxe, McClelland and Ganguli, "Exact solutions to the nonlinear dynamics of learning in
        deep linear neural networks" (ICLR 2014).
    """

    gain: _Scale = 1.0

    def __call__(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        """Sample from the uniform (Haar) distribution over orthogonal matrices."""
        rows, columns = _fans(shape)[0], shape[-1]
        tall = rng.standard_normal((max(rows, columns), min(rows, columns)))
        q, r = np.linalg.qr(tall)
        q *= np.sign(np.diag(r))  # without this the distribution would not be uniform
        return np.reshape(self.gain * (q if rows >= columns else q.T), shape)
