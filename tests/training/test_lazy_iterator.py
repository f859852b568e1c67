"""``fit`` is called but its records are not iterated: nothing is trained, so it warns."""

import gc
import warnings
from typing import Any

import numpy as np
import pytest

from tenfold.data import Dataset
from tenfold.errors import InputWarning, TenfoldError
from tenfold.images import Augment
from tenfold.nn import SGD, Adam, BatchNorm, Conv2D, Dense, Flatten, Network, Normalize
from tenfold.training import fit
from tenfold.training.lazy_iterator import LazyIterator


def network() -> Network:
    return Network([Normalize(), Flatten(), Dense(784, 10)])


OPTIONS: dict[str, Any] = {"optimizer": SGD(), "schedule": 0.1}


def test_a_call_of_fit_whose_records_are_dropped_gives_a_warning(digits: Dataset) -> None:
    untrained = network()
    before = untrained.theta.value.copy()
    with pytest.warns(InputWarning, match="nothing was trained: iterate over its records"):
        fit(untrained, digits, **OPTIONS)
    np.testing.assert_array_equal(untrained.theta.value, before)


def test_records_that_are_used_or_closed_give_none(digits: Dataset) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        next(fit(network(), digits, **OPTIONS))
        fit(network(), digits, **OPTIONS).close()
        for _ in fit(network(), digits, **OPTIONS):
            break
        gc.collect()


def test_items_and_end_are_those_of_the_generator() -> None:
    iterator = LazyIterator(iter([1, 2]), "unused")
    assert iter(iterator) is iterator
    assert list(iterator) == [1, 2]
    iterator.close()


def test_an_optimizer_that_remembers_another_network_raises(digits: Dataset) -> None:
    optimizer = Adam()
    first = network()
    for _ in range(2):  # the same network may be trained further
        list(fit(first, digits, optimizer=optimizer, schedule=0.01))
    with pytest.raises(TenfoldError, match=r"trained another network, .*: make a new one, Adam\("):
        fit(network(), digits, optimizer=optimizer, schedule=0.01)
    plain = SGD()  # it remembers nothing
    for _ in range(2):
        list(fit(network(), digits, optimizer=plain, schedule=0.01))


def test_distortions_of_other_inputs_than_images_raise() -> None:
    small = Network([Dense(4, 2)], input_shape=(4,))
    data = (np.ones((6, 4)), np.arange(6) % 2)
    with pytest.raises(TenfoldError, match=r"augment must be None for inputs .* shape \(4,\)"):
        fit(small, data, augment=Augment(shift=1), **OPTIONS)


def test_pixels_that_are_not_scaled_give_a_warning(digits: Dataset) -> None:
    with pytest.warns(InputWarning, match=r"begin the network with Normalize\(\)"):
        fit(Network([Flatten(), Dense(784, 10)]), digits, **OPTIONS).close()
    scaled = [Flatten(), BatchNorm(784), Dense(784, 10)]
    images = [Normalize(), Conv2D(1, 2, 28), Flatten(), Dense(2, 10)]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fit(Network(scaled), digits, **OPTIONS).close()
        fit(Network(images), digits, **OPTIONS).close()
        small = (digits.images // 255, digits.require_labels())
        fit(Network([Flatten(), Dense(784, 10)]), small, **OPTIONS).close()
