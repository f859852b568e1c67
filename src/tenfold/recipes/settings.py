"""Settings: a recipe as JSON, changed by ``KEY=VALUE`` and made into a recipe again."""

import difflib
import json
from collections.abc import Iterator, Sequence
from inspect import signature
from typing import Any

from tenfold import images, nn, training
from tenfold.errors import TenfoldError, UsageError
from tenfold.nn import Describable, build, describe
from tenfold.recipes import architectures, convnet, recipe, sources
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

# Every exported class that a setting can name; layers belong to architectures, not to settings.
_CATALOGUE = {
    name: thing
    for module in (nn, images, training, architectures, convnet, recipe, sources, faults)
    for name in module.__all__
    if isinstance(thing := getattr(module, name), type)
    and issubclass(thing, Describable)
    and not issubclass(thing, nn.Layer)
}
# What building from numbers that somebody typed can raise besides a clear ValueError.
_UNFIT = (ValueError, TypeError, OverflowError, MemoryError, RecursionError)
_FIXED = {"name", "summary", "credit"}


def recipe_to_json(recipe: Recipe) -> dict[str, Any]:
    """Return the recipe as plain JSON data."""
    data: dict[str, Any] = describe(recipe)
    return data


def recipe_from_json(data: Any) -> Recipe:
    """Make the recipe that ``recipe_to_json`` described.

    Raises:
        TenfoldError: if the data describes no recipe that this version knows.
    """
    try:
        return _build(renamed(data))
    except _UNFIT as error:
        raise TenfoldError(f"this is not a recipe: {error}") from error


def changed_settings(thing: Any) -> Any:
    """Return the description of a recipe, or of one of its parts, without what is at its default.

    Two recipes of one name train alike if they have the same changed settings.
    """
    if not isinstance(thing, Describable):
        return describe(thing)
    changed = {
        name: changed_settings(getattr(thing, name))
        for name, parameter in signature(type(thing)).parameters.items()
        if getattr(thing, name) != parameter.default
    }
    return {"type": type(thing).__name__, **changed}


def apply_settings(recipe: Recipe, settings: Sequence[str]) -> Recipe:
    """Return the recipe with settings such as ``"epochs=3"`` or ``"optimizer.beta2=0.99"`` applied.

    A key is a path of names joined by dots, or just its last name where that is unique. A value
    is JSON; text without quotes, lists without brackets (``hidden=256,128``), ``none`` and
    ``full`` are understood too. The name of a class (``schedule=Cosine``) stands for it with its
    defaults; what has none (``learning_rate``) stays as it was. Later settings can then change
    its own numbers (``schedule.final=0.1``). So ``augment=Augment`` and then ``rotation=10``.

    Raises:
        UsageError: if a key is unknown or a value does not fit.
    """
    data = recipe_to_json(recipe)
    try:
        for setting in current_settings(settings):
            _apply(data, setting)
        changed = _build(data)
        changed.network(seed=0)  # sizes are checked when layers meet
    except _UNFIT as error:
        raise UsageError(f"these settings do not fit: {error}") from error
    return changed


def settings_between(old: Recipe, new: Recipe) -> list[str]:
    """Return the settings that make ``old`` into ``new``, as ``apply_settings`` takes them.

    A class comes before its numbers, and of these only what is not its default.

    Raises:
        ValueError: if ``new`` has a class whose numbers have no defaults in place of none.
    """
    return list(_differences(recipe_to_json(old), recipe_to_json(new)))


def _differences(old: Any, new: Any, path: str = "") -> Iterator[str]:
    if not isinstance(new, dict):
        if old != new:
            yield f"{path}={_text(new)}"
        return
    if not isinstance(old, dict) or old["type"] != new["type"]:
        yield f"{path}={new['type']}"
        old = _complete(_named(new["type"], old), old)
    for name, value in new.items():
        if name != "type" and (path or name not in _FIXED):
            yield from _differences(old[name], value, f"{path}.{name}" if path else name)


