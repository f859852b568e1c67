"""The command that trains a recipe."""

from tenfold import shell
from tenfold.nn.arguments import checked
from tenfold.recipes.presets import DEFAULT, RECIPES
from tenfold.recipes.recipe import Recipe
from tenfold.recipes.settings import settings_between

__all__ = ["train_command"]


@checked
def train_command(recipe: Recipe, data: str | None = None, seed: int | None = None) -> str:
    """Return the command line that trains a recipe, including its changed settings.

    Args:
        recipe: The recipe. The command trains the built-in recipe with the same name, or the
            default recipe if there is none. ``--set`` changes each setting that differs between
            that recipe and this one.
        data: Path of the training data; None for the bundled images.
        seed: Random seed; None to leave it out, which means 0.
    """
    base = RECIPES.get(recipe.name, RECIPES[DEFAULT])
    words = ["tenfold", "train", base.name]
    words += [] if seed is None else ["--seed", str(seed)]
    words += [] if data is None else ["--data", data]
    for setting in settings_between(base, recipe):
        words += ["--set", setting]
    return shell.join(words)
