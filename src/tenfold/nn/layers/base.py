"""The contract of a layer: forward, backward beside it, its parameters, and how to make it again.

Conventions, for every layer here. ``dx`` is the gradient of the loss with respect to ``x`` and has
the shape of ``x``. The dtype follows the data. A layer never writes into an array it was given.
"""

import math
from abc import ABC, abstractmethod

import numpy as np

from tenfold.nn.array import Array, DTypeLike
from tenfold.nn.description import Describable
from tenfold.nn.parameter import Parameter

__all__ = ["Layer", "is_size"]

Shape = tuple[int, ...]


def is_size(n: object) -> bool:
    """Return whether n is a whole number of at least 1; True is none."""
    return isinstance(n, (int, np.integer)) and not isinstance(n, bool) and int(n) >= 1


class Layer(Describable, ABC):
    """One step of a network: y = f(x) forward, dx = J^T dy backward.

    Outside training ``forward`` stores nothing: it may be called from many threads at once. In
    training it keeps what ``backward`` needs, in memory that is reused from step to step: the
    arrays that ``forward(x, training=True)`` and ``backward`` return hold until the next call.

    Attributes:
        parameters: what training changes, empty for most layers.
        state: arrays that are learned without gradients, such as running statistics; saved
            with the model.
        random: whether a training forward draws random numbers, from ``rng``.
        rng: the generator of the next training forward; whoever calls it sets it first.
        placed: whether it stands in a network, whose vector holds its parameters.
    """

    random = False

    def __init__(self) -> None:
        self.parameters: list[Parameter] = []
        self.state: dict[str, Array] = {}
        self.rng: np.random.Generator | None = None
        self.placed = False
        self._kept: tuple[Array, ...] | None = None
        self._buffers: dict[str, Array] = {}

    @abstractmethod
    def forward(self, x: Array, training: bool = False) -> Array:
        """Return y = f(x). With ``training``, also keep what the next ``backward`` needs."""

    @abstractmethod
    def backward(self, dy: Array) -> Array:
        """Return dx for the latest training forward, and assign the parameters' gradients.

        Raises:
            RuntimeError: if no training forward came before it; each serves one backward.
        """

    def backward_parameters(self, dy: Array) -> None:
        """Assign the parameters' gradients only: a network's first layer needs no dx."""
        self.backward(dy)

    def absorb(self, x: Array, share: float) -> Array:
        """Return f(x), and let the state take in this batch with weight ``share`` (0 to 1).

        For layers without state it is ``forward(x)``: nothing random, nothing kept.
        """
        return self.forward(x)

    def output_shape(self, shape: Shape) -> Shape:
        """Return the shape of one output for one input of ``shape``, both without the batch axis.

        Raises:
            ValueError: if the layer cannot take such an input.
        """
        return shape

    def multiply_adds(self, shape: Shape) -> int:
        """Return how many multiply-adds the matrix products of one forward take for one input.

        Backward takes as many for the parameters' gradients, and as many again for dx.
        """
        return 0

    def initialize(self, rng: np.random.Generator, dtype: DTypeLike = np.float32) -> None:
        """Give parameters and state their first values, drawn from ``rng``, in ``dtype``."""
        for parameter in self.parameters:
            parameter.initialize(rng, dtype)
        self.state = {name: value.astype(dtype) for name, value in self.state.items()}

    def keep(self, *arrays: Array) -> None:
        """Keep arrays of a training forward for the backward that follows it."""
        self._kept = arrays

    def kept(self) -> tuple[Array, ...]:
        """Hand out what ``keep`` kept, once."""
        if self._kept is None:
            name = type(self).__name__
            raise RuntimeError(
                f"{name}.backward has no forward to differentiate: call forward(x, training=True) "
                "before it, once for each backward"
            )
        kept, self._kept = self._kept, None
        return kept

    def buffer(self, name: str, shape: Shape, dtype: DTypeLike) -> Array:
        """Return scratch memory that is reused from step to step; its content is undefined.

        Allocating large arrays anew is what makes NumPy slow: each page is zeroed by the system.
        """
        size = math.prod(shape)
        flat = self._buffers.get(name)
        if flat is None or flat.size < size or flat.dtype != dtype:
            flat = self._buffers[name] = np.empty(size, dtype)
        return flat[:size].reshape(shape)
