"""Remedies: the command that trains a recipe, with the settings that mend it."""

import shlex
from itertools import pairwise

from tenfold.recipes import RECIPES, Recipe, settings_between

__all__ = ["DISTORT", "train_command", "with_settings"]

DISTORT = ("augment=Augment", "augment.shift=1.5", "augment.rotation=10")
"""Settings that give a recipe distorted images."""


def train_command(recipe: Recipe, data: str | None = None, seed: int = 0) -> str:
    """Return the command that trains a recipe, with what was changed in it."""
    words = ["tenfold", "train", recipe.name]
    words += ["--data", data] if data else []
    words += ["--seed", str(seed)] if seed else []
    command = shlex.join(words)
    if recipe.name not in RECIPES:
        return command
    return with_settings(command, *settings_between(RECIPES[recipe.name], recipe))


def with_settings(command: str, *settings: str) -> str:
    """Return the command with settings added, in place of those of the same name and below it."""
    words = shlex.split(command)
    for setting in settings:
        key = setting.partition("=")[0]
        old = [
            index
            for index, (word, value) in enumerate(pairwise(words))
            if word == "--set" and f".{key}." in f".{value.partition('=')[0]}."
        ]
        for index in reversed(old):
            del words[index : index + 2]
        words += ["--set", setting]
    return shlex.join(words)
