"""Interfaces of ``fit``: data of any shape, and other ways to compute a gradient."""

import math
from types import TracebackType
from typing import Any

import numpy as np
import pytest

from tenfold.data import Dataset
from tenfold.data.labelled import Examples
from tenfold.errors import TenfoldError
from tenfold.evaluation import score
from tenfold.nn import (
    SGD,
    Adam,
    Constant,
    Conv2D,
    Dense,
    Flatten,
    Loss,
    Network,
    Normalize,
    Optimizer,
    ReLU,
    check_layer,
    stream,
)
from tenfold.nn.array import Array
from tenfold.training import EarlyStopping, EpochRecord, Progress, Shards, StepRecord, fit
from tenfold.training.shards import Forward
from tenfold.training.team import Team


def blobs(count: int, seed: int) -> Examples:
    """Three classes of points in five dimensions, far apart."""
    rng = stream(seed, "blobs")
    labels = np.arange(count) % 3
    centres = 5 * np.eye(3, 5)
    return Examples(centres[labels] + rng.standard_normal((count, 5)), labels, "blobs")


def test_float_features_can_be_learned() -> None:
    network = Network([Dense(5, 8), ReLU(), Dense(8, 3)], input_shape=(5,), dtype=np.float64)
    train, test = blobs(300, 0), blobs(99, 1)
    records = list(
        fit(
            network,
            train,
            optimizer=Adam(),
            schedule=Constant(0.01),
            epochs=10,
            batch_size=32,
            validation=test,
        )
    )
    assert records[-1].validation_accuracy == score(network, test).accuracy > 0.95  # type: ignore[union-attr]


def test_images_of_another_size_can_be_learned() -> None:
    rng = stream(0, "images")
    labels = np.arange(60) % 2
    images = rng.integers(0, 60, (60, 12, 9, 3)) + 150 * labels[:, None, None, None]
    data = Examples(images.astype(np.uint8), labels)
    layers = [Normalize(), Conv2D(3, 4, 3), ReLU(), Flatten(), Dense(10 * 7 * 4, 2)]
    network = Network(layers, input_shape=(12, 9, 3))
    for _ in fit(network, data, optimizer=Adam(), schedule=Constant(0.01), epochs=5, batch_size=20):
        pass
    assert score(network, data).accuracy == 1


class Recorder:
    """Computes gradients with ``Shards`` and records the steps."""

    def __init__(
        self, network: Network, shards: int, threads: int, forward: Forward, team: Team
    ) -> None:
        self.inner = Shards(network, shards, threads, forward, team)
        self.steps: list[int] = []
        self.open = False
        made.append(self)

    def __enter__(self) -> "Recorder":
        self.open = True
        self.inner.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.open = False
        self.inner.__exit__(kind, error, traceback)

    def gradient(self, images: Array, labels: Array, loss: Loss, step: int) -> tuple[float, Array]:
        self.steps.append(step)
        return self.inner.gradient(images, labels, loss, step)

    def update(self, optimizer: Optimizer, learning_rate: float) -> None:
        self.inner.update(optimizer, learning_rate)


made: list[Recorder] = []


def test_compute_replaces_the_gradient_computation(digits: Dataset) -> None:
    def trained(**options: object) -> Network:
        network = Network([Normalize(), Flatten(), Dense(784, 10)], seed=1)
        records = fit(network, digits, optimizer=SGD(), schedule=Constant(0.1), **options)  # type: ignore[arg-type]
        steps = [record for record in records if isinstance(record, StepRecord)]
        assert len(steps) == 5
        return network

    made.clear()
    one = trained(compute=Recorder, shards=2, threads=2)
    assert made[0].steps == [0, 1, 2, 3, 4]
    assert not made[0].open
    assert one.theta.value.tobytes() == trained(shards=2, threads=1).theta.value.tobytes()


def test_invalid_arguments_raise_when_fit_is_called(digits: Dataset) -> None:
    network = Network([Normalize(), Flatten(), Dense(784, 10)])
    with pytest.raises(TenfoldError, match="epochs must be a whole number of at least 1, got 0"):
        fit(network, digits, optimizer=SGD(), schedule=Constant(0.1), epochs=0)  # no next()


