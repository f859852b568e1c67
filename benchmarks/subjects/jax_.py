"""JAX, for the multilayer perceptrons: ``jax.numpy`` and a hand-written Adam."""

from collections.abc import Callable, Iterator
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.nn import log_softmax, relu, softmax

from benchmarks.cases import Measurement
from benchmarks.nets import PIXELS, widths
from benchmarks.subjects.digits import as_floats, test_images, training_images
from benchmarks.subjects.measures import Training
from benchmarks.subjects.serving import Abilities, serve
from tenfold.nn import stream
from tenfold.nn.array import Array

_RATE, _BETA1, _BETA2, _EPSILON = 1e-3, 0.9, 0.999, 1e-8


def parameters(net: str) -> list[tuple[Any, Any]]:
    """Return weights and biases of each dense layer."""
    rng, inputs, found = stream(0, "initialize"), PIXELS**2, []
    for outputs in widths(net):
        weight = rng.standard_normal((inputs, outputs)) * (2 / inputs) ** 0.5
        found.append((jnp.asarray(weight, jnp.float32), jnp.zeros(outputs)))
        inputs = outputs
    return found


def logits(layers: list[tuple[Any, Any]], x: Any) -> Any:
    """Return the logits of a multilayer perceptron with ReLU between its layers."""
    for weight, bias in layers[:-1]:
        x = relu(x @ weight + bias)
    weight, bias = layers[-1]
    return x @ weight + bias


def loss(layers: list[tuple[Any, Any]], x: Any, labels: Any) -> Any:
    """Return the mean cross-entropy."""
    log_likelihood = jnp.take_along_axis(log_softmax(logits(layers, x)), labels[:, None], axis=1)
    return -log_likelihood.mean()


def update(state: Any, images: Any, labels: Any, chosen: Any) -> Any:
    """Take one step of Adam on the chosen images; the state is (layers, mean, squares, steps)."""
    layers, mean, squares, steps = state
    gradient = jax.grad(loss)(layers, images[chosen], labels[chosen])
    steps = steps + 1
    mean = jax.tree.map(lambda m, g: _BETA1 * m + (1 - _BETA1) * g, mean, gradient)
    squares = jax.tree.map(lambda v, g: _BETA2 * v + (1 - _BETA2) * g * g, squares, gradient)

    def moved(w: Any, m: Any, v: Any) -> Any:
        root = jnp.sqrt(v / (1 - _BETA2**steps))
        return w - _RATE * m / (1 - _BETA1**steps) / (root + _EPSILON)

    return jax.tree.map(moved, layers, mean, squares), mean, squares, steps


def scan(state: Any, images: Any, labels: Any, batches: Any) -> Any:
    """Take a step for each row of ``batches``, in one compiled call."""
    return jax.lax.scan(lambda s, b: (update(s, images, labels, b), None), state, batches)[0]


def orders(count: int) -> Iterator[Array]:
    """Yield the order of the images of each epoch."""
    epoch = 0
    while True:
        yield stream(0, "shuffle", epoch).permutation(count).astype(np.int32)
        epoch += 1


def training(mode: str, m: Measurement) -> Training:
    """Return an endless training, with a call for each step or for each epoch."""
    train = training_images()
    images = jnp.asarray(as_floats(train.images.reshape(len(train), -1)))
    labels = jnp.asarray(train.require_labels(), jnp.int32)
    layers = parameters(m.net)
    zeros = [jax.tree.map(jnp.zeros_like, layers) for _ in range(2)]
    state: list[Any] = [(layers, *zeros, jnp.zeros(()))]
    one, many = jax.jit(update, donate_argnums=0), jax.jit(scan, donate_argnums=0)
    whole = len(train) // m.batch * m.batch  # the last batch is shorter and is compiled separately

    def steps() -> Iterator[None]:
        for order in orders(len(train)):
            if mode == "scan":
                state[0] = many(state[0], images, labels, order[:whole].reshape(-1, m.batch))
                state[0] = one(state[0], images, labels, order[whole:])
                yield
                continue
            for start in range(0, len(order), m.batch):
                state[0] = one(state[0], images, labels, order[start : start + m.batch])
                yield

    going = steps()
    per_epoch = -(-len(train) // m.batch)
    return Training(
        advance=lambda: next(going),
        steps=per_epoch if mode == "scan" else 1,
        settle=lambda: jax.block_until_ready(state[0]),
    )


def inference(mode: str, m: Measurement) -> Callable[[int], object]:
    """Return a function that predicts float32 images."""
    layers = parameters(m.net)
    images = as_floats(test_images(max(m.counts)).reshape(max(m.counts), -1))
    inputs = {count: jnp.asarray(images[:count]) for count in m.counts}
    predict = jax.jit(lambda layers, x: softmax(logits(layers, x)))
    return lambda count: predict(layers, inputs[count]).block_until_ready()


if __name__ == "__main__":
    serve(Abilities(training, inference))
