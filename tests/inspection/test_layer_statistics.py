"""Layer statistics are those computed by hand, and measuring changes nothing."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tenfold.data import Dataset
from tenfold.inspection import LayerMonitor, LayerRow, measure_layers, monitored_steps
from tenfold.nn import (
    GELU,
    SGD,
    Adam,
    BatchNorm,
    Constant,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    LeakyReLU,
    Network,
    Normalize,
    ReLU,
    Sigmoid,
    SoftmaxCrossEntropy,
)
from tenfold.nn.array import Array
from tenfold.training import Batches, StepRecord, fit

RATE = 0.05


def network() -> Network:
    first = [Normalize(), Conv2D(1, 3, 5, 3), BatchNorm(3), ReLU(), Flatten(), Dropout(0.2)]
    return Network([*first, Dense(192, 12), GELU(), Dense(12, 10)], seed=3)


def train(
    net: Network,
    data: Dataset,
    measure: Callable[[StepRecord], None] = lambda record: None,
    **more: Any,
) -> None:
    options: dict[str, Any] = {"optimizer": SGD(), "schedule": Constant(RATE), "batch_size": 50}
    for record in fit(net, data, **(options | more)):
        if isinstance(record, StepRecord):
            measure(record)


def monitored(net: Network, data: Dataset, epochs: int = 2, **more: Any) -> list[LayerRow]:
    monitor, rows = LayerMonitor(net, Batches(net, data, 50), epochs), []

    def measure(record: StepRecord) -> None:
        rows.extend(monitor.after_step(record.step))

    train(net, data, measure, epochs=epochs, **more)
    return rows


@pytest.fixture(scope="module")
def six_epochs(digits: Dataset) -> list[LayerRow]:
    """The rows of a training in which not every step is measured."""
    return monitored(network(), digits, 6)


def rms(*arrays: Array) -> float:
    every = [float(x) for array in arrays for x in array.ravel()]
    return math.sqrt(sum(x * x for x in every) / len(every))


def near(value: float) -> Any:
    return pytest.approx(value, rel=2e-5, abs=1e-7)


@given(st.integers(1, 10_000_000))
@example(1)
@example(40)
@example(41)
def test_about_forty_steps_from_the_first_to_the_last_are_measured(total: int) -> None:
    steps = monitored_steps(total)
    assert (steps[0], steps[-1]) == (0, total - 1)
    assert list(steps) == sorted(set(steps))
    assert min(total, 31) <= len(steps) <= 40
    if total > 1000:
        early = [step for step in steps if step < total / 10]
        assert 10 <= len(early) <= 14
        gaps = np.diff(steps)
        # Gaps grow, except for rounding to whole steps ...
        assert (np.diff(gaps[: len(early) - 1]) >= -1).all()
        assert np.ptp(gaps[len(early) + 1 :]) <= 1  # ... and are then equal


def test_short_run_is_measured_at_every_step() -> None:
    assert monitored_steps(7) == (0, 1, 2, 3, 4, 5, 6)


@pytest.mark.parametrize("shards", [1, 2])
def test_weights_gradients_and_updates_agree_with_those_by_hand(
    digits: Dataset, shards: int
) -> None:
    """With SGD the update is the gradient times the learning rate, so one checks the other."""
    net = network()
    monitor = LayerMonitor(net, Batches(net, digits, 50), 2)
    before = {p.name: p.value.copy() for p in net.parameters}

    def measure(record: StepRecord) -> None:
        rows = {row["layer"]: row for row in monitor.after_step(record.step)}
        after = {p.name: p.value.copy() for p in net.parameters}
        assert list(rows) == [1, 2, 3, 6, 7, 8]
        for index, names in {
            1: ["1.weight"],  # the weights, without the bias
            2: ["2.scale", "2.shift"],  # a layer without weights
            8: ["8.weight"],
        }.items():
            change = rms(*(after[n] - before[n] for n in names))
            assert rows[index]["weight_rms"] == near(rms(*(after[n] for n in names)))
            ratio = change / rms(*(before[n] for n in names))
            assert rows[index]["update_ratio"] == near(ratio)
            assert rows[index]["gradient_rms"] == pytest.approx(change / RATE, rel=1e-3)
        before.update(after)

    train(net, digits, measure, epochs=2, shards=shards)


def test_gradient_is_that_of_the_whole_batch_with_l2_and_clipping(
    digits: Dataset,
) -> None:
    data, found = digits.subset(np.arange(50)), {}
    for shards in (1, 2):
        net = Network([Normalize(), Flatten(), Dense(784, 10)], seed=1)
        rows = monitored(net, data, 1, shards=shards, l2=0.1)
        found[shards] = rows[0]["gradient_rms"]
    net = Network([Normalize(), Flatten(), Dense(784, 10)], seed=1, dtype=np.float64)
    logits = net.forward(data.images, training=True)
    _, dlogits = SoftmaxCrossEntropy()(logits, data.require_labels())
    net.backward(dlogits)
    weight = net.parameters[0]
    expected = rms(weight.grad + 0.1 * weight.value)
    assert found == {1: near(expected), 2: near(expected)}
    net = Network([Normalize(), Flatten(), Dense(784, 10)], seed=1)
    clipped = monitored(net, data, 1, l2=0.1, max_norm=0.01)
    assert clipped[0]["gradient_rms"] == pytest.approx(0.01 / math.sqrt(7840), rel=0.02)


def test_outputs_are_those_of_the_network_after_the_step(digits: Dataset) -> None:
    net = network()
    monitor = LayerMonitor(net, Batches(net, digits, 50), 2)
    assert monitor.probe.shape == (16, 28, 28, 1)  # the minimum, because the run is short

    def measure(record: StepRecord) -> None:
        rows = {row["layer"]: row for row in monitor.after_step(record.step)}
        logits = net.forward(monitor.probe).astype(np.float64)
        assert rows[8]["mean"] == near(sum(logits.flat) / 160)
        assert rows[8]["deviation"] == near(float(logits.std()))
        assert rows[8]["images"] == 16
        assert rows[8]["step"] == record.step

    train(net, digits, measure, epochs=2)


def test_probe_is_a_fixed_choice_of_training_images(digits: Dataset) -> None:
    net = network()
    batches = Batches(net, digits, 50)
    long = LayerMonitor(net, batches, 1000).probe
    assert len(long) == 256
    known = {image.tobytes() for image in digits.images}
    assert {image.tobytes() for image in long} <= known
    assert (long != digits.images[:256]).any()  # not the first images, which may be sorted
    assert LayerMonitor(net, batches, 1000, 400).probe.tobytes() == long.tobytes()
    assert [len(LayerMonitor(net, batches, epochs).probe) for epochs in (1, 100, 426, 427)] == [
        *(16, 37, 159, 160)
    ]
    assert len(LayerMonitor(net, Batches(net, digits.subset(np.arange(9)), 3), 2).probe) == 9


def test_dead_units_are_counted_with_a_feature_map_as_one_unit(digits: Dataset) -> None:
    first = [Normalize(), Conv2D(1, 4, 5, 3), ReLU(), Flatten(), Dense(256, 5), GELU()]
    last = [Dense(5, 8), LeakyReLU(), Dense(8, 10), Sigmoid(), Dense(10, 10)]
    net = Network([*first, *last])
    biases = {p.name: p.value for p in net.parameters if p.name.endswith("bias")}
    biases["1.bias"][...] = [
        -1e4,
        1e4,
        -1e4,
        0,
    ]  # two of four maps; the last is 0 in some places only
    biases["4.bias"][...] = [-1e9, -1e9, 1e9, 1e9, 1e9]  # two of five units
    biases["6.bias"][:3] = -1e9  # none: their output is not 0
    rows = {
        row["name"]: row for row in LayerMonitor(net, Batches(net, digits, 50), 1).after_step(0)
    }
    shares = {name: row["dead"] for name, row in rows.items() if "dead" in row}
    assert shares == {"2 ReLU": 0.5, "5 GELU": 0.4, "7 LeakyReLU": 0.0}
    assert {"mean", "deviation"} <= set(rows["9 Sigmoid"])


def test_first_middle_and_last_step_have_histograms_of_all_entries(
    digits: Dataset,
) -> None:
    rows = monitored(net := network(), digits)
    detailed = [row for row in rows if "histograms" in row]
    assert sorted({row["step"] for row in detailed}) == [0, 11, 23]
    last = {row["layer"]: row["histograms"] for row in detailed if row["step"] == 23}
    assert list(last) == [1, 2, 6, 8]
    assert list(last[2]) == ["scale", "shift"]
    for parameter in net.parameters:
        layer, name = parameter.name.split(".")
        for histogram in last[int(layer)][name].values():
            assert sum(histogram["counts"]) == parameter.size
            assert len(histogram["counts"]) == 40
        values = last[int(layer)][name]["values"]
        assert (values["low"], values["high"]) == (parameter.value.min(), parameter.value.max())
        entries = np.histogram(parameter.value.astype(float), 40)[0]
        assert values["counts"] == entries.tolist()


def test_equal_numbers_have_a_histogram(digits: Dataset) -> None:
    net = Network([Normalize(), Flatten(), Dense(784, 10)])
    net.parameters[0].value[...] = 1
    rows = monitored(net, digits, 1, schedule=Constant(1e-30))
    weight, updates = rows[0]["histograms"]["weight"].values()
    assert weight["low"] < 1 < weight["high"]
    assert updates["low"] < 0 < updates["high"]
    assert max(weight["counts"]) == max(updates["counts"]) == 7840
    assert rows[0]["update_ratio"] == 0


def test_non_finite_values_and_undefined_ratios_are_none(digits: Dataset) -> None:
    net = Network([Normalize(), Flatten(), Dense(784, 10)])
    monitor = LayerMonitor(net, Batches(net, digits, 50), 1)
    net.theta.value[:5] = math.inf
    (row,) = monitor.after_step(0)
    assert {row["mean"], row["deviation"], row["weight_rms"], row["update_ratio"]} == {None}
    assert row["histograms"]["weight"] == {"values": None, "updates": None}
    zero = Network([Normalize(), Flatten(), Dense(784, 10)])
    zero.theta.value[...] = 0
    rows = monitored(zero, digits, 1)
    assert rows[0]["update_ratio"] is None
    assert rows[1]["update_ratio"] > 0


@pytest.mark.parametrize("shards", [1, 2])
def test_monitoring_does_not_change_the_training(digits: Dataset, shards: int) -> None:
    options: dict[str, Any] = {"epochs": 3, "shards": shards, "threads": 2}
    monitored(net := network(), digits, optimizer=Adam(), **options)
    train(alone := network(), digits, optimizer=Adam(), **options)
    for name, array in alone.tensors().items():
        assert array.tobytes() == net.tensors()[name].tobytes(), name


def test_other_steps_are_not_measured(six_epochs: list[LayerRow]) -> None:
    assert sorted({row["step"] for row in six_epochs}) == list(monitored_steps(72))
    assert len(six_epochs) == 6 * len(monitored_steps(72)) < 6 * 72


def test_resumed_run_gives_the_same_rows(digits: Dataset, six_epochs: list[LayerRow]) -> None:
    """A new monitor before each step is as a run that is resumed before each step."""
    net = network()
    monitor = LayerMonitor(net, Batches(net, digits, 50), 6)
    rows: list[LayerRow] = []

    def measure(record: StepRecord) -> None:
        nonlocal monitor
        rows.extend(monitor.after_step(record.step))
        monitor = LayerMonitor(net, Batches(net, digits, 50), 6, record.step + 1)

    train(net, digits, measure, epochs=6)
    assert rows == six_epochs


def test_measure_layers_measures_the_network_as_it_is_now(digits: Dataset) -> None:
    net, images = network(), digits.images[:20]
    before = net.theta.value.tobytes()
    rows = {row["name"]: row for row in measure_layers(net, images)}
    names = ["1 Conv2D", "2 BatchNorm", "3 ReLU", "6 Dense", "7 GELU", "8 Dense"]
    assert list(rows) == names
    logits, weight = net.forward(images).astype(np.float64), net.tensors()["8.weight"]
    assert rows["8 Dense"] == {
        "layer": 8,
        "name": "8 Dense",
        "images": 20,
        "mean": near(float(logits.mean())),
        "deviation": near(float(logits.std())),
        "weight_rms": near(rms(weight)),
    }
    assert set(rows["3 ReLU"]) == {"layer", "name", "images", "mean", "deviation", "dead"}
    assert rows["2 BatchNorm"]["weight_rms"] == near(math.sqrt(0.5))  # scales 1, shifts 0
    weight *= 2
    changed = {row["name"]: row for row in measure_layers(net, images)}
    assert changed["8 Dense"]["weight_rms"] == near(rms(weight))
    weight /= 2
    assert net.theta.value.tobytes() == before
    net.theta.value[...] = math.nan
    assert measure_layers(net, images)[-1]["mean"] is None
