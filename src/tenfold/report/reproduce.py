"""Section: the command, data, environment and settings that reproduce the run."""

from collections.abc import Iterator
from typing import Any

from tenfold.errors import TenfoldError
from tenfold.recipes import (
    RECIPES,
    Recipe,
    apply_settings,
    recipe_to_json,
    settings_between,
    train_command,
)
from tenfold.report.blocks import Block, Command, Details, Paragraph, Section, Table
from tenfold.report.context import Context
from tenfold.runs import Run

__all__ = ["changed_settings", "reproduce_section", "run_command", "settings_table"]


def reproduce_section(context: Context) -> Section:
    """Return the section on how to reproduce the run."""
    run = context.run
    blocks: list[Block] = []
    if (line := run_command(run)) is not None:
        text = (
            "With the same versions on the same machine, this command gives exactly the same model "
            "file."
        )
        blocks.append(Command(line, text))
    else:
        text = (
            "This version of tenfold has no command that trains this recipe. config.json contains "
            "all settings."
        )
        blocks.append(Paragraph(text))
    if (data := _data(context)) is not None:
        blocks.append(data)
    if context.environment:
        blocks.append(_environment(context.environment))
    blocks.append(Details("All settings of the recipe", [settings_table(run.recipe)]))
    intro = f"Recipe {run.recipe.name}, seed {run.seed}. All files are in {run.folder.name}/."
    return Section("reproduce", "Reproduce this run", intro, blocks)


def run_command(run: Run) -> str | None:
    """Return the command that repeats a run.

    None if a built-in recipe with options ``--set`` cannot describe the run.
    """
    return None if changed_settings(run) is None else train_command(run.recipe, run.data, run.seed)


def changed_settings(run: Run) -> list[str] | None:
    """Return the settings of a run that differ from the built-in recipe of the same name.

    None if there is no such recipe, or if changing its settings does not give the recipe of the
    run.
    """
    base = RECIPES.get(run.recipe.name)
    if base is None:
        return None
    try:
        settings = settings_between(base, run.recipe)
        return settings if apply_settings(base, settings) == run.recipe else None
    except (TenfoldError, ValueError):
        return None


def _data(context: Context) -> Table | None:
    """Return the number of images and the hash of each split, as recorded in the model file."""
    hashes = None if context.model is None else context.model.provenance.get("data")
    if not isinstance(hashes, dict):
        return None
    rows = [
        [name, f"{context.scores[name].n:,}" if name in context.scores else "", str(digest)]
        for name, digest in hashes.items()
    ]
    source = context.run.recipe.source.name
    location = f"bundled ({source})" if context.run.data is None else context.run.data
    return Table(f"Data: {location}", ["split", "images", "SHA-256"], rows, numbers=False)


def _environment(entries: dict[str, Any]) -> Table:
    rows = []
    for name, value in entries.items():
        if isinstance(value, list):
            value = "; ".join(
                ", ".join(f"{key} {part}" for key, part in entry.items())
                if isinstance(entry, dict)
                else str(entry)
                for entry in value
            )
        rows.append([name, str(value)])
    return Table("Environment", ["name", "value"], rows, numbers=False)


def settings_table(recipe: Recipe) -> Table:
    """Return a table of all settings.

    Settings that differ from the built-in recipe of the same name are marked.
    """
    base = RECIPES.get(recipe.name)
    defaults = dict(_leaves(recipe_to_json(base))) if base is not None else {}
    leaves = list(_leaves(recipe_to_json(recipe)))
    changed = [bool(defaults) and defaults.get(name) != value for name, value in leaves]
    rows = [list(leaf) for leaf in leaves]
    if not any(changed):
        return Table("All settings", ["setting", "value"], rows, numbers=False)
    for row, is_changed in zip(rows, changed, strict=True):
        row.append("changed" if is_changed else "")
    caption = f"All settings; “changed” marks those that differ from the recipe {recipe.name}"
    return Table(caption, ["setting", "value", ""], rows, numbers=False)


def _leaves(data: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield each setting inside nested objects with its dotted name and its value as text.

    The entry "type" of an object is its class. It is yielded as the value of the object itself,
    such as ("optimizer", "Adam").
    """
    for name, value in data.items():
        key = prefix.rstrip(".") if name == "type" else prefix + name
        if isinstance(value, dict):
            yield from _leaves(value, f"{prefix}{name}.")
        elif key:
            yield key, "none" if value is None else str(value)
