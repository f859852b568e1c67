"""Recipes by name, as they are given on the command line."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from tenfold.cli.shared.errors import unknown_name
from tenfold.errors import UsageError

if TYPE_CHECKING:
    from tenfold.recipes import Recipe

__all__ = ["current_name", "find_recipe"]


def find_recipe(
    name: str, settings: Sequence[str] = (), *, other_names: Sequence[str] = ()
) -> "Recipe":
    """Return a recipe with its settings applied; print a note for each old name.

    Args:
        name: Current or old name of the recipe.
        settings: Settings such as ``"epochs=3"``, under current or old names.
        other_names: Further names that an error message should list.

    Raises:
        UsageError: If there is no such recipe, or a setting does not fit.
    """
    from tenfold.recipes import ENSEMBLES, RECIPES, apply_settings
    from tenfold.recipes.old_names import current_settings

    name = current_name(name)
    if name in ENSEMBLES:
        raise UsageError(f"{name} is an ensemble; choose one recipe from {', '.join(RECIPES)}")
    if name not in RECIPES:
        raise unknown_name("recipe", name, (*RECIPES, *other_names))
    current = current_settings(settings)
    for old, new in zip(settings, current, strict=True):
        _print_note("setting", old.partition("=")[0].strip(), new.partition("=")[0].strip())
    return apply_settings(RECIPES[name], current)


def current_name(name: str) -> str:
    """Return the current name of a recipe; print a note if ``name`` is an old one."""
    from tenfold.recipes.old_names import current_recipe

    current = current_recipe(name)
    _print_note("recipe", name, current)
    return current


def _print_note(kind: str, old: str, new: str) -> None:
    if old != new:
        typer.echo(f'Note: the {kind} "{old}" is now called "{new}"', err=True)
