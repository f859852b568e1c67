"""Training on distorted images: new distortions at every step, independent of the threads."""

from typing import Any

import numpy as np
import pytest

from tenfold.data import Dataset
from tenfold.errors import TenfoldError
from tenfold.images import Augment
from tenfold.nn import (
    Adam,
    BatchNorm,
    Constant,
    Dense,
    ExponentialAverage,
    Flatten,
    Network,
    Normalize,
    ReLU,
)
from tenfold.nn.array import Array
from tenfold.training import fit

BOLD = Augment(shift=2, rotation=15, elastic=1)


class Spy(Normalize):
    """Keeps a copy of its training inputs."""

    seen: list[Array]

    def forward(self, x: Array, training: bool = False) -> Array:
        if training:
            self.seen.append(np.array(x, np.float32))
        return super().forward(x, training)


def network(spy: Normalize | None = None) -> Network:
    layers = [spy or Normalize(), Flatten(), Dense(784, 8), BatchNorm(8), ReLU(), Dense(8, 10)]
    return Network(layers, seed=3)


def seen(data: Dataset, **settings: Any) -> list[Array]:
    spy = Spy()
    spy.seen = []
    for _ in fit(network(spy), data, optimizer=Adam(), schedule=Constant(0.01), **settings):
        pass
    return spy.seen


def trained(data: Dataset, **settings: Any) -> Array:
    made = network()
    for _ in fit(made, data, optimizer=Adam(), schedule=Constant(0.01), **settings):
        pass
    return made.theta.value


@pytest.fixture
def few(digits: Dataset) -> Dataset:
    return digits.subset(np.arange(60))


@pytest.mark.parametrize("size", [20, None])
def test_every_step_distorts_the_images_differently(few: Dataset, size: int | None) -> None:
    epochs = seen(few, batch_size=size, epochs=2, augment=BOLD)
    plain = seen(few, batch_size=size, epochs=2)
    if size is not None:
        assert len(epochs) == len(plain) == 6
        assert all(not np.array_equal(a, b) for a, b in zip(epochs, plain, strict=True))
    else:  # without distortion the whole set is prepared once
        assert (len(epochs), len(plain)) == (2, 0)
        assert not np.array_equal(epochs[0], epochs[1])


def test_clean_epochs_at_the_end_use_undistorted_images(few: Dataset) -> None:
    settings: dict[str, Any] = {"batch_size": 20, "epochs": 3}
    augmented = seen(few, augment=BOLD, clean_epochs=1, **settings)
    plain = seen(few, **settings)
    same = [np.array_equal(a, b) for a, b in zip(augmented, plain, strict=True)]
    assert same == [False] * 6 + [True] * 3


def test_result_does_not_depend_on_threads(few: Dataset) -> None:
    settings: dict[str, Any] = {"batch_size": 20, "epochs": 2, "augment": BOLD, "shards": 2}
    one = trained(few, threads=1, **settings)
    assert np.array_equal(one, trained(few, threads=2, **settings))
    assert not np.array_equal(one, trained(few, threads=1, **(settings | {"augment": None})))


@pytest.mark.parametrize("clean", [-1, 0.5])
def test_invalid_clean_epochs_raises(few: Dataset, clean: float) -> None:
    with pytest.raises(TenfoldError, match="clean_epochs"):
        trained(few, augment=BOLD, clean_epochs=clean)


def test_statistics_are_recomputed_for_averaged_weights(few: Dataset) -> None:
    made = network()
    average = ExponentialAverage(0.9)
    options: dict[str, Any] = {"batch_size": 20, "epochs": 3, "average": average}
    for _ in fit(made, few, optimizer=Adam(), schedule=Constant(0.05), **options):
        pass
    assert average.value is not None
    assert np.array_equal(made.theta.value, average.value)
    x = few.images
    for layer in made.layers[:3]:
        x = layer.forward(x)
    state = made.layers[3].state
    assert state["running_mean"] == pytest.approx(x.mean(axis=0), abs=1e-4)
    assert state["running_variance"] == pytest.approx(x.var(axis=0, ddof=1), rel=1e-3)
