"""The arrays of a network: read, loaded, assigned and copied."""

import copy
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tenfold.nn import Dense
from tenfold.nn.array import Array
from tests.nn.small_network import gradient, images, network


def test_loading_tensors_makes_networks_equal() -> None:
    one, other, x = network(seed=1), network(seed=2), images()
    gradient(one, x)  # moves the running statistics
    other.load_tensors({name: array.copy() for name, array in one.tensors().items()})
    np.testing.assert_array_equal(other.forward(x), one.forward(x))
    np.testing.assert_array_equal(other.theta.value, one.theta.value)
    assert set(one.tensors()) == {p.name for p in one.parameters} | {
        "3.running_mean",
        "3.running_variance",
    }


def test_tensors_are_not_copies() -> None:
    net = network()
    net.tensors()["5.bias"][...] = 9
    net.tensors()["3.running_mean"][...] = 4
    np.testing.assert_array_equal(net.theta.value[-5:], 9)
    np.testing.assert_array_equal(net.layers[3].state["running_mean"], 4)


def test_loading_converts_to_the_dtype_of_the_network() -> None:
    single, double = network(np.float32), network(np.float64, seed=5)
    double.load_tensors(single.tensors())
    assert double.theta.value.dtype == np.float64
    np.testing.assert_array_equal(double.theta.value, single.theta.value)


def without_a_bias(tensors: dict[str, Array]) -> None:
    del tensors["5.bias"]


def with_an_unknown_name(tensors: dict[str, Array]) -> None:
    tensors["7.weight"] = np.zeros(3)


def with_a_wrong_shape(tensors: dict[str, Array]) -> None:
    tensors["3.running_variance"] = np.ones(9)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (without_a_bias, r"missing: \['5.bias'\], unknown: \[\]"),
        (with_an_unknown_name, r"missing: \[\], unknown: \['7.weight'\]"),
        (with_a_wrong_shape, r"3.running_variance must be of shape \(8,\), got \(9,\)"),
    ],
)
def test_loading_wrong_arrays_raises_and_changes_nothing(
    spoil: Callable[[dict[str, Array]], None], message: str
) -> None:
    net, before = network(seed=1), network(seed=1)
    tensors = {name: array.copy() for name, array in network(seed=2).tensors().items()}
    spoil(tensors)
    with pytest.raises(ValueError, match=message):
        net.load_tensors(tensors)
    for name, array in net.tensors().items():
        np.testing.assert_array_equal(array, before.tensors()[name])


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_copy_is_independent(duplicate: Callable[[Any], Any]) -> None:
    net, x = network(), images()
    gradient(net, x)
    twin, before = duplicate(net), net.forward(x)
    np.testing.assert_array_equal(twin.forward(x), before)
    np.testing.assert_array_equal(gradient(twin, x), gradient(net, x))
    twin.theta.value *= 2
    assert (twin.forward(x) != before).any()
    np.testing.assert_array_equal(net.predict_probabilities(x), net.predict_probabilities(x))
    np.testing.assert_array_equal(twin.layers[2].parameters[0].value, 2 * net.parameters[0].value)


def test_assigned_weights_are_used_and_trained() -> None:
    net = network()
    dense = net.layers[5]
    assert isinstance(dense, Dense)
    dense.weight.value = np.zeros((8, 5))
    dense.bias.value = np.arange(5)
    np.testing.assert_array_equal(net.forward(images()), [np.arange(5)] * 6)
    net.theta.value += 1
    np.testing.assert_array_equal(dense.bias.value, np.arange(5) + 1)
