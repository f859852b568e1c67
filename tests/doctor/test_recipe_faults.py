"""Faults planted in recipes and networks: found before anything is trained."""

import shlex
from itertools import pairwise

import numpy as np
import pytest

from tenfold.data import Dataset
from tenfold.doctor import examine_network, examine_recipe, train_command
from tenfold.doctor.dead_units import many_dead_units
from tenfold.doctor.recipe.learning_rate import learning_rate
from tenfold.doctor.recipe.memorization import learns_one_batch
from tenfold.doctor.recipe.trial import Memory, Trial, one_batch, short_run
from tenfold.doctor.remedy import with_settings
from tenfold.nn import Dense, Flatten, Network, Normalize, ReLU
from tenfold.recipes import CLASSICS, RECIPES, Recipe, apply_settings, settings_between
from tests.doctor.planted import names

CHEAP = ("quick", "mlp", "linear", *(c.corrected.name for c in CLASSICS.values()))


def mended(command: str) -> Recipe:
    """Return the recipe that a command would train."""
    words = shlex.split(command)
    assert words[:2] == ["tenfold", "train"]
    settings = [value for word, value in pairwise(words) if word == "--set"]
    return apply_settings(RECIPES[words[2]], settings)


def examined(recipe: Recipe, data: Dataset) -> tuple[list[str], str]:
    findings = examine_recipe(recipe, data, train_command(recipe)).findings
    return names(findings), findings[0].remedy if findings else ""


@pytest.mark.parametrize("name", CHEAP)
def test_healthy_recipes_are_not_blamed(name: str, digits: Dataset) -> None:
    assert examined(RECIPES[name], digits) == ([], "")


@pytest.mark.parametrize("name", ["mlp", "linear", *(c.corrected.name for c in CLASSICS.values())])
def test_a_learning_rate_100_times_too_high(name: str, digits: Dataset) -> None:
    healthy = RECIPES[name].schedule.learning_rate
    ill = apply_settings(RECIPES[name], [f"learning_rate={100 * healthy}"])
    [finding] = examine_recipe(ill, digits, train_command(ill)).findings
    assert finding.name == "learning-rate"
    assert "steps are longer" in finding.cause
    better = mended(finding.remedy)
    assert healthy / 11 < better.schedule.learning_rate < healthy * 11
    assert examined(better, digits) == ([], "")


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("mlp", ["initializer=Zeros"]),
        ("quick", ["initializer=Zeros"]),
        ("classic-gd-corrected", ["initializer=Zeros", "hidden=16"]),
    ],
)
def test_a_dead_network(name: str, settings: list[str], digits: Dataset) -> None:
    [finding] = examine_recipe(
        ill := apply_settings(RECIPES[name], settings), digits, train_command(ill)
    ).findings
    assert finding.name == "dead-network"
    assert "the first weights are all zero" in finding.cause
    assert "weight matrices get no gradient" in finding.evidence
    assert examined(mended(finding.remedy), digits) == ([], "")


def test_biases_far_below_zero(digits: Dataset) -> None:
    network = Network([Normalize(), Flatten(), Dense(784, 16), ReLU(), Dense(16, 10)])
    assert examine_network(network, digits).findings == ()
    network.tensors()["2.bias"][...] = -1000
    before = network.theta.value.copy()
    [finding] = examine_network(network, digits).findings
    assert finding.name == "dead-network"
    assert "16 of 16 ReLU units are 0 for all of 256 images" in finding.evidence
    assert (network.theta.value == before).all()


def test_zero_weights_do_not_hurt_where_nothing_is_hidden(digits: Dataset) -> None:
    recipe = apply_settings(RECIPES["linear"], ["initializer=Zeros"])
    assert examined(recipe, digits) == ([], "")


def test_pixels_that_nobody_scaled(digits: Dataset) -> None:
    recipe = apply_settings(RECIPES["mlp"], ["mean=0", "deviation=1"])
    [finding] = examine_recipe(recipe, digits, train_command(recipe)).findings
    assert finding.name == "inputs-unscaled"
    assert "numbers up to 255" in finding.evidence
    assert mended(finding.remedy) == RECIPES["mlp"]


