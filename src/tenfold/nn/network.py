"""A network: a sequence of layers with all their parameters as one vector."""

import math
from collections.abc import Mapping
from copy import deepcopy
from typing import TYPE_CHECKING

import numpy as np

from tenfold.nn.arguments import checked
from tenfold.nn.array import Array, DTypeLike
from tenfold.nn.constraints import InstanceOf, Size, Whole, invalid
from tenfold.nn.inputs import check_inputs, check_pixels, finite_logits, float_dtype
from tenfold.nn.layers.base import Layers, Shape, check_unowned
from tenfold.nn.layers.normalize import Normalize
from tenfold.nn.losses import softmax
from tenfold.nn.parameter import Parameter, ParameterVector
from tenfold.nn.random_streams import Seed, stream

if TYPE_CHECKING:
    from tenfold.nn.summary import LayerCost

__all__ = ["Network"]

_BATCH_RULE, _TENSORS_RULE = Whole(1), InstanceOf(Mapping)
# Most numbers in the output of a layer for a batch to predict. With more, the system spends time on
# clearing new memory.
_BATCH_FLOATS = 2**18


class Network:
    """A sequence of layers: logits = f_L(... f_2(f_1(images))).

    The first layer is usually ``Normalize``, so that the network takes raw pixels (uint8, 0 to
    255) everywhere.

    Args:
        layers: Layers from input to output, at least one. Their shapes are checked against each
            other. Each layer must be a new object that no other network contains.
        seed: Random seed of the initial weights and of layers such as dropout, 0 to 2**64 - 1.
        dtype: float32 to train, float64 to check gradients.
        input_shape: Shape of one image, (H, W, C).

    Attributes:
        layers: The layers.
        seed: The random seed.
        dtype: The dtype.
        input_shape: Shape of one image.
        shapes: Shape of the output of each layer for one image.
        theta: All parameters as one vector, with its gradient (``ParameterVector``).
        first: Index of the first layer with parameters. The backward pass ends there, without dx.
        shard: Index of the shard of each batch that the network trains on; 0 except for replicas.

    Raises:
        ValueError: If an argument has a wrong type, or a layer does not fit the one before it.
            The layers can then be used again.

    Example:
        >>> network = Network([Normalize(), Flatten(), Dense(784, 10)], seed=0)
        >>> network.predict(np.zeros((2, 28, 28, 1), np.uint8)).shape
        (2,)
    """

    @checked
    def __init__(
        self,
        layers: Layers,
        seed: Seed = 0,
        dtype: DTypeLike = np.float32,
        input_shape: tuple[Size, ...] = (28, 28, 1),
    ) -> None:
        self.layers = tuple(layers)
        self.seed = seed
        self.dtype = float_dtype(dtype)
        self.input_shape = input_shape
        self.shard = 0
        check_unowned("layers", self.layers)
        self.shapes = self._check_shapes()
        for index, layer in enumerate(self.layers):
            layer.initialize(stream(seed, "initialize", index=index), self.dtype)
        self.theta = ParameterVector([p for layer in self.layers for p in layer.parameters])
        self._own_layers()  # last, so that after an error no layer is owned
        trainable = [i for i, layer in enumerate(self.layers) if layer.parameters]
        random = [i for i, layer in enumerate(self.layers) if layer.random]
        self.first = min(trainable, default=0)
        self._fixed = min(trainable + random, default=0)  # index; the layers before it never change

    def __repr__(self) -> str:
        return f"<Network: {len(self.layers)} layers, {self.theta.value.size:,} parameters>"

    @staticmethod
    def advice_on(value: object) -> str:
        """Return the advice of an error message: how to make a network from ``value``."""
        if isinstance(getattr(value, "network", None), Network):  # a Model
            return "use its .network"
        return "give the network first, then the data" if hasattr(value, "require_labels") else ""

    @property
    def parameters(self) -> list[Parameter]:
        """The parameters, in their order in ``theta``."""
        return self.theta.parameters

    @property
    def batch(self) -> int:
        """Number of images to predict at a time: the largest output of a layer stays near 1 MB."""
        return max(1, min(500, _BATCH_FLOATS // max(map(math.prod, self.shapes))))

    @property
    def costs(self) -> "list[LayerCost]":
        """Output shape, parameters and multiply-adds of each layer, for one image."""
        from tenfold.nn.summary import layer_costs  # predictions do not need it

        return layer_costs(self.layers, self.input_shape)

    @property
    def raw_pixels(self) -> bool:
        """True if the first layer expects pixels on the scale 0 to 255."""
        layer = self.layers[0]
        return isinstance(layer, Normalize) and layer.raw_pixels

    @property
    def multiply_adds(self) -> int:
        """Number of multiply-adds in the matrix products for one image."""
        return sum(cost.multiply_adds for cost in self.costs)

    def replica(self, shard: int) -> "Network":
        """Return a network that shares theta and has its own gradients, state and buffers.

        Training one of the two changes the weights of both. Layers such as dropout use the random
        numbers of ``shard``.
        """
        replica = deepcopy(self)
        replica.theta.share(self.theta)
        replica.shard = shard
        return replica

    def forward(self, x: Array, training: bool = False, step: int | None = None) -> Array:
        """Return the logits (N, classes) of images (N, H, W, C).

        Args:
            x: Raw images, uint8 or float on the scale from 0 to 255.
            training: True if a backward pass follows. Otherwise nothing is stored, and several
                threads may call at the same time.
            step: Index of the training step; needed only if a layer uses random numbers.

        Raises:
            ValueError: If the images do not have the input shape of the network or, outside
                training, if values are not finite or on another scale than the first layer expects.
        """
        check_inputs(x, self.input_shape)
        if not training:
            check_pixels(x, self.layers[0])
        return self._run(x, training, step)

    def forward_prepared(self, x: Array, step: int | None = None) -> Array:
        """Return the logits of a training forward pass for the output of ``prepare``."""
        return self._run(x, True, step, self._fixed)

    def prepare(self, x: Array) -> Array:
        """Apply the layers before the first one with parameters or random numbers.

        These layers, such as scaling and flattening, never change. A training in which every step
        uses the whole data set as its batch therefore calls ``prepare`` only once.
        """
        check_inputs(x, self.input_shape)
        for layer in self.layers[: self._fixed]:
            x = layer.forward(x)
        return x

    def backward(self, dlogits: Array) -> None:
        """Assign all gradients, given dL/dlogits of the latest training forward pass."""
        dy = dlogits
        for layer in reversed(self.layers[self.first + 1 :]):
            dy = layer.backward(dy)
        self.layers[self.first].backward_parameters(dy)

    def recompute_statistics(self, images: Array, batch: int = 1000) -> None:
        """Set the running statistics of batch normalisations to the statistics of ``images``.

        Call it with training images if the weights are not the latest weights of a training, for
        example averaged ones, or if a training run was too short for running averages. Each batch
        is normalised by its own statistics, so batches should be large and mixed.

        Args:
            images: Images as for ``forward``.
            batch: Number of images at a time, at least 1.

        Raises:
            ValueError: If an argument has a wrong type or shape, or is out of its range.
        """
        check_inputs(images, self.input_shape)
        _BATCH_RULE.check("batch", batch)
        seen = 0
        for x in _batches(images, batch):
            seen += len(x)
            for layer in self.layers:
                x = layer.absorb(x, len(x) / seen)

    def predict_probabilities(self, images: Array, batch: int | None = None) -> Array:
        """Return softmax(logits), (N, ..., classes), for ``batch`` images at a time.

        Args:
            images: Images as for ``forward``.
            batch: Number of images at a time, at least 1; None for the network's ``batch``.

        Raises:
            ValueError: If an argument has a wrong type or shape, or is out of its range.
        """
        check_inputs(images, self.input_shape)
        if batch is not None:
            _BATCH_RULE.check("batch", batch)
        parts = [self.predict_batch(part) for part in _batches(images, batch or self.batch)]
        return np.concatenate(parts) if parts else np.empty((0, *self.shapes[-1]), self.dtype)

    def predict_batch(self, images: Array) -> Array:
        """Return softmax(logits) of images, all at once.

        Raises:
            ValueError: As from ``forward``, or if an output is not finite.
        """
        return softmax(finite_logits(self, images))

    def predict(self, images: Array, batch: int | None = None) -> Array:
        """Return the most probable class of each image, shape (N,), int64."""
        return self.predict_probabilities(images, batch).argmax(axis=-1)

    def tensors(self) -> dict[str, Array]:
        """Return every parameter and every state array by name, such as ``"2.weight"``.

        The arrays are not copies: writing into them changes the network.
        """
        state = {
            f"{index}.{name}": array
            for index, layer in enumerate(self.layers)
            for name, array in layer.state.items()
        }
        return {p.name: p.value for p in self.parameters} | state

    def load_tensors(self, tensors: dict[str, Array]) -> None:
        """Copy arrays into the network. Their names are those that ``tensors()`` returns.

        Raises:
            ValueError: If names or shapes are not those of this network, which is then unchanged.
        """
        targets = self.tensors()
        _TENSORS_RULE.check("tensors", tensors)
        if set(targets) != set(tensors):
            missing = sorted(set(targets) - set(tensors))
            unknown = sorted(set(tensors) - set(targets))
            raise ValueError(
                f"tensors must have the names of this network; missing: {missing}, "
                f"unknown: {unknown}"
            )
        for name, array in targets.items():
            if array.shape != np.shape(tensors[name]):
                raise invalid(name, f"of shape {array.shape}", np.shape(tensors[name]))
        for name, array in targets.items():  # only now: either all arrays are loaded or none
            array[...] = tensors[name]

    def summary(self) -> str:
        """Return a table of the layers: output, parameters and multiply-adds for one image."""
        from tenfold.nn.summary import as_text

        return as_text(self.costs, self.input_shape)

    def _repr_html_(self) -> str:
        """Return the summary as HTML, which a notebook displays."""
        from tenfold.nn.summary import as_html

        return as_html(self.costs, self.input_shape)

    def _run(self, x: Array, training: bool, step: int | None, start: int = 0) -> Array:
        """Run the layers from ``start`` on; in training, set ``rng`` of random layers first."""
        for index, layer in enumerate(self.layers[start:], start):
            if training and layer.random and step is not None:
                layer.rng = stream(
                    self.seed, "dropout", step, index=index + self.shard * len(self.layers)
                )
            x = layer.forward(x, training)
        return x

    def _own_layers(self) -> None:
        for index, layer in enumerate(self.layers):
            layer.owned = True
            for parameter in layer.parameters:
                parameter.name = f"{index}.{parameter.name}"

    def _check_shapes(self) -> list[Shape]:
        shapes, shape = [], self.input_shape
        for index, layer in enumerate(self.layers):
            try:
                shape = layer.output_shape(shape)
            except ValueError as error:
                raise ValueError(f"layer {index}: {error}") from error
            shapes.append(shape)
        return shapes


def _batches(images: Array, size: int) -> list[Array]:
    return [images[start : start + size] for start in range(0, len(images), size)]
