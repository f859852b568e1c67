import copy
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tenfold.nn import Ones, Parameter, ParameterVector, Uniform, Zeros, stream


def parameters() -> list[Parameter]:
    made = [
        Parameter("bias", (2,), Zeros(), decay=False),
        Parameter("weight", (2, 3), Ones()),
        Parameter("shift", (1,), Zeros(), decay=False),
        Parameter("kernel", (1, 2, 2, 1), Ones()),
    ]
    for parameter in made:
        parameter.initialize(stream(0, "test"), np.float64)
    return made


def test_parameters_with_decay_come_first_in_order() -> None:
    theta = ParameterVector(parameters())
    assert [p.name for p in theta.parameters] == ["weight", "kernel", "bias", "shift"]
    assert theta.decayed == slice(0, 10)
    np.testing.assert_array_equal(theta.value, [1] * 10 + [0] * 3)


def test_parameters_are_views_of_theta() -> None:
    bias, weight, shift, kernel = parameters()
    theta = ParameterVector([bias, weight, shift, kernel])
    for vector, attribute in ((theta.value, "value"), (theta.grad, "grad")):
        vector[...] = np.arange(13)
        np.testing.assert_array_equal(getattr(weight, attribute), [[0, 1, 2], [3, 4, 5]])
        np.testing.assert_array_equal(getattr(kernel, attribute), [[[[6], [7]], [[8], [9]]]])
        np.testing.assert_array_equal(getattr(bias, attribute), [10, 11])
        getattr(shift, attribute)[...] = -1
        getattr(weight, attribute)[1, 0] = -2
        assert (vector[12], vector[3]) == (-1, -2)


def test_values_and_gradients_do_not_share_memory() -> None:
    theta = ParameterVector(parameters())
    assert not np.shares_memory(theta.value, theta.grad)
    np.testing.assert_array_equal(theta.grad, np.zeros(13))
    assert theta.value.flags.c_contiguous


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_copy_has_its_own_views(duplicate: Callable[[Any], Any]) -> None:
    # Copying gives every array memory of its own, so the views must be made again.
    theta = ParameterVector(parameters())
    twin = duplicate(theta)
    twin.value[...] = 7
    twin.grad[...] = 8
    for parameter in twin.parameters:
        assert (parameter.value == 7).all()
        assert (parameter.grad == 8).all()
    assert all((p.value != 7).all() for p in theta.parameters)


def test_no_parameters_give_an_empty_vector() -> None:
    theta = ParameterVector([])
    assert theta.value.shape == theta.grad.shape == (0,)
    assert theta.decayed == slice(0, 0)


def test_both_dtypes_start_from_the_same_numbers() -> None:
    parameter = Parameter("weight", (50,), Uniform(1.0))
    parameter.initialize(stream(3, "test"), np.float64)
    double = parameter.value
    parameter.initialize(stream(3, "test"))
    assert parameter.value.dtype == parameter.grad.dtype == np.float32
    np.testing.assert_array_equal(parameter.value, double.astype(np.float32))


@pytest.mark.parametrize(("shape", "size"), [((), 1), ((4,), 4), ((2, 3, 4), 24), ((0, 3), 0)])
def test_size_counts_the_entries(shape: tuple[int, ...], size: int) -> None:
    assert Parameter("weight", shape, Zeros()).size == size


@pytest.mark.parametrize("attribute", ["value", "grad"])
def test_assignment_to_a_parameter_changes_theta(attribute: str) -> None:
    theta = ParameterVector(parameters())
    weight = theta.parameters[0]
    setattr(weight, attribute, np.arange(6).reshape(2, 3))
    np.testing.assert_array_equal(getattr(theta, attribute)[:6], np.arange(6))
    assert np.shares_memory(getattr(weight, attribute), getattr(theta, attribute))
    for wrong in (np.zeros(6), np.zeros((1, 3)), 3.0):
        with pytest.raises(ValueError, match=r"weight must be of shape \(2, 3\), got \("):
            setattr(weight, attribute, wrong)
    np.testing.assert_array_equal(getattr(theta, attribute)[:6], np.arange(6))


def test_arithmetic_in_place_changes_theta() -> None:
    theta = ParameterVector(parameters())
    theta.parameters[0].value *= 5
    np.testing.assert_array_equal(theta.value, [5] * 6 + [1] * 4 + [0] * 3)


def test_parameter_in_a_network_can_be_initialised_again() -> None:
    theta = ParameterVector(parameters())
    theta.value[...] = 9
    theta.parameters[0].initialize(stream(0, "test"), np.float32)
    assert theta.parameters[0].value.dtype == np.float64  # the network's, which theta has
    np.testing.assert_array_equal(theta.value[:6], 1)


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_assignment_in_a_copy_does_not_change_the_original(duplicate: Callable[[Any], Any]) -> None:
    theta = ParameterVector(parameters())
    twin = duplicate(theta)
    twin.parameters[0].value = np.full((2, 3), 4.0)
    np.testing.assert_array_equal(twin.value[:6], 4)
    np.testing.assert_array_equal(theta.value[:6], 1)
