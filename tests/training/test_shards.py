"""Shards: the gradient of a batch, computed in parts on threads."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tenfold.data import Dataset
from tenfold.nn import (
    Adam,
    BatchNorm,
    Constant,
    Conv2D,
    ConvMaxPool,
    Dense,
    Dropout,
    Flatten,
    MaxPool,
    Network,
    Normalize,
    ReLU,
    Residual,
    SoftmaxCrossEntropy,
)
from tenfold.nn.array import Array
from tenfold.training import DivergenceError, Shards, StepRecord, fit


def plain(seed: int = 0, dtype: type = np.float64) -> Network:
    layers = [Normalize(), ConvMaxPool(1, 3, 5), ReLU(), Conv2D(3, 4, 3, 2), Flatten()]
    return Network([*layers, Dense(100, 10)], seed=seed, dtype=dtype)


def rich(seed: int = 0, dtype: type = np.float32) -> Network:
    """Return a network with every part that could depend on the shard or the thread."""
    block = Residual([Conv2D(4, 4, padding="same"), BatchNorm(4), ReLU(), Dropout(0.2)])
    layers = [Normalize(), Conv2D(1, 4, 3, 2, with_bias=False), BatchNorm(4), ReLU(), block]
    return Network(
        [*layers, MaxPool(), Flatten(), Dropout(0.3), Dense(144, 10)], seed=seed, dtype=dtype
    )


def forward(network: Network, images: Array, step: int) -> Array:
    return network.forward(images, training=True, step=step)


def gradient(
    network: Network, data: Dataset, count: int, threads: int = 1
) -> tuple[float, Array, Array]:
    labels = data.require_labels()
    with Shards(network, count, threads, forward) as shards:
        value, logits = shards.gradient(data.images, labels, SoftmaxCrossEntropy(), 0)
    return value, logits, network.theta.grad.copy()


def trained(threads: int | None, shards: int, data: Dataset, make: Callable[[], Network]) -> bytes:
    network = make()
    options: dict[str, Any] = {"shards": shards, "threads": threads, "batch_size": 50, "epochs": 2}
    for _ in fit(network, data, optimizer=Adam(), schedule=Constant(0.01), **options):
        pass
    return b"".join(array.tobytes() for array in network.tensors().values())


@pytest.mark.parametrize("count", [2, 3, 5, 7])
@pytest.mark.parametrize("images", [1, 2, 6, 13])
def test_sum_over_shards_equals_the_gradient_of_the_batch(
    digits: Dataset, count: int, images: int
) -> None:
    """Also if the sizes do not divide, or there are fewer images than shards."""
    data = digits.subset(np.arange(images))
    expected, found = gradient(plain(), data, 1), gradient(plain(), data, count)
    for one, parts in zip(expected, found, strict=True):
        np.testing.assert_allclose(np.asarray(parts), np.asarray(one), rtol=1e-10, atol=1e-13)


def test_one_shard_gives_the_gradient_of_the_network(digits: Dataset) -> None:
    network = plain()
    logits = network.forward(digits.images, training=True)
    value, dlogits = SoftmaxCrossEntropy()(logits, digits.require_labels())
    network.backward(dlogits)
    expected = network.theta.grad.copy()
    found = gradient(network, digits, 1)
    assert found[0] == value
    np.testing.assert_array_equal(found[2], expected)


@pytest.mark.parametrize("shards", [2, 3, 4])
def test_result_does_not_depend_on_threads(digits: Dataset, shards: int) -> None:
    data = digits.subset(np.arange(130))  # the last batch has 30
    one = trained(1, shards, data, rich)
    assert one == trained(2, shards, data, rich) == trained(5, shards, data, rich)
    assert one == trained(None, shards, data, rich)
    assert one != trained(1, 1, data, rich)  # the number of shards affects the result


def test_result_of_one_shard_does_not_depend_on_threads(digits: Dataset) -> None:
    assert trained(1, 1, digits, plain) == trained(2, 1, digits, plain)


def test_batch_normalisation_sees_only_its_shard(digits: Dataset) -> None:
    def network() -> Network:
        return Network([Normalize(), Flatten(), BatchNorm(784), Dense(784, 10)], dtype=np.float64)

    whole, halves, weights = network(), [network(), network()], (0.4, 0.6)
    data = digits.subset(np.arange(5))
    gradient(whole, data, 2)
    for half, part in zip(halves, (slice(0, 2), slice(2, 5)), strict=True):
        gradient(half, data.subset(np.arange(5)[part]), 1)
    expected = sum(w * h.theta.grad for w, h in zip(weights, halves, strict=True))
    np.testing.assert_allclose(whole.theta.grad, expected, rtol=1e-10, atol=1e-15)
    for name in ("running_mean", "running_variance"):
        states = [half.layers[2].state[name] for half in halves]
        average = sum(w * state for w, state in zip(weights, states, strict=True))
        np.testing.assert_allclose(whole.layers[2].state[name], average, rtol=1e-12)


def test_each_shard_draws_its_own_dropout_mask(digits: Dataset) -> None:
    network = Network([Normalize(), Flatten(), Dense(784, 10), Dropout(0.5)], dtype=np.float64)
    one = np.repeat(digits.images[:1], 2, axis=0)
    with Shards(network, 2, 1, forward) as shards:
        _, logits = shards.gradient(one, digits.require_labels()[:2], SoftmaxCrossEntropy(), 3)
    assert not np.array_equal(logits[0] == 0, logits[1] == 0)


def test_replicas_share_only_the_weights() -> None:
    network = rich()
    twin = network.replica(1)
    twin.theta.value[:] += 1
    assert np.shares_memory(twin.theta.value, network.theta.value)
    own = {name: array for name, array in network.tensors().items() if "running" in name}
    for name, array in own.items():
        assert not np.shares_memory(array, twin.tensors()[name])
    for parameter, other in zip(network.parameters, twin.parameters, strict=True):
        assert np.shares_memory(parameter.value, other.value)
        assert not np.shares_memory(parameter.grad, other.grad)


def test_overflow_in_a_thread_is_reported_as_divergence(digits: Dataset) -> None:
    """A thread that did not inherit the caller's numpy.errstate would raise or warn instead."""
    options: dict[str, Any] = {"optimizer": Adam(), "schedule": Constant(1e30)}
    loop = fit(plain(dtype=np.float32), digits, shards=2, threads=2, **options)
    with pytest.raises(DivergenceError, match="no longer finite"):
        list(loop)


