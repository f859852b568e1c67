"""Again: what it takes to get the same run once more, and where it came from."""

from collections.abc import Iterator
from typing import Any

from tenfold.errors import TenfoldError
from tenfold.models import load_model
from tenfold.recipes import (
    RECIPES,
    Recipe,
    apply_settings,
    recipe_to_json,
    settings_between,
    train_command,
)
from tenfold.report.blocks import Block, Command, Folded, Prose, Section, Table
from tenfold.report.context import Context
from tenfold.runs import Run

__all__ = ["again", "changes", "command", "settings_table"]


def again(context: Context) -> Section:
    """Return the command, the data, the environment and every setting."""
    run = context.run
    blocks: list[Block] = []
    if (line := command(run)) is not None:
        kept = "On the same machine with the same versions, it ends with the same model file, byte "
        blocks.append(Command(line, f"{kept}for byte."))
    else:
        blocks.append(Prose("This version knows no recipe of this name: config.json holds it all."))
    if (data := _data(context)) is not None:
        blocks.append(data)
    if context.environment:
        blocks.append(_environment(context.environment))
    blocks.append(Folded("Every setting of the recipe", [settings_table(run.recipe)]))
    lead = f"Recipe {run.recipe.name}, seed {run.seed}. Everything is in {run.folder.name}/."
    return Section("again", "How to get it again", lead, blocks)


def command(run: Run) -> str | None:
    """Return the line that carries the run out again; None if no recipe can be changed into it."""
    return None if changes(run) is None else train_command(run.recipe, run.data, run.seed)


def changes(run: Run) -> list[str] | None:
    """Return the settings that differ from the recipe of that name; None if there is none such."""
    base = RECIPES.get(run.recipe.name)
    if base is None:
        return None
    try:
        settings = settings_between(base, run.recipe)
        return settings if apply_settings(base, settings) == run.recipe else None
    except (TenfoldError, ValueError):
        return None


def _data(context: Context) -> Table | None:
    """Return each part's number of images and hash, as the model file tells them."""
    try:
        hashes = load_model(context.run.model).provenance.get("data")
    except TenfoldError as error:
        context.miss(error)
        return None
    if not isinstance(hashes, dict):
        return None
    rows = [
        [name, f"{context.scores[name].n:,}" if name in context.scores else "", str(digest)]
        for name, digest in hashes.items()
    ]
    source = context.run.recipe.source.name
    where = f"bundled ({source})" if context.run.data is None else context.run.data
    return Table(f"The data: {where}", ["part", "images", "SHA-256"], rows, numbers=False)


def _environment(found: dict[str, Any]) -> Table:
    rows = []
    for name, value in found.items():
        if isinstance(value, list):
            value = "; ".join(
                ", ".join(f"{key} {part}" for key, part in entry.items())
                if isinstance(entry, dict)
                else str(entry)
                for entry in value
            )
        rows.append([name, str(value)])
    return Table("Where it ran", ["what", "which"], rows, numbers=False)


def settings_table(recipe: Recipe) -> Table:
    """Return every setting, and which of them differ from the recipe of that name."""
    base = RECIPES.get(recipe.name)
    usual = dict(_leaves(recipe_to_json(base))) if base is not None else {}
    leaves = list(_leaves(recipe_to_json(recipe)))
    changed = [bool(usual) and usual.get(name) != value for name, value in leaves]
    rows = [list(leaf) for leaf in leaves]
    if not any(changed):
        return Table("All settings", ["setting", "value"], rows, numbers=False)
    for row, other in zip(rows, changed, strict=True):
        row.append("changed" if other else "")
    caption = f"All settings; “changed” are those that differ from the recipe {recipe.name}"
    return Table(caption, ["setting", "value", ""], rows, numbers=False)


def _leaves(data: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in data.items():
        key = prefix.rstrip(".") if name == "type" else prefix + name
        if isinstance(value, dict):
            yield from _leaves(value, f"{prefix}{name}.")
        elif key:
            yield key, "none" if value is None else str(value)
