"""Convert objects to plain JSON data and back, for model files and run configurations.

A describable object keeps each argument of its constructor as an attribute of the same name. Its
description is the name of its class and those attributes, as plain JSON data. From a description,
``build`` makes an object with the same settings. Classes are looked up only in the catalogue that
the caller passes.
"""

import functools
import inspect
from collections.abc import Mapping, Sequence
from inspect import Signature
from typing import Any, ClassVar, Self, get_args, get_type_hints

from tenfold.nn.arguments import rules_of

__all__ = ["Describable", "UnknownTypeError", "build", "describe", "registered", "settings_of"]


class UnknownTypeError(ValueError):
    """A description contains the name of a class that is not in the catalogue.

    Attributes:
        name: The name in the description.
        kind: What the class must be, such as ``"layer"``.
        other: True if the name may be that of a class of another program.
    """

    def __init__(self, name: object, base: type | None, catalogue: Mapping[str, type]) -> None:
        self.kind = "type" if base is None else base.__name__.lower()
        known = ", ".join(_concrete_classes(catalogue, base))
        super().__init__(f"unknown {self.kind} {name!r}; known types: {known}")
        self.name = str(name)
        self.other = isinstance(name, str) and name.isidentifier() and name not in catalogue


class _ConstructorSignature:
    """Lets ``inspect.signature(class_)`` return the signature of ``__init__``.

    Otherwise, some versions of Python, such as 3.11.2, return the signature of
    ``Describable.__new__``, which takes any arguments. For an object of the class,
    ``inspect.signature`` returns the signature of ``__call__``, as usual.
    """

    def __get__(self, instance: object, owner: type) -> Signature:
        if instance is not None:
            raise AttributeError("__signature__")
        constructor = owner.__init__  # type: ignore[misc]
        if constructor is object.__init__:
            return Signature()
        signature = inspect.signature(constructor)
        return signature.replace(parameters=list(signature.parameters.values())[1:])


class Describable:
    """Base class of all objects that ``describe`` and ``build`` handle: layers, losses, ...

    Attributes:
        argument_hints: Advice for arguments that the constructor does not take, such as where they
            belong. The keys are the names of these arguments; ``""`` is for too many positional
            arguments. The message of ``TypeError`` ends with the advice.

    Raises:
        TypeError: If the constructor does not take the arguments; the message lists those it takes.
    """

    argument_hints: ClassVar[Mapping[str, str]] = {}
    __signature__ = _ConstructorSignature()

    def __new__(cls, *args: Any, **kwargs: Any) -> Self:
        """Check that the constructor takes these arguments, before it is called."""
        if args or kwargs:
            class_: type = cls
            signature = _signature(class_)
            try:
                signature.bind_partial(*args, **kwargs)
            except TypeError:
                from tenfold.nn.calls import call_error  # only for errors

                hints = cls.argument_hints
                raise call_error(cls.__name__, signature, args, kwargs, hints) from None
        return super().__new__(cls)


registered: dict[str, type[Describable]] = {}
"""Classes of other programs whose names files may contain. ``registry.register`` adds a class."""


def describe(value: Any) -> Any:
    """Return an object as plain JSON data (dict, list, number, string, None) for ``build``.

    Args:
        value: A ``Describable``, or a list, a dict, a number, a string or None.

    Raises:
        TypeError: If the object, or a value in it, is neither plain nor a ``Describable``.
    """
    if isinstance(value, Describable):
        settings = {name: describe(setting) for name, setting in settings_of(value).items()}
        return {"type": type(value).__name__, **settings}
    if isinstance(value, Mapping):
        return {str(key): describe(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [describe(item) for item in value]
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise TypeError(
        f"cannot describe a {type(value).__name__}: only plain values and Describable objects"
    )


def settings_of(value: Describable) -> dict[str, Any]:
    """Return the arguments of an object's constructor, which the object keeps as attributes.

    Raises:
        TypeError: If the object has no attribute with the name of an argument.
    """
    class_: type = type(value)
    names = _signature(class_).parameters
    missing = [name for name in names if not hasattr(value, name)]
    if missing:
        raise TypeError(
            f"{type(value).__name__} must keep each argument of its constructor as an attribute, "
            f"got none for {', '.join(missing)}: add self.{missing[0]} = {missing[0]}"
        )
    return {name: getattr(value, name) for name in names}


def build(description: Any, catalogue: Mapping[str, type], base: type | None = None) -> Any:
    """Make an object from its description; its class must be in ``catalogue``.

    Args:
        description: Plain data, as ``describe`` returns it.
        catalogue: Classes that may be made, by name.
        base: Class that a described object must belong to; None for any class of the catalogue.

    Raises:
        UnknownTypeError: If a class is not in the catalogue.
        ValueError: If a setting is unknown, missing or invalid.
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
    name, classes = description["type"], _concrete_classes(catalogue, base)
    if not isinstance(name, str) or name not in classes:
        raise UnknownTypeError(name, base, catalogue)
    class_ = classes[name]
    _check_names(name, class_, description)
    bases = _described_bases(class_)
    settings = {
        key: build(value, catalogue, bases[key])
        for key, value in description.items()
        if key != "type"
    }
    rules = rules_of(class_.__init__)  # type: ignore[misc]
    for key in filter(rules.__contains__, settings):
        if bases[key] is not None and not rules[key].holds(settings[key]):
            raise ValueError(
                f"{name}: {key} must be {rules[key].words}, got {_kind(settings[key])}; known "
                f"types: {', '.join(_concrete_classes(catalogue, bases[key]))}"
            )
        try:
            settings[key] = rules[key].check(key, settings[key])
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from error
    try:
        return class_(**settings)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error


def _kind(value: object) -> str:
    return "None" if value is None else type(value).__name__


@functools.cache
def _signature(class_: type) -> Signature:
    """Return the signature of a constructor; cached, since finding it takes long."""
    return inspect.signature(class_)


def _check_names(name: str, class_: type, description: Mapping[str, Any]) -> None:
    known = _signature(class_).parameters
    if unknown := sorted(set(description) - set(known) - {"type"}):
        takes = ", ".join(known) or "no settings"
        raise ValueError(f"{name} has no setting {', '.join(unknown)}; it takes: {takes}")
    needed = [key for key, parameter in known.items() if parameter.default is parameter.empty]
    if missing := [key for key in needed if key not in description]:
        raise ValueError(f"{name} needs a value for {', '.join(missing)}")


def _concrete_classes(catalogue: Mapping[str, type], base: type | None) -> dict[str, type]:
    """Return the subclasses of ``base`` in the catalogue that are not abstract, by name, sorted."""
    return {
        name: kind
        for name, kind in sorted(catalogue.items())
        if isinstance(kind, type) and issubclass(kind, base or object)
        if not inspect.isabstract(kind)
    }


@functools.cache
def _described_bases(class_: type) -> dict[str, type | None]:
    """Return, for each argument, the Describable class in its annotation, or None."""
    hints = get_type_hints(class_.__init__)  # type: ignore[misc]
    bases: dict[str, type | None] = {}
    for name in _signature(class_).parameters:
        hint = hints.get(name)  # a class of another program may have no annotations
        choices = (hint, *get_args(hint))
        kinds = [c for c in choices if isinstance(c, type) and issubclass(c, Describable)]
        bases[name] = kinds[0] if kinds else None
    return bases
