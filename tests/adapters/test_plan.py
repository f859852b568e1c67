"""The plan of a network: folded batch normalisation, and weights as bytes with a scale."""

import numpy as np
import pytest

from tenfold.adapters.plan import STEPS, Step, plan_steps
from tenfold.nn import (
    BatchNorm,
    ConvMaxPool,
    Dense,
    Dropout,
    Flatten,
    Network,
    ReLU,
    Residual,
    layers,
)
from tests.adapters.random_models import with_random_state


def steps_of(network: Network, weights: str = "float32") -> tuple[Step, ...]:
    return plan_steps(network.layers, network.input_shape, weights, "a test")  # type: ignore[arg-type]


def test_every_layer_has_a_step() -> None:
    assert {kind.__name__ for kind in STEPS} | {"Residual"} == {*layers.__all__} - {"Layer"}


def test_batch_normalisation_is_folded_by_hand() -> None:
    dense, norm = Dense(2, 1), BatchNorm(1, epsilon=1e-5)
    network = Network([dense, Dropout(0.5), norm], input_shape=(2,))
    dense.weight.value[...], dense.bias.value[...] = [[2], [3]], 5
    norm.state["running_mean"][...] = 4
    norm.state["running_variance"][...] = 4 - 1e-5
    norm.scale.value[...], norm.shift.value[...] = -6, 7
    (step,) = steps_of(network)
    # y = -6 (2 a + 3 b + 5 - 4) / 2 + 7 = -3 (2 a + 3 b) + 4
    assert step.weight is not None
    assert step.scale is not None
    assert step.offset is not None
    np.testing.assert_allclose(step.weight, [[2, 3]])
    np.testing.assert_allclose(step.scale, [-3], rtol=1e-6)
    np.testing.assert_allclose(step.offset, [4], rtol=1e-6)


@pytest.mark.parametrize(
    ("between", "kinds"),
    [
        ([], ["convolution", "dense"]),
        ([Dropout()], ["convolution", "dense"]),
        ([ReLU()], ["convolution", "relu", "affine", "dense"]),
        ([Residual([ReLU()])], ["convolution", "residual", "affine", "dense"]),
    ],
)
def test_only_batch_normalisation_right_after_a_weight_is_folded(
    between: list[layers.Layer], kinds: list[str]
) -> None:
    network = [ConvMaxPool(1, 2), *between, BatchNorm(2), Flatten(), Dense(8, 3)]
    found = steps_of(Network(network, input_shape=(6, 6, 1)))
    assert [step.kind for step in found] == kinds


def test_batch_normalisation_after_flatten_is_not_folded() -> None:
    network = [ConvMaxPool(1, 2), Flatten(), BatchNorm(8)]
    found = steps_of(Network(network, input_shape=(6, 6, 1)))
    assert [step.kind for step in found] == ["convolution", "affine"]


@pytest.mark.parametrize(("weights", "most"), [("int8", 127), ("int16", 32767)])
def test_whole_weights_are_within_half_a_unit(weights: str, most: int) -> None:
    network = with_random_state(Network([Dense(9, 4), BatchNorm(4)], input_shape=(9,)), 3)
    network.layers[0].parameters[0].value[:, 2] = 0
    (exact,), (rounded,) = steps_of(network), steps_of(network, weights)
    assert exact.weight is not None
    assert rounded.weight is not None
    assert rounded.weight.dtype == weights
    assert np.abs(rounded.weight).max(axis=1).tolist() == [most, most, 0, most]
    unit = np.abs(exact.weight).max(axis=1, keepdims=True) / most
    restored = rounded.weight * (rounded.scale / exact.scale)[:, np.newaxis]  # type: ignore[operator]
    assert np.all(np.abs(restored - exact.weight) <= unit / 2 * 1.01)
