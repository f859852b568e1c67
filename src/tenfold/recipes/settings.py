"""Settings: convert recipes to JSON data, change them by ``KEY=VALUE``, and convert them back."""

import difflib
import json
from collections.abc import Iterator, Sequence
from inspect import signature
from typing import Any

from tenfold import images, nn, training
from tenfold.errors import TenfoldError, UsageError
from tenfold.nn import Describable, build, describe
from tenfold.nn.arguments import checked
from tenfold.nn.description import UnknownTypeError, registered
from tenfold.nn.registry import check_known
from tenfold.recipes import (
    architectures,
    change,
    convnet,
    reader_source,
    recipe,
    sequential,
    sources,
)
from tenfold.recipes.classics import faults
from tenfold.recipes.old_names import current_settings, renamed
from tenfold.recipes.recipe import Recipe

__all__ = [
    "apply_settings",
    "changed_settings",
    "recipe_from_json",
    "recipe_to_json",
    "settings_between",
]

# All exported classes whose names can be values of settings. Layers are chosen by architectures.
_BUILT_IN = {
    name: class_
    for module in (
        nn,
        images,
        training,
        architectures,
        change,
        convnet,
        sequential,
        recipe,
        sources,
        reader_source,
        faults,
    )
    for name in module.__all__
    if isinstance(class_ := getattr(module, name), type)
    and issubclass(class_, Describable)
    and not issubclass(class_, nn.Layer)
}
# Errors that building from arbitrary values can raise.
_BUILD_ERRORS = (ValueError, TypeError, OverflowError, MemoryError, RecursionError)
_TEXTS = {"name", "summary", "credit"}
_OPTIONS = ("data", "out", "seed", "seeds", "threads")  # options of tenfold train


def _catalogue() -> dict[str, type]:
    """Return the classes whose names can be values of settings: tenfold's and registered ones."""
    others = {name: kind for name, kind in registered.items() if not issubclass(kind, nn.Layer)}
    if taken := sorted(others.keys() & _BUILT_IN.keys()):
        raise ValueError(f"{taken[0]} is the name of a class of tenfold: register another name")
    return _BUILT_IN | others


@checked
def recipe_to_json(recipe: Recipe) -> dict[str, Any]:
    """Return the recipe as plain JSON data.

    Raises:
        TenfoldError: If it contains an object whose class is neither tenfold's nor registered.
    """
    try:
        check_known(recipe, _catalogue(), f"recipe {recipe.name}")
    except (TypeError, ValueError) as error:
        raise TenfoldError(str(error)) from error
    data: dict[str, Any] = describe(recipe)
    return data


def recipe_from_json(data: Any) -> Recipe:
    """Make the recipe that ``recipe_to_json`` described.

    Args:
        data: Plain JSON data; old names of settings are accepted.

    Raises:
        TenfoldError: If the data does not describe a recipe.
    """
    try:
        return _build(renamed(data))
    except _BUILD_ERRORS as error:
        advice = ""
        if isinstance(error, UnknownTypeError) and error.other:
            advice = (
                ". A class of your own must be registered first, with @tenfold.nn.register in the "
                "module that defines it"
            )
        raise TenfoldError(f"this is not a recipe: {error}{advice}") from error


def changed_settings(value: Any) -> Any:
    """Return the settings of a recipe, or of a part of it, that differ from their defaults.

    The name, summary and credit of a recipe are left out: recipes with equal changed settings give
    equal runs.
    """
    if not isinstance(value, Describable):
        return describe(value)
    ignored = _TEXTS if isinstance(value, Recipe) else set()
    changed = {
        name: changed_settings(getattr(value, name))
        for name, parameter in signature(type(value)).parameters.items()
        if name not in ignored and getattr(value, name) != parameter.default
    }
    return {"type": type(value).__name__, **changed}


@checked
def apply_settings(recipe: Recipe, settings: Sequence[str]) -> Recipe:
    """Return the recipe with settings such as ``"epochs=3"`` or ``"optimizer.beta2=0.99"`` applied.

    A key is a path of names joined by dots. Its last name is enough if no other path ends with the
    same name. A value is JSON; text without quotes, lists without brackets (``hidden=256,128``),
    and ``none`` or ``full`` for null also work. The name of a class (``schedule=Cosine``) makes an
    object with the default settings; settings without a default (``learning_rate``) keep their
    value. Settings of the new object come after it (``schedule=Cosine``, ``schedule.final=0.1``),
    so ``augment=Augment`` must come before ``rotation=10``.

    Args:
        recipe: The recipe; it is not changed.
        settings: Settings, applied in order.

    Raises:
        UsageError: If a key is unknown or a value is invalid.
    """
    data = recipe_to_json(recipe)
    try:
        for setting in current_settings(settings):
            _apply(data, setting)
        changed = _build(data)
        changed.network(seed=0)  # raises if the sizes of layers do not fit together
    except _BUILD_ERRORS as error:
        raise UsageError(f"invalid settings: {error}") from error
    return changed


@checked
def settings_between(old: Recipe, new: Recipe) -> list[str]:
    """Return the settings that change ``old`` into ``new``, for ``apply_settings``.

    If an object has another class, the class comes first, and then those settings of the object
    that differ from their defaults. If the class needs settings that ``old`` does not have, the
    whole object is written as JSON.
    """
    return list(_differences(recipe_to_json(old), recipe_to_json(new)))