def test_error_in_a_thread_reaches_the_caller(digits: Dataset) -> None:
    def broken(network: Network, images: Array, step: int) -> Array:
        raise ValueError(f"shard {network.shard} broke")

    with (
        Shards(plain(), 2, 2, broken) as shards,
        pytest.raises(ValueError, match=r"shard [01] broke"),
    ):
        shards.gradient(digits.images, digits.require_labels(), SoftmaxCrossEntropy(), 0)


def test_closing_the_loop_ends_the_threads(digits: Dataset) -> None:
    import threading

    before = threading.active_count()
    loop = fit(plain(), digits, optimizer=Adam(), schedule=Constant(0.01), shards=2, threads=2)
    next(loop)
    assert threading.active_count() > before
    loop.close()
    assert threading.active_count() == before


def test_memory_does_not_grow_with_the_epochs(digits: Dataset) -> None:
    """Over twenty epochs of a convolutional network, after the first ten."""
    import gc
    import tracemalloc

    data, sizes = digits.subset(np.arange(90)), []
    network = rich()
    gc.collect()
    gc.freeze()  # what is not of this training need not be searched after each epoch
    tracemalloc.start()
    try:
        options: dict[str, Any] = {"shards": 2, "threads": 2, "batch_size": 40, "epochs": 20}
        for record in fit(network, data, optimizer=Adam(), schedule=Constant(0.01), **options):
            if not isinstance(record, StepRecord):
                del record
                gc.collect()
                sizes.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
        gc.unfreeze()
    assert len(sizes) == 20
    assert max(sizes[10:]) - sizes[9] < 50_000  # one feature map of a batch has 108,160 bytes
