"""Answers with all cores are those of the network itself."""

import numpy as np
import pytest

from tenfold.data import Dataset
from tenfold.models import predict_probabilities
from tenfold.nn import BatchNorm, Conv2D, Dense, Flatten, MaxPool, Network, Normalize, ReLU


def network() -> Network:
    layers = [Normalize(), Conv2D(1, 80, 3, padding="same"), BatchNorm(80), ReLU(), MaxPool(4)]
    return Network([*layers, Flatten(), Dense(49 * 80, 10)])


@pytest.mark.parametrize("threads", [None, 1, 2, 5])
@pytest.mark.parametrize("count", [0, 1, 33, 34, 120])
def test_the_answers_do_not_depend_on_the_threads(
    digits: Dataset, threads: int | None, count: int
) -> None:
    net, images = network(), digits.images[:count]
    assert net.batch == 33  # so that the sizes above are less than, one and several batches
    found = predict_probabilities(net, images, threads)
    assert found.shape == (count, 10)
    np.testing.assert_array_equal(found, predict_probabilities(net, images, 1))
    np.testing.assert_allclose(found, net.predict_probabilities(images), rtol=1e-5, atol=1e-7)


def test_small_networks_take_many_images_at_a_time() -> None:
    assert Network([Normalize(), Flatten(), Dense(784, 10)]).batch == 500
