import math

import numpy as np
import pytest

from tenfold.nn import BatchNorm, stream
from tenfold.nn.layers.batchnorm import reference_batchnorm
from tests.nn import reference


def initialised(layer: BatchNorm) -> BatchNorm:
    layer.initialize(stream(0, "test"), np.float64)
    return layer


def test_small_example_worked_by_hand() -> None:
    layer = initialised(BatchNorm(1, momentum=0.1, epsilon=3))
    layer.scale.value[...] = 3
    layer.shift.value[...] = 1
    # mean = (0 + 2) / 2 = 1; variance = (1 + 1) / 2 = 1; sqrt(1 + 3) = 2; xhat = (-0.5, 0.5)
    y = layer.forward(np.array([[0.0], [2.0]]), training=True)
    np.testing.assert_allclose(y, [[3 * -0.5 + 1], [3 * 0.5 + 1]], rtol=1e-15)
    dx = layer.backward(np.array([[1.0], [0.0]]))
    assert layer.shift.grad.item() == pytest.approx(1 + 0)
    assert layer.scale.grad.item() == pytest.approx(1 * -0.5 + 0 * 0.5)
    # mean of dy = 0.5; mean of dy * xhat = -0.25; the factor is 3 / 2:
    # dx = 1.5 * (1 - 0.5 - -0.5 * -0.25), 1.5 * (0 - 0.5 - 0.5 * -0.25)
    np.testing.assert_allclose(dx, [[0.5625], [-0.5625]], rtol=1e-15)
    # Running averages: 0 + 0.1 * (1 - 0), and 1 + 0.1 * (2 - 1) since 1 * 2 / (2 - 1) = 2.
    assert layer.state["running_mean"].item() == pytest.approx(0.1)
    assert layer.state["running_variance"].item() == pytest.approx(1.1)
    # Outside training: 3 * (5 - 0.1) / sqrt(1.1 + 3) + 1.
    assert layer.forward(np.array([[5.0]])).item() == pytest.approx(3 * 4.9 / math.sqrt(4.1) + 1)


@pytest.mark.parametrize("shape", [(6, 3), (2, 4, 2, 3)])
def test_agrees_with_plain_loops(shape: tuple[int, ...]) -> None:
    rng, layer = stream(0, "test"), initialised(BatchNorm(3, epsilon=0.01))
    scale, shift = layer.scale.value, layer.shift.value
    scale[...], shift[...] = rng.standard_normal(3), rng.standard_normal(3)
    x, dy = rng.standard_normal(shape), rng.standard_normal(shape)
    rows, drows = x.reshape(-1, 3).tolist(), dy.reshape(-1, 3).tolist()
    y, mean, variance = reference.batchnorm_forward(rows, scale.tolist(), shift.tolist(), 0.01)
    result = layer.forward(x, training=True)
    np.testing.assert_allclose(result.reshape(-1, 3), y, rtol=1e-12, atol=1e-13)
    m = len(rows)
    np.testing.assert_allclose(layer.state["running_mean"], np.multiply(mean, 0.1), rtol=1e-12)
    running = 0.9 + 0.1 * m / (m - 1) * np.array(variance)
    np.testing.assert_allclose(layer.state["running_variance"], running, rtol=1e-12)
    dx, dscale, dshift = reference.batchnorm_backward(rows, scale.tolist(), 0.01, drows)
    np.testing.assert_allclose(layer.backward(dy).reshape(-1, 3), dx, rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(layer.scale.grad, dscale, rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(layer.shift.grad, dshift, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("shape", [(6, 3), (2, 4, 2, 3)])
def test_agrees_with_the_reference_form(shape: tuple[int, ...]) -> None:
    rng, layer = stream(1, "test"), initialised(BatchNorm(3, epsilon=0.01))
    scale, shift = layer.scale.value, layer.shift.value
    scale[...], shift[...] = rng.standard_normal(3), rng.standard_normal(3)
    x, dy = rng.standard_normal(shape), rng.standard_normal(shape)
    results = [layer.forward(x, training=True), layer.backward(dy)]
    results += [layer.scale.grad, layer.shift.grad]
    rows, drows = x.reshape(-1, 3), dy.reshape(-1, 3)
    for result, expected in zip(
        results, reference_batchnorm(rows, scale, shift, 0.01, drows), strict=True
    ):
        np.testing.assert_allclose(result.ravel(), expected.ravel(), rtol=1e-11, atol=1e-12)


def test_training_output_has_mean_0_and_standard_deviation_1() -> None:
    x = stream(0, "test").normal(5, 3, (8, 4, 4, 3))
    y = initialised(BatchNorm(3)).forward(x, training=True)
    np.testing.assert_allclose(y.mean(axis=(0, 1, 2)), 0, atol=1e-12)
    np.testing.assert_allclose(y.std(axis=(0, 1, 2)), 1, rtol=1e-5)


def test_running_averages_converge_to_the_statistics_of_the_data() -> None:
    layer, x = initialised(BatchNorm(2)), stream(0, "test").normal(5, 3, (50, 2))
    for _ in range(200):
        layer.forward(x, training=True)
    np.testing.assert_allclose(layer.state["running_mean"], x.mean(axis=0), rtol=1e-6)
    np.testing.assert_allclose(layer.state["running_variance"], x.var(axis=0, ddof=1), rtol=1e-6)


def test_running_averages_are_updated_in_place() -> None:
    # Code that holds the arrays of a network, to save or to share them, sees the new values.
    layer = initialised(BatchNorm(2))
    before = dict(layer.state)
    layer.forward(np.ones((3, 2)), training=True)
    assert all(layer.state[name] is array for name, array in before.items())
    np.testing.assert_allclose(before["running_mean"], 0.1)


def test_single_image_gives_zeros() -> None:
    layer = initialised(BatchNorm(2))
    np.testing.assert_array_equal(layer.forward(np.array([[5.0, -2.0]]), training=True), [[0, 0]])
    np.testing.assert_array_equal(layer.backward(np.ones((1, 2))), [[0, 0]])


def test_wrong_number_of_features_raises_with_the_shape() -> None:
    with pytest.raises(ValueError, match=r"BatchNorm\(3\) must be of 3 features, got \(5, 5, 4\)$"):
        BatchNorm(3).output_shape((5, 5, 4))
