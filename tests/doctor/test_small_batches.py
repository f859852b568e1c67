"""Batches too small for batch normalisation: found before training, corrected by the fix."""

import numpy as np
import pytest

from tenfold.data import Dataset
from tenfold.doctor import examine_network, examine_recipe
from tenfold.doctor.recipe.case import RecipeCase
from tenfold.doctor.recipe.small_batches import SmallBatches
from tenfold.errors import TenfoldError
from tenfold.recipes import RECIPES, apply_settings, train_command
from tenfold.training import fit
from tests.doctor.fixes import names, recipe_of


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
    better = recipe_of(findings[0].fix)
    fit(better.network(0), data, **better.fit_arguments(images)).close()
    assert SmallBatches().run(RecipeCase(better.network(0), data, command, better, 0)) is None


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