@pytest.mark.parametrize(
    ("inputs", "labels", "message"),
    [
        (np.zeros(3), np.zeros(3, int), "inputs must be numbers of shape"),
        (np.array([["a"]]), np.zeros(1, int), "inputs must be numbers"),
        (np.zeros((3, 2)), np.zeros(3), r"labels must be whole .* labels\.astype\(np\.int64\)"),
        (np.zeros((3, 2)), np.eye(3), r"got float64 of shape \(3, 3\).*labels\.argmax\(axis=1\)"),
        (np.zeros((3, 2)), np.array(["a"] * 3), r"must be whole numbers .*, got <U1 .*\(3,\)\.$"),
        (np.zeros((3, 2)), np.zeros(4, int), "one label, got 3 inputs and 4 labels"),
        ([[1, 2], [3]], np.zeros(2, int), "inputs must be an array, got a list whose items"),
        (np.zeros((3, 2)), np.array([0, -1, 0]), "labels must be at least 0, got -1"),
        (np.array([[np.nan]]), np.zeros(1, int), "inputs must be finite"),
    ],
)
def test_invalid_examples_raise(inputs: Any, labels: Array, message: str) -> None:
    with pytest.raises(TenfoldError, match=message):
        Examples(inputs, labels)


def test_examples_return_labels_and_inputs() -> None:
    data = Examples(np.zeros((3, 2), np.float32), np.array([0, 1, 2], np.uint8))
    assert repr(data) == "<Examples 'data': 3 of shape (2,)>"
    assert data.require_labels().dtype == np.int64
    assert data.take(np.array([0, 2])).shape == (2, 2)


def test_plain_arrays_and_a_plain_learning_rate_are_the_same_as_their_objects(
    digits: Dataset,
) -> None:
    def trained(train: object, schedule: object) -> bytes:
        network = Network([Normalize(), Flatten(), Dense(784, 10)], seed=1)
        for _ in fit(network, train, optimizer=SGD(), schedule=schedule, validation=train):  # type: ignore[arg-type]
            pass
        return network.theta.value.tobytes()

    labels = digits.require_labels()
    expected = trained(digits, Constant(0.1))
    assert trained((digits.images, labels), 0.1) == expected
    assert trained((digits.images[..., 0], labels.tolist()), 0.1) == expected


@pytest.mark.parametrize(
    ("train", "message"),
    [
        ((np.zeros((5, 28, 28, 1), np.uint8), np.zeros(4, int)), "one label, got 5 inputs and 4"),
        ((np.zeros((5, 30, 30, 1), np.uint8), np.zeros(5, int)), r"images must have the shape"),
        ((np.full((5, 28, 28, 1), 0.5), np.zeros(5, int)), "multiply them by 255"),
        ((np.full((5, 28, 28, 1), -0.5), np.zeros(5, int)), "do not standardise them"),
        ((np.full((5, 28, 28, 1), np.inf), np.zeros(5, int)), "must be finite"),
    ],
)
def test_arrays_that_do_not_fit_the_network_raise_at_the_call(
    train: tuple[Array, Array], message: str
) -> None:
    network = Network([Normalize(), Flatten(), Dense(784, 10)])
    with pytest.raises(TenfoldError, match=message):
        fit(network, train, optimizer=SGD(), schedule=0.1)


def test_a_finished_progress_raises(digits: Dataset) -> None:
    network, progress = Network([Normalize(), Flatten(), Dense(784, 10)]), Progress()
    options = {"optimizer": SGD(), "schedule": 0.1, "progress": progress}
    assert list(fit(network, digits, epochs=2, **options))  # type: ignore[arg-type]
    for epochs in (2, 1):
        with pytest.raises(TenfoldError, match=f"end of epoch 2 and epochs is {epochs}"):
            fit(network, digits, epochs=epochs, **options)  # type: ignore[arg-type]
    assert list(fit(network, digits, epochs=3, **options))  # type: ignore[arg-type]


def test_a_validation_loss_of_nan_is_never_the_best() -> None:
    stopping = EarlyStopping(5)
    network = Network([Normalize(), Flatten(), Dense(784, 10)])
    for epoch, loss in enumerate((math.nan, 2.3, 2.1, 2.2, math.nan)):
        record = EpochRecord(
            epoch=epoch,
            step=epoch,
            train_loss=1.0,
            train_accuracy=0.1,
            learning_rate=0.1,
            validation_loss=loss,
            validation_accuracy=0.1,
        )
        stopping.update(record, network)
    assert (stopping.epoch, stopping.loss) == (2, 2.1)


def test_integers_cannot_be_checked_by_differences() -> None:
    layer = Dense(20, 10)
    layer.initialize(stream(0, "initialize"), np.float64)
    with pytest.raises(ValueError, match="x must be an array of float64, got int64"):
        check_layer(layer, np.arange(160).reshape(8, 20))
