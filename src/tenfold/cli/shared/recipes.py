"""Recipes by name, as they are given on the command line."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from tenfold.cli.shared.errors import unknown_name

if TYPE_CHECKING:
    from tenfold.recipes import Recipe

__all__ = ["current_name", "find_recipe"]


def find_recipe(name: str, settings: Sequence[str] = (), *, known: Sequence[str] = ()) -> "Recipe":
    """Return a recipe with its settings applied; print a note for each old name.

    Args:
        name: Name of the recipe, today's or an old one.
        settings: Settings such as ``"epochs=3"``.
        known: Further names to list if there is no recipe of that name.

    Raises:
        UsageError: if there is no such recipe, or a setting does not fit.
    """
    from tenfold.recipes import RECIPES, apply_settings
    from tenfold.recipes.old_names import current_settings

    name = current_name(name)
    if name not in RECIPES:
        raise unknown_name("recipe", name, (*RECIPES, *known))
    current = current_settings(settings)
    for old, new in zip(settings, current, strict=True):
        _note("setting", old.partition("=")[0].strip(), new.partition("=")[0].strip())
    return apply_settings(RECIPES[name], current)


def current_name(name: str) -> str:
    """Return today's name of a recipe; print a note if ``name`` is an old one."""
    from tenfold.recipes.old_names import current_recipe

    current = current_recipe(name)
    _note("recipe", name, current)
    return current


def _note(kind: str, old: str, new: str) -> None:
    if old != new:
        typer.echo(f'Note: the {kind} "{old}" is now called "{new}"', err=True)
