"""``tenfold recipes``: the recipes that can be trained, and their settings."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from tenfold.cli.shared.options import JsonOption

if TYPE_CHECKING:
    from tenfold.recipes import Recipe

__all__ = ["recipes"]


def recipes(
    name: Annotated[
        str | None, typer.Argument(metavar="RECIPE", help="Show the settings of this recipe.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List the recipes, or show the settings of one recipe.

    The settings can be changed by: tenfold train RECIPE --set KEY=VALUE

    A setting inside another one has a key with a dot, such as schedule.final. The part after
    the last dot is enough if no other key ends with it.

    In the summaries, a number such as 128 is a dense layer with 128 units (in a network without
    convolutions, the first number is the number of inputs). 32c5 is a convolution with 32 channels
    and a kernel of 5 x 5, P is max-pooling, and G is global average pooling.

    \b
    Examples:
      tenfold recipes
      tenfold recipes mlp
    """
    from tenfold.cli.shared.recipes import current_name, find_recipe
    from tenfold.recipes import ENSEMBLES

    if name is None:
        _list(as_json)
    elif (name := current_name(name)) in ENSEMBLES:
        typer.echo(json.dumps(asdict(ENSEMBLES[name]), indent=2))
    else:
        _show(find_recipe(name, other_names=tuple(ENSEMBLES)), as_json)


def _list(as_json: bool) -> None:
    from tenfold.recipes import ENSEMBLES, RECIPES, recipe_to_json

    if as_json:
        found = {name: recipe_to_json(recipe) for name, recipe in RECIPES.items()}
        found |= {name: asdict(ensemble) for name, ensemble in ENSEMBLES.items()}
        typer.echo(json.dumps(found, indent=2))
        return
    listed = RECIPES | ENSEMBLES
    width = max(map(len, listed)) + 2
    for name, recipe in listed.items():
        typer.echo(f"{name:<{width}}{recipe.summary}")


def _show(recipe: "Recipe", as_json: bool) -> None:
    from tenfold.recipes import CLASSICS, recipe_to_json

    if not as_json:
        typer.echo(f"{recipe.name}: {recipe.summary}")
        if recipe.credit:
            typer.echo(f"Based on {recipe.credit}")
        for classic in CLASSICS.values():
            if classic.corrected.name == recipe.name:
                typer.echo(
                    "\n".join(("Corrected:", *(f"- {line}" for line in classic.corrections)))
                )
    typer.echo(json.dumps(recipe_to_json(recipe), indent=2))
