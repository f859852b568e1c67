import numpy as np
import pytest

from tenfold.data import Dataset
from tenfold.nn import SGD, Constant, Dense, Flatten, Initializer, Network, Normalize, ReLU
from tenfold.nn.array import Array
from tenfold.training import DivergenceError, fit


def train(network: Network, data: Dataset, rate: float, epochs: int = 3) -> None:
    for _ in fit(network, data, optimizer=SGD(), schedule=Constant(rate), epochs=epochs):
        pass


def layers(*first: Normalize) -> list[Normalize | Flatten | Dense | ReLU]:
    return [*first, Flatten(), Dense(784, 16), ReLU(), Dense(16, 10)]


def test_a_learning_rate_far_too_high_is_named(digits: Dataset) -> None:
    network = Network(layers(Normalize()))
    with pytest.raises(DivergenceError, match=r"learning rate 1e\+04.*tenth|dead"):
        train(network, digits, rate=1e4)


def test_the_last_good_weights_are_kept(digits: Dataset) -> None:
    network = Network(layers(Normalize()))
    with pytest.raises(DivergenceError):
        train(network, digits, rate=1e4)
    assert np.isfinite(network.theta.value).all()
    assert np.isfinite(network.forward(digits.images)).all()


def test_unscaled_pixels_are_named(digits: Dataset) -> None:
    network = Network(layers())
    with pytest.raises(DivergenceError, match=r"unscaled.*Normalize"):
        train(network, digits, rate=1000.0)


class Negative(Initializer):
    """Weights that push every unit below zero."""

    def __call__(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        return np.full(shape, -1.0)


def test_dead_units_are_named_and_counted(digits: Dataset) -> None:
    network = Network(
        [Normalize(0, 255), Flatten(), Dense(784, 16, Negative()), ReLU(), Dense(16, 10)]
    )
    with pytest.raises(DivergenceError, match=r"same answer for every image.* 16 of 16 ReLU"):
        train(network, digits, rate=0.1)


def test_a_healthy_run_is_left_alone(digits: Dataset) -> None:
    train(Network(layers(Normalize())), digits, rate=0.1)
