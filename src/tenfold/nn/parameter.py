"""Parameters: the arrays that training changes, and all of them as one vector theta.

The mathematics knows one theta. So does the memory: a network lays the values of all its
parameters in one contiguous vector and all gradients in another; each Parameter is a view.
Optimizers, weight decay, clipping, averaging and checkpoints then act on whole vectors.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from tenfold.nn.array import Array, DTypeLike
from tenfold.nn.initializers import Initializer

__all__ = ["Parameter", "ParameterVector"]


class Parameter:
    """One trainable array and its gradient.

    Attributes:
        name: what it is called, such as ``"weight"``; a network makes it ``"2.weight"``.
        shape: its shape, fixed.
        decay: whether weight decay applies to it (weights yes; biases, scales and shifts no).
        value: the array itself, of ``shape``; empty until ``initialize`` was called.
        grad: the gradient of the loss with respect to it, same shape and dtype; assigned
            (not added to) by each backward pass.
    """

    def __init__(
        self, name: str, shape: tuple[int, ...], initializer: Initializer, decay: bool = True
    ) -> None:
        self.name = name
        self.shape = shape
        self.decay = decay
        self.initializer = initializer
        self.value: Array = np.empty(0)
        self.grad: Array = np.empty(0)

    @property
    def size(self) -> int:
        """The number of entries."""
        return int(np.prod(self.shape))

    def initialize(self, rng: np.random.Generator, dtype: DTypeLike = np.float32) -> None:
        """Draw the first value. The draw is made in float64, so both precisions start alike."""
        self.value = np.ascontiguousarray(self.initializer(self.shape, rng), dtype=dtype)
        self.grad = np.zeros_like(self.value)


class ParameterVector:
    """All parameters of a network as one vector theta, the decayed ones first.

    Attributes:
        value: theta, shape (P,), contiguous; every ``Parameter.value`` is a view of it.
        grad: the gradient of the loss with respect to theta, shape (P,).
        parameters: the parameters, in the order in which they lie in the vector.
    """

    def __init__(self, parameters: Sequence[Parameter]) -> None:
        self.parameters = sorted(parameters, key=lambda p: not p.decay)  # stable
        flat = [p.value.ravel() for p in self.parameters]
        self.value: Array = np.concatenate(flat) if flat else np.empty(0, np.float32)
        self.grad: Array = np.zeros_like(self.value)
        self._decayed = sum(p.size for p in self.parameters if p.decay)
        self._make_views()

    def __setstate__(self, state: dict[str, Any]) -> None:
        # Copying and unpickling give every array memory of its own. Without this, training a
        # copy would move a vector that none of its layers reads.
        self.__dict__.update(state)
        self._make_views()

    @property
    def decayed(self) -> slice:
        """The part of the vector that weight decay applies to."""
        return slice(0, self._decayed)

    def _make_views(self) -> None:
        start = 0
        for p in self.parameters:
            stop = start + p.size
            p.value = self.value[start:stop].reshape(p.shape)
            p.grad = self.grad[start:stop].reshape(p.shape)
            start = stop
