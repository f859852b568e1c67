"""Groups of commands that import a command's module only when the command is used."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module

import typer
from typer.core import TyperCommand, TyperGroup

from tenfold.cli.shared.plain_help import PlainHelpCommand

__all__ = ["lazy_group"]


def lazy_group(
    package: str, names: Sequence[str], old: Mapping[str, str] | None = None
) -> type[TyperGroup]:
    """Return a class for ``typer.Typer(cls=...)`` whose commands are imported on demand.

    The module ``package.name`` defines the command ``name``: a function, or a ``typer.Typer`` for a
    group. The module and the object have the name of the command, with "_" in place of "-".

    Args:
        package: Full name of the package that has one module for each command.
        names: Names of the commands, in the order of the help.
        old: Earlier names that still work, with the new name of each; help leaves them out.
    """
    renamed = old or {}

    class LazyGroup(TyperGroup):
        def list_commands(self, ctx: object) -> list[str]:
            return list(names)

        def get_command(self, ctx: object, cmd_name: str) -> TyperCommand | TyperGroup | None:
            cmd_name = renamed.get(cmd_name, cmd_name)
            if cmd_name in names:
                return _load(package, cmd_name)
            for name in names:  # Typer suggests the nearest of these
                self.commands[name] = _load(package, name)
            return None

    return LazyGroup


@cache
def _load(package: str, name: str) -> TyperCommand | TyperGroup:
    module = name.replace("-", "_")
    command = getattr(import_module(f"{package}.{module}"), module)
    if isinstance(command, typer.Typer):
        return typer.main.get_group(command)
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command(name, cls=PlainHelpCommand)(command)
    made = typer.main.get_command(app)
    assert isinstance(made, TyperCommand)
    return made
