"""The same mathematics without classes, in functions on arrays.

784-64-28-10, ReLU and softmax, batches of 64, gradient descent with damped momentum (a running
average of the gradients). Only the images are loaded with tenfold. Arrays have the shape (images,
features); ``dx`` is the gradient of the loss with respect to ``x``. With ``--full`` it trains for
10 epochs on all 60,000 images, in a few seconds.
"""

import sys
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tenfold.data import load_mnist

Array = NDArray[np.float64]
SIZES = (784, 64, 28, 10)


def init_params(rng: np.random.Generator) -> list[Array]:
    """Return w1, b1, w2, b2, w3, b3: weights from He's normal distribution, biases 0."""
    params: list[Array] = []
    for fan_in, fan_out in pairwise(SIZES):
        params += [rng.standard_normal((fan_in, fan_out)) * np.sqrt(2 / fan_in), np.zeros(fan_out)]
    return params


def forward_prop(params: list[Array], x: Array) -> tuple[Array, Array, Array]:
    """Return the activations of both hidden layers, and the probabilities."""
    w1, b1, w2, b2, w3, b3 = params
    a1 = np.maximum(x @ w1 + b1, 0)
    a2 = np.maximum(a1 @ w2 + b2, 0)
    z3 = a2 @ w3 + b3
    e = np.exp(z3 - z3.max(axis=1, keepdims=True))
    return a1, a2, e / e.sum(axis=1, keepdims=True)


def backward_prop(
    params: list[Array], x: Array, labels: NDArray[np.int64], hidden: tuple[Array, Array], p: Array
) -> list[Array]:
    """Return dw1, db1, dw2, db2, dw3, db3 of the mean cross-entropy."""
    a1, a2 = hidden
    _, _, w2, _, w3, _ = params
    dz3 = (p - np.eye(10)[labels]) / len(x)
    dz2 = (dz3 @ w3.T) * (a2 > 0)
    dz1 = (dz2 @ w2.T) * (a1 > 0)
    gradients = []
    for a, dz in ((x, dz1), (a1, dz2), (a2, dz3)):
        gradients += [a.T @ dz, dz.sum(axis=0)]
    return gradients


def update_params(
    params: list[Array], velocities: list[Array], gradients: list[Array], rate: float, beta: float
) -> None:
    """Update all w in place: v <- beta * v + (1 - beta) * g; w <- w - rate * v."""
    for w, v, g in zip(params, velocities, gradients, strict=True):
        v += (1 - beta) * (g - v)
        w -= rate * v


def gradient_descent(
    images: NDArray[np.uint8],
    labels: NDArray[np.int64],
    epochs: int,
    batch: int = 64,
    rate: float = 0.2,
    beta: float = 0.9,
) -> list[Array]:
    """Train a new network, print the accuracy of each epoch, and return the parameters."""
    rng = np.random.default_rng(0)
    params = init_params(rng)
    velocities = [np.zeros_like(w) for w in params]
    for epoch in range(epochs):
        order, correct = rng.permutation(len(images)), 0
        for start in range(0, len(order), batch):
            chosen = order[start : start + batch]
            x, y = images[chosen].reshape(-1, 784) / 255, labels[chosen]
            a1, a2, p = forward_prop(params, x)
            update_params(params, velocities, backward_prop(params, x, y, (a1, a2), p), rate, beta)
            correct += int((p.argmax(axis=1) == y).sum())
        print(f"epoch {epoch + 1}  training accuracy {correct / len(images):.2%}")
    return params


def main(images: int = 5_000, epochs: int = 2) -> float:
    """Train, and return the accuracy on the 10,000 test images."""
    train, test = load_mnist("train"), load_mnist("test")
    params = gradient_descent(train.images[:images], train.require_labels()[:images], epochs)
    _, _, p = forward_prop(params, test.images.reshape(-1, 784) / 255)
    accuracy = float((p.argmax(axis=1) == test.require_labels()).mean())
    print(f"test accuracy {accuracy:.2%}")
    return accuracy


if __name__ == "__main__":
    main(60_000, 10) if "--full" in sys.argv else main()
