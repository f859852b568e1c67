"""Recipes: named, complete experiments, and what it takes to carry one out."""

from tenfold.recipes.architectures import MLP, Architecture
from tenfold.recipes.classics import CLASSICS, Claim, Classic
from tenfold.recipes.classics.results import summarise
from tenfold.recipes.convnet import ConvNet
from tenfold.recipes.environment import environment
from tenfold.recipes.execute import check_fits, execute
from tenfold.recipes.presets import DEFAULT, RECIPES
from tenfold.recipes.recipe import Recipe
from tenfold.recipes.run import Run, create_run, next_folder, open_run
from tenfold.recipes.series import Series, open_series
from tenfold.recipes.settings import (
    apply_settings,
    recipe_from_json,
    recipe_to_json,
    settings_between,
)
from tenfold.recipes.sources import Source, Split
from tenfold.recipes.trained import TRAINED, Trained, trained_models

__all__ = [
    "CLASSICS",
    "DEFAULT",
    "MLP",
    "RECIPES",
    "TRAINED",
    "Architecture",
    "Claim",
    "Classic",
    "ConvNet",
    "Recipe",
    "Run",
    "Series",
    "Source",
    "Split",
    "Trained",
    "apply_settings",
    "check_fits",
    "create_run",
    "environment",
    "execute",
    "next_folder",
    "open_run",
    "open_series",
    "recipe_from_json",
    "recipe_to_json",
    "settings_between",
    "summarise",
    "trained_models",
]
