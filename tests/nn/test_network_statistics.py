"""Recomputed running statistics.

Expected for all images as one batch: the mean and the unbiased variance of the input of each batch
normalisation, where those before it normalise by that batch. For several batches, each mean is the
average over the batches, weighted by their share of the images; each variance is the same average
of their unbiased variances plus the variance of their means. So the first mean is that of all
images, and the first variance is theirs except that the part of each batch is divided by M - 1.
"""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest

from tenfold.nn import (
    BatchNorm,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePool,
    Layer,
    MaxPool,
    Network,
    Normalize,
    ReLU,
    Residual,
    SoftmaxCrossEntropy,
    stream,
)
from tenfold.nn.array import Array, DTypeLike

SHAPE = (6, 5, 1)


def network(dropout: float | None = None, dtype: DTypeLike = np.float64) -> Network:
    """Return a network with batch normalisations at four depths, two of them in blocks."""
    thin: list[Layer] = [] if dropout is None else [Dropout(dropout)]
    more: list[Layer] = [] if dropout is None else [Dropout(dropout)]
    inner = Residual([BatchNorm(3, with_scale=False), *thin])
    block = Residual([Conv2D(3, 3, padding="same", with_bias=False), BatchNorm(3), ReLU(), inner])
    layers = [Normalize(), Conv2D(1, 3, padding="same"), BatchNorm(3), ReLU(), MaxPool(), block]
    return Network(
        [*layers, Flatten(), *more, Dense(18, 4), BatchNorm(4), Dense(4, 10)], 0, dtype, SHAPE
    )


def images(n: int = 23) -> Array:
    return stream(0, "images").integers(0, 256, (n, *SHAPE), np.uint8)


def statistics(layers: tuple[Layer, ...], x: Array) -> tuple[Array, list[tuple[Array, Array]]]:
    """Return the output of the layers for one batch, and the mean and unbiased variance of the
    input of each batch normalisation, by NumPy's functions."""
    results: list[tuple[Array, Array]] = []
    for layer in layers:
        if isinstance(layer, Residual):
            inner, more = statistics(layer.block, x)
            x, results = x + inner, results + more
        elif isinstance(layer, BatchNorm):
            axes = tuple(range(x.ndim - 1))
            results.append((x.mean(axes), x.var(axes, ddof=1)))
            scale = layer.scale.value if layer.with_scale else 1
            x = (x - x.mean(axes)) / np.sqrt(x.var(axes) + layer.epsilon) * scale
            x = x + layer.shift.value
        else:
            x = layer.forward(x)
    return x, results


def norms(layers: tuple[Layer, ...]) -> Iterator[BatchNorm]:
    for layer in layers:
        if isinstance(layer, Residual):
            yield from norms(layer.block)
        elif isinstance(layer, BatchNorm):
            yield layer