def _text(value: Any) -> str:
    """Return a value as people type it: names without quotes, lists without brackets."""
    if isinstance(value, list) and value and not any(isinstance(part, dict) for part in value):
        return ",".join(map(_text, value))
    return value if isinstance(value, str) and value.isidentifier() else json.dumps(value)


def _apply(data: dict[str, Any], setting: str) -> None:
    key, equals, text = setting.partition("=")
    if not equals or not key.strip():
        raise UsageError(f"--set takes KEY=VALUE, such as epochs=3, not {setting!r}")
    parent, name = _find(data, key.strip())
    old, parent[name] = parent[name], _value(text.strip(), parent[name])
    if isinstance(parent[name], dict):
        parent[name] = _complete(parent[name], old)


def _complete(description: dict[str, Any], old: Any) -> Any:
    """Return it with its defaults, which are keys that the next setting may name."""
    base = _base(old) if isinstance(old, dict) else Describable
    return describe(build(description, _CATALOGUE, base))


def _base(description: dict[str, Any]) -> type[Describable]:
    """Return what a described thing is one of: an Optimizer, a Schedule, ..."""
    ancestors = _CATALOGUE[description["type"]].__mro__
    return ancestors[ancestors.index(Describable) - 1]


def _build(data: Any) -> Recipe:
    made = build(data, _CATALOGUE, Recipe)
    if not isinstance(made, Recipe):
        raise ValueError(f"it describes no Recipe but {type(made).__name__}")
    return made


def _find(data: dict[str, Any], key: str) -> tuple[dict[str, Any], str]:
    paths = {path: (parent, name) for path, parent, name in _walk(data)}
    matches = [path for path in paths if path == key] or [
        path for path in paths if path.endswith("." + key)
    ]
    if len(matches) == 1:
        return paths[matches[0]]
    if matches:
        raise UsageError(f"{key} could mean {' or '.join(matches)}: name one in full")
    near = difflib.get_close_matches(key, [*paths, *(p.split(".")[-1] for p in paths)], n=1)
    hint = _whose(key) or (f"Did you mean {near[0]}? " if near else "")
    raise UsageError(
        f"this recipe has no setting {key!r}. {hint}It has: {', '.join(sorted(paths))}"
    )


def _whose(key: str) -> str:
    """Return a hint at the classes that have such a setting, once they are chosen."""
    name = key.rpartition(".")[2]
    owners = [owner for owner, made in _CATALOGUE.items() if name in signature(made).parameters]
    return f"It belongs to {' or '.join(owners)}: choose that first. " if owners else ""


def _walk(data: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, dict[str, Any], str]]:
    for name, value in data.items():
        if name == "type" or (not prefix and name in _FIXED):
            continue
        yield prefix + name, data, name
        if isinstance(value, dict):
            yield from _walk(value, f"{prefix}{name}.")


def _value(text: str, old: Any) -> Any:
    value = _parse(text)
    if value is None:
        return [] if isinstance(old, list) else None
    if old is None and isinstance(value, str) and value in _CATALOGUE:
        return _named(value, old)
    if isinstance(old, dict) and not (isinstance(value, dict) and "type" in value):
        return _named(value, old)  # what is no class gets its list of alternatives from build
    if isinstance(old, list) and not isinstance(value, list):
        value = [] if value == "" else [value]
    return value


def _named(name: Any, old: Any) -> dict[str, Any]:
    """Return the description of a class by its name, with what it needs and ``old`` has."""
    shared = old or {}
    return {"type": name, **{k: v for k, v in shared.items() if k in _required(name)}}


def _required(name: Any) -> set[str]:
    """Return the settings of a class that have no default."""
    if not isinstance(name, str) or name not in _CATALOGUE:
        return set()
    parameters = signature(_CATALOGUE[name]).parameters.values()
    return {p.name for p in parameters if p.default is p.empty}


def _parse(text: str) -> Any:
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
