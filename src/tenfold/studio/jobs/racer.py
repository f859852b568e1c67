"""Racers: the networks that are trained side by side (a race), each with its own run folder."""

from dataclasses import dataclass
from math import prod
from typing import Any

from tenfold.errors import UsageError
from tenfold.nn.random_streams import Seed
from tenfold.recipes import RECIPES, ReaderSource, Recipe, apply_settings
from tenfold.studio.server.messages import Message, MessageError, read_field

__all__ = ["MOST_RACERS", "Racer", "knobs_of", "racers_of", "trainable"]

MOST_RACERS = 4

_MOST_OUTPUTS = 2**28  # numbers in the outputs of all layers for one batch: 1 GB in float32
_ALL = 60_000  # images in a batch if the recipe has no batch size: all training images


@dataclass(frozen=True)
class Racer:
    """One network to train.

    Attributes:
        name: Its name on the page.
        recipe: Its recipe.
        seed: Random seed.
        folder: Its run folder; empty as long as it has none.
        resumes: Whether the run in the folder is to be continued.
    """

    name: str
    recipe: Recipe
    seed: Seed
    folder: str = ""
    resumes: bool = False


def trainable() -> list[str]:
    """Return the names of the recipes that can be chosen."""
    return [name for name, each in RECIPES.items() if not isinstance(each.source, ReaderSource)]


def racers_of(message: Message) -> list[Racer]:
    """Return the racers in a message ``train {seed, racers: [{name, recipe, settings}]}``.

    Raises:
        MessageError: If the message has another form.
        UsageError: If a setting is invalid; the message begins with the name of the racer.
    """
    seed, entries = read_field(message, "seed", int), read_field(message, "racers", list)
    if not 1 <= len(entries) <= MOST_RACERS:
        raise MessageError(f"racers must be 1 to {MOST_RACERS}, got {len(entries)}")
    if not 0 <= seed < 2**64:
        raise UsageError(f"the seed must be a whole number of at least 0, got {seed}")
    return [_racer(entry, seed) for entry in entries]


def _racer(entry: Any, seed: int) -> Racer:
    if not isinstance(entry, dict):
        raise MessageError("a racer must be an object")
    entry = {"type": "train"} | entry  # for the errors of ``read_field``
    name, base = read_field(entry, "name", str)[:60], read_field(entry, "recipe", str)
    if base not in trainable():
        raise UsageError(f"the recipe must be one of {', '.join(trainable())}, got {base!r:.40}")
    settings = read_field(entry, "settings", list)
    if not all(isinstance(setting, str) for setting in settings):
        raise MessageError("settings must be texts such as epochs=3")
    try:
        recipe = apply_settings(RECIPES[base], settings)
        _check_effort(recipe)
        return Racer(name or base, recipe, seed)
    except UsageError as error:
        raise UsageError(f"{name or base}: {error}") from error


def _check_effort(recipe: Recipe) -> None:
    """Check that the images of a recipe are loaded quickly, and that a batch fits into memory.

    Raises:
        UsageError: If this is not so.
    """
    if isinstance(recipe.source, ReaderSource):
        raise UsageError("source must not be ReaderSource, whose images take minutes to generate")
    shape: tuple[int, ...] = (28, 28, 1)
    outputs = 0  # of all layers, for one image
    try:
        for layer in recipe.architecture.layers():
            shape = layer.output_shape(shape)
            outputs += prod(shape)
    except ValueError:
        return  # the training says what is wrong with the layers
    batch = recipe.batch_size or _ALL
    if outputs * batch > _MOST_OUTPUTS:
        raise UsageError(
            f"the layers must have at most {_MOST_OUTPUTS // batch:,} outputs for an image, with "
            f"{batch:,} images in a batch, got {outputs:,}: make them narrower, or the batches "
            "smaller"
        )


def knobs_of(recipe: Recipe) -> list[dict[str, Any]]:
    """Return the settings of a recipe that can be changed while a network is trained.

    Each has the key of the setting, a label, its value, and the range of its slider, which is
    logarithmic if ``log`` is true.
    """
    rate = recipe.schedule.learning_rate
    peak = "" if type(recipe.schedule).__name__ == "Constant" else ", highest"
    knobs = [_knob("learning_rate", f"Learning rate{peak}", rate, rate / 100, rate * 100, log=True)]
    for name, label in (("momentum", "Momentum"), ("beta1", "Momentum (beta 1)")):
        if hasattr(recipe.optimizer, name):
            value = getattr(recipe.optimizer, name)
            knobs.append(_knob(f"optimizer.{name}", label, value, 0, 0.99))
    if dropout := getattr(recipe.architecture, "dropout", 0):
        knobs.append(_knob("architecture.dropout", "Dropout", dropout, 0, 0.9))
    if hasattr(recipe.loss, "label_smoothing"):
        smoothing = recipe.loss.label_smoothing
        knobs.append(_knob("loss.label_smoothing", "Label smoothing", smoothing, 0, 0.5))
    knobs.append(_knob("l2", "Weight decay (L2)", recipe.l2, 0, 0.01))
    shift = 0.0 if recipe.augment is None else recipe.augment.shift
    knobs.append(_knob("augment.shift", "Distortion: shift in pixels", shift, 0, 4))
    return knobs


def _knob(
    key: str, label: str, value: float, low: float, high: float, log: bool = False
) -> dict[str, Any]:
    return {"key": key, "label": label, "value": value, "low": low, "high": high, "log": log}
