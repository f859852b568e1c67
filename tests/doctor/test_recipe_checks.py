"""Faults planted in recipes and networks: found before training, and corrected by the fix."""

import functools

import numpy as np
import pytest

from tenfold.data import Dataset
from tenfold.doctor import Finding, examine_network, examine_recipe
from tenfold.doctor.dead_units import dead_units_finding
from tenfold.doctor.fix import with_settings
from tenfold.doctor.recipe.one_batch import overfit_one_batch
from tenfold.errors import TenfoldError
from tenfold.nn import Dense, Flatten, Network, Normalize, ReLU
from tenfold.recipes import CLASSICS, RECIPES, Recipe, apply_settings, train_command
from tests.doctor.fixes import names, recipe_of

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
    better = recipe_of(finding.fix)
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
    assert examined(recipe_of(finding.fix), digits) == ()


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
    assert "initializer=HeNormal" in finding.fix


def test_zero_weights_without_hidden_layer_are_no_fault(digits: Dataset) -> None:
    assert examined(apply_settings(RECIPES["linear"], ["initializer=Zeros"]), digits) == ()


def test_unscaled_pixels_are_found(digits: Dataset) -> None:
    [finding] = examined(apply_settings(RECIPES["mlp"], ["mean=0", "deviation=1"]), digits)
    assert finding.name == "inputs-unscaled"
    assert "values up to 255" in finding.evidence
    assert recipe_of(finding.fix) == RECIPES["mlp"]


def test_large_initial_weights_are_found(digits: Dataset) -> None:
    settings = ["initializer=Uniform", "initializer.limit=1"]
    findings = examined(apply_settings(RECIPES["linear"], settings), digits)
    assert "start-loss" in names(findings)
    assert examined(recipe_of(findings[0].fix), digits) == ()


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
    assert recipe_of(finding.fix).architecture != RECIPES["mlp"].architecture


def test_setting_replaces_an_earlier_one() -> None:
    command = "tenfold train mlp --set schedule.learning_rate=1.0 --set epochs=3"
    assert with_settings(command, "learning_rate=0.1") == (
        "tenfold train mlp --set epochs=3 --set learning_rate=0.1"
    )


def test_labels_that_the_network_cannot_predict_raise(digits: Dataset) -> None:
    recipe = apply_settings(RECIPES["mlp"], ["classes=5"])
    with pytest.raises(TenfoldError, match="labels must be from 0 to 4"):
        examine_recipe(recipe, digits, "tenfold train mlp")
    with pytest.raises(TenfoldError, match="labels must be from 0 to 4"):
        examine_network(recipe.network(0), digits)
