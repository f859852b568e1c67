"""Profiling a training step."""

import numpy as np
import pytest

from tenfold.data import Dataset
from tenfold.inspection import Timing, profile
from tenfold.nn import (
    Adam,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    Network,
    Normalize,
    ReLU,
    Residual,
    SoftmaxCrossEntropy,
)


def network() -> Network:
    block = Residual([Conv2D(2, 2, padding="same"), ReLU()])
    layers = [Normalize(), Conv2D(1, 2, 5, 2), ReLU(), block, Flatten(), Dropout(0.5)]
    return Network([*layers, Dense(288, 10)])


@pytest.fixture
def timings(digits: Dataset) -> list[Timing]:
    return profile(
        network(), digits, optimizer=Adam(), loss=SoftmaxCrossEntropy(), shard_size=8, steps=3
    )


def test_every_part_of_a_step_is_timed(timings: list[Timing]) -> None:
    assert [t.name for t in timings] == [
        *("images", "0 Normalize", "1 Conv2D", "2 ReLU", "3 Residual", "4 Flatten", "5 Dropout"),
        *("6 Dense", "loss", "optimizer"),
    ]
    assert all(t.forward > 0 for t in timings)
    # There is no backward below the first layer with parameters, nor for the other parts.
    assert [t.name for t in timings if not t.backward] == [
        *("images", "0 Normalize", "loss", "optimizer")
    ]


def test_flop_are_two_per_multiply_add_and_image(timings: list[Timing]) -> None:
    flop = {t.name: (t.forward_flop, t.backward_flop) for t in timings if t.forward_flop}
    first, block, dense = 12 * 12 * 25 * 2, 12 * 12 * 9 * 2 * 2, 288 * 10
    assert flop == {
        "1 Conv2D": (16 * first, 16 * first),  # no dx
        "3 Residual": (16 * block, 32 * block),
        "6 Dense": (16 * dense, 32 * dense),
    }


def test_weights_do_not_change(digits: Dataset) -> None:
    net = network()
    before = net.theta.value.copy()
    profile(net, digits, optimizer=Adam(), loss=SoftmaxCrossEntropy(), shard_size=4, steps=2)
    np.testing.assert_array_equal(net.theta.value, before)
