"""The interface of a layer: forward and backward pass, parameters and description.

Conventions of all layers: ``dx`` is the gradient of the loss with respect to ``x`` and has the
shape of ``x``. Layers compute in the dtype of the network; ``Normalize`` converts the images to it.
A layer never writes into an array that it was given.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar

import numpy as np

from tenfold.nn.array import Array, DTypeLike
from tenfold.nn.constraints import InstanceOf, ListOf, invalid
from tenfold.nn.description import Describable
from tenfold.nn.parameter import Parameter

__all__ = ["Layer", "Layers", "check_images", "check_unowned"]

Shape = tuple[int, ...]


class Layer(Describable, ABC):
    """Base class: one step of a network, y = f(x) forward and dx = J^T dy backward.

    Outside training ``forward`` stores nothing and may be called from several threads at once. In
    training it keeps what ``backward`` needs, in memory that is reused from step to step: the
    arrays that ``forward(x, training=True)`` and ``backward`` return are valid until the next call.

    A constructor with arguments declares their limits in the annotations and is decorated with
    ``checked`` (``arguments.py``).

    Attributes:
        parameters: The parameters, which training changes; empty for most layers.
        state: Arrays that are learned without gradients, such as running statistics. They are
            saved with the model.
        random: True if a training forward pass samples random numbers from ``rng``.
        rng: Generator of the next training forward pass; the caller sets it before each pass.
        owned: True once a Network or the block of a Residual contains the layer.
    """

    argument_hints: ClassVar[Mapping[str, str]] = {
        "activation": "An activation is a layer of its own: put ReLU() after this one"
    }
    random = False

    def __init__(self) -> None:
        self.parameters: list[Parameter] = []
        self.state: dict[str, Array] = {}
        self.rng: np.random.Generator | None = None
        self.owned = False
        self._saved: tuple[Array, ...] | None = None
        self._buffers: dict[str, Array] = {}

    @staticmethod
    def advice_on(value: object) -> str:
        """Return the advice of an error message: what to give as a layer."""
        return "write an object, such as ReLU() or Dense(784, 10)"

    @abstractmethod
    def forward(self, x: Array, training: bool = False) -> Array:
        """Return y = f(x). If ``training``, also keep what the next ``backward`` needs."""

    @abstractmethod
    def backward(self, dy: Array) -> Array:
        """Return dx for the latest training forward pass and assign the parameters' gradients.

        Raises:
            RuntimeError: If there was no training forward pass since the last backward pass.
        """

    def backward_parameters(self, dy: Array) -> None:
        """Assign the parameters' gradients only: the first layer of a network needs no dx."""
        self.backward(dy)

    def absorb(self, x: Array, share: float) -> Array:
        """Return f(x) and include this batch in the state with weight ``share``, 0 to 1.

        A layer without state returns ``forward(x)``: it samples no numbers and stores nothing.
        """
        return self.forward(x)

    def output_shape(self, shape: Shape) -> Shape:
        """Return the shape of one output for one input of ``shape``, both without the batch axis.

        Raises:
            ValueError: If the layer cannot take such an input.
        """
        return shape

    def multiply_adds(self, shape: Shape) -> int:
        """Return the number of multiply-adds in the matrix products of one input's forward pass.

        The backward pass needs the same number for the parameters' gradients, and again for dx.
        """
        return 0

    def initialize(self, rng: np.random.Generator, dtype: DTypeLike = np.float32) -> None:
        """Set parameters and state to their first values, sampled from ``rng``, in ``dtype``."""
        for parameter in self.parameters:
            parameter.initialize(rng, dtype)
        self.state = {name: value.astype(dtype) for name, value in self.state.items()}

    def save_for_backward(self, *arrays: Array) -> None:
        """Save arrays of a training forward pass for the backward pass that follows."""
        self._saved = arrays

    def pop_saved(self) -> tuple[Array, ...]:
        """Return the arrays that ``save_for_backward`` saved, and forget them.

        Raises:
            RuntimeError: If no arrays are saved.
        """
        if self._saved is None:
            name = type(self).__name__
            raise RuntimeError(
                f"{name}.backward needs a training forward pass: call forward(x, training=True) "
                "once before each backward"
            )
        saved, self._saved = self._saved, None
        return saved

    keep, take_kept = save_for_backward, pop_saved  # the names in version 0.1

    def buffer(self, name: str, shape: Shape, dtype: DTypeLike) -> Array:
        """Return uninitialised memory that is reused from step to step.

        New large arrays are slow, because the operating system clears each page of their memory.
        """
        size = math.prod(shape)
        flat = self._buffers.get(name)
        if flat is None or flat.size < size or flat.dtype != dtype:
            flat = self._buffers[name] = np.empty(size, dtype)
        return flat[:size].reshape(shape)


Layers = Annotated[Sequence[Layer], ListOf(InstanceOf(Layer), least=1)]
"""A list of at least one layer."""


def check_unowned(name: str, layers: Sequence[Layer]) -> None:
    """Raise ValueError if a layer already belongs to a network or is in the list twice.

    Args:
        name: Name of the list in the message.
        layers: The layers.
    """
    for index, layer in enumerate(layers):
        if layer.owned or any(layer is earlier for earlier in layers[:index]):
            kind = type(layer).__name__
            raise ValueError(
                f"{name}[{index}] must be a new layer, got a {kind} that is already in use: "
                f"create a new {kind} for each place"
            )


def check_images(name: str, shape: Shape, channels: int | None = None) -> None:
    """Raise ValueError unless ``shape`` is the shape of one image, (H, W, C).

    Args:
        name: Name of the layer in the message.
        shape: Shape of one input.
        channels: Number of channels C; None for any.
    """
    if len(shape) != 3 or (channels is not None and shape[2] != channels):
        wanted = f"(H, W, {'C' if channels is None else channels})"
        raise invalid(f"the input of {name}", f"an image of shape {wanted}", shape)
