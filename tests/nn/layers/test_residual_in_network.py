"""Blocks in a network: the names of their arrays, copies, model files and random numbers."""

import copy
import pickle
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tenfold.models import Model, load_model
from tenfold.nn import (
    SGD,
    BatchNorm,
    Conv2D,
    Dense,
    Dropout,
    GlobalAveragePool,
    Layer,
    MaxPool,
    Network,
    Normalize,
    ReLU,
    Residual,
    SoftmaxCrossEntropy,
    describe,
    stream,
)
from tenfold.nn.array import Array

SHAPE = (6, 5, 1)


def network(*more: Layer, seed: int = 0, dropout: float | None = None) -> Network:
    """Return a small network whose fourth layer is a block that contains another block."""
    inner = Residual([BatchNorm(3, with_scale=False), ReLU(), Conv2D(3, 3, padding="same")])
    last = [] if dropout is None else [Dropout(dropout), Dropout(dropout)]
    block = Residual([Conv2D(3, 3, padding="same", with_bias=False), BatchNorm(3), inner, *last])
    layers = [Normalize(), Conv2D(1, 3), BatchNorm(3), block, GlobalAveragePool(), Dense(3, 10)]
    return Network([*layers, *more], seed, input_shape=SHAPE)


def images(n: int = 7, shape: tuple[int, ...] = SHAPE) -> Array:
    return stream(0, "images").integers(0, 256, (n, *shape), np.uint8)


def learn(net: Network, x: Array, steps: int = 1) -> None:
    loss, labels = SoftmaxCrossEntropy(), np.arange(len(x)) % 10
    for step in range(steps):
        _, dlogits = loss(net.forward(x, training=True, step=step), labels)
        net.backward(dlogits)
        SGD().step(net.theta, 0.1)


def test_names_of_tensors_contain_the_indices_of_the_layers() -> None:
    net = network()
    inside = {name for name in net.tensors() if name.startswith("3.")}
    statistics = {f"{at}.running_{of}" for at in ("3.1", "3.2.0") for of in ("mean", "variance")}
    learned = {"3.0.weight", "3.1.scale", "3.1.shift", "3.2.0.shift", "3.2.2.weight", "3.2.2.bias"}
    assert inside == statistics | learned
    assert {p.name for p in net.parameters if p.name.startswith("3.")} == learned
    assert [p.name for p in net.parameters if p.decay][1:3] == ["3.0.weight", "3.2.2.weight"]


def test_tensors_are_the_arrays_of_the_inner_layers() -> None:
    net = network()
    outer = net.layers[3]
    assert isinstance(outer, Residual)
    norm = outer.block[1]
    net.tensors()["3.1.running_mean"][...] = 4
    net.tensors()["3.1.scale"][...] = 5
    np.testing.assert_array_equal(norm.state["running_mean"], 4)
    np.testing.assert_array_equal(norm.parameters[0].value, 5)
    before = {name: array.copy() for name, array in net.tensors().items()}
    learn(net, images())
    for name, array in net.tensors().items():
        assert (array != before[name]).any(), f"{name} did not change"


def test_loading_tensors_makes_networks_equal() -> None:
    one, other = network(seed=1), network(seed=2)
    learn(one, images(), steps=3)
    other.load_tensors({name: array.copy() for name, array in one.tensors().items()})
    np.testing.assert_array_equal(other.forward(images()), one.forward(images()))


def pickled(net: Network) -> Network:
    again = pickle.loads(pickle.dumps(net))
    assert isinstance(again, Network)
    return again


@pytest.mark.parametrize("duplicate", [copy.deepcopy, pickled, lambda net: net.replica(0)])
def test_copy_learns_as_the_original(
    duplicate: Callable[[Network], Network],
) -> None:
    net, twin_of = network(dropout=0.3), network(dropout=0.3)
    learn(net, images(), steps=2)
    learn(twin_of, images(), steps=2)
    twin = duplicate(twin_of)
    np.testing.assert_array_equal(twin.forward(images()), net.forward(images()))
    learn(net, images(), steps=2)
    learn(twin, images(), steps=2)
    # Predictions use the weights that were trained and the statistics that were learned.
    assert twin.tensors().keys() == net.tensors().keys()
    for name, array in net.tensors().items():
        np.testing.assert_array_equal(twin.tensors()[name], array, err_msg=name)
    np.testing.assert_array_equal(twin.forward(images()), net.forward(images()))
    before = twin.forward(images())
    for array in twin.tensors().values():
        array *= 1.5
    assert (twin.forward(images()) != before).any()


@pytest.mark.parametrize("duplicate", [copy.deepcopy, pickled])
def test_training_a_copy_does_not_change_the_original(
    duplicate: Callable[[Network], Network],
) -> None:
    net = network()
    learn(net, images())
    before = {name: array.copy() for name, array in net.tensors().items()}
    learn(duplicate(net), images(), steps=2)
    for name, array in net.tensors().items():
        np.testing.assert_array_equal(array, before[name], err_msg=name)


def test_model_file_restores_blocks(tmp_path: Path) -> None:
    block = [Conv2D(2, 2, padding="same", with_bias=False), BatchNorm(2, with_shift=False), ReLU()]
    layers: list[Layer] = [Normalize(), Conv2D(1, 2, 5, 3, "same"), MaxPool(3, 2)]
    layers += [Residual([*block, Residual([BatchNorm(2, with_scale=False)])]), GlobalAveragePool()]
    net = Network([*layers, Dense(2, 10)], seed=3)
    x = images(8, (28, 28, 1))
    learn(net, x, steps=2)
    Model(net).save(tmp_path / "m.safetensors")
    again = load_model(tmp_path / "m.safetensors").network
    assert again.forward(x).tobytes() == net.forward(x).tobytes()
    assert describe(again.layers) == describe(net.layers)
    assert again.tensors().keys() == net.tensors().keys()


def test_dropout_in_a_block_depends_on_the_step_only() -> None:
    straight, late = network(dropout=0.5), network(dropout=0.5)
    logits = [straight.forward(images(), training=True, step=step).copy() for step in range(3)]
    np.testing.assert_array_equal(late.forward(images(), training=True, step=2), logits[2])
    assert (logits[1] != logits[2]).any()


def test_dropout_in_a_block_without_step_raises() -> None:
    net = network(dropout=0.5)
    net.forward(images(), training=True, step=0)
    with pytest.raises(RuntimeError, match=r"network.forward\(x, training=True, step=\.\.\.\)"):
        net.forward(images(), training=True)
    net.forward(images())  # inference draws no random numbers


def test_block_without_random_layers_gets_no_generator() -> None:
    net = network()
    learn(net, images())
    assert net.layers[3].rng is None
