"""Recipes by name, as they are given on the command line."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from tenfold import shell
from tenfold.cli.shared.errors import unknown_name
from tenfold.errors import UsageError

if TYPE_CHECKING:
    from tenfold.recipes import Recipe

__all__ = ["OPTIONS", "current_name", "find_recipe", "recipe_with_options"]

OPTIONS = {
    "epochs": "--epochs",
    "learning_rate": "--lr",
    "batch_size": "--batch-size",
    "hidden": "--hidden",
    "validation": "--validation",
}
"""The option of each setting of a recipe that can be changed without ``--set``."""


def find_recipe(
    name: str, settings: Sequence[str] = (), *, other_names: Sequence[str] = ()
) -> "Recipe":
    """Return a recipe with its settings applied; print a note for each old name.

    Args:
        name: Current or old name of the recipe.
        settings: Settings such as ``"epochs=3"``, under current or old names.
        other_names: Further names that an error message should list.

    Raises:
        UsageError: If there is no such recipe, or the recipe cannot have a setting.
    """
    from tenfold.recipes import ENSEMBLES, RECIPES, apply_settings
    from tenfold.recipes.old_names import current_settings

    name = current_name(name)
    if name in ENSEMBLES:
        raise UsageError(f"{name} is an ensemble; choose one recipe from {', '.join(RECIPES)}")
    if name not in RECIPES:
        raise _path_error(name) or unknown_name("recipe", name, (*RECIPES, *other_names))
    current = current_settings(settings)
    for old, new in zip(settings, current, strict=True):
        _print_note("setting", old.partition("=")[0].strip(), new.partition("=")[0].strip())
    return apply_settings(RECIPES[name], current)


def _path_error(name: str) -> UsageError | None:
    """Return the error for a path in place of a recipe; None if it is not a path."""
    path, quoted = Path(name), shell.quote(name)
    if (path / "config.json").exists() or (path / "series.json").exists():
        return UsageError(
            f"{name} is a run, not a recipe: to continue it: tenfold train --resume {quoted}"
        )
    if path.exists() or len(path.parts) > 1 or path.suffix[1:].isalpha():
        return UsageError(f"{name} is a path, not a recipe: to train on it: --data {quoted}")
    return None


def recipe_with_options(
    name: str, options: Mapping[str, object], settings: Sequence[str] = ()
) -> "Recipe":
    """Return a recipe with the settings of ``--set`` and of options such as ``--epochs``.

    Args:
        name: Current or old name of the recipe.
        options: Values by the name of the setting; None for an option that was not given.
        settings: Settings such as ``"epochs=3"``.

    Raises:
        UsageError: If there is no such recipe, if the recipe cannot have a setting, or if a setting
            is given both as an option and with ``--set``.
    """
    from tenfold.recipes import ENSEMBLES
    from tenfold.recipes.old_names import current_settings

    values = {key: value for key, value in options.items() if value is not None}
    keys = [each.partition("=")[0].strip() for each in current_settings(settings)]
    for key in keys:
        if (last := key.rpartition(".")[2]) in values:
            raise UsageError(
                f"{OPTIONS[last]} and --set {key} are the same setting; give one of them"
            )
    others = tuple(ENSEMBLES)
    if "hidden" in values:
        _check_hidden(find_recipe(name, settings, other_names=others))
    from_options = [f"{key}={value}" for key, value in values.items()]
    return find_recipe(name, [*settings, *from_options], other_names=others)


def _check_hidden(recipe: "Recipe") -> None:
    """Raise a UsageError if the architecture of a recipe has no setting ``hidden``."""
    from tenfold.recipes import RECIPES

    if hasattr(recipe.architecture, "hidden"):
        return
    known = [
        name
        for name, each in RECIPES.items()
        if getattr(each.architecture, "hidden", ()) and not name.startswith("classic-")
    ]
    layout = getattr(recipe.architecture, "layout", None)
    hint = f"; the layers of {recipe.name} are set with --set layout={layout}" if layout else ""
    raise UsageError(
        f"--hidden sets the sizes of dense layers, which {recipe.name} does not have"
        f"{hint}. Recipes with --hidden: {', '.join(known)} and classic-*"
    )


def current_name(name: str) -> str:
    """Return the current name of a recipe; print a note if ``name`` is an old one."""
    from tenfold.recipes.old_names import current_recipe

    current = current_recipe(name)
    _print_note("recipe", name, current)
    return current


def _print_note(kind: str, old: str, new: str) -> None:
    if old != new:
        typer.echo(f'Note: the {kind} "{old}" is now called "{new}"', err=True)
