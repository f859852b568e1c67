"""Parameters: the arrays that training changes, and all of them as one vector theta.

A network stores the values of all its parameters in one contiguous vector theta, and all gradients
in another. The value and the gradient of each Parameter are views of these vectors. Optimizers,
weight decay, clipping, averaging and checkpoints then work on whole vectors, as the formulas do.
"""

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from tenfold.nn.arguments import checked
from tenfold.nn.array import Array, DTypeLike
from tenfold.nn.constraints import Count, invalid
from tenfold.nn.initializers import Initializer

__all__ = ["Parameter", "ParameterVector"]

_identities = itertools.count()


class Parameter:
    """One trainable array and its gradient.

    Args:
        name: Name, such as ``"weight"``; a network extends it to ``"2.weight"``.
        shape: Shape of the array, fixed.
        initializer: Initializer of the first value.
        decay: True, the default, if weight decay applies: to weights, not to biases, scales and
            shifts.

    Attributes:
        name: Name.
        shape: Shape.
        decay: True if weight decay applies.
        initializer: Initializer of the first value.
        value: The array, of ``shape``; empty before ``initialize``. In a network it is a view of
            theta, and assignment copies into that view.
        grad: Gradient of the loss with respect to the array, in its shape and dtype. Each backward
            pass replaces it and does not add to it. In a network it is a view, too.

    Raises:
        ValueError: If an argument has a wrong type, or an array of another shape is assigned.
    """

    @checked
    def __init__(
        self, name: str, shape: tuple[Count, ...], initializer: Initializer, decay: bool = True
    ) -> None:
        self.name = name
        self.shape = shape
        self.decay = decay
        self.initializer = initializer
        self._value: Array = np.empty(0)
        self._grad: Array = np.empty(0)
        self._is_view = False

    @property
    def value(self) -> Array:
        """The array."""
        return self._value

    @value.setter
    def value(self, array: Array) -> None:
        self._value = self._assigned(self._value, array)

    @property
    def grad(self) -> Array:
        """The gradient of the loss with respect to the array."""
        return self._grad

    @grad.setter
    def grad(self, array: Array) -> None:
        self._grad = self._assigned(self._grad, array)

    @property
    def size(self) -> int:
        """The number of entries."""
        return int(np.prod(self.shape))

    def initialize(self, rng: np.random.Generator, dtype: DTypeLike = np.float32) -> None:
        """Compute the first value in float64, then convert it: all dtypes start alike."""
        self.value = np.ascontiguousarray(self.initializer(self.shape, rng), dtype=dtype)
        self.grad = np.zeros_like(self.value)

    def _use_views(self, value: Array, grad: Array) -> None:
        """Use views of a vector as value and gradient; assignment then copies into them."""
        self._value, self._grad, self._is_view = value, grad, True

    def _assigned(self, current: Array, array: Array) -> Array:
        # A new array in place of the view would not be trained, since theta does not contain it.
        if not self._is_view:
            return array
        if np.shape(array) != self.shape:
            raise invalid(self.name, f"of shape {self.shape}", np.shape(array))
        if array is not current:
            current[...] = array
        return current


class ParameterVector:
    """All parameters of a network as one vector theta, those with weight decay first.

    Args:
        parameters: The parameters, initialised; they become views of the vector.

    Attributes:
        value: theta, shape (P,), contiguous; every ``Parameter.value`` is a view of it.
        grad: Gradient of the loss with respect to theta, shape (P,).
        parameters: The parameters, in their order in the vector.
        identity: Number that distinguishes vectors within this process; a copy has the same one.

    Raises:
        ValueError: If an argument is not a list of parameters.
    """

    @checked
    def __init__(self, parameters: Sequence[Parameter]) -> None:
        self.parameters = sorted(parameters, key=lambda p: not p.decay)  # stable
        flat = [p.value.ravel() for p in self.parameters]
        self.value: Array = np.concatenate(flat) if flat else np.empty(0, np.float32)
        self.grad: Array = np.zeros_like(self.value)
        self._decayed = sum(p.size for p in self.parameters if p.decay)
        self.identity = next(_identities)
        self._make_views()

    def __setstate__(self, state: dict[str, Any]) -> None:
        # Copying and unpickling give every array memory of its own. Without new views, training a
        # copy would change a vector that none of its layers uses.
        self.__dict__.update(state)
        self._make_views()

    @property
    def decayed(self) -> slice:
        """The slice of the vector to which weight decay applies."""
        return slice(0, self._decayed)

    def part(self, entries: slice) -> "ParameterVector":
        """Return a slice of theta: a vector of views, whose list ``parameters`` is empty."""
        part = ParameterVector([])
        part.value, part.grad = self.value[entries], self.grad[entries]
        part._decayed = max(0, min(self._decayed, entries.stop) - entries.start)
        return part

    def share(self, other: "ParameterVector") -> None:
        """Let this vector and ``other`` share the memory of ``other``'s values."""
        self.value = other.value
        self._make_views()

    def _make_views(self) -> None:
        start = 0
        for p in self.parameters:
            stop = start + p.size
            value, grad = self.value[start:stop], self.grad[start:stop]
            p._use_views(value.reshape(p.shape), grad.reshape(p.shape))
            start = stop
