"""Initializers: what a parameter is before the first step.

Each is called with (shape, rng) and returns a float64 array. A weight's shape is (F_in, F_out) or
(K, K, C_in, C_out): fan_in is the number of inputs that one output sees, fan_out the number of
outputs that one input reaches. The scaled ones keep the signal's variance from layer to layer.
"""

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np

from tenfold.nn.array import Array
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


_LARGEST = 1e38  # float32 ends at 3.4e38


class Initializer(Describable, ABC):
    """Makes the first value of a parameter."""

    @abstractmethod
    def __call__(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        """Return a float64 array of ``shape``."""

    def beside(self, fan_in: int) -> "Initializer":
        """Return what initialises a bias in a layer whose weight has this fan_in."""
        return self


def _fans(shape: tuple[int, ...]) -> tuple[int, int]:
    area = int(np.prod(shape[:-2]))  # of the kernel; 1 for a matrix
    fan_in = int(np.prod(shape[:-1]))
    return max(fan_in, 1), area * shape[-1]


@dataclass(frozen=True)
class Zeros(Initializer):
    """All zeros: for biases and shifts."""

    def __call__(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        """Return zeros; draws nothing."""
        return np.zeros(shape)


@dataclass(frozen=True)
class Ones(Initializer):
    """All ones: for the scales of a normalisation."""

    def __call__(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        """Return ones; draws nothing."""
        return np.ones(shape)


@dataclass(frozen=True)
class Uniform(Initializer):
    """Uniform on [-limit, limit), whatever the fan; 0.5 is the classic beginner's choice."""

    limit: float = 0.5

    def __post_init__(self) -> None:
        if not 0 < self.limit <= _LARGEST:
            raise ValueError(f"Uniform needs a limit above 0 up to {_LARGEST}, not {self.limit}")

    def __call__(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        """Draw from U(-limit, limit)."""
        return rng.uniform(-self.limit, self.limit, shape)


@dataclass(frozen=True)
class UniformFanIn(Initializer):
    """Uniform on [-1/sqrt(fan_in), 1/sqrt(fan_in)): what PyTorch gives to its layers.

    A bias has no fan of its own: layers give it the ``fan_in`` of the weight beside it.
    """

    fan_in: int | None = None

    def __post_init__(self) -> None:
        if self.fan_in is not None and not self.fan_in >= 1:
            raise ValueError(f"UniformFanIn needs a fan_in of at least 1, not {self.fan_in}")

    def __call__(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        """Draw from U(-1/sqrt(fan_in), 1/sqrt(fan_in))."""
        limit = 1 / math.sqrt(self.fan_in or _fans(shape)[0])
        return rng.uniform(-limit, limit, shape)

    def beside(self, fan_in: int) -> Initializer:
        """Return itself with the weight's fan_in, unless it was given one."""
        return self if self.fan_in is not None else UniformFanIn(fan_in)


@dataclass(frozen=True)
class LeCunNormal(Initializer):
    """N(0, 1/fan_in): keeps the variance through linear and tanh layers.

    LeCun, Bottou, Orr and Mueller, "Efficient BackProp" (1998), section 4.6.
    """

    def __call__(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        """Draw from N(0, 1/fan_in)."""
        return rng.standard_normal(shape) * np.sqrt(1 / _fans(shape)[0])


@dataclass(frozen=True)
class GlorotUniform(Initializer):
    """U(-a, a) with a = sqrt(6 / (fan_in + fan_out)): a compromise between both directions.

    Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks"
    (AISTATS 2010).
    """

    def __call__(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        """Draw from U(-a, a)."""
        limit = np.sqrt(6 / sum(_fans(shape)))
        return rng.uniform(-limit, limit, shape)


@dataclass(frozen=True)
class HeNormal(Initializer):
    """N(0, 2/fan_in): keeps the variance through ReLU, which halves it.

    He, Zhang, Ren and Sun, "Delving deep into rectifiers" (ICCV 2015).
    """

    def __call__(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        """Draw from N(0, 2/fan_in)."""
        return rng.standard_normal(shape) * np.sqrt(2 / _fans(shape)[0])


@dataclass(frozen=True)
class Orthogonal(Initializer):
    """A random orthogonal matrix times ``gain``: it neither stretches nor squeezes.

    Saxe, McClelland and Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep
    linear neural networks" (ICLR 2014). Shapes with more axes are matrices of (fan_in, fan_out).
    """

    gain: float = 1.0

    def __post_init__(self) -> None:
        if not 0 < self.gain <= _LARGEST:
            raise ValueError(f"Orthogonal needs a gain above 0 up to {_LARGEST}, not {self.gain}")

    def __call__(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        """Draw from the uniform (Haar) distribution over orthogonal matrices."""
        rows, columns = _fans(shape)[0], shape[-1]
        tall = rng.standard_normal((max(rows, columns), min(rows, columns)))
        q, r = np.linalg.qr(tall)
        q *= np.sign(np.diag(r))  # without this the distribution would not be uniform
        return np.reshape(self.gain * (q if rows >= columns else q.T), shape)
