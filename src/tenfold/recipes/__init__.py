"""Recipes: named, complete experiments, and what it takes to carry one out."""

from tenfold.recipes.answers import Answers, read_answers
from tenfold.recipes.architectures import MLP, Architecture
from tenfold.recipes.classics import CLASSICS, Claim, Classic
from tenfold.recipes.classics.results import summarise
from tenfold.recipes.committees import COMMITTEES, CommitteeRecipe, assemble, measure_committee
from tenfold.recipes.comparison import (
    Contender,
    Pair,
    compare_all,
    last_values,
    mean_records,
    metric_names,
    open_contender,
)
from tenfold.recipes.convnet import ConvNet
from tenfold.recipes.environment import environment
from tenfold.recipes.execute import check_fits, execute
from tenfold.recipes.out_of_fold import out_of_fold, scaled_to
from tenfold.recipes.presets import DEFAULT, RECIPES
from tenfold.recipes.recipe import Recipe
from tenfold.recipes.run import Run, create_run, newest_run, next_folder, open_run
from tenfold.recipes.series import Series, open_series
from tenfold.recipes.settings import apply_settings, recipe_from_json, recipe_to_json
from tenfold.recipes.sources import Source, Split, both_halves
from tenfold.recipes.submission import (
    Difference,
    Estimate,
    Exposure,
    Origin,
    estimate_score,
    find_exposure,
    origin_of,
)
from tenfold.recipes.trained import TRAINED, Trained, trained_models

__all__ = [
    "CLASSICS",
    "COMMITTEES",
    "DEFAULT",
    "MLP",
    "RECIPES",
    "TRAINED",
    "Answers",
    "Architecture",
    "Claim",
    "Classic",
    "CommitteeRecipe",
    "Contender",
    "ConvNet",
    "Difference",
    "Estimate",
    "Exposure",
    "Origin",
    "Pair",
    "Recipe",
    "Run",
    "Series",
    "Source",
    "Split",
    "Trained",
    "apply_settings",
    "assemble",
    "both_halves",
    "check_fits",
    "compare_all",
    "create_run",
    "environment",
    "estimate_score",
    "execute",
    "find_exposure",
    "last_values",
    "mean_records",
    "measure_committee",
    "metric_names",
    "newest_run",
    "next_folder",
    "open_contender",
    "open_run",
    "open_series",
    "origin_of",
    "out_of_fold",
    "read_answers",
    "recipe_from_json",
    "recipe_to_json",
    "scaled_to",
    "summarise",
    "trained_models",
]