def assert_statistics(net: Network, expected: list[tuple[Array, Array]]) -> None:
    for norm, (mean, variance) in zip(norms(net.layers), expected, strict=True):
        np.testing.assert_allclose(norm.state["running_mean"], mean, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(norm.state["running_variance"], variance, rtol=1e-9, atol=1e-12)


def averaged(net: Network, x: Array, sizes: list[int]) -> list[tuple[Array, Array]]:
    """Return the merged statistics of batches of these sizes."""
    starts = np.cumsum([0, *sizes])
    batches = [statistics(net.layers, x[a:b])[1] for a, b in pairwise(starts)]
    shares = np.array(sizes)[:, None] / len(x)
    merged = []
    for norm in zip(*batches, strict=True):
        means, variances = np.array([mean for mean, _ in norm]), np.array([v for _, v in norm])
        mean = (shares * means).sum(axis=0)
        merged.append((mean, (shares * (variances + (means - mean) ** 2)).sum(axis=0)))
    return merged


@pytest.mark.parametrize("batch", [23, 24, 1000])
def test_one_batch_gives_mean_and_variance_at_every_depth(batch: int) -> None:
    net, x = network(), images()
    net.recompute_statistics(x, batch)
    _, expected = statistics(net.layers, x)
    assert len(expected) == 4
    assert_statistics(net, expected)


@pytest.mark.parametrize(("batch", "sizes"), [(10, [10, 10, 3]), (21, [21, 2]), (8, [8, 8, 7])])
def test_several_batches_are_merged_by_their_share(batch: int, sizes: list[int]) -> None:
    net, x = network(), images()
    net.recompute_statistics(x, batch)
    assert_statistics(net, averaged(net, x, sizes))


def test_first_mean_does_not_depend_on_the_batch_size() -> None:
    net, x = network(), images()
    inputs = net.layers[1].forward(net.layers[0].forward(x))
    first, *_ = norms(net.layers)
    for batch in (1, 2, 7, 20, 23):
        net.recompute_statistics(x, batch)
        np.testing.assert_allclose(first.state["running_mean"], inputs.mean(axis=(0, 1, 2)))


def test_images_sorted_by_class_give_right_statistics() -> None:
    net, x = Network([BatchNorm(1)], 0, np.float64, (1,)), np.repeat([0.0, 4.0], 10)[:, None]
    net.recompute_statistics(x, 10)
    np.testing.assert_allclose(net.tensors()["0.running_mean"], [2])
    np.testing.assert_allclose(net.tensors()["0.running_variance"], [4])
    net.recompute_statistics(x, 20)
    np.testing.assert_allclose(net.tensors()["0.running_variance"], [4 * 20 / 19])


def test_last_batch_of_one_image_contributes_its_mean_only() -> None:
    net, x = Network([BatchNorm(1)], 0, np.float64, (1,)), np.array([[0.0], [2], [0], [2], [6]])
    net.recompute_statistics(x, 4)
    np.testing.assert_allclose(net.tensors()["0.running_mean"], [2])
    np.testing.assert_allclose(net.tensors()["0.running_variance"], [0.8 * (4 / 3 + 1) + 0.2 * 16])


def test_earlier_statistics_have_no_effect() -> None:
    nets = [network(), network()]
    for norm in norms(nets[1].layers):
        norm.state["running_mean"][...] = 1000
        norm.state["running_variance"][...] = 500
    for net in nets:
        net.recompute_statistics(images(), 10)
    for name, array in nets[0].tensors().items():
        np.testing.assert_allclose(nets[1].tensors()[name], array, rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("before", [1e8, 1e30])
def test_large_earlier_statistics_have_no_effect_in_float32(before: float) -> None:
    nets = [network(dtype=np.float32), network(dtype=np.float32)]
    for norm in norms(nets[1].layers):
        norm.state["running_mean"][...] = before
        norm.state["running_variance"][...] = before
    for net in nets:
        net.recompute_statistics(images(), 10)
    for name, array in nets[0].tensors().items():
        np.testing.assert_allclose(nets[1].tensors()[name], array, rtol=1e-4, atol=1e-4)


def test_dropout_is_inactive_in_recomputation() -> None:
    plain, thinned = network(), network(dropout=0.5)
    thinned.theta.value[...] = plain.theta.value
    plain.recompute_statistics(images(), 10)
    thinned.recompute_statistics(images(), 10)  # without a step, drawing random numbers would raise
    for one, other in zip(norms(plain.layers), norms(thinned.layers), strict=True):
        np.testing.assert_array_equal(one.state["running_mean"], other.state["running_mean"])
        np.testing.assert_array_equal(
            one.state["running_variance"], other.state["running_variance"]
        )
    assert all(layer.rng is None for layer in thinned.layers)


def test_no_images_change_nothing() -> None:
    net = network()
    net.recompute_statistics(images())
    before = {name: array.copy() for name, array in net.tensors().items()}
    net.recompute_statistics(images(0))
    for name, array in net.tensors().items():
        np.testing.assert_array_equal(array, before[name])


def test_weights_gradients_and_arrays_are_unchanged() -> None:
    net, x = network(), images()
    _, dlogits = SoftmaxCrossEntropy()(net.forward(x, training=True), np.arange(23) % 10)
    net.backward(dlogits)
    theta, gradient, tensors = net.theta.value.copy(), net.theta.grad.copy(), net.tensors()
    net.recompute_statistics(x, 10)
    np.testing.assert_array_equal(net.theta.value, theta)
    np.testing.assert_array_equal(net.theta.grad, gradient)
    for name, array in tensors.items():
        assert np.shares_memory(net.tensors()[name], array), name


def test_predictions_use_the_recomputed_statistics() -> None:
    net, x = network(), images(200)
    net.recompute_statistics(x)
    # For 200 images the unbiased variance, used in inference, is hardly above that of the batch.
    expected, _ = statistics(net.layers, x)
    np.testing.assert_allclose(net.forward(x), expected, atol=0.03)


def test_network_without_state_is_unchanged() -> None:
    net = Network([Normalize(), Conv2D(1, 2), GlobalAveragePool(), Dense(2, 3)], input_shape=SHAPE)
    before = net.theta.value.copy()
    net.recompute_statistics(images())
    np.testing.assert_array_equal(net.theta.value, before)


def test_images_of_wrong_shape_raise_with_both_shapes() -> None:
    with pytest.raises(
        ValueError,
        match=r"images must have the shape \(N, 6, 5, 1\), got \(4, 6, 5\): add the channel",
    ):
        network().recompute_statistics(np.zeros((4, 6, 5), np.uint8))
