"""The command that trains a recipe."""

import shlex
from dataclasses import replace
from itertools import pairwise

import pytest

from tenfold.recipes import RECIPES, apply_settings, settings_between, train_command


@pytest.mark.parametrize(
    "settings",
    [
        [],
        ["hidden=32,16", "learning_rate=0.5", "epochs=3"],
        ["optimizer=SGD", "schedule=Cosine", "schedule.final=0.1"],
        ["augment=Augment", "augment.rotation=10", "average=none", "batch_size=full"],
    ],
)
def test_command_trains_the_same_recipe(settings: list[str]) -> None:
    changed = apply_settings(RECIPES["mlp"], settings)
    assert apply_settings(RECIPES["mlp"], settings_between(RECIPES["mlp"], changed)) == changed
    words = shlex.split(train_command(changed))
    assert words[:3] == ["tenfold", "train", "mlp"]
    given = [value for word, value in pairwise(words) if word == "--set"]
    assert apply_settings(RECIPES["mlp"], given) == changed


def test_command_quotes_paths_and_names_the_seed() -> None:
    recipe = apply_settings(RECIPES["quick"], ["epochs=2"])
    assert train_command(recipe, "my digits.npz", 3) == (
        "tenfold train quick --seed 3 --data 'my digits.npz' --set epochs=2"
    )
    assert train_command(RECIPES["quick"]) == "tenfold train quick"


def test_command_of_an_unknown_recipe_has_no_settings() -> None:
    own = replace(apply_settings(RECIPES["mlp"], ["epochs=2"]), name="own")
    assert train_command(own) == "tenfold train own"
