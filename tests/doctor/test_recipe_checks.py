"""Faults planted in recipes and networks: found before training, and corrected by the remedy."""

import functools
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from tenfold.data import Dataset
from tenfold.doctor import Finding, examine_network, examine_recipe
from tenfold.doctor.dead_units import dead_units_finding
from tenfold.doctor.recipe.case import RecipeCase
from tenfold.doctor.recipe.learning_rate import HighLearningRate
from tenfold.doctor.recipe.one_batch import overfit_one_batch
from tenfold.doctor.recipe.small_batches import SmallBatches
from tenfold.doctor.recipe.trial import Trial, plan_trial, run_trial
from tenfold.doctor.remedy import with_settings
from tenfold.errors import TenfoldError
from tenfold.nn import Dense, Flatten, Network, Normalize, ReLU
from tenfold.recipes import CLASSICS, RECIPES, Recipe, apply_settings, train_command
from tenfold.training import Record, StepRecord, fit
from tests.doctor.remedies import names, recipe_of

CORRECTED = tuple(classic.corrected.name for classic in CLASSICS.values())


@functools.cache
def _examined(command: str, data: Dataset) -> tuple[Finding, ...]:
    return examine_recipe(recipe_of(command), data, command).findings


def examined(recipe: Recipe, data: Dataset) -> tuple[Finding, ...]:
    """Examine a recipe; each recipe is examined only once."""
    return _examined(train_command(recipe), data)


@pytest.mark.parametrize("name", ["quick", "mlp", "linear", *CORRECTED])
def test_healthy_recipe_has_no_findings(name: str, digits: Dataset) -> None:
    assert examined(RECIPES[name], digits) == ()


@pytest.mark.parametrize("name", ["mlp", "linear", *CORRECTED])
def test_learning_rate_100_times_too_high_is_found(name: str, digits: Dataset) -> None:
    healthy = RECIPES[name].schedule.learning_rate
    faulty = apply_settings(RECIPES[name], [f"learning_rate={100 * healthy}"])
    [finding] = examined(faulty, digits)
    assert finding.name == "learning-rate"
    assert "they overshoot" in finding.cause
    better = recipe_of(finding.remedy)
    assert healthy / 11 < better.schedule.learning_rate < healthy * 11
    assert examined(better, digits) == ()


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("mlp", []),
        ("quick", []),
        ("classic-gd-corrected", ["hidden=16"]),
    ],
)
def test_zero_initial_weights_are_found(name: str, settings: list[str], digits: Dataset) -> None:
    faulty = apply_settings(RECIPES[name], ["initializer=Zeros", *settings])
    [finding] = examined(faulty, digits)
    assert finding.name == "dead-network"
    assert "the initial weights are all zero" in finding.cause
    assert "weight arrays have a zero gradient" in finding.evidence
    assert examined(recipe_of(finding.remedy), digits) == ()


def test_biases_far_below_zero_are_found(digits: Dataset) -> None:
    network = Network([Normalize(), Flatten(), Dense(784, 16), ReLU(), Dense(16, 10)])
    assert examine_network(network, digits).findings == ()
    network.tensors()["2.bias"][...] = -1000
    before = network.theta.value.copy()
    [finding] = examine_network(network, digits).findings
    assert finding.name == "dead-network"
    assert "16 of 16 ReLU units are 0 for all 256 images" in finding.evidence
    assert finding.cause.startswith("initial biases or weights are so far below zero")
    assert (network.theta.value == before).all()


@pytest.mark.parametrize("activation", ["ReLU", "Tanh", "LeakyReLU", "GELU"])
def test_zero_initial_weights_are_named_for_every_activation(
    activation: str, digits: Dataset
) -> None:
    settings = ["initializer=Zeros", "batch_norm=false", f"activation={activation}"]
    [finding] = examined(apply_settings(RECIPES["mlp"], settings), digits)
    assert finding.cause == (
        "the initial weights are all zero in 3 of 3 layers, so they have no gradient and stay zero "
        "at any learning rate"
    )
    assert "initializer=HeNormal" in finding.remedy


def test_zero_weights_without_hidden_layer_are_no_fault(digits: Dataset) -> None:
    assert examined(apply_settings(RECIPES["linear"], ["initializer=Zeros"]), digits) == ()


def test_unscaled_pixels_are_found(digits: Dataset) -> None:
    [finding] = examined(apply_settings(RECIPES["mlp"], ["mean=0", "deviation=1"]), digits)
    assert finding.name == "inputs-unscaled"
    assert "values up to 255" in finding.evidence
    assert recipe_of(finding.remedy) == RECIPES["mlp"]


def test_large_initial_weights_are_found(digits: Dataset) -> None:
    settings = ["initializer=Uniform", "initializer.limit=1"]
    findings = examined(apply_settings(RECIPES["linear"], settings), digits)
    assert "start-loss" in names(findings)
    assert examined(recipe_of(findings[0].remedy), digits) == ()


