"""``tenfold recipes``: what can be trained."""

import json
from dataclasses import asdict
from typing import Annotated

import typer

__all__ = ["recipes"]


def recipes(
    name: Annotated[str | None, typer.Argument(help="Show all settings of this one.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the recipes, or show one with all the settings that --set can change.

    \b
    tenfold recipes
    tenfold recipes mlp
    """
    from tenfold.errors import UsageError
    from tenfold.recipes import CLASSICS, ENSEMBLES, RECIPES, recipe_to_json

    if name is None:
        if as_json:
            found = {n: recipe_to_json(r) for n, r in RECIPES.items()}
            typer.echo(json.dumps(found | {n: asdict(c) for n, c in ENSEMBLES.items()}, indent=2))
            return
        listed = RECIPES | ENSEMBLES
        width = max(map(len, listed)) + 2
        for key, one in listed.items():
            typer.echo(f"{key:<{width}}{one.summary}")
        return
    if name in ENSEMBLES:
        typer.echo(json.dumps(asdict(ENSEMBLES[name]), indent=2))
        return
    if name not in RECIPES:
        known = ", ".join((*RECIPES, *ENSEMBLES))
        raise UsageError(f"there is no recipe {name!r}; there are: {known}")
    recipe = RECIPES[name]
    if not as_json:
        typer.echo(f"{name}: {recipe.summary}")
        if recipe.credit:
            typer.echo(f"after {recipe.credit}")
        for classic in CLASSICS.values():
            if classic.corrected.name == name:
                typer.echo("Mended:\n" + "\n".join(f"- {line}" for line in classic.mended))
    typer.echo(json.dumps(recipe_to_json(recipe), indent=2))
