"""The recipe of an estimator: a name, or a ``Recipe``, and settings as keyword arguments."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from tenfold.errors import TenfoldError
from tenfold.nn import describe
from tenfold.nn.constraints import invalid
from tenfold.recipes import ENSEMBLES, RECIPES, Recipe, apply_settings

__all__ = ["resolved_recipe"]


def resolved_recipe(recipe: Recipe | str, settings: Mapping[str, Any]) -> Recipe:
    """Return a recipe with settings applied.

    Args:
        recipe: A recipe, or the name of a built-in one.
        settings: Values by name. A name is as in ``apply_settings``, with two underscores for each
            dot, such as ``optimizer__beta2``. A value is plain data, an object of the library, such
            as ``Momentum()``, or the name of its class.

    Raises:
        ValueError: If the recipe or a setting is unknown, a value is invalid, or the recipe needs
            validation data.
    """
    try:
        chosen = apply_settings(_named(recipe), list(_texts(settings)))
    except (TenfoldError, TypeError) as error:
        raise ValueError(str(error)) from error
    if chosen.patience is not None:
        advice = "an estimator is fitted without validation data, so it cannot stop early"
        raise invalid("patience", "None", chosen.patience, advice)
    return chosen


def _named(recipe: Recipe | str) -> Recipe:
    if isinstance(recipe, Recipe):
        return recipe
    if isinstance(recipe, str) and recipe in RECIPES:
        return RECIPES[recipe]
    words, advice = "a Recipe or the name of one", "tenfold recipes lists the names"
    if isinstance(recipe, str) and recipe in ENSEMBLES:
        advice = "an ensemble is several models, so use scikit-learn's VotingClassifier"
    raise invalid("recipe", words, recipe, advice)


def _texts(settings: Mapping[str, Any]) -> Iterator[str]:
    """Yield each setting as text; an object such as ``Momentum()`` comes before its settings."""
    for name in sorted(settings, key=lambda name: (name.count("__"), name)):
        yield f"{name.replace('__', '.')}={json.dumps(describe(_plain(settings[name])))}"


def _plain(value: Any) -> Any:
    """Return a NumPy scalar or array as plain data."""
    return value.tolist() if isinstance(value, (np.generic, np.ndarray)) else value
