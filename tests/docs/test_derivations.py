"""Formulas that docs/mathematics.md derives agree with the code."""

import numpy as np
import pytest

from tenfold.nn import (
    BatchNorm,
    Dense,
    Network,
    ReLU,
    Residual,
    SoftmaxCrossEntropy,
    Tanh,
    check_gradient,
    stream,
)
from tenfold.nn.array import Array
from tenfold.nn.layers import batchnorm
from tenfold.training import Shards
from tests.docs.page import section

# Batch normalisation


def trained(layer: BatchNorm, x: Array, dy: Array) -> tuple[Array, Array]:
    """Return y and dx of a layer with random scale and shift."""
    rng = stream(1, "test")
    layer.initialize(rng, np.float64)
    for parameter in layer.parameters:
        parameter.value[...] = rng.standard_normal(layer.features)
    return layer.forward(x, training=True), layer.backward(dy)


@pytest.mark.parametrize("with_scale", [False, True])
@pytest.mark.parametrize("shape", [(40, 5), (6, 4, 3, 5)])
def test_batchnorm_dx_is_linear_in_dy_and_x(shape: tuple[int, ...], with_scale: bool) -> None:
    rng = stream(0, "test")
    x, dy = 3 + 2 * rng.standard_normal(shape), rng.standard_normal(shape)
    layer = BatchNorm(5, with_scale=with_scale)
    _, dx = trained(layer, x, dy)
    scale = layer.scale.value if with_scale else np.ones(5)

    axes, m = tuple(range(x.ndim - 1)), x.size // 5
    mean, s = x.mean(axis=axes), (x.var(axis=axes) + layer.epsilon) ** -0.5
    dscale, dshift = s * (dy * (x - mean)).sum(axis=axes), dy.sum(axis=axes)
    slope = scale * s
    factor = -s * dscale / m
    constant = -dshift / m - mean * factor
    np.testing.assert_allclose(dx, slope * (dy + factor * x + constant), rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(dx.sum(axis=axes), 0, atol=1e-10)


def test_scale_before_relu_is_redundant_and_bias_before_batchnorm_never_learns() -> None:
    rng = stream(0, "test")
    x, labels = rng.standard_normal((20, 6)), rng.integers(0, 3, 20)
    layers = [Dense(6, 5), BatchNorm(5, with_shift=False), ReLU(), Dense(5, 3)]
    network = Network(layers, dtype=np.float64, input_shape=(6,))
    named = {parameter.name: parameter for parameter in network.parameters}
    logits = network.forward(x, training=True).copy()
    _, dlogits = SoftmaxCrossEntropy()(logits, labels)
    network.backward(dlogits)
    assert np.abs(named["0.bias"].grad).max() < 1e-15 < np.abs(named["0.weight"].grad).max()
    named["1.scale"].value[...] *= 7
    named["3.weight"].value[...] /= 7
    np.testing.assert_allclose(network.forward(x, training=True), logits, rtol=1e-10)


@pytest.mark.parametrize("far", [0.0, 1.0, 9.0, 11.0, 1e4])
def test_variance_is_exact_for_large_means(far: float) -> None:
    x = (far + stream(0, "test").standard_normal((300, 8, 8, 2))).astype(np.float32)
    layer = BatchNorm(2, momentum=1.0)
    layer.initialize(stream(0, "test"), np.float32)
    y = layer.forward(x, training=True)
    exact = x.astype(np.float64)
    axes, unbiased = (0, 1, 2), x.size / (x.size - 2)
    mean = exact.mean(axis=axes)
    np.testing.assert_allclose(layer.state["running_mean"], mean, rtol=1e-6, atol=1e-6)
    variance = exact.var(axis=axes) * unbiased
    np.testing.assert_allclose(layer.state["running_variance"], variance, rtol=1e-4)
    np.testing.assert_allclose(y.mean(axis=axes, dtype=np.float64), 0, atol=1e-5)
    assert rf"$\mu^2 \gt {batchnorm._MAX_MEAN_RATIO} v$" in section("BatchNorm")


def test_faults_of_running_averages() -> None:
    text = section("BatchNorm")
    layer = BatchNorm(1)
    ages = np.arange(10_000)
    mean_age = layer.momentum * float(np.sum(ages * (1 - layer.momentum) ** ages))
    assert mean_age == pytest.approx((1 - layer.momentum) / layer.momentum)
    assert f"its mean age is {mean_age:.0f} batches" in " ".join(text.split())
    layer.initialize(stream(0, "test"), np.float64)
    for _ in range(10):
        layer.forward(np.zeros((2, 1)), training=True)  # a mean of 0 and no variance
    share = layer.state["running_variance"].item()
    assert f"1 for the variance): {100 * share:.0f}%" in " ".join(text.split())


def test_recomputed_statistics_are_those_of_all_images() -> None:
    images = stream(0, "test").standard_normal((25, 3)) ** 2
    network = Network([BatchNorm(3), Dense(3, 2)], dtype=np.float64, input_shape=(3,))
    network.forward(100 * images, training=True)  # replaced by the recomputation
    network.recompute_statistics(images, batch=10)
    batches = [images[:10], images[10:20], images[20:]]
    state, mean = network.layers[0].state, images.mean(axis=0)
    np.testing.assert_allclose(state["running_mean"], mean, rtol=1e-12)
    within = sum(len(b) / 25 * b.var(axis=0) for b in batches)
    between = sum(len(b) / 25 * (b.mean(axis=0) - mean) ** 2 for b in batches)
    np.testing.assert_allclose(within + between, images.var(axis=0), rtol=1e-12)
    unbiased = sum(len(b) / 25 * b.var(axis=0, ddof=1) for b in batches)
    np.testing.assert_allclose(state["running_variance"], unbiased + between, rtol=1e-12)


# Residual blocks


def test_gradient_of_residual_blocks_is_a_sum_over_subsets() -> None:
    rng = stream(0, "test")
    blocks = [Dense(3, 3), Dense(3, 3)]
    layers = [Residual([block]) for block in blocks]
    for layer in layers:
        layer.initialize(rng, np.float64)
    x, dy = rng.standard_normal((1, 3)), rng.standard_normal((1, 3))
    for layer in layers:
        x = layer.forward(x, training=True)
    dx = layers[0].backward(layers[1].backward(dy))
    first, second = (block.weight.value.T for block in blocks)  # dy @ W^T is J^T dy
    expected = dy + dy @ first + dy @ second + dy @ second @ first
    np.testing.assert_allclose(dx, expected, rtol=1e-12)


def test_residual_block_with_last_weights_0_is_the_identity() -> None:
    rng = stream(0, "test")
    last = Dense(4, 4)
    layer = Residual([Dense(4, 4), Tanh(), last])
    layer.initialize(rng, np.float64)
    last.weight.value[...] = 0
    x, dy = rng.standard_normal((2, 5, 4))
    np.testing.assert_array_equal(layer.forward(x, training=True), x)
    np.testing.assert_array_equal(layer.backward(dy), dy)


# Shards


def sharded(network: Network, images: Array, labels: Array, count: int) -> float:
    """Return the loss of a batch in shards, and assign the gradient of the network."""

    def forward(network: Network, images: Array, step: int) -> Array:
        return network.forward(images, training=True, step=step)

    with Shards(network, count, threads=1, forward=forward) as shards:
        loss, _ = shards.gradient(images, labels, SoftmaxCrossEntropy(), step=0)
    return loss


def batch(normalised: bool) -> tuple[Network, Array, Array]:
    rng = stream(0, "test")
    layers = [Dense(6, 5), *[BatchNorm(5)] * normalised, Tanh(), Dense(5, 3)]
    network = Network(layers, dtype=np.float64, input_shape=(6,))
    return network, rng.standard_normal((10, 6)), rng.integers(0, 3, 10)


def test_shards_have_the_gradient_of_the_batch() -> None:
    network, images, labels = batch(normalised=False)
    loss = sharded(network, images, labels, 1)
    gradient = network.theta.grad.copy()
    assert sharded(network, images, labels, 3) == pytest.approx(loss, rel=1e-12)
    np.testing.assert_allclose(network.theta.grad, gradient, rtol=1e-10, atol=1e-15)


def test_shards_with_batchnorm_have_the_exact_gradient_of_another_loss() -> None:
    network, images, labels = batch(normalised=True)

    def loss_of_three_parts() -> float:
        parts = [slice(0, 3), slice(3, 6), slice(6, 10)]
        losses = (
            SoftmaxCrossEntropy()(network.forward(images[part], training=True), labels[part])[0]
            for part in parts
        )
        return sum(
            (part.stop - part.start) / 10 * loss for part, loss in zip(parts, losses, strict=True)
        )

    whole = sharded(network, images, labels, 1)
    loss = sharded(network, images, labels, 3)
    assert loss == pytest.approx(loss_of_three_parts(), rel=1e-12)
    assert abs(loss - whole) > 1e-3
    check = check_gradient(
        "dtheta",
        loss_of_three_parts,
        network.theta.value,
        network.theta.grad.copy(),
        stream(0, "check"),
    )
    assert check.error < 1e-7, str(check)
