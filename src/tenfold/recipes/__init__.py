"""Recipes: complete experiments as plain, serialisable descriptions, by name."""

from tenfold.recipes.architectures import MLP, Architecture
from tenfold.recipes.change import Change
from tenfold.recipes.classics.classic import Claim, Classic
from tenfold.recipes.classics.projects import CLASSICS
from tenfold.recipes.command import train_command
from tenfold.recipes.convnet import ConvNet
from tenfold.recipes.ensembles import ENSEMBLES, EnsembleRecipe
from tenfold.recipes.observers import OBSERVERS
from tenfold.recipes.presets import DEFAULT, RECIPES
from tenfold.recipes.reader_source import ReaderSource
from tenfold.recipes.recipe import Recipe
from tenfold.recipes.sequential import Sequential
from tenfold.recipes.settings import (
    apply_settings,
    recipe_from_json,
    recipe_to_json,
    settings_between,
)
from tenfold.recipes.sources import Source, Split, load_labelled_parts

__all__ = [
    "CLASSICS",
    "DEFAULT",
    "ENSEMBLES",
    "MLP",
    "OBSERVERS",
    "RECIPES",
    "Architecture",
    "Change",
    "Claim",
    "Classic",
    "ConvNet",
    "EnsembleRecipe",
    "ReaderSource",
    "Recipe",
    "Sequential",
    "Source",
    "Split",
    "apply_settings",
    "load_labelled_parts",
    "recipe_from_json",
    "recipe_to_json",
    "settings_between",
    "train_command",
]
