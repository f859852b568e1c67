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


def test_the_decayed_ones_lie_first_and_keep_their_order() -> None:
    theta = ParameterVector(parameters())
    assert [p.name for p in theta.parameters] == ["weight", "kernel", "bias", "shift"]
    assert theta.decayed == slice(0, 10)
    np.testing.assert_array_equal(theta.value, [1] * 10 + [0] * 3)


def test_each_parameter_is_a_view_of_theta_both_ways() -> None:
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


def test_values_and_gradients_are_different_memory() -> None:
    theta = ParameterVector(parameters())
    assert not np.shares_memory(theta.value, theta.grad)
    np.testing.assert_array_equal(theta.grad, np.zeros(13))
    assert theta.value.flags.c_contiguous


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_a_copy_has_views_of_its_own(duplicate: Callable[[Any], Any]) -> None:
    # Copying gives every array memory of its own; the views must be made anew.
    theta = ParameterVector(parameters())
    twin = duplicate(theta)
    twin.value[...] = 7
    twin.grad[...] = 8
    for parameter in twin.parameters:
        assert (parameter.value == 7).all()
        assert (parameter.grad == 8).all()
    assert all((p.value != 7).all() for p in theta.parameters)


def test_no_parameters_are_an_empty_vector() -> None:
    theta = ParameterVector([])
    assert theta.value.shape == theta.grad.shape == (0,)
    assert theta.decayed == slice(0, 0)


def test_both_precisions_start_from_the_same_draw() -> None:
    parameter = Parameter("weight", (50,), Uniform(1.0))
    parameter.initialize(stream(3, "test"), np.float64)
    double = parameter.value
    parameter.initialize(stream(3, "test"))
    assert parameter.value.dtype == parameter.grad.dtype == np.float32
    np.testing.assert_array_equal(parameter.value, double.astype(np.float32))


@pytest.mark.parametrize(("shape", "size"), [((), 1), ((4,), 4), ((2, 3, 4), 24), ((0, 3), 0)])
def test_size_counts_the_entries(shape: tuple[int, ...], size: int) -> None:
    assert Parameter("weight", shape, Zeros()).size == size
