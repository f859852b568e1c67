"""The training loop: each option does what it says, and every result can be reproduced."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from tenfold.data import Dataset, Examples
from tenfold.errors import TenfoldError
from tenfold.nn import (
    SGD,
    Adam,
    Constant,
    Dense,
    Dropout,
    ExponentialAverage,
    Flatten,
    Network,
    Normalize,
    OneCycle,
    ReLU,
    SoftmaxCrossEntropy,
)
from tenfold.nn.array import Array
from tenfold.training import EpochRecord, Progress, Record, StepRecord, fit


def small(seed: int = 0, dtype: type = np.float32) -> Network:
    layers = [Normalize(), Flatten(), Dense(784, 16), ReLU(), Dense(16, 10)]
    return Network(layers, seed=seed, dtype=dtype)


def run(
    network: Network, data: Dataset | Examples, rate: float = 0.1, **options: object
) -> list[Record]:
    settings: dict[str, object] = {"optimizer": SGD(), "schedule": Constant(rate)}
    return list(fit(network, data, **(settings | options)))  # type: ignore[arg-type]


def epochs(records: list[Record]) -> list[EpochRecord]:
    return [record for record in records if isinstance(record, EpochRecord)]


def test_full_batch_equals_the_textbook_loop(digits: Dataset) -> None:
    """Gradient descent written with plain arrays gives the same weights."""
    network, twin = small(dtype=np.float64), small(dtype=np.float64)
    w1, b1, w2, b2 = (
        twin.tensors()[n].copy() for n in ("2.weight", "2.bias", "4.weight", "4.bias")
    )
    assert digits.labels is not None
    x = (digits.images.reshape(-1, 784) - 33.3184) / 78.5675
    t = np.eye(10)[digits.labels]
    for _ in range(5):
        h = np.maximum(x @ w1 + b1, 0)
        z = h @ w2 + b2
        p = np.exp(z - z.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        dz = (p - t) / len(x)
        dh = (dz @ w2.T) * (h > 0)
        w2, b2 = w2 - 0.1 * h.T @ dz, b2 - 0.1 * dz.sum(axis=0)
        w1, b1 = w1 - 0.1 * x.T @ dh, b1 - 0.1 * dh.sum(axis=0)
    run(network, digits, epochs=5, batch_size=None)
    for name, expected in {"2.weight": w1, "2.bias": b1, "4.weight": w2, "4.bias": b2}.items():
        np.testing.assert_allclose(network.tensors()[name], expected, rtol=1e-9, atol=1e-12)


def test_each_epoch_uses_every_image_once_in_a_new_order(digits: Dataset) -> None:
    marked = Dataset(digits.images[:70], np.arange(70) % 10, "marked")
    seen: list[list[int]] = [[], []]
    network = small()

    class Spy(SoftmaxCrossEntropy):
        def __call__(self, logits: Array, labels: Array) -> tuple[float, Array]:
            return super().__call__(logits, labels)

    records = run(network, marked, loss=Spy(), epochs=2, batch_size=16)
    for record in records:
        if isinstance(record, StepRecord):
            seen[record.epoch - 1].extend(record.labels.tolist())
    assert sorted(seen[0]) == sorted(seen[1]) == sorted((np.arange(70) % 10).tolist())
    assert seen[0] != seen[1]


def test_last_short_batch_is_kept_and_weighted_by_its_size(digits: Dataset) -> None:
    network = small()
    records = run(network, digits.subset(np.arange(70)), rate=1e-12, epochs=1, batch_size=64)
    steps = [record for record in records if isinstance(record, StepRecord)]
    assert [len(step.labels) for step in steps] == [64, 6]
    # The learning rate is nearly 0, so the mean of the epoch is the mean over all 70 images.
    loss, _ = SoftmaxCrossEntropy()(
        network.forward(digits.images[:70]), digits.require_labels()[:70]
    )
    assert epochs(records)[0].train_loss == pytest.approx(loss, rel=1e-5)


def test_batches_of_one_image_work(digits: Dataset) -> None:
    records = run(small(), digits.subset(np.arange(20)), rate=0.01, batch_size=1)
    assert sum(isinstance(record, StepRecord) for record in records) == 20


def test_seed_decides_the_result(digits: Dataset) -> None:
    def trained(seed: int) -> bytes:
        network = small(seed)
        run(network, digits, epochs=2, optimizer=Adam(), rate=0.001)
        return network.theta.value.tobytes()

    assert trained(1) == trained(1)
    assert trained(1) != trained(2)


def test_validation_is_scored_after_the_epoch(digits: Dataset) -> None:
    network = small()
    train, held = digits.subset(np.arange(500)), digits.subset(np.arange(500, 600))
    record = epochs(run(network, train, validation=held))[-1]
    assert held.labels is not None
    right = (network.predict(held.images) == held.labels).mean()
    assert record.validation_accuracy == pytest.approx(right)


def test_log_every_yields_the_first_every_kth_and_the_last_epoch(digits: Dataset) -> None:
    data = digits.subset(np.arange(40))
    records = epochs(run(small(), data, epochs=8, batch_size=None, log_every=3))
    assert [record.epoch for record in records] == [1, 4, 7, 8]


def test_l2_shrinks_weights_but_not_biases(digits: Dataset) -> None:
    data = digits.subset(np.arange(40))
    network, twin = small(dtype=np.float64), small(dtype=np.float64)
    run(network, data, l2=0.5, batch_size=None)
    run(twin, data, batch_size=None)
    start = small(dtype=np.float64).tensors()
    for name, value in network.tensors().items():
        extra = 0.1 * 0.5 * start[name] if name.endswith("weight") else 0
        np.testing.assert_allclose(value, twin.tensors()[name] - extra, rtol=1e-10, atol=1e-14)


def test_max_norm_limits_the_step(digits: Dataset) -> None:
    network = small()
    before = network.theta.value.copy()
    run(network, digits.subset(np.arange(40)), rate=1.0, batch_size=None, max_norm=0.01)
    assert np.linalg.norm(network.theta.value - before) == pytest.approx(0.01, rel=1e-3)


def test_network_ends_with_the_averaged_weights(digits: Dataset) -> None:
    network, average = small(), ExponentialAverage(0.9)
    records = run(network, digits, epochs=2, average=average, validation=digits)
    np.testing.assert_array_equal(network.theta.value, average.value)
    assert digits.labels is not None
    right = (network.predict(digits.images) == digits.labels).mean()
    assert epochs(records)[-1].validation_accuracy == pytest.approx(right)


def with_dropout(seed: int = 0) -> Network:
    layers = [Normalize(), Flatten(), Dense(784, 16), ReLU(), Dropout(0.3), Dense(16, 10)]
    return Network(layers, seed=seed)


@pytest.mark.parametrize("batch_size", [64, None])
@pytest.mark.parametrize("stop_after", [1, 7, 9, 10, 11, 23])
def test_interrupted_and_continued_run_gives_the_same_bits(
    digits: Dataset, batch_size: int | None, stop_after: int
) -> None:
    """Stopping after any record and continuing from Progress changes nothing."""

    def options(optimizer: Adam) -> dict[str, Any]:
        return {
            "optimizer": optimizer,
            "schedule": OneCycle(0.01),
            "epochs": 3 if batch_size else 15,
            "batch_size": batch_size,
        }

    whole = with_dropout()
    expected = epochs(run(whole, digits, **options(Adam())))
    network, optimizer, progress = with_dropout(), Adam(), Progress()
    seen: list[Record] = []
    loop = fit(network, digits, progress=progress, **options(optimizer))
    for record in loop:
        seen.append(record)
        if len(seen) == stop_after:
            break
    loop.close()
    seen += run(network, digits, progress=progress, **options(optimizer))
    assert network.theta.value.tobytes() == whole.theta.value.tobytes()
    assert epochs(seen) == expected


def test_label_beyond_the_outputs_raises(digits: Dataset) -> None:
    network = Network([Normalize(), Flatten(), Dense(784, 3)])
    with pytest.raises(
        TenfoldError, match=r"labels must be from 0 to 2.*got 0 to 9: give its last"
    ):
        run(network, digits)


def test_labels_from_1_to_10_raise_with_both_meanings(digits: Dataset) -> None:
    labels = digits.require_labels() + 1
    with pytest.raises(
        TenfoldError, match=r"got 1 to 10: if they count from 1, use labels - 1; if"
    ):
        run(small(), Examples(digits.images, labels))


def test_empty_training_data_raises(digits: Dataset) -> None:
    with pytest.raises(TenfoldError, match="is empty: there is nothing to train on"):
        run(small(), digits.subset(np.arange(0)))


def test_batch_size_of_0_raises(digits: Dataset) -> None:
    with pytest.raises(TenfoldError, match=r"batch_size must be None or .* of at least 1, got 0"):
        run(small(), digits, batch_size=0)


def test_twenty_images_are_memorised(digits: Dataset) -> None:
    data = digits.subset(np.arange(20))
    records = run(small(), data, rate=0.01, optimizer=Adam(), epochs=100, batch_size=None)
    assert epochs(records)[0].train_loss == pytest.approx(math.log(10), abs=1.5)
    assert epochs(records)[-1].train_loss < 0.02
    assert epochs(records)[-1].train_accuracy == 1.0


@pytest.fixture
def blas_threads(two_blas_threads: None) -> Callable[[], list[int]]:
    """The numbers of threads of all BLAS libraries, which are 2 before the test."""
    return lambda: [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]


def test_blas_uses_one_thread_during_training_only(
    digits: Dataset, blas_threads: Callable[[], list[int]]
) -> None:
    before = blas_threads()
    assert set(before) <= {2}
    loop = fit(small(), digits, optimizer=SGD(), schedule=Constant(0.1))
    next(loop)
    assert set(blas_threads()) <= {1}
    loop.close()
    assert blas_threads() == before


def test_overlapping_loops_restore_the_blas_threads(
    digits: Dataset, blas_threads: Callable[[], list[int]]
) -> None:
    before = blas_threads()
    assert set(before) <= {2}
    loops = [fit(small(), digits, optimizer=SGD(), schedule=Constant(0.1)) for _ in range(2)]
    for loop in loops:
        next(loop)
    for loop in loops:
        loop.close()
    assert blas_threads() == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"epochs": 0},
        {"log_every": 0},
        {"epochs": 1.5},
        {"l2": -1.0},
        {"max_norm": 0.0},
        {"schedule": "fast"},
        {"schedule": True},
        {"optimizer": SGD},
    ],
)
def test_invalid_option_raises(digits: Dataset, wrong: dict[str, Any]) -> None:
    with pytest.raises(TenfoldError, match=f"{next(iter(wrong))} must be .*got "):
        run(small(), digits, **wrong)


def test_empty_validation_data_raises_before_training(digits: Dataset) -> None:
    with pytest.raises(TenfoldError, match="validation data is empty"):
        run(small(), digits, validation=digits.subset(np.arange(0)))


def test_optimizer_of_another_network_raises(digits: Dataset) -> None:
    adam = Adam()
    run(small(), digits, optimizer=adam, rate=0.001)
    other = Network([Normalize(), Flatten(), Dense(784, 10)])
    with pytest.raises(TenfoldError, match="another network"):
        run(other, digits, optimizer=adam)


@pytest.mark.parametrize("threads", [-1, 0, 257])
def test_invalid_number_of_threads_raises(threads: int, digits: Dataset) -> None:
    network = Network([Normalize(), Flatten(), Dense(784, 10)], seed=0)
    with pytest.raises(TenfoldError, match=f"threads must be .* from 1 to 256, got {threads}"):
        fit(network, digits, optimizer=SGD(), schedule=Constant(0.1), threads=threads)
