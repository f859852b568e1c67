"""The error for a call with wrong arguments, which lists the arguments of the function."""

from collections.abc import Mapping, Sequence
from inspect import Parameter, Signature
from typing import Any

__all__ = ["call_error"]

_VARIADIC = (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)


def call_error(
    name: str,
    signature: Signature,
    args: Sequence[Any],
    kwargs: Mapping[str, Any],
    hints: Mapping[str, str],
) -> TypeError:
    """Return the error for a call that does not fit a signature.

    Args:
        name: Name of the function or class.
        signature: Signature of the function or class.
        args: Positional arguments.
        kwargs: Keyword arguments.
        hints: Advice for arguments that the function does not take, such as where they belong. The
            keys are the names of these arguments; ``""`` is for too many positional arguments.
    """
    parameters = [p for p in signature.parameters.values() if p.kind not in _VARIADIC]
    known = [p.name for p in parameters]
    positional = [p.name for p in parameters if p.kind is not Parameter.KEYWORD_ONLY]
    wrong = next((key for key in kwargs if key not in known), None)
    if wrong is not None:
        takes = ", ".join(known) or "no arguments"
        message = f"{name} has no argument {wrong}; it takes: {takes}"
        return TypeError(_with_hint(message, hints, wrong))
    if len(args) > len(positional):
        plural = "" if len(positional) == 1 else "s"
        allowed = f"{len(positional) or 'no'} positional argument{plural}"
        by_name = ", ".join(key for key in known if key not in positional)
        message = f"{name} takes {allowed}, got {len(args)}"
        if by_name:
            message += f"; to be given by name: {by_name}"
        return TypeError(_with_hint(message, hints, ""))
    if twice := [key for key in positional[: len(args)] if key in kwargs]:
        return TypeError(f"{name} got {twice[0]} twice, by position and by name")
    passed = {*positional[: len(args)], *kwargs}
    missing = [p.name for p in parameters if p.default is p.empty and p.name not in passed]
    return TypeError(f"{name} needs a value for {', '.join(missing)}")


def _with_hint(message: str, hints: Mapping[str, str], key: str) -> str:
    return f"{message}. {hints[key]}" if key in hints else message