def test_network_that_cannot_learn_a_batch_is_found(digits: Dataset) -> None:
    narrow = Network([Normalize(), Flatten(), Dense(784, 1), ReLU(), Dense(1, 10)])
    [finding] = examine_network(narrow, digits).findings
    assert finding.name == "one-batch"
    result = overfit_one_batch(narrow, digits)
    assert f"at best {result.accuracy:.0%} of them are predicted correctly" in finding.evidence


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        (2, []),  # 30 of 32 can be learned
        (16, ["one-batch"]),
    ],
)
def test_batch_must_be_learned_to_90_percent(wrong: int, found: list[str], digits: Dataset) -> None:
    # Pairs of equal images with different labels, of which only one can be right.
    images, labels = digits.images[:32].copy(), digits.require_labels()[:32].copy()
    images[:wrong], labels[:wrong] = images[wrong : 2 * wrong], labels[wrong : 2 * wrong] + 1
    data = Dataset(images, labels % 10)
    assert names(examine_network(RECIPES["linear"].network(0), data).findings) == found


@pytest.mark.parametrize(
    ("name", "settings", "images", "steps", "sizes"),
    [
        ("linear", [], 600, 25, {128, 88}),  # five epochs of five batches
        ("linear", ["batch_size=64"], 600, 30, {64, 24}),
        ("linear", ["batch_size=500"], 600, 24, {500, 100}),
        ("linear", ["batch_size=full"], 600, 24, {600}),
        ("linear", ["batch_size=10000"], 600, 24, {600}),
        ("linear", ["batch_size=16"], 600, 76, {16, 8}),
        ("quick", [], 600, 24, {256, 88}),
        ("quick", ["batch_size=4"], 40, 200, {4}),
    ],
)
def test_trial_has_the_batches_of_the_recipe(
    name: str,
    settings: list[str],
    images: int,
    steps: int,
    sizes: set[int],
    digits: Dataset,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen = set()

    def spied(*arguments: Any, **options: Any) -> Iterator[Record]:
        assert options["shards"] == RECIPES[name].shards
        for record in fit(*arguments, **options):
            if isinstance(record, StepRecord):
                seen.add(len(record.labels))
            yield record

    monkeypatch.setattr("tenfold.doctor.recipe.trial.fit", spied)
    recipe = apply_settings(RECIPES[name], settings)
    trial = run_trial(recipe, digits.subset(np.arange(images)), seed=0)
    assert (trial.steps, seen) == (steps, sizes)
    assert len(trial.ratios) == steps
    assert trial.final_loss < trial.losses[0]


def test_losses_of_small_batches_are_averaged_over_32_images(digits: Dataset) -> None:
    recipe = apply_settings(RECIPES["linear"], ["batch_size=1", "learning_rate=1e-9"])
    trial = run_trial(recipe, digits, seed=0)
    assert trial.steps == 1200  # two epochs
    assert len(trial.losses) == 38
    # With hardly any learning, these are means over the images, not losses of single ones.
    assert np.ptp(trial.losses[:-1]) < 1.5


@pytest.mark.parametrize(
    ("name", "settings", "count", "plan"),
    [
        ("mlp", [], 55_000, (24, 24 * 128)),
        ("mlp", ["batch_size=full"], 55_000, (24, 2048)),
        ("mlp", ["batch_size=full"], 300, (24, 300)),
        ("mlp", ["batch_size=2"], 55_000, (24 * 16, 24 * 32)),
        ("champion", [], 55_000, (12, 12 * 128)),  # fewer steps, not smaller batches
        ("champion", ["batch_size=10000"], 55_000, (12, 204)),  # fewer images
        ("champion", ["batch_size=10000", "shards=64"], 55_000, (12, 204)),
    ],
)
def test_trial_is_limited_by_steps_and_images(
    name: str, settings: list[str], count: int, plan: tuple[int, int]
) -> None:
    recipe = apply_settings(RECIPES[name], settings)
    assert plan_trial(recipe, recipe.network(0), count) == plan


def test_trial_that_diverges_records_why(digits: Dataset) -> None:
    trial = run_trial(RECIPES["classic-gd-corrected"], digits, seed=0, factor=1000)
    assert trial.final_loss == float("inf")
    assert "training diverged" in trial.broke_off


def trial(rate: float, losses: list[float], step: float) -> Trial:
    network = RECIPES["linear"].network(0)
    return Trial(rate, len(losses), np.array(losses), np.full(len(losses), step), "", network)


class PlannedCase(RecipeCase):
    """A case whose trials with other learning rates end as planned."""

    def __init__(self, first: Trial, ends: dict[float, float], train: Dataset) -> None:
        recipe = RECIPES["linear"]
        super().__init__(first.network, train, "tenfold train linear", recipe, 0)
        self.__dict__.update(trial=first, ends=ends)

    def try_rate(self, factor: float) -> Trial:
        return trial(factor, [self.__dict__["ends"][factor]] * 24, 0.01)


@pytest.mark.parametrize(
    ("ends", "better"),
    [
        ((2.0, 0.5, 0.6), 0.001),  # near the best: the lower rate
        ((0.5, 0.6, 1.0), 0.01),
        ((0.5, 0.8, 1.0), 0.1),
        ((1.9, 2.0, 2.2), None),  # none is much better
    ],
)
def test_lowest_of_equally_good_rates_is_proposed(
    ends: tuple[float, float, float], better: float | None, digits: Dataset
) -> None:
    first = trial(1.0, [2.3, 5.0] + [2.0] * 22, step=0.3)
    planned = dict(zip((0.1, 0.01, 0.001), ends, strict=True))
    finding = HighLearningRate().run(PlannedCase(first, planned, digits))
    if better is None:
        assert finding is None
    else:
        assert finding is not None
        assert finding.remedy == f"tenfold train linear --set learning_rate={better}"


def test_other_rates_are_tried_only_if_the_trial_looks_bad(digits: Dataset) -> None:
    fine = trial(1.0, [2.3, 4.5] + [2.0] * 22, step=0.25)
    # Without planned trials, another one would raise KeyError.
    assert HighLearningRate().run(PlannedCase(fine, {}, digits)) is None


@pytest.mark.parametrize(("dead", "units"), [(80, 100), (70, 100), (0, 0)])
def test_more_than_70_percent_dead_units_are_found(dead: int, units: int, digits: Dataset) -> None:
    hidden = [Dense(784, units), ReLU()] if units else []
    network = Network([Normalize(), Flatten(), *hidden, Dense(units or 784, 10)])
    if units:
        network.tensors()["2.bias"][...] = np.where(np.arange(units) < dead, -1000, 1000)
    finding = dead_units_finding(network, digits.images[:20], "tenfold train mlp")
    if dead != 80:
        assert finding is None
        return
    assert finding is not None
    assert "80 of 100 ReLU units (80%) are 0 for all 20 images" in finding.evidence
    assert recipe_of(finding.remedy).architecture != RECIPES["mlp"].architecture


def test_setting_replaces_an_earlier_one() -> None:
    command = "tenfold train mlp --set schedule.learning_rate=1.0 --set epochs=3"
    assert with_settings(command, "learning_rate=0.1") == (
        "tenfold train mlp --set epochs=3 --set learning_rate=0.1"
    )


@pytest.mark.parametrize(
    ("name", "settings", "images"),
    [
        ("mlp", ["batch_size=1"], 600),
        ("mlp", ["batch_size=2", "shards=2"], 600),
        ("mlp", ["shards=64", "batch_size=100"], 600),
        ("quick", ["batch_size=1"], 600),
        ("quick", ["batch_size=3"], 600),
        ("quick", [], 3),
        ("quick", ["batch_size=1"], 3),
        ("mlp", [], 1),
    ],
)
def test_small_batches_are_found_and_corrected(
    name: str, settings: list[str], images: int, digits: Dataset
) -> None:
    data = digits.subset(np.arange(images))
    faulty = apply_settings(RECIPES[name], settings)
    command = train_command(faulty)
    with pytest.raises(TenfoldError, match="batch normalisation needs at least 2 images") as raised:
        fit(faulty.network(0), data, **faulty.fit_arguments())
    findings = examine_recipe(faulty, data, command).findings
    assert names(findings) == ["small-batches"]
    assert findings[0].evidence.split(";")[0] in str(raised.value)
    better = recipe_of(findings[0].remedy)
    fit(better.network(0), data, **better.fit_arguments()).close()
    assert "small-batches" not in names(examine_recipe(better, data, command).findings)


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("mlp", ["batch_size=2"]),
        ("quick", ["batch_size=4"]),
        ("quick", ["batch_size=2", "shards=1"]),
        ("linear", ["batch_size=1"]),
        ("mlp", ["batch_size=1", "batch_norm=false"]),
        ("champion", ["batch_size=1", "shards=1"]),
    ],
)
def test_batches_that_fit_accepts_have_no_finding(
    name: str, settings: list[str], digits: Dataset
) -> None:
    recipe = apply_settings(RECIPES[name], settings)
    fit(recipe.network(0), digits, **recipe.fit_arguments()).close()
    case = RecipeCase(recipe.network(0), digits, "tenfold train", recipe, 0)
    assert SmallBatches().run(case) is None


def test_network_with_a_single_training_image_is_not_examined_further(digits: Dataset) -> None:
    network = RECIPES["mlp"].network(0)
    [finding] = examine_network(network, digits.subset([0])).findings
    assert finding.name == "small-batches"


def test_labels_that_the_network_cannot_predict_raise(digits: Dataset) -> None:
    recipe = apply_settings(RECIPES["mlp"], ["classes=5"])
    with pytest.raises(TenfoldError, match="labels must be from 0 to 4"):
        examine_recipe(recipe, digits, "tenfold train mlp")
    with pytest.raises(TenfoldError, match="labels must be from 0 to 4"):
        examine_network(recipe.network(0), digits)
