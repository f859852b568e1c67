"""Things that can say how to make them again: the base of model files and run configurations.

The rule: a describable thing keeps each argument of its constructor as an attribute of the same
name. Its description is then its class name and those attributes, all plain JSON, and ``build``
makes an equal thing from it. Names are looked up only in the catalogue that the caller passes.
"""

import inspect
from collections.abc import Mapping, Sequence
from types import UnionType
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


def build(description: Any, catalogue: Mapping[str, type]) -> Any:
    """Make the thing that ``describe`` described, with classes from ``catalogue`` alone.

    Raises:
        ValueError: if a type is not in the catalogue or does not take the described settings.
    """
    if isinstance(description, Mapping) and "type" in description:
        name = description["type"]
        if not isinstance(name, str) or name not in catalogue:
            raise ValueError(f"unknown type {name!r}; known are: {', '.join(sorted(catalogue))}")
        settings = {k: build(v, catalogue) for k, v in description.items() if k != "type"}
        known = inspect.signature(catalogue[name]).parameters
        if strange := sorted(set(settings) - set(known)):
            takes = ", ".join(known) or "no settings"
            raise ValueError(f"{name} has no setting {', '.join(strange)}; it takes: {takes}")
        _check_types(catalogue[name], settings)
        try:
            return catalogue[name](**settings)
        except TypeError as error:
            raise ValueError(f"{name} cannot be made from {settings}: {error}") from error
    if isinstance(description, Mapping):
        return {key: build(value, catalogue) for key, value in description.items()}
    if isinstance(description, (list, tuple)):
        return tuple(build(item, catalogue) for item in description)
    return description


def _check_types(made: type, settings: Mapping[str, Any]) -> None:
    hints = get_type_hints(made.__init__)  # type: ignore[misc]
    for name, value in settings.items():
        if not _fits(value, hints[name]):
            wanted = getattr(hints[name], "__name__", hints[name])
            raise ValueError(f"{made.__name__}: {name} must be of type {wanted}, not {value!r}")


def _fits(value: Any, hint: Any) -> bool:
    """Whether a value is what a type annotation asks for, as far as constructors here use them."""
    if get_origin(hint) in (Union, UnionType):
        return any(_fits(value, choice) for choice in get_args(hint))
    if get_origin(hint) is tuple:
        return isinstance(value, tuple) and all(_fits(item, get_args(hint)[0]) for item in value)
    if hint in (int, float):
        return isinstance(value, (int, hint)) and not isinstance(value, bool)
    return isinstance(value, hint)
