"""A network: layers in a row, and all their parameters as one vector."""

import math
from collections.abc import Sequence
from copy import deepcopy

import numpy as np

from tenfold.nn.array import Array, DTypeLike
from tenfold.nn.html_table import html_table
from tenfold.nn.layers.base import Layer, Shape
from tenfold.nn.losses import softmax
from tenfold.nn.parameter import Parameter, ParameterVector
from tenfold.nn.random_streams import stream
from tenfold.nn.summary import HEAD, LayerCost, as_text, layer_costs, summary_rows

__all__ = ["Network"]

_BATCH_FLOATS = 2**21  # more would only be memory that the system has to clear each time


class Network:
    """Layers in a row: logits = f_L(... f_2(f_1(images))).

    The first layer is usually ``Normalize``, so that the network takes raw pixels (uint8, 0 to
    255) wherever it is called from.

    Args:
        layers: from input to output. Their shapes are checked against each other here.
        seed: of the initial weights and of everything random in a training forward.
        dtype: float32 to train, float64 to check gradients; nothing else.
        input_shape: of one image, (H, W, C).

    Attributes:
        theta: all parameters as one vector, with its gradient (``ParameterVector``).
        first: index of the first layer with parameters: no dx is needed below it.
        shard: which part of each batch it works on, 0 but for replicas.

    Example:
        >>> network = Network([Normalize(), Flatten(), Dense(784, 10)], seed=0)
        >>> network.predict(np.zeros((2, 28, 28, 1), np.uint8)).shape
        (2,)

    Raises:
        ValueError: if a layer cannot take what the layer before it gives, or stands elsewhere,
            or the seed or the dtype is none. The layers can then be used again.
    """

    def __init__(
        self,
        layers: Sequence[Layer],
        seed: int = 0,
        dtype: DTypeLike = np.float32,
        input_shape: Shape = (28, 28, 1),
    ) -> None:
        self.layers = tuple(layers)
        self.seed = seed
        self.dtype = np.dtype(dtype)
        self.input_shape = tuple(input_shape)
        self.shard = 0
        if self.dtype not in (np.float32, np.float64):
            raise ValueError(f"a network computes in float32 or float64, not in {self.dtype}")
        _check_layers(self.layers)
        self.shapes = self._check_shapes()
        for index, layer in enumerate(self.layers):
            layer.initialize(stream(seed, "initialize", lane=index), dtype)
        self.theta = ParameterVector([p for layer in self.layers for p in layer.parameters])
        self._place_layers()  # last, so that what fails leaves no layer taken
        trainable = [i for i, layer in enumerate(self.layers) if layer.parameters]
        random = [i for i, layer in enumerate(self.layers) if layer.random]
        self.first = min(trainable, default=0)
        self._fixed = min(trainable + random, default=0)  # the layers before it never change

    def __repr__(self) -> str:
        return f"<Network: {len(self.layers)} layers, {self.theta.value.size:,} parameters>"

    @property
    def parameters(self) -> list[Parameter]:
        """The parameters, as they lie in ``theta``."""
        return self.theta.parameters

    @property
    def batch(self) -> int:
        """How many images to predict at a time: the largest layer's output stays near 8 MB."""
        return max(1, min(500, _BATCH_FLOATS // max(map(math.prod, self.shapes))))

    @property
    def costs(self) -> list[LayerCost]:
        """Each layer's output shape, parameters and multiply-adds for one image."""
        return layer_costs(self.layers, self.input_shape)

    @property
    def multiply_adds(self) -> int:
        """How many multiply-adds the matrix products of one image's answer take."""
        return sum(cost.multiply_adds for cost in self.costs)

    def replica(self, shard: int) -> "Network":
        """Return a network with the same theta, and gradients, state and buffers of its own.

        Training one of them moves all. It draws other random numbers, those of ``shard``.
        """
        twin = deepcopy(self)
        twin.theta.share(self.theta)
        twin.shard = shard
        return twin

    def forward(self, x: Array, training: bool = False, step: int | None = None) -> Array:
        """Return the logits (N, classes) of images (N, H, W, C).

        Args:
            x: raw images, uint8 or float on the 0..255 scale.
            training: whether a backward will follow. Outside training nothing is stored, and
                many threads may call at once.
            step: which training step this is; needed only if a layer draws random numbers.

        Raises:
            ValueError: if the images do not have the network's input shape.
        """
        self._check_input(x)
        return self._run(x, training, step)

    def forward_prepared(self, x: Array, step: int | None = None) -> Array:
        """Return the logits of a training forward, given what ``prepare`` returned."""
        return self._run(x, True, step, self._fixed)

    def prepare(self, x: Array) -> Array:
        """Apply the leading layers that never change: scaling and flattening.

        Training on the same full batch at every step would otherwise repeat it at every step.
        """
        self._check_input(x)
        for layer in self.layers[: self._fixed]:
            x = layer.forward(x)
        return x

    def backward(self, dlogits: Array) -> None:
        """Assign all gradients, given dL/dlogits for the latest training forward."""
        dy = dlogits
        for layer in reversed(self.layers[self.first + 1 :]):
            dy = layer.backward(dy)
        self.layers[self.first].backward_parameters(dy)

    def recompute_statistics(self, images: Array, batch: int = 1000) -> None:
        """Make the running statistics of batch normalisations those of ``images``.

        To be called with training images when the weights are no longer those of the last training
        steps, such as averaged ones, or when a training was too short for running averages. Each
        batch is normalised by its own statistics on the way, so batches should be large and mixed.
        """
        self._check_input(images)
        seen = 0
        for x in _batches(images, batch):
            seen += len(x)
            for layer in self.layers:
                x = layer.absorb(x, len(x) / seen)

    def predict_probabilities(self, images: Array, batch: int | None = None) -> Array:
        """Return softmax(logits), (N, ..., classes), ``batch`` images at a time to save memory."""
        if batch is not None and batch < 1:
            raise ValueError(f"batch must be at least 1, got {batch}")
        parts = [self.predict_batch(part) for part in _batches(images, batch or self.batch)]
        return np.concatenate(parts) if parts else np.empty((0, *self.shapes[-1]), self.dtype)

    def predict_batch(self, images: Array) -> Array:
        """Return softmax(logits) of images, all at once."""
        return softmax(self.forward(images))

    def predict(self, images: Array, batch: int | None = None) -> Array:
        """Return the most probable class of each image, shape (N,), int64."""
        return self.predict_probabilities(images, batch).argmax(axis=-1)

    def tensors(self) -> dict[str, Array]:
        """Return every array that makes this network what it is, by name: ``"2.weight"``, ...

        They are the arrays themselves, not copies: writing into them changes the network.
        """
        state = {
            f"{index}.{name}": array
            for index, layer in enumerate(self.layers)
            for name, array in layer.state.items()
        }
        return {p.name: p.value for p in self.parameters} | state

    def load_tensors(self, tensors: dict[str, Array]) -> None:
        """Copy arrays, named as in ``tensors``, into the network.

        Raises:
            ValueError: if names or shapes differ from this network's.
        """
        own = self.tensors()
        if set(own) != set(tensors):
            missing, strange = sorted(set(own) - set(tensors)), sorted(set(tensors) - set(own))
            raise ValueError(f"the arrays do not fit: missing {missing}, unknown {strange}")
        for name, array in own.items():
            if array.shape != tensors[name].shape:
                raise ValueError(f"{name} has shape {tensors[name].shape}, needs {array.shape}")
        for name, array in own.items():  # only now: the whole network is loaded, or nothing
            array[...] = tensors[name]

    def summary(self) -> str:
        """Return a table: each layer's output, parameters and multiply-adds for one image."""
        return as_text([HEAD, *summary_rows(self.costs, self.input_shape)])

    def _repr_html_(self) -> str:
        """Return the summary as HTML: how a notebook shows a network."""
        return html_table(HEAD, summary_rows(self.costs, self.input_shape), total=True)

    def _run(self, x: Array, training: bool, step: int | None, first: int = 0) -> Array:
        for index, layer in enumerate(self.layers[first:], first):
            if training and layer.random and step is not None:
                layer.rng = stream(
                    self.seed, "dropout", step, lane=index + self.shard * len(self.layers)
                )
            x = layer.forward(x, training)
        return x

    def _place_layers(self) -> None:
        for index, layer in enumerate(self.layers):
            layer.placed = True
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

    def _check_input(self, x: Array) -> None:
        if x.shape[1:] != self.input_shape:
            hint = " (add the channel axis: images[..., None])" if x.ndim == 3 else ""
            raise ValueError(
                f"the network takes images of shape (N, {', '.join(map(str, self.input_shape))}), "
                f"not {x.shape}{hint}"
            )


def _check_layers(layers: Sequence[object]) -> None:
    if not layers:
        raise ValueError("a network needs at least one layer")
    for index, layer in enumerate(layers):
        name = layer.__name__ if isinstance(layer, type) else type(layer).__name__
        if isinstance(layer, type):
            raise ValueError(f"layer {index} is the class {name}, not an object: write {name}(...)")
        if not isinstance(layer, Layer):
            raise ValueError(f"layer {index} is no layer but of type {name}: {layer!r}")
        if layer.placed or any(layer is before for before in layers[:index]):
            raise ValueError(
                f"layer {index}: this {name} already stands in a network, and "
                "networks do not share layers: make a new one for each place"
            )


def _batches(images: Array, size: int) -> list[Array]:
    return [images[start : start + size] for start in range(0, len(images), size)]
