"""The classics equal the computations of their projects, written here with plain arrays."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tenfold.data import Dataset
from tenfold.nn import (
    SGD,
    Adam,
    DampedMomentum,
    MeanSquaredError,
    Network,
    Optimizer,
    ParameterVector,
    SoftmaxCrossEntropy,
    check_gradient,
)
from tenfold.nn.array import Array
from tenfold.recipes import CLASSICS, RECIPES, Split
from tenfold.recipes.classics.faults import (
    AdamWithoutCorrection,
    CrossEntropyAsWritten,
    OneBiasPerLayer,
    SquaredProbabilityError,
)
from tenfold.runs import Run, create_run, execute, summarise_classic
from tenfold.training import fit


@pytest.fixture(scope="module")
def few(digits: Dataset) -> Dataset:
    """The first 150 training images: the computations do not depend on their number."""
    return digits.subset(np.arange(150))


def trained(name: str, data: Dataset, epochs: int) -> tuple[Network, dict[str, Array]]:
    """Return the network of the as-written form after some epochs, and its initial arrays."""
    recipe = RECIPES[name]
    network = recipe.network(seed=3)
    start = {key: value.copy() for key, value in network.tensors().items()}
    for _ in fit(
        network,
        data,
        optimizer=recipe.optimizer,
        schedule=recipe.schedule,
        loss=recipe.loss,
        epochs=epochs,
        batch_size=recipe.batch_size,
    ):
        pass
    return network, start


def columns(start: dict[str, Array]) -> list[Array]:
    """Return the arrays as in the projects: (out, in) and (out, 1), one column per image."""
    names = [f"{layer}.{name}" for layer in (2, 4, 6) for name in ("weight", "bias")]
    arrays = [start[name] for name in names if name in start]
    return [a.T.copy() if a.ndim == 2 else a[:, None].copy() for a in arrays]


def assert_equal_networks(network: Network, arrays: list[Array]) -> None:
    own = columns(network.tensors())
    for mine, theirs in zip(own, arrays, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("name", ["classic-adam", "classic-gd"])
def test_adam_and_gd_as_written(few: Dataset, name: str) -> None:
    network, start = trained(name, few, epochs=4)
    w1, b1, w2, b2, w3, b3 = arrays = columns(start)
    x = few.images.reshape(-1, 784).T / 255.0
    y = np.eye(10)[few.require_labels()].T
    m, v = [0 * a for a in arrays], [0 * a for a in arrays]
    for _ in range(4):
        z1 = w1 @ x + b1
        a1 = np.maximum(z1, 0)
        z2 = w2 @ a1 + b2
        a2 = np.maximum(z2, 0)
        e = np.exp(w3 @ a2 + b3)
        d3 = e / sum(e) - y
        d2 = (w3.T @ d3) * (z2 > 0)
        d1 = (w2.T @ d2) * (z1 > 0)
        divided = name == "classic-adam"  # by the number of units of the layer
        one = [np.sum(d) / (d.shape[0] if divided else 1) for d in (d1, d2, d3)]
        gradients = [d1 @ x.T, one[0], d2 @ a1.T, one[1], d3 @ a2.T, one[2]]
        for i, (array, g) in enumerate(zip(arrays, gradients, strict=True)):
            if name == "classic-gd":
                array -= 1e-5 * g
            elif i < 5:  # the gradient of the last bias is rounding noise, normalised by Adam
                m[i] = 0.9 * m[i] + 0.1 * g
                v[i] = 0.99 * v[i] + 0.01 * g**2
                array -= 1e-2 * (m[i] / (1 - 0.9)) / (np.sqrt(v[i] / (1 - 0.99)) + 1e-8)
    if name == "classic-adam":
        network.tensors()["6.bias"][...] = b3[:, 0]
    assert_equal_networks(network, arrays)


@pytest.mark.parametrize(("name", "rate"), [("classic-layers", 0.5), ("classic-two-layer", 0.1)])
def test_two_layers_as_written(few: Dataset, name: str, rate: float) -> None:
    network, start = trained(name, few, epochs=5)
    w1, b1, w2, b2 = arrays = columns(start)
    x = few.images.reshape(-1, 784).T / 255.0
    y, n = np.eye(10)[few.require_labels()].T, len(few)
    for _ in range(5):
        z1 = w1 @ x + b1
        a1 = np.maximum(z1, 0)
        e = np.exp(w2 @ a1 + b2)
        d2 = (e / e.sum(axis=0) - y) / n
        d1 = (w2.T @ d2) * (z1 > 0)
        w2 -= rate * d2 @ a1.T
        w1 -= rate * d1 @ x.T
        whole_layer = name == "classic-layers"
        b2 -= rate * (d2.sum() if whole_layer else d2.sum(axis=1, keepdims=True))
        b1 -= rate * (d1.sum() if whole_layer else d1.sum(axis=1, keepdims=True))
    assert_equal_networks(network, arrays)


def test_momentum_as_written(few: Dataset) -> None:
    network, start = trained("classic-momentum", few, epochs=5)
    w1, b1, w2, b2, w3, b3 = arrays = columns(start)
    x = few.images.reshape(-1, 784).T / 255.0
    y, n = np.eye(10)[few.require_labels()].T, len(few)
    v = [0 * a for a in arrays]
    for _ in range(5):
        a1 = np.maximum(w1 @ x + b1, 0)
        a2 = np.maximum(w2 @ a1 + b2, 0)
        e = np.exp(w3 @ a2 + b3)
        d3 = e / e.sum(axis=0) - y
        d2 = (w3.T @ d3) * (a2 > 0)
        d1 = (w2.T @ d2) * (a1 > 0)
        pairs = ((d1, x), (d2, a1), (d3, a2))
        gradients = [g for d, a in pairs for g in (d @ a.T / n, d.sum(axis=1, keepdims=True) / n)]
        for i, g in enumerate(gradients):
            v[i] = 0.9 * v[i] + (1 - 0.9) * g
            arrays[i] -= 0.05 * v[i]
    assert_equal_networks(network, arrays)


def test_short_batch_of_minibatch_is_divided_by_64() -> None:
    rng = np.random.default_rng(0)
    logits, labels = rng.standard_normal((32, 10)), rng.integers(0, 10, 32)
    _, right = SoftmaxCrossEntropy()(logits, labels)
    _, written = CrossEntropyAsWritten("batch", divisor=64)(logits, labels)
    np.testing.assert_allclose(written, right / 2, rtol=1e-12)


def test_batch_shift_underflows_and_row_shift_does_not() -> None:
    logits = np.array([[0.0, 1.0], [-2000.0, -2001.0]])
    labels = np.array([1, 0])
    with np.errstate(invalid="ignore"):
        assert np.isnan(CrossEntropyAsWritten("batch")(logits, labels)[1][1]).all()
    assert np.isfinite(CrossEntropyAsWritten("row")(logits, labels)[1]).all()


def test_softmax_without_shift_overflows_and_row_shift_does_not() -> None:
    logits, labels = np.array([[800.0, 0.0]]), np.array([1])
    with np.errstate(over="ignore", invalid="ignore"):
        assert np.isnan(CrossEntropyAsWritten("none")(logits, labels)[1]).any()
    assert np.isfinite(CrossEntropyAsWritten("row")(logits, labels)[1]).all()


def constant_gradient(optimizer: Optimizer, steps: int) -> list[float]:
    """Return the length of each step for a gradient of 1, in units of the learning rate."""
    network = Network(RECIPES["linear"].architecture.layers(), dtype=np.float64)
    theta: ParameterVector = network.theta
    lengths = []
    for _ in range(steps):
        theta.grad[...] = 1.0
        before = theta.value[0]
        optimizer.step(theta, 1.0)
        lengths.append(float(before - theta.value[0]))
    return lengths


def test_first_steps_of_adam_without_correction_are_too_long() -> None:
    steps = constant_gradient(AdamWithoutCorrection(), 200)
    for t, expected in {1: 1.0, 5: 1.85, 13: 2.13, 50: 1.58, 200: 1.07}.items():
        assert steps[t - 1] == pytest.approx(expected, abs=0.005)
    assert max(steps) == steps[12]


def test_one_bias_per_layer_never_changes_the_output_biases(few: Dataset) -> None:
    recipe = RECIPES["classic-gd"]
    network = recipe.network(seed=0)
    before = network.tensors()["6.bias"].copy()
    hidden = network.tensors()["2.bias"].copy()
    for _ in fit(
        network,
        few,
        optimizer=OneBiasPerLayer(SGD()),
        schedule=recipe.schedule,
        loss=CrossEntropyAsWritten(),
        epochs=3,
        batch_size=None,
    ):
        pass
    np.testing.assert_allclose(network.tensors()["6.bias"], before, atol=1e-12)
    moved = network.tensors()["2.bias"] - hidden
    assert abs(moved).max() > 0
    np.testing.assert_allclose(moved, moved[0], rtol=1e-9)


def test_corrected_forms_have_no_fault() -> None:
    for classic in CLASSICS.values():
        recipe = classic.corrected
        assert type(recipe.loss) in (SoftmaxCrossEntropy, MeanSquaredError)
        assert type(recipe.optimizer) in (Adam, SGD, DampedMomentum)
        assert recipe.precision == "float32"
        assert recipe.source.validation == 5000
        assert recipe.epochs == classic.as_written.epochs
        assert classic.corrections
        assert RECIPES[recipe.name] is recipe


def test_summary_of_results(split: Split, tmp_path: Path) -> None:
    classic = CLASSICS["classic-two-layer"]
    runs = []
    for seed in range(2):
        recipe = replace(classic.as_written, epochs=21)
        run = create_run(Run(recipe, seed, tmp_path / str(seed), form="as_written"))
        for _ in execute(run, split):
            pass
        runs.append(run)
    summary = summarise_classic(classic, {"as_written": runs})
    assert summary["claims"][0]["value"] == 0.8453
    accuracies = [run.records()[-1]["train_accuracy"] for run in runs]
    assert summary["as_written"]["train_accuracy"] == pytest.approx(np.mean(accuracies))
    assert summary["as_written"]["seeds"] == [0, 1]
    assert [row["test_n"] for row in summary["as_written"]["runs"]] == [100, 100]
    assert (
        "furthest_from_log" not in summary["as_written"]["runs"][0]
    )  # the log goes up to step 490


def test_run_as_written_is_compared_with_the_log_of_its_project(
    split: Split, tmp_path: Path
) -> None:
    classic = replace(CLASSICS["classic-two-layer"], log={0: 0.5, 10: 0.25})
    recipe = replace(classic.as_written, epochs=11)
    run = create_run(Run(recipe, 3, tmp_path / "run", form="as_written"))
    for _ in execute(run, split):
        pass
    first, last = (record["train_accuracy"] for record in run.records())
    (row,) = summarise_classic(classic, {"as_written": [run]})["as_written"]["runs"]
    assert row["marks_of_log"] == 2
    assert row["furthest_from_log"] == max(abs(first - 0.5), abs(last - 0.25))
    (other,) = summarise_classic(classic, {"corrected": [run]})["corrected"]["runs"]
    assert "furthest_from_log" in other  # the form of the run decides
    elsewhere = replace(run, form="corrected")
    (other,) = summarise_classic(classic, {"corrected": [elsewhere]})["corrected"]["runs"]
    assert "furthest_from_log" not in other


def test_recipes_record_at_the_updates_of_the_logs() -> None:
    for classic in CLASSICS.values():
        recipe = classic.as_written
        assert all(mark % recipe.log_every == 0 and mark < recipe.epochs for mark in classic.log)
        assert all(0 < accuracy <= 1 for accuracy in classic.log.values())


def test_gradient_of_squared_probability_error() -> None:
    rng = np.random.default_rng(1)
    logits, labels = rng.standard_normal((6, 10)), rng.integers(0, 10, 6)
    loss = SquaredProbabilityError()
    _, dz = loss(logits, labels)
    check = check_gradient(
        "dz", lambda: loss(logits, labels)[0], logits, dz, np.random.default_rng(2)
    )
    assert check.error < 1e-7, check
