"""Whole networks learn small tasks: right gradients alone do not prove this."""

import math

import numpy as np
import pytest

from tenfold.nn import (
    SGD,
    AdaGrad,
    Adam,
    AdamW,
    BatchNorm,
    DampedMomentum,
    Dense,
    Flatten,
    MeanSquaredError,
    Momentum,
    Nesterov,
    Network,
    Normalize,
    Optimizer,
    ReLU,
    RMSprop,
    SoftmaxCrossEntropy,
    Tanh,
    Uniform,
    stream,
)
from tenfold.nn.array import Array


def digits(n: int, seed: int = 0) -> tuple[Array, Array]:
    """Return n noisy images of ten random characters, and their labels."""
    characters = stream(0, "characters").integers(0, 2, (10, 28, 28, 1)) * 200
    rng = stream(seed, "digits")
    labels = rng.integers(0, 10, n)
    noisy = characters[labels] + rng.normal(0, 60, (n, 28, 28, 1))
    return noisy.clip(0, 255).astype(np.uint8), labels


def train(
    network: Network, optimizer: Optimizer, rate: float, steps: int, l2: float = 0.0
) -> list[float]:
    """Train with full batches of twenty digits and return the loss before each step."""
    images, labels = digits(20)
    loss, losses, theta = SoftmaxCrossEntropy(), [], network.theta
    for step in range(steps):
        value, dlogits = loss(network.forward(images, training=True, step=step), labels)
        network.backward(dlogits)
        theta.grad[theta.decayed] += l2 * theta.value[theta.decayed]  # gradient of l2 / 2 * |w|^2
        optimizer.step(theta, rate)
        losses.append(value)
    return losses


def multilayer(seed: int = 0) -> Network:
    return Network([Normalize(), Flatten(), Dense(784, 16), ReLU(), Dense(16, 10)], seed)


def test_loss_before_training_is_log_of_classes() -> None:
    # With small last weights all ten classes are equally probable, and the loss is ln 10.
    network = Network(
        [Normalize(), Flatten(), Dense(784, 16), ReLU(), Dense(16, 10, Uniform(0.001))]
    )
    images, labels = digits(100)
    value, _ = SoftmaxCrossEntropy()(network.forward(images), labels)
    assert value == pytest.approx(math.log(10), abs=0.02)


@pytest.mark.parametrize(
    ("optimizer", "rate"),
    [
        (SGD(), 0.1),
        (Momentum(), 0.02),
        (DampedMomentum(), 0.2),
        (Nesterov(), 0.02),
        (AdaGrad(), 0.02),
        (RMSprop(), 0.002),
        (Adam(), 0.005),
        (AdamW(), 0.005),
    ],
    ids=lambda x: type(x).__name__,
)
def test_every_optimizer_memorises_twenty_digits(optimizer: Optimizer, rate: float) -> None:
    network = multilayer()
    losses = train(network, optimizer, rate, steps=120)
    assert losses[0] > 2
    assert losses[-1] < 0.01
    images, labels = digits(20)
    np.testing.assert_array_equal(network.predict(images), labels)


def test_trained_network_generalises_to_unseen_digits() -> None:
    network = multilayer()
    train(network, Adam(), 0.005, steps=60)
    images, labels = digits(500, seed=1)
    seen = np.isin(labels, digits(20)[1])
    assert (network.predict(images[seen]) == labels[seen]).mean() > 0.9


def test_network_with_batch_normalisation_learns_and_predicts() -> None:
    layers = [Normalize(), Flatten(), Dense(784, 16), BatchNorm(16), ReLU(), Dense(16, 10)]
    network = Network(layers)
    assert train(network, Adam(), 0.01, steps=100)[-1] < 0.01
    images, labels = digits(20)
    np.testing.assert_array_equal(network.predict(images), labels)


def test_mean_squared_error_memorises_twenty_digits() -> None:
    network = Network([Normalize(), Flatten(), Dense(784, 16), Tanh(), Dense(16, 10)])
    optimizer, loss = Adam(), MeanSquaredError()
    images, labels = digits(20)
    for _ in range(250):
        value, dlogits = loss(network.forward(images, training=True), labels)
        network.backward(dlogits)
        optimizer.step(network.theta, 0.001)
    assert value < 0.002
    np.testing.assert_array_equal(network.predict(images), labels)


def test_more_l2_gives_smaller_weights() -> None:
    lengths = []
    for l2 in (0.0, 0.01, 0.1, 1.0):
        network = multilayer()
        train(network, SGD(), 0.05, steps=60, l2=l2)
        lengths.append(float(np.linalg.norm(network.theta.value[network.theta.decayed])))
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[-1] < 0.3 * lengths[0]


def test_same_seed_gives_same_bits() -> None:
    one, other, third = multilayer(), multilayer(), multilayer(seed=1)
    losses = train(one, Adam(), 0.005, steps=10)
    assert train(other, Adam(), 0.005, steps=10) == losses
    assert train(third, Adam(), 0.005, steps=10) != losses
    np.testing.assert_array_equal(one.theta.value, other.theta.value)
