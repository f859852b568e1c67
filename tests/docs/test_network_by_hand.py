"""The numbers of docs/mathematics.md, section 4, agree with the library."""

import math

import numpy as np

from tenfold.nn import (
    SGD,
    Dense,
    Network,
    Parameter,
    ReLU,
    SoftmaxCrossEntropy,
    check_network,
    one_hot,
    softmax,
)
from tenfold.nn.array import Array
from tests.docs.page import numbers


def example() -> dict[str, Array]:
    """Return every number of the section."""
    found = numbers("4 A network computed by hand")
    lit = found["x"] > 0
    np.testing.assert_array_equal(found["x"][lit], round(math.log(3), 4))
    found["x"][lit] = math.log(3)  # the page rounds all numbers
    return found


def paper_network(given: dict[str, Array]) -> tuple[Network, dict[str, Parameter]]:
    network = Network([Dense(2, 2), ReLU(), Dense(2, 2)], dtype=np.float64, input_shape=(2,))
    places = zip(
        ("W1", "b1", "W2", "b2"), ("0.weight", "0.bias", "2.weight", "2.bias"), strict=True
    )
    by_name = {p.name: p for p in network.parameters}
    parameters = {name: by_name[place] for name, place in places}
    for name, parameter in parameters.items():
        parameter.value[...] = given[name]
    return network, parameters


def forward(network: Network, given: dict[str, Array], suffix: str = "") -> dict[str, Array]:
    """Return z1, a1, z2, the probabilities and the losses with the current weights."""
    found, x = {}, given["x"]
    for name, layer in zip(("z1", "a1", "z2"), network.layers, strict=True):
        x = layer.forward(x, training=True)
        found[name + suffix] = x.copy()
    rows = zip(x, given["labels"], strict=True)
    each = [SoftmaxCrossEntropy()(z[None], label[None])[0] for z, label in rows]
    mean, _ = SoftmaxCrossEntropy()(x, given["labels"])
    found |= {"p" + suffix: softmax(x), "losses" + suffix: np.array(each)}
    return found | {"loss" + suffix: np.array(mean)}


def backward(network: Network, given: dict[str, Array], z2: Array) -> dict[str, Array]:
    _, dz2 = SoftmaxCrossEntropy()(z2, given["labels"])
    found = {"t": one_hot(given["labels"], 2), "exp_z2": np.exp(z2), "dz2": dz2}
    dy = dz2
    for name, layer in zip(("da1", "dz1", "dx"), reversed(network.layers), strict=True):
        dy = layer.backward(dy)
        found[name] = dy.copy()
    return found


def worked_example(given: dict[str, Array], learning_rate: float) -> dict[str, Array]:
    """Return all numbers of section 4, computed by the library."""
    network, parameters = paper_network(given)
    found = forward(network, given)
    found |= backward(network, given, found["z2"])
    found |= {f"d{name}": p.grad.copy() for name, p in parameters.items()}
    squared = float(network.theta.grad @ network.theta.grad)
    SGD().step(network.theta, learning_rate)
    found |= {f"{name}_new": p.value.copy() for name, p in parameters.items()}
    found |= forward(network, given, "_new")
    fall = found["loss"] - found["loss_new"]
    expected = learning_rate * squared
    return found | {
        "gradient_squared": np.array(squared),
        "expected_decrease": np.array(expected),
        "decrease": fall,
    }


def test_all_numbers_of_the_example() -> None:
    shown = example()
    rate = float(shown["learning_rate"])
    found = worked_example(shown, rate)
    tenth = worked_example(shown, rate / 10)
    found |= {f"{name}_tenth": tenth[name] for name in ("decrease", "expected_decrease")}
    given = {"x", "labels", "W1", "b1", "W2", "b2", "learning_rate"}
    assert set(shown) == given | set(found)
    for name in set(shown) - given:
        assert shown[name].shape == found[name].shape, name
        np.testing.assert_array_equal(shown[name], np.round(found[name], 4) + 0.0, err_msg=name)


def test_example_passes_the_gradient_check() -> None:
    shown = example()
    network, parameters = paper_network(shown)
    checks = check_network(network, SoftmaxCrossEntropy(), shown["x"], shown["labels"])
    assert len(checks) == len(parameters)
    assert all(check.error < 1e-8 for check in checks)
