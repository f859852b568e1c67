"""``tenfold recipes``: what can be trained."""

import json
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
    from tenfold.recipes import CLASSICS, RECIPES, recipe_to_json

    if name is None:
        if as_json:
            typer.echo(json.dumps({n: recipe_to_json(r) for n, r in RECIPES.items()}, indent=2))
            return
        width = max(map(len, RECIPES)) + 2
        for key, recipe in RECIPES.items():
            typer.echo(f"{key:<{width}}{recipe.summary}")
        return
    if name not in RECIPES:
        raise UsageError(f"there is no recipe {name!r}; there are: {', '.join(RECIPES)}")
    recipe = RECIPES[name]
    if not as_json:
        typer.echo(f"{name}: {recipe.summary}")
        if recipe.credit:
            typer.echo(f"after {recipe.credit}")
        for classic in CLASSICS.values():
            if classic.corrected.name == name:
                typer.echo("Mended:\n" + "\n".join(f"- {line}" for line in classic.mended))
    typer.echo(json.dumps(recipe_to_json(recipe), indent=2))
