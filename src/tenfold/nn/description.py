"""Objects to plain JSON data and back: the base of model files and run configurations.

A describable object keeps each argument of its constructor as an attribute of the same name. Its
description is the name of its class and those attributes, as plain JSON data, and ``build`` makes
an equal object from it. Names are looked up only in the catalogue that the caller passes.
"""

import inspect
from collections.abc import Mapping, Sequence
from typing import Any, get_args, get_type_hints

from tenfold.nn.arguments import rules_of

__all__ = ["Describable", "build", "describe"]


class Describable:
    """Base class of everything that ``describe`` and ``build`` handle: layers, losses, ..."""


def describe(thing: Any) -> Any:
    """Return an object as plain JSON data (dict, list, number, string, None) for ``build``.

    Raises:
        TypeError: If the object, or a value in it, is neither plain nor a ``Describable``.
    """
    if isinstance(thing, Describable):
        names = inspect.signature(type(thing)).parameters
        settings = {name: describe(getattr(thing, name)) for name in names}
        return {"type": type(thing).__name__, **settings}
    if isinstance(thing, Mapping):
        return {str(key): describe(value) for key, value in thing.items()}
    if isinstance(thing, Sequence) and not isinstance(thing, str):
        return [describe(item) for item in thing]
    if thing is None or isinstance(thing, (bool, int, float, str)):
        return thing
    raise TypeError(f"cannot describe a {type(thing).__name__}: only plain values and Describables")


def build(description: Any, catalogue: Mapping[str, type], base: type | None = None) -> Any:
    """Make the object that ``describe`` described, using only classes from ``catalogue``.

    Args:
        description: Plain data.
        catalogue: Classes that may be made, by name.
        base: Class that a described object must belong to; None for any in the catalogue.

    Raises:
        ValueError: If a type is not in the catalogue, or its settings are not those it takes.
    """
    if isinstance(description, Mapping) and "type" in description:
        return _build_object(description, catalogue, base)
    if isinstance(description, Mapping):
        return {key: build(value, catalogue) for key, value in description.items()}
    if isinstance(description, (list, tuple)):
        return tuple(build(item, catalogue, base) for item in description)
    return description


def _build_object(
    description: Mapping[str, Any], catalogue: Mapping[str, type], base: type | None
) -> Any:
    name, known = description["type"], _makeable(catalogue, base)
    if not isinstance(name, str) or name not in known:
        kind = "type" if base is None else base.__name__.lower()
        raise ValueError(f"unknown {kind} {name!r}; known are: {', '.join(known)}")
    made = known[name]
    _check_names(name, made, description)
    bases = _described_bases(made)
    settings = {
        key: build(value, catalogue, bases[key])
        for key, value in description.items()
        if key != "type"
    }
    rules = rules_of(made.__init__)  # type: ignore[misc]
    for key in filter(rules.__contains__, settings):
        try:
            settings[key] = rules[key].check(key, settings[key])
        except ValueError as error:
            raise ValueError(f"{name}: {error}{_known(catalogue, bases[key])}") from error
    try:
        return made(**settings)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error


def _known(catalogue: Mapping[str, type], base: type | None) -> str:
    return "" if base is None else f"; known are: {', '.join(_makeable(catalogue, base))}"


def _check_names(name: str, made: type, description: Mapping[str, Any]) -> None:
    known = inspect.signature(made).parameters
    if unknown := sorted(set(description) - set(known) - {"type"}):
        takes = ", ".join(known) or "no settings"
        raise ValueError(f"{name} has no setting {', '.join(unknown)}; it takes: {takes}")
    needed = [key for key, parameter in known.items() if parameter.default is parameter.empty]
    if missing := [key for key in needed if key not in description]:
        raise ValueError(f"{name} needs a value for {', '.join(missing)}")


def _makeable(catalogue: Mapping[str, type], base: type | None) -> dict[str, type]:
    """Return the classes of the catalogue that can be made and belong to ``base``, sorted."""
    return {
        name: kind
        for name, kind in sorted(catalogue.items())
        if isinstance(kind, type) and issubclass(kind, base or object)
        if not inspect.isabstract(kind)
    }


def _described_bases(made: type) -> dict[str, type | None]:
    """Return the Describable class in the annotation of each argument, None if there is none."""
    hints = get_type_hints(made.__init__)  # type: ignore[misc]
    bases: dict[str, type | None] = {}
    for name in inspect.signature(made).parameters:
        choices = (hints[name], *get_args(hints[name]))
        kinds = [c for c in choices if isinstance(c, type) and issubclass(c, Describable)]
        bases[name] = kinds[0] if kinds else None
    return bases