def _differences(old: Any, new: Any, path: str = "") -> Iterator[str]:
    """Yield the settings below ``path`` that change the description ``old`` into ``new``."""
    if not isinstance(new, dict):
        if old != new:
            yield f"{path}={_text(new)}"
        return
    if not isinstance(old, dict) or old["type"] != new["type"]:
        try:
            old = _complete(_named(new["type"], old), old)
        except _BUILD_ERRORS:
            yield f"{path}={json.dumps(new)}"
            return
        yield f"{path}={new['type']}"
    for name, value in new.items():
        if name != "type" and (path or name not in _TEXTS):
            yield from _differences(old[name], value, f"{path}.{name}" if path else name)


def _text(value: Any) -> str:
    """Return a value as a user types it: names without quotes, lists without brackets."""
    if isinstance(value, list) and value and not any(isinstance(part, dict) for part in value):
        return ",".join(map(_text, value))
    return value if isinstance(value, str) and value.isidentifier() else json.dumps(value)


def _apply(data: dict[str, Any], setting: str) -> None:
    key, equals, text = setting.partition("=")
    if not equals or not key.strip():
        raise UsageError(f"--set must be KEY=VALUE, such as epochs=3, got {setting!r}")
    parent, name = _find(data, key.strip())
    old, parent[name] = parent[name], _value(text.strip(), parent[name])
    if isinstance(parent[name], dict):
        parent[name] = _complete(parent[name], old)


def _complete(description: dict[str, Any], old: Any) -> Any:
    """Return a description with all its settings, so that later settings can change them."""
    base = _base(old) if isinstance(old, dict) else Describable
    return describe(build(description, _catalogue(), base))


def _base(description: dict[str, Any]) -> type[Describable]:
    """Return the base class of a described object: Optimizer, Schedule, ..."""
    ancestors = _catalogue()[description["type"]].__mro__
    return ancestors[ancestors.index(Describable) - 1]


def _build(data: Any) -> Recipe:
    made = build(data, _catalogue(), Recipe)
    if not isinstance(made, Recipe):
        raise ValueError(f"type must be Recipe, got {type(made).__name__}")
    return made


def _find(data: dict[str, Any], key: str) -> tuple[dict[str, Any], str]:
    """Return the object that has the setting ``key``, and the name of the setting in it."""
    paths = {path: (parent, name) for path, parent, name in _walk(data)}
    matches = [path for path in paths if path == key] or [
        path for path in paths if path.endswith("." + key)
    ]
    if len(matches) == 1:
        return paths[matches[0]]
    if matches:
        raise UsageError(f"{key} is ambiguous: write {' or '.join(matches)}")
    near = difflib.get_close_matches(key, [*paths, *(p.split(".")[-1] for p in paths)], n=1)
    hint = _classes_with(key) or (f"Did you mean {near[0]}? " if near else "")
    raise UsageError(
        f"this recipe has no setting {key!r}. {hint}It has: {', '.join(sorted(paths))}"
    )


def _classes_with(key: str) -> str:
    """Return a hint: classes with this setting, or an option with this name; empty if none."""
    if key in _OPTIONS:
        return f"It is an option of tenfold train: --{key}. "
    name = key.rpartition(".")[2]
    classes = _catalogue().items()
    found = [class_name for class_name, class_ in classes if name in signature(class_).parameters]
    return f"It is a setting of {' or '.join(found)}: choose that first. " if found else ""


def _walk(data: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield each setting: its path, the object that has it, and its name in this object."""
    for name, value in data.items():
        if name == "type" or (not prefix and name in _TEXTS):
            continue
        yield prefix + name, data, name
        if isinstance(value, dict):
            yield from _walk(value, f"{prefix}{name}.")


def _value(text: str, old: Any) -> Any:
    """Return the new value of a setting, from the text that the user typed and the old value."""
    value = _parse(text)
    if value is None:
        return [] if isinstance(old, list) else None
    if old is None and isinstance(value, str) and value in _catalogue():
        return _named(value, old)
    if isinstance(old, dict) and not (isinstance(value, dict) and "type" in value):
        return _named(value, old)  # if this is not a class, build raises an error with all classes
    if isinstance(old, list) and not isinstance(value, list):
        value = [] if value == "" else [value]
    return value


def _named(name: Any, old: Any) -> dict[str, Any]:
    """Return the description of a class, with the required settings that ``old`` has."""
    old_settings = old or {}
    return {"type": name, **{k: v for k, v in old_settings.items() if k in _required(name)}}


def _required(name: Any) -> set[str]:
    """Return the names of the settings of a class that have no default."""
    if not isinstance(name, str) or name not in _catalogue():
        return set()
    parameters = signature(_catalogue()[name]).parameters.values()
    return {p.name for p in parameters if p.default is p.empty}


def _parse(text: str) -> Any:
    """Return the value of a text: JSON, a list without brackets, or else the text itself."""
    if text.lower() in ("none", "null", "full"):
        return None
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    for candidate in (text, f"[{text}]"):
        try:
            return json.loads(candidate)
        except ValueError:
            continue
    return text
