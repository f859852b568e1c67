"""Presets: our own recipes, by name. The first is what ``tenfold train`` runs."""

from tenfold.nn import Adam, OneCycle
from tenfold.recipes.architectures import MLP
from tenfold.recipes.classics import CLASSICS
from tenfold.recipes.recipe import Recipe

__all__ = ["DEFAULT", "RECIPES"]

_MLP = Recipe(
    name="mlp",
    summary="784-128-64-10 with batch normalisation: about 98.4 % in a few seconds",
    architecture=MLP((128, 64), batch_norm=True),
    optimizer=Adam(),
    schedule=OneCycle(0.01),
    epochs=12,
)
_LINEAR = Recipe(
    name="linear",
    summary="softmax regression, no hidden layer: what a straight line can do, about 92.5 %",
    architecture=MLP(()),
    optimizer=Adam(),
    schedule=OneCycle(0.003),
    epochs=10,
)

DEFAULT = _MLP.name

RECIPES: dict[str, Recipe] = {recipe.name: recipe for recipe in (_MLP, _LINEAR)} | {
    recipe.name: recipe for classic in CLASSICS.values() for recipe in classic.forms.values()
}
"""Every recipe by name."""
