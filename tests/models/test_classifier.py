"""Prediction on several threads gives what the network itself gives."""

import numpy as np
import pytest

from tenfold.data import Dataset
from tenfold.models import predict_probabilities
from tenfold.nn import BatchNorm, Conv2D, Dense, Flatten, MaxPool, Network, Normalize, ReLU
from tenfold.nn.array import Array

pytestmark = pytest.mark.usefixtures("two_blas_threads")

COUNTS = (0, 1, 33, 34, 120)  # less than one batch, one batch, and several


@pytest.fixture(scope="module")
def network() -> Network:
    layers = [Normalize(), Conv2D(1, 10, 3, padding="same"), BatchNorm(10), ReLU(), MaxPool(4)]
    return Network([*layers, Flatten(), Dense(49 * 10, 10)])


@pytest.fixture(scope="module")
def sequential(network: Network, digits: Dataset) -> dict[int, Array]:
    """Probabilities of the first images on one thread, by their number."""
    return {count: predict_probabilities(network, digits.images[:count], 1) for count in COUNTS}


@pytest.mark.parametrize("threads", [None, 2, 5])
@pytest.mark.parametrize("count", COUNTS)
def test_predictions_do_not_depend_on_the_number_of_threads(
    network: Network, sequential: dict[int, Array], digits: Dataset, threads: int | None, count: int
) -> None:
    assert network.batch == 33
    found = predict_probabilities(network, digits.images[:count], threads)
    np.testing.assert_array_equal(found, sequential[count])


@pytest.mark.parametrize("count", COUNTS)
def test_predictions_are_those_of_the_network(
    network: Network, sequential: dict[int, Array], digits: Dataset, count: int
) -> None:
    expected = network.predict_probabilities(digits.images[:count])
    assert sequential[count].shape == expected.shape == (count, 10)
    np.testing.assert_allclose(sequential[count], expected, rtol=1e-5, atol=1e-7)


def test_small_networks_predict_many_images_at_once() -> None:
    assert Network([Normalize(), Flatten(), Dense(784, 10)]).batch == 2**18 // 784 == 334


@pytest.mark.parametrize("threads", [0, -2])
def test_less_than_one_thread_raises(network: Network, digits: Dataset, threads: int) -> None:
    with pytest.raises(
        ValueError, match=f"threads must be a whole number of at least 1, got {threads}"
    ):
        predict_probabilities(network, digits.images, threads)
