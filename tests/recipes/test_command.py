"""The command that trains a recipe."""

import shlex
from dataclasses import replace
from itertools import pairwise

import pytest

from tenfold.recipes import DEFAULT, RECIPES, apply_settings, settings_between, train_command


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


def test_command_of_an_unknown_recipe_changes_the_default_one() -> None:
    own = replace(apply_settings(RECIPES["mlp"], ["epochs=2"]), name="own")
    words = shlex.split(train_command(own))
    assert words[:3] == ["tenfold", "train", DEFAULT]
    given = [value for word, value in pairwise(words) if word == "--set"]
    assert replace(apply_settings(RECIPES[DEFAULT], given), name="own") == own


@pytest.mark.parametrize("name", RECIPES)
@pytest.mark.parametrize("base", [DEFAULT, "mlp", "classic-gd", "classic-adam"])
def test_every_recipe_is_expressed_by_settings_of_another(name: str, base: str) -> None:
    # The classics have optimizers that need another optimizer as an argument.
    found = settings_between(RECIPES[base], RECIPES[name])
    assert replace(apply_settings(RECIPES[base], found), name=name) == RECIPES[name]
