"""A whitened first layer has outputs of variance 1 that are not correlated."""

import numpy as np
import pytest

from tenfold.data import Dataset
from tenfold.errors import TenfoldError
from tenfold.nn import BatchNorm, Conv2D, ConvMaxPool, Dense, Flatten, Network, Normalize, ReLU
from tenfold.nn.array import Array
from tenfold.nn.layers import Layer
from tenfold.training import whiten

pytestmark = pytest.mark.usefixtures("two_blas_threads")


def network(*layers: Layer, seed: int = 0) -> Network:
    return Network([Normalize(), *layers], seed=seed, dtype=np.float64)


def outputs(made: Network, images: Array) -> Array:
    """Return the outputs of the first layer at every position, one column for each."""
    x = images
    for layer in made.layers[: made.first + 1]:
        x = layer.forward(x)
    return x.reshape(-1, x.shape[-1])


@pytest.mark.parametrize(
    "layers",
    [
        (Flatten(), Dense(784, 20), ReLU(), Dense(20, 10)),
        (Conv2D(1, 20, 5), ReLU(), Flatten(), Dense(24 * 24 * 20, 10)),
    ],
)
def test_outputs_have_variance_1_and_pairs_are_not_correlated(
    digits: Dataset, layers: tuple[Layer, ...]
) -> None:
    made = network(*layers)
    whiten(made, digits.images)
    y = outputs(made, digits.images)
    assert y.mean(axis=0) == pytest.approx(0, abs=1e-9)
    np.testing.assert_allclose(y[:, 1::2], -y[:, ::2], rtol=1e-6, atol=1e-12)
    assert np.cov(y[:, ::2].T, ddof=0) == pytest.approx(np.eye(10), abs=1e-6)


def test_first_components_have_the_largest_variance(digits: Dataset) -> None:
    """The components are the first right singular vectors of the centred images."""
    images = digits.images[:200]
    made = network(Flatten(), Dense(784, 6), Dense(6, 10))
    whiten(made, images)
    x = Normalize().forward(images).reshape(len(images), -1).astype(np.float64)
    expected = np.linalg.svd(x - x.mean(axis=0), full_matrices=False)[2][:3]
    weights = made.layers[made.first].parameters[0].value[:, ::2]
    found = weights / np.linalg.norm(weights, axis=0)
    assert np.abs(expected @ found) == pytest.approx(np.eye(3), abs=1e-8)
    assert (found[np.abs(found).argmax(axis=0), range(3)] > 0).all()


def test_patches_are_ordered_like_the_weight() -> None:
    """For a pooled convolution over three channels, computed patch by patch."""
    images = np.random.default_rng(0).integers(0, 256, (40, 6, 5, 3)).astype(np.uint8)
    images[..., 1] //= 2
    layer = ConvMaxPool(3, 4, 3)
    layers = [Normalize(), layer, Flatten(), Dense(8, 10)]
    made = Network(layers, input_shape=(6, 5, 3), dtype=np.float64)
    whiten(made, images)
    x = Normalize().forward(images).astype(np.float64)
    patches = np.array(
        [x[n, i : i + 3, j : j + 3].ravel() for n in range(40) for i in range(4) for j in range(3)]
    )
    y = patches @ layer.weight.value.reshape(27, 4) + layer.bias.value
    assert y.mean(axis=0) == pytest.approx(0, abs=1e-6)
    assert np.cov(y[:, [0, 2]].T, ddof=0) == pytest.approx(np.eye(2), abs=1e-6)


def test_outputs_beyond_the_components_keep_random_weights(digits: Dataset) -> None:
    made, plain = (network(Conv2D(1, 11, 2), Flatten(), Dense(27 * 27 * 11, 10)) for _ in "ab")
    whiten(made, digits.images)
    own, random = (m.layers[1].parameters[0].value.reshape(4, 11) for m in (made, plain))
    assert np.array_equal(own[:, 8:], random[:, 8:])
    assert not (own[:, :8] == random[:, :8]).any()


def test_constant_images_leave_the_weights_unchanged() -> None:
    made, plain = (network(Flatten(), Dense(784, 10)) for _ in "ab")
    whiten(made, np.full((5, 28, 28, 1), 7, np.uint8))
    assert np.array_equal(made.theta.value, plain.theta.value)


def test_invalid_network_or_images_raise(digits: Dataset) -> None:
    with pytest.raises(ValueError, match="to be whitened, got BatchNorm"):
        whiten(network(Flatten(), BatchNorm(784), Dense(784, 10)), digits.images)
    with pytest.raises(ValueError, match="images must not be empty"):
        whiten(network(Flatten(), Dense(784, 10)), digits.images[:0])
    wide = network(Conv2D(1, 4, 29, padding="same"), Flatten(), Dense(784 * 4, 10))
    with pytest.raises(
        TenfoldError, match="kernel of 29 x 29 does not fit into an image of 28 x 28"
    ):
        whiten(wide, digits.images)
