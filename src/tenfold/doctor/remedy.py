"""Remedies for recipes: the training command with the settings that correct a fault."""

import shlex
from itertools import pairwise

from tenfold.recipes import RECIPES, Recipe, settings_between

__all__ = ["DISTORTIONS", "train_command", "with_settings"]

DISTORTIONS = ("augment=Augment", "augment.shift=1.5", "augment.rotation=10")
"""Settings that make a recipe distort its training images."""


def train_command(recipe: Recipe, data: str | None = None, seed: int = 0) -> str:
    """Return the command that trains a recipe, including the settings changed in it.

    Args:
        recipe: The recipe. Changes are given relative to the built-in recipe of its name, if any.
        data: Path of the training data, default the bundled images.
        seed: Random seed, default 0.
    """
    words = ["tenfold", "train", recipe.name]
    words += ["--data", data] if data else []
    words += ["--seed", str(seed)] if seed else []
    command = shlex.join(words)
    if recipe.name not in RECIPES:
        return command
    return with_settings(command, *settings_between(RECIPES[recipe.name], recipe))


def with_settings(command: str, *settings: str) -> str:
    """Return the command with settings (``KEY=VALUE``) added.

    A setting replaces earlier ones of the same key and of keys below it.
    """
    words = shlex.split(command)
    for setting in settings:
        key = setting.partition("=")[0]
        replaced = [
            index
            for index, (word, value) in enumerate(pairwise(words))
            if word == "--set" and f".{key}." in f".{value.partition('=')[0]}."
        ]
        for index in reversed(replaced):
            del words[index : index + 2]
        words += ["--set", setting]
    return shlex.join(words)
