"""Divergence is detected, the likely cause is named, and the last good weights are kept."""

from copy import deepcopy

import numpy as np
import pytest

from tenfold.data import Dataset
from tenfold.errors import InputWarning
from tenfold.nn import (
    SGD,
    Adam,
    BatchNorm,
    Constant,
    Cosine,
    Dense,
    Flatten,
    HeNormal,
    Initializer,
    Layer,
    LeakyReLU,
    Network,
    Normalize,
    OneCycle,
    Optimizer,
    ReLU,
    Schedule,
    Sigmoid,
    Tanh,
    Zeros,
)
from tenfold.nn.array import Array
from tenfold.training import DivergenceError, fit
from tenfold.training.divergence import zero_weights


def train(network: Network, data: Dataset, rate: float, epochs: int = 3) -> None:
    for _ in fit(network, data, optimizer=SGD(), schedule=Constant(rate), epochs=epochs):
        pass


def layers(*first: Normalize) -> list[Normalize | Flatten | Dense | ReLU]:
    return [*first, Flatten(), Dense(784, 16), ReLU(), Dense(16, 10)]


def test_too_high_learning_rate_is_the_cause(digits: Dataset) -> None:
    network = Network(layers(Normalize()))
    with pytest.raises(
        DivergenceError, match=r"learning rate 1e\+04.*too high: try a tenth|are dead"
    ):
        train(network, digits, rate=1e4)


def test_last_good_weights_are_kept(digits: Dataset) -> None:
    network = Network(layers(Normalize()))
    with pytest.raises(DivergenceError):
        train(network, digits, rate=1e4)
    assert np.isfinite(network.theta.value).all()
    assert np.isfinite(network.forward(digits.images)).all()


def test_unscaled_pixels_are_the_cause(digits: Dataset) -> None:
    network = Network(layers())
    with (
        pytest.warns(InputWarning, match=r"not scaled before .* begin the network with Normalize"),
        pytest.raises(DivergenceError, match=r"not scaled.*Normalize"),
    ):
        train(network, digits, rate=1000.0)


class Negative(Initializer):
    """Weights that push every unit below zero."""

    def __call__(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        return np.full(shape, -1.0)


def test_dead_units_are_the_cause(digits: Dataset) -> None:
    network = Network(
        [
            Normalize(mean=0, deviation=255),
            Flatten(),
            Dense(784, 16, Negative()),
            ReLU(),
            Dense(16, 10),
        ]
    )
    with pytest.raises(
        DivergenceError, match=r"output is the same for every image.* 16 of 16 ReLU"
    ):
        train(network, digits, rate=0.1)


def test_healthy_run_does_not_raise(digits: Dataset) -> None:
    train(Network(layers(Normalize())), digits, rate=0.1)


@pytest.mark.parametrize("batch_size", [None, 64])
def test_divergence_in_the_last_update_is_detected(digits: Dataset, batch_size: int | None) -> None:
    network = Network(layers(Normalize()))
    with pytest.raises(DivergenceError, match=r"no longer finite|output is the same"):
        for _ in fit(
            network,
            digits.subset(range(64)),
            optimizer=SGD(),
            schedule=Constant(1e38),
            batch_size=batch_size,
        ):
            pass
    assert np.isfinite(network.theta.value).all()


def test_identical_images_are_the_cause() -> None:
    data = Dataset(np.zeros((20, 28, 28, 1), np.uint8), np.arange(20) % 10, "blank")
    with pytest.raises(DivergenceError, match="All images are the same"):
        train(Network(layers(Normalize())), data, rate=0.1)


def test_pixels_between_0_and_1_are_the_cause(digits: Dataset) -> None:
    data = Dataset((digits.images > 127).astype(np.uint8), digits.labels, "thresholded")
    with pytest.raises(DivergenceError, match="pixels are between 0 and 1"):
        train(Network(layers(Normalize())), data, rate=1e30)


def hidden_zeros(
    activation: Layer, norm: bool = False, first: Initializer | None = None
) -> Network:
    """Return a network whose weights are zero, or only those of its output layer."""
    layers: list[Layer] = [Normalize(), Flatten(), Dense(784, 16, first or Zeros())]
    layers += [BatchNorm(16)] if norm else []
    return Network([*layers, activation, Dense(16, 10, Zeros())])


@pytest.mark.parametrize("optimizer", [SGD(), Adam()])
@pytest.mark.parametrize(
    ("activation", "norm"), [(ReLU(), False), (Tanh(), False), (LeakyReLU(), False), (ReLU(), True)]
)
def test_zero_weights_are_the_cause(
    activation: Layer, norm: bool, optimizer: Optimizer, digits: Dataset
) -> None:
    network = hidden_zeros(deepcopy(activation), norm)
    with pytest.raises(DivergenceError) as raised:
        for _ in fit(
            network, digits, optimizer=deepcopy(optimizer), schedule=OneCycle(0.01), epochs=3
        ):
            pass
    message = str(raised.value)
    assert "The weights of 2 of 2 layers are all zero and get no gradient" in message
    assert "HeNormal" in message
    assert "learning rate 0" not in message
    assert "dead" not in message


@pytest.mark.parametrize(
    "network", [hidden_zeros(Sigmoid()), hidden_zeros(ReLU(), first=HeNormal())]
)
def test_zero_weights_with_a_gradient_are_not_blamed(network: Network, digits: Dataset) -> None:
    # The hidden outputs are not zero, so the output layer learns.
    images, labels = digits.images[:50], digits.require_labels()[:50]
    before = network.theta.value.copy()
    zero, weights = zero_weights(network, images, labels)
    assert (zero, weights) == (0, 2)
    assert (network.theta.value == before).all()


def test_zero_weights_without_hidden_layer_are_not_blamed(digits: Dataset) -> None:
    network = Network([Normalize(), Flatten(), Dense(784, 10, Zeros())])
    assert zero_weights(network, digits.images[:50], digits.require_labels()[:50]) == (0, 1)
    with pytest.raises(DivergenceError, match=r"learning rate 1e\+38.*too high"):
        train(network, digits, rate=1e38)


@pytest.mark.parametrize(
    "schedule", [OneCycle(1e4), Cosine(1e4), Cosine(1e4, warmup=0.9), Constant(1e4)]
)
def test_advice_names_the_peak_of_the_schedule(schedule: Schedule, digits: Dataset) -> None:
    network = Network(layers(Normalize()))
    with pytest.raises(DivergenceError) as raised:
        for _ in fit(network, digits, optimizer=SGD(), schedule=schedule, epochs=2, batch_size=60):
            pass
    advice = ("The learning rate 1e+04 is probably", "try a learning rate below 1e+04, warm-up")
    assert any(text in str(raised.value) for text in advice)
