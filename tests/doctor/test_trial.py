"""The short training of the doctor: its batches and limits, and the learning rates it tries."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from tenfold.data import Dataset
from tenfold.doctor.recipe.case import RecipeCase
from tenfold.doctor.recipe.learning_rate import HighLearningRate
from tenfold.doctor.recipe.trial import Trial, plan_trial, run_trial
from tenfold.recipes import RECIPES, apply_settings
from tenfold.training import Record, StepRecord, fit


@pytest.mark.parametrize(
    ("name", "settings", "images", "steps", "sizes"),
    [
        ("linear", [], 600, 25, {128, 88}),  # five epochs of five batches
        ("linear", ["batch_size=64"], 600, 30, {64, 24}),
        ("linear", ["batch_size=500"], 600, 24, {500, 100}),
        ("linear", ["batch_size=full"], 600, 24, {600}),
        ("linear", ["batch_size=10000"], 600, 24, {600}),
        ("linear", ["batch_size=16"], 600, 76, {16, 8}),
        ("quick", ["layout=2c5-P-4"], 600, 24, {256, 88}),
        ("quick", ["layout=2c5-P-4", "batch_size=4"], 40, 200, {4}),
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
    assert "training diverged" in trial.divergence


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
        assert finding.fix == f"tenfold train linear --set learning_rate={better}"


def test_other_rates_are_tried_only_if_the_trial_looks_bad(digits: Dataset) -> None:
    fine = trial(1.0, [2.3, 4.5] + [2.0] * 22, step=0.25)
    # Without planned trials, another one would raise KeyError.
    assert HighLearningRate().run(PlannedCase(fine, {}, digits)) is None
