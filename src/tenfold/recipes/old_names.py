"""Old names of recipes and settings, which are still accepted."""

from collections.abc import Sequence
from typing import Any

__all__ = ["FIELDS_OF_0_1", "current_recipe", "current_settings", "renamed"]

FIELDS_OF_0_1 = (
    *("type", "name", "summary", "architecture", "optimizer", "schedule", "loss", "source"),
    *("epochs", "whitened", "batch_size", "shards", "precision", "l2", "max_norm", "average"),
    *("augment", "clean_epochs", "selective", "shift", "patience", "log_every", "observe"),
    "credit",
)
"""The fields that a recipe had in version 0.1, with their names in that version."""

_RECIPES = {"committee": "ensemble"}
_SETTINGS = {  # for each class: the old and the current names of its settings
    "Recipe": {"shift": "test_time_shift"},
    "ConvNet": {"deslant": "deskew"},
    "ReaderSource": {"joined": "non_digits", "strokes": "generated"},
}
_CLASSES = {"WrittenCrossEntropy": "CrossEntropyAsWritten"}
# ``apply_settings`` also takes a key without the name of the object that has the setting, so
# "deskew" stands for "architecture.deskew".
_KEYS = {"shift": "test_time_shift", "deslant": "deskew", "architecture.deslant": "deskew"}


def current_recipe(name: str) -> str:
    """Return the current name of a recipe."""
    return _RECIPES.get(name, name)


def current_settings(settings: Sequence[str]) -> list[str]:
    """Return settings such as ``"deslant=true"`` under their current names."""
    parts = [setting.partition("=") for setting in settings]
    return [_KEYS.get(key.strip(), key) + equals + value for key, equals, value in parts]


def renamed(data: Any, back: bool = False) -> Any:
    """Return the description of a recipe under the current names.

    Args:
        data: Plain JSON data, from ``describe``.
        back: Whether to replace the current names with those of version 0.1 instead.
    """
    if isinstance(data, list):
        return [renamed(part, back) for part in data]
    if not isinstance(data, dict):
        return data
    kind = data.get("type")
    names = _SETTINGS.get(kind, {}) if isinstance(kind, str) else {}
    classes = _CLASSES
    if back:
        names, classes = _inverse(names), _inverse(classes)
    found = {names.get(key, key): renamed(value, back) for key, value in data.items()}
    return found | {"type": classes.get(kind, kind)} if isinstance(kind, str) else found


def _inverse(names: dict[str, str]) -> dict[str, str]:
    return {new: old for old, new in names.items()}
