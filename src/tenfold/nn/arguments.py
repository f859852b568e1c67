"""Checks of arguments against the rules that their annotations declare.

``checked`` decorates a function or constructor; a dataclass calls ``check_fields``::

    class Dropout(Layer):
        @checked
        def __init__(self, rate: FractionBelowOne = 0.5) -> None: ...

    >>> Dropout(2)
    ValueError: rate must be a number in [0, 1), got 2

Before the function runs, a NumPy scalar becomes a Python number, and a list becomes a tuple if the
annotation is a ``Sequence``. An annotation that declares no rule, such as ``Any``, is not checked.
All names in the annotations of arguments must be defined when the function is called: an import for
the type checker alone (``if TYPE_CHECKING:``) is not enough.
"""

import functools
import inspect
import os
from collections.abc import Callable, Mapping, Sequence
from types import SimpleNamespace, UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    ParamSpec,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

import numpy as np

from tenfold.nn.array import LazyArray
from tenfold.nn.constraints import (
    Choice,
    Either,
    InstanceOf,
    ListOf,
    Number,
    Rule,
    Whole,
)
from tenfold.nn.mapping_rules import MappingOf

__all__ = [
    "FilePath",
    "PathLike",
    "check_arguments",
    "check_fields",
    "checked",
    "rule_of",
    "rules_of",
]

_P = ParamSpec("_P")
_R = TypeVar("_R")


def checked(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Decorate a function or ``__init__`` so that its arguments are checked before it runs."""
    signature = inspect.signature(function)
    skipped = int(next(iter(signature.parameters), "") == "self")  # number of arguments to skip
    parameters = list(signature.parameters.values())
    without_self = signature.replace(parameters=parameters[skipped:])

    @functools.wraps(function)
    def call(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            bound = signature.bind(*args, **kwargs)
        except TypeError:
            from tenfold.nn.calls import call_error  # only for errors

            name = function.__qualname__.removesuffix(".__init__")
            raise call_error(name, without_self, args[skipped:], kwargs, {}) from None
        bound.arguments.update(check_arguments(function, bound.arguments))
        return function(*bound.args, **bound.kwargs)

    return call


def check_fields(thing: Any) -> None:
    """Check the fields of a dataclass that its constructor takes. Call it in ``__post_init__``.

    Raises:
        ValueError: If a field does not satisfy the rule of its annotation.
    """
    for name, rule in rules_of(type(thing).__init__).items():
        value = getattr(thing, name)
        if (plain := rule.check(name, value)) is not value:
            object.__setattr__(thing, name, plain)  # the dataclass may be frozen


def check_arguments(function: Callable[..., Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of a function by name, as ``Rule.check`` returns them.

    Raises:
        ValueError: If an argument does not satisfy the rule of its annotation.
    """
    rules = rules_of(function)
    return {
        name: rules[name].check(name, value) if name in rules else value
        for name, value in values.items()
    }


@functools.cache
def rules_of(function: Callable[..., Any]) -> Mapping[str, Rule]:
    """Return the rules that the annotations of a function or constructor declare, by argument."""
    named = {key: hint for key, hint in function.__annotations__.items() if key != "return"}
    scope = getattr(inspect.unwrap(function), "__globals__", {})
    hints = get_type_hints(SimpleNamespace(__annotations__=named), scope, include_extras=True)
    variadic = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return {
        name: rule
        for name, parameter in inspect.signature(function).parameters.items()
        if name in hints and parameter.kind not in variadic
        if (rule := rule_of(hints[name])) is not None
    }


def rule_of(annotation: Any) -> Rule | None:
    """Return the rule that an annotation declares, or None if it declares none.

    A ``Rule`` in ``Annotated`` comes first. Otherwise ``int``, ``float``, ``X | Y``, ``Literal``,
    ``Sequence[X]``, ``tuple[X, ...]``, ``Mapping[K, V]`` and classes have the obvious meaning:
    ``int | None`` is "None or a whole number".
    """
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        declared = [rule for rule in arguments[1:] if isinstance(rule, Rule)]
        return declared[0] if declared else rule_of(arguments[0])
    if origin in (Union, UnionType):
        rules = [rule for choice in arguments if (rule := rule_of(choice)) is not None]
        return Either(rules) if len(rules) == len(arguments) else None
    if origin is Literal:
        return Choice(*arguments)
    if origin is Sequence or (origin is tuple and arguments[-1] is Ellipsis):
        return ListOf(rule_of(arguments[0]))
    if origin is Mapping:
        return MappingOf(rule_of(arguments[1]), rule_of(arguments[0]))
    if annotation in (int, float):
        return Whole() if annotation is int else Number()
    kind = annotation if origin is None else origin
    if kind is np.ndarray:
        return _AnyArray(np.ndarray)
    return InstanceOf(kind) if _is_checkable(kind) else None


def _is_checkable(kind: Any) -> bool:
    try:
        isinstance(None, kind)
    except TypeError:  # Any, TypedDict, and protocols that exist for the type checker only
        return False
    return isinstance(kind, type)


class _AnyArray(InstanceOf):
    """A NumPy array, or a ``LazyArray``, which reads its rows when they are used."""

    def holds(self, value: Any) -> bool:
        """Return True for an array or a ``LazyArray``."""
        return isinstance(value, (np.ndarray, LazyArray))


class FilePath(Rule):
    """A path as a string that is not blank, or as a ``Path``."""

    words = "the path of a file or folder (a string or a Path)"

    def holds(self, value: Any) -> bool:
        """Return True for a string or path object that is not blank and contains no NUL."""
        if not isinstance(value, (str, os.PathLike)):
            return False
        text = os.fspath(value)
        return isinstance(text, str) and bool(text.strip()) and "\0" not in text


PathLike = Annotated[str | os.PathLike[str], FilePath()]
"""The path of a file or folder."""
