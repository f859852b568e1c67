"""Errors for invalid values of options and arguments: what is valid, and what was given."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias, get_args

from tenfold.errors import UsageError

__all__ = ["bad_value"]


Limits: TypeAlias = tuple[float | None, float | None]
"""The smallest and the largest value of a number; None if there is no limit."""


def bad_value(param: Any, limits: Limits, given: Mapping[str, Any]) -> UsageError | None:
    """Return an error such as "--threads must be a whole number from 1 to 256, got 0".

    Args:
        param: The option or argument of Typer whose value is invalid.
        limits: Smallest and largest value of the option, if it is a number.
        given: The texts on the command line, by the name of the parameter in Python.

    Returns:
        The error; None if no value was given, or the parameter is neither a number nor a choice.
    """
    value = given.get(getattr(param, "name", ""))
    words = "" if value is None else _words(param, limits)
    if not words:
        return None
    shown = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return UsageError(f"{_name(param)} must be {words}, got {shown or 'an empty text'}")


def _name(param: Any) -> str:
    """Return the name as the user types it; if there are several, the first one with ``--``."""
    if param.param_type_name == "argument":
        return str(param.metavar or param.name.upper())
    return next((name for name in param.opts if name.startswith("--")), str(param.opts[0]))


def _words(param: Any, limits: Limits) -> str:
    """Return what the value of a parameter must be; empty for texts and paths."""
    if choices := list(map(str, _choices(param))):
        return f"{', '.join(choices[:-1])} or {choices[-1]}"
    kind = _number(param)
    if kind is None:
        return ""
    # Imported only here, after an error, because this imports NumPy, which takes long.
    from tenfold.nn.constraints import Number, Whole

    low, high = limits
    low, high = -math.inf if low is None else low, math.inf if high is None else high
    return Whole(low, high).words if kind is int else Number(f"[{low}, {high}]").words


def _choices(param: Any) -> Sequence[object]:
    if hasattr(param, "type_descriptor"):
        return param.type_descriptor.choices or ()
    return getattr(param.type, "choices", ())  # older versions of typer


def _number(param: Any) -> type | None:
    """Return int or float if the values of a parameter are numbers, otherwise None."""
    if hasattr(param, "type_descriptor"):
        kind = param.type_descriptor.annotation
        kind = next(iter(get_args(kind)), kind)
        return kind if kind in (int, float) else None
    name = str(param.type.name)  # older versions of typer
    return int if name.startswith("integer") else float if name.startswith("float") else None
