"""Faults planted in recipes and networks: found before training, and corrected by the remedy."""

import functools

import numpy as np
import pytest

from tenfold.data import Dataset
from tenfold.doctor import Finding, examine_network, examine_recipe
from tenfold.doctor.dead_units import dead_units_finding
from tenfold.doctor.recipe.case import RecipeCase
from tenfold.doctor.recipe.learning_rate import HighLearningRate
from tenfold.doctor.recipe.one_batch import overfit_one_batch
from tenfold.doctor.recipe.trial import Trial, run_trial
from tenfold.doctor.remedy import with_settings
from tenfold.nn import Dense, Flatten, Network, Normalize, ReLU
from tenfold.recipes import CLASSICS, RECIPES, Recipe, apply_settings, train_command
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
    assert (network.theta.value == before).all()


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
    assert f"at best {result.accuracy:.0%} of them are right" in finding.evidence


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


def test_trial_records_losses_and_update_ratios(digits: Dataset) -> None:
    trial = run_trial(RECIPES["linear"], digits, seed=0)
    assert len(trial.losses) == len(trial.ratios) == 30  # three epochs of ten batches
    assert trial.final_loss < trial.losses[0]


def test_trial_that_diverges_records_why(digits: Dataset) -> None:
    trial = run_trial(RECIPES["classic-gd-corrected"], digits, seed=0, factor=1000)
    assert trial.final_loss == float("inf")
    assert "training diverged" in trial.broke_off


def trial(rate: float, losses: list[float], step: float) -> Trial:
    network = RECIPES["linear"].network(0)
    return Trial(rate, np.array(losses), np.full(len(losses), step), "", network)


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
