"""Registration of your own layers, losses, optimizers, ..., so that files may contain their names.

A model file or a ``config.json`` contains the names of classes and plain settings, no code. A name
is looked up among tenfold's own classes, and among those that the running program has registered.
Reading a file never imports a module and never searches for a class in any other place.
"""

import inspect
from collections.abc import Mapping
from typing import TypeVar

from tenfold.nn.arguments import rules_of
from tenfold.nn.description import Describable, registered, settings_of

__all__ = ["check_known", "register"]

_Class = TypeVar("_Class", bound=type)
_KINDS = "Layer, Initializer, Loss, Optimizer or Schedule"
_BY_NAME = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)


def register(class_: _Class) -> _Class:
    """Allow files to contain the name of your class. Use it as a decorator of the class.

    Register a class before you save or load an object of it. The constructor must keep each
    argument as an attribute of the same name, whose value is plain data (numbers, strings, lists)
    or an object of a class of tenfold or of a registered class.

    Args:
        class_: A class derived from ``Layer``, ``Initializer``, ``Loss``, ``Optimizer`` or
            ``Schedule`` that defines all abstract methods. A class that is defined again, as in a
            notebook, replaces the earlier one.

    Returns:
        The class itself.

    Raises:
        ValueError: If ``class_`` is not such a class, its constructor takes ``*args`` or
            ``**kwargs``, or another class has its name.

    Example:
        >>> @register
        ... class Swish(Layer):
        ...     ...
    """
    if not isinstance(class_, type) or not issubclass(class_, Describable):
        got = class_.__name__ if isinstance(class_, type) else type(class_).__name__
        raise ValueError(f"class_ must be a class derived from {_KINDS}, got {got}")
    name = class_.__name__
    if inspect.isabstract(class_):
        missing = ", ".join(sorted(getattr(class_, "__abstractmethods__", ())))
        raise ValueError(f"{name} must define {missing} before it is registered")
    _check_constructor(class_)
    _check_name(class_)
    registered[name] = class_
    return class_


def check_known(value: object, known: Mapping[str, type], name: str) -> None:
    """Raise ValueError if an object in a value has a class that files may not contain.

    Such a class is neither part of tenfold nor registered.

    Args:
        value: An object, a list of objects, or plain data.
        known: The classes that files may contain, by name.
        name: Name of the value in the message, such as ``"layer 3"``.
    """
    if isinstance(value, Describable):
        kind = type(value)
        if known.get(kind.__name__) is not kind:
            raise ValueError(
                f"{name}: the class {kind.__module__}.{kind.__name__} is not part of tenfold and "
                "not registered: write @tenfold.nn.register above it"
            )
        for setting in settings_of(value).values():
            check_known(setting, known, name)
    elif isinstance(value, (list, tuple)):
        for part in value:
            check_known(part, known, name)


def _check_constructor(class_: type) -> None:
    for parameter in inspect.signature(class_).parameters.values():
        if parameter.kind not in _BY_NAME:
            raise ValueError(
                f"the arguments of {class_.__name__} must have names, got {parameter}: files give "
                "all arguments by name"
            )
    try:
        rules_of(class_.__init__)  # type: ignore[misc]
    except NameError as error:
        raise ValueError(
            f"the annotations of {class_.__name__} must be defined when it is registered, got "
            f"{error}"
        ) from error


def _check_name(class_: type) -> None:
    from tenfold.nn import __all__ as own_names

    name = class_.__name__
    if name in own_names:
        raise ValueError(f"{name} is the name of a class of tenfold: choose another name")
    other = registered.get(name, class_)
    if (other.__module__, other.__qualname__) != (class_.__module__, class_.__qualname__):
        raise ValueError(
            f"{name} is already registered, by {other.__module__}: choose another name"
        )
