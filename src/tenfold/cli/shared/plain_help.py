"""Help and errors that show arguments as the user types them, without the types of Python."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand

__all__ = ["OLD_NAMES", "PlainHelpCommand", "limits"]

OLD_NAMES = frozenset(
    {
        *("--against", "--answers", "--layers", "--output", "--part", "--picture"),
        *("--pictures", "--no-pictures"),
    }
)
"""Old names of options, from version 0.1, that still work; the help shows only the new names."""

_UNLIMITED = 2**32  # limits of this size or more are not shown


class PlainHelpCommand(TyperCommand):
    """A command whose help and errors contain placeholders, defaults and limits in words."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the arguments; raise a UsageError of tenfold for a value that is not allowed."""
        all_args = list(args)  # the parser consumes its list
        try:
            return super().parse_args(ctx, args)
        except typer.BadParameter as error:
            from tenfold.cli.shared.bad_values import bad_value

            texts = self.make_parser(ctx).parse_args(args=all_args)[0]
            problem = bad_value(error.param, limits(error.param), texts)
            if problem is None:
                raise
            raise problem from error

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """Return the parts of the usage line: ``[OPTIONS]``, then the arguments."""
        arguments = [p for p in self.get_params(ctx) if p.param_type_name == "argument"]
        return [self.options_metavar or "", *map(_argument_usage, arguments)]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the lists of arguments and options."""
        params = [p for p in self.get_params(ctx) if not getattr(p, "hidden", False)]
        for kind, title in (("argument", "Arguments"), ("option", "Options")):
            rows = [(_label(p), _explanation(p)) for p in params if p.param_type_name == kind]
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)


def _argument_usage(param: Any) -> str:
    name = _placeholder(param)
    if not param.required:
        name = f"[{name}]"
    return name if param.nargs == 1 or "..." in name else f"{name}..."


def _label(param: Any) -> str:
    """Return what the user types, such as ``-o, --out FILE``."""
    if param.param_type_name == "argument":
        return _placeholder(param)
    forms = [
        ", ".join(sorted((name for name in names if name not in OLD_NAMES), key=_is_long))
        for names in (param.opts, param.secondary_opts)
        if names
    ]
    return " / ".join(forms) if _is_flag(param) else f"{forms[0]} {_placeholder(param)}"


def _is_long(name: str) -> bool:
    return name.startswith("--")


def _is_flag(param: Any) -> bool:
    return bool(param.is_flag or getattr(param, "count", False))


def _placeholder(param: Any) -> str:
    return str(param.metavar or param.name.upper())


def _explanation(param: Any) -> Any:
    """Return the help of an argument or option, with its default and its limits in brackets."""
    default, limits_text = _default(param), _limits_in_words(param)
    notes = [f"default: {default}"] if default else []
    notes += [limits_text] if limits_text else []
    return f"{param.help or ''}  [{'; '.join(notes)}]" if notes else param.help or ""


def _default(param: Any) -> str:
    shown, value = getattr(param, "show_default", None), param.default
    if isinstance(shown, str):
        return shown
    if isinstance(value, bool):
        names: Sequence[str] = param.opts if value else param.secondary_opts
        return names[0] if param.secondary_opts else ""
    return f"{value:g}" if isinstance(value, float) else _text(value)


def _text(value: object) -> str:
    """Return a number, text or path as text; other defaults, such as None, are not shown."""
    return str(value) if isinstance(value, int | str | Path) else ""


def _limits_in_words(param: Any) -> str:
    """Return the limits of a number in words, such as ``from 2 to 100``; empty without limits."""
    low, high = limits(param)
    if high is not None and high < _UNLIMITED:
        return f"from {low} to {high}"
    return f"at least {low}" if low and low > 1 else ""


def limits(param: Any) -> tuple[float | None, float | None]:
    """Return the smallest and the largest value of a parameter of Typer; None if unlimited."""
    owner = param if hasattr(param, "min") else getattr(param, "type", None)  # older typer
    return getattr(owner, "min", None), getattr(owner, "max", None)
