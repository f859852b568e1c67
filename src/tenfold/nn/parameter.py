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
        value: the array itself, of ``shape``; empty until ``initialize`` was called. In a network
            it is a view of theta, and assigning to it copies the numbers into that view.
        grad: the gradient of the loss with respect to it, same shape and dtype; assigned
            (not added to) by each backward pass. Likewise a view.
    """

    def __init__(
        self, name: str, shape: tuple[int, ...], initializer: Initializer, decay: bool = True
    ) -> None:
        self.name = name
        self.shape = shape
        self.decay = decay
        self.initializer = initializer
        self._value: Array = np.empty(0)
        self._grad: Array = np.empty(0)
        self._placed = False

    @property
    def value(self) -> Array:
        """The array itself."""
        return self._value

    @value.setter
    def value(self, array: Array) -> None:
        self._value = self._assigned(self._value, array)

    @property
    def grad(self) -> Array:
        """The gradient of the loss with respect to it."""
        return self._grad

    @grad.setter
    def grad(self, array: Array) -> None:
        self._grad = self._assigned(self._grad, array)

    @property
    def size(self) -> int:
        """The number of entries."""
        return int(np.prod(self.shape))

    def initialize(self, rng: np.random.Generator, dtype: DTypeLike = np.float32) -> None:
        """Draw the first value. The draw is made in float64, so both precisions start alike."""
        self.value = np.ascontiguousarray(self.initializer(self.shape, rng), dtype=dtype)
        self.grad = np.zeros_like(self.value)

    def _place(self, value: Array, grad: Array) -> None:
        """Become views of a vector: from now on assignment copies into them."""
        self._value, self._grad, self._placed = value, grad, True

    def _assigned(self, own: Array, array: Array) -> Array:
        # A new array in the place of a view would be trained by nobody: theta does not know it.
        if not self._placed:
            return array
        if np.shape(array) != self.shape:
            raise ValueError(f"{self.name} has the shape {self.shape}, not {np.shape(array)}")
        if array is not own:
            own[...] = array
        return own


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

    def part(self, where: slice) -> "ParameterVector":
        """Return a part of theta as a vector of its own, without parameters: views of this one."""
        part = ParameterVector([])
        part.value, part.grad = self.value[where], self.grad[where]
        part._decayed = max(0, min(self._decayed, where.stop) - where.start)
        return part

    def share(self, other: "ParameterVector") -> None:
        """Take the values of an equal vector for one's own: not their copies, the memory itself."""
        self.value = other.value
        self._make_views()

    def _make_views(self) -> None:
        start = 0
        for p in self.parameters:
            stop = start + p.size
            value, grad = self.value[start:stop], self.grad[start:stop]
            p._place(value.reshape(p.shape), grad.reshape(p.shape))
            start = stop