def test_first_weights_that_are_too_large(digits: Dataset) -> None:
    found, remedy = examined(
        apply_settings(RECIPES["linear"], ["initializer=Uniform", "initializer.limit=1"]), digits
    )
    assert "start-loss" in found
    assert examined(mended(remedy), digits) == ([], "")


def test_a_network_that_cannot_learn_a_batch(digits: Dataset) -> None:
    narrow = Network([Normalize(), Flatten(), Dense(784, 1), ReLU(), Dense(1, 10)])
    memory = one_batch(narrow, digits)
    finding = learns_one_batch(memory, "tenfold train mlp")
    assert finding is not None
    assert f"{memory.accuracy:.0%} of them right" in finding.evidence
    assert learns_one_batch(Memory(32, 20, 0.95, 10), "tenfold train mlp") is None
    same = Dataset(np.repeat(digits.images[:1], 32, axis=0), np.arange(32) % 10)
    assert one_batch(RECIPES["linear"].network(0), same).accuracy < 0.5


def test_a_trial_tells_what_happened(digits: Dataset) -> None:
    trial = short_run(RECIPES["linear"], digits, seed=0)
    assert len(trial.losses) == len(trial.ratios) == 30  # three passes over ten batches of 600
    assert trial.end < trial.losses[0]
    # Softmax regression from small weights: the first step of Adam moves each by the rate.
    lost = short_run(RECIPES["classic-gd-corrected"], digits, seed=0, factor=1000)
    assert lost.end == float("inf")
    assert "cannot go on" in lost.lost


def trial(rate: float, losses: list[float], step: float) -> Trial:
    return Trial(
        rate, np.array(losses), np.full(len(losses), step), "", RECIPES["linear"].network(0)
    )


@pytest.mark.parametrize(
    ("ends", "better"),
    [
        ((2.0, 0.5, 0.6), 0.001),  # near the best: the lower one
        ((0.5, 0.6, 1.0), 0.01),
        ((0.5, 0.8, 1.0), 0.1),
        ((1.9, 2.0, 2.2), None),  # none is much better
    ],
)
def test_of_rates_that_do_as_well_the_lowest_is_proposed(
    ends: tuple[float, float, float], better: float | None
) -> None:
    tried = dict(zip((0.1, 0.01, 0.001), ends, strict=True))
    ill = trial(1.0, [2.3, 5.0] + [2.0] * 22, step=0.3)
    finding = learning_rate(
        ill, lambda factor: trial(factor, [tried[factor]] * 24, 0.01), "tenfold train linear"
    )
    if better is None:
        assert finding is None
    else:
        assert finding is not None
        assert finding.remedy == f"tenfold train linear --set learning_rate={better}"


def test_rates_are_tried_only_if_the_first_trial_looks_bad() -> None:
    def never(factor: float) -> Trial:
        raise AssertionError(factor)

    fine = trial(1.0, [2.3, 4.5] + [2.0] * 22, step=0.25)
    assert learning_rate(fine, never, "tenfold train linear") is None


def test_dead_units_after_training() -> None:
    finding = many_dead_units(80, 100, 256, "tenfold train mlp")
    assert finding is not None
    assert "80 of 100 ReLU units (80%)" in finding.evidence
    assert mended(finding.remedy).architecture != RECIPES["mlp"].architecture
    assert many_dead_units(70, 100, 256, "") is None
    assert many_dead_units(0, 0, 256, "") is None


@pytest.mark.parametrize(
    "settings",
    [
        [],
        ["hidden=32,16", "learning_rate=0.5", "epochs=3"],
        ["optimizer=SGD", "schedule=Cosine", "schedule.final=0.1"],
        ["augment=Augment", "augment.rotation=10", "average=none", "batch_size=full"],
    ],
)
def test_a_command_trains_the_same_recipe(settings: list[str]) -> None:
    changed = apply_settings(RECIPES["mlp"], settings)
    assert apply_settings(RECIPES["mlp"], settings_between(RECIPES["mlp"], changed)) == changed
    assert mended(train_command(changed)) == changed


def test_a_setting_takes_the_place_of_the_old_one() -> None:
    command = "tenfold train mlp --set schedule.learning_rate=1.0 --set epochs=3"
    assert with_settings(command, "learning_rate=0.1") == (
        "tenfold train mlp --set epochs=3 --set learning_rate=0.1"
    )
