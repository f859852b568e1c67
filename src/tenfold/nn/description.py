"""Things that can say how to make them again: the base of model files and run configurations.

The rule: a describable thing keeps each argument of its constructor as an attribute of the same
name. Its description is then its class name and those attributes, all plain JSON, and ``build``
makes an equal thing from it. Names are looked up only in the catalogue that the caller passes.
"""

import inspect
from collections.abc import Mapping, Sequence
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

__all__ = ["Describable", "build", "describe"]


class Describable:
    """Base of everything that ``describe`` and ``build`` carry: layers, losses, optimizers, ..."""


def describe(thing: Any) -> Any:
    """Return plain JSON data (dict, list, number, string, None) from which ``build`` remakes it."""
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
    """Make the thing that ``describe`` described, with classes from ``catalogue`` alone.

    Args:
        description: plain data.
        catalogue: the classes that may be made, by name.
        base: the class that a described thing must belong to; None for any of the catalogue.

    Raises:
        ValueError: if a type is not in the catalogue or does not take the described settings.
    """
    if isinstance(description, Mapping) and "type" in description:
        return _build_thing(description, catalogue, base)
    if isinstance(description, Mapping):
        return {key: build(value, catalogue) for key, value in description.items()}
    if isinstance(description, (list, tuple)):
        return tuple(build(item, catalogue, base) for item in description)
    return description


def _build_thing(
    description: Mapping[str, Any], catalogue: Mapping[str, type], base: type | None
) -> Any:
    name, fitting = description["type"], _fitting(catalogue, base)
    if not isinstance(name, str) or name not in fitting:
        kind = "type" if base is None else base.__name__.lower()
        raise ValueError(f"unknown {kind} {name!r}; known are: {', '.join(fitting)}")
    made = fitting[name]
    known = inspect.signature(made).parameters
    if strange := sorted(set(description) - set(known) - {"type"}):
        takes = ", ".join(known) or "no settings"
        raise ValueError(f"{name} has no setting {', '.join(strange)}; it takes: {takes}")
    needed = [key for key, parameter in known.items() if parameter.default is parameter.empty]
    if missing := [key for key in needed if key not in description]:
        raise ValueError(f"{name} needs a value for {', '.join(missing)}")
    hints = get_type_hints(made.__init__)  # type: ignore[misc]
    settings = {
        key: build(value, catalogue, _described_by(hints[key]))
        for key, value in description.items()
        if key != "type"
    }
    for key, value in settings.items():
        if not _fits(value, hints[key]):
            wanted = _in_words(hints[key], catalogue)
            raise ValueError(f"{name}: {key} must be {wanted}, not {description[key]!r}")
    return made(**settings)


def _fitting(catalogue: Mapping[str, type], base: type | None) -> dict[str, type]:
    """Return the classes of the catalogue that can be made and belong to ``base``, sorted."""
    return {
        name: kind
        for name, kind in sorted(catalogue.items())
        if isinstance(kind, type) and issubclass(kind, base or object)
        if not inspect.isabstract(kind)
    }


def _described_by(hint: Any) -> type | None:
    """Return the class of things that a type annotation asks for, alone or in a tuple."""
    for choice in (hint, *get_args(hint)):
        if isinstance(choice, type) and issubclass(choice, Describable):
            return choice
    return None


def _in_words(hint: Any, catalogue: Mapping[str, type], plural: bool = False) -> str:
    """Say a type annotation for those who know no Python."""
    if get_origin(hint) in (Union, UnionType):
        return " or ".join(_in_words(choice, catalogue) for choice in get_args(hint))
    if get_origin(hint) in (tuple, Sequence):
        return f"a list of {_in_words(get_args(hint)[0], catalogue, plural=True)}"
    if _described_by(hint) is not None:
        return f"one of {', '.join(_fitting(catalogue, hint))}"
    words = {int: "whole number", float: "number", str: "text"}.get(hint)
    if words is not None:
        return f"{words}s" if plural else f"a {words}"
    return {bool: "true or false", NoneType: "none"}.get(hint, str(hint))


def _fits(value: Any, hint: Any) -> bool:
    """Whether a value is what a type annotation asks for, as far as constructors here use them."""
    if get_origin(hint) in (Union, UnionType):
        return any(_fits(value, choice) for choice in get_args(hint))
    if get_origin(hint) in (tuple, Sequence):
        return isinstance(value, tuple) and all(_fits(item, get_args(hint)[0]) for item in value)
    if hint in (int, float):
        return isinstance(value, (int, hint)) and not isinstance(value, bool)
    return isinstance(value, hint)
