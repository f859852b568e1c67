"""``tenfold data``: commands about data sets."""

import typer

from tenfold.cli.shared import lazy_group

__all__ = ["COMMANDS", "data"]

COMMANDS = ("info", "convert", "label-errors", "kaggle", "generate")
"""The commands of ``tenfold data``, in the order of the help; each is a module of this package."""

data = typer.Typer(
    cls=lazy_group.lazy_group(__name__, COMMANDS, {"suspects": "label-errors", "draw": "generate"}),
    help="Describe, convert or generate data, and find wrong labels.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
