"""The program ``tenfold``: its commands, and how it ends."""

import io
import os
import sys
from typing import Annotated

import typer

from tenfold import __version__
from tenfold.cli.commands import (
    baselines,
    compare,
    data,
    doctor,
    evaluate,
    landscape,
    models,
    predict,
    recipes,
    report,
    reproduce,
    robustness,
    show,
    submit,
    train,
)
from tenfold.cli.commands import map as digit_map
from tenfold.errors import TenfoldError

__all__ = ["app", "run"]

app = typer.Typer(
    name="tenfold",
    help="Ten digits, from first principles: train, evaluate and use a network written in NumPy.",
    epilog="Begin with: tenfold train",
    no_args_is_help=True,
    rich_markup_mode=None,  # plain help costs a third of the time
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(train.train)
app.command()(recipes.recipes)
app.command()(models.models)
app.command()(evaluate.evaluate)
app.command()(robustness.robustness)
app.command()(predict.predict)
app.command()(show.show)
app.command("map")(digit_map.map_digits)
app.command()(submit.submit)
app.command()(compare.compare)
app.command()(landscape.landscape)
app.command()(report.report)
app.command()(reproduce.reproduce)
app.command()(baselines.baselines)
app.command()(doctor.doctor)
app.add_typer(data.app, name="data")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"tenfold {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Keep the options that stand before the command."""


def run() -> None:
    """Run the program; a problem that the user can mend ends in one line, not in a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a file may be called what cannot be printed
            stream.reconfigure(errors="backslashreplace")
    if "" in sys.argv[1:]:  # as of a variable that is not set: it would mean the current folder
        typer.echo(
            "tenfold: an argument is empty: name a file or folder, or leave it out", err=True
        )
        sys.exit(2)
    try:
        app()
    except TenfoldError as error:
        typer.echo(f"tenfold: {error}", err=True)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        typer.echo("tenfold: interrupted", err=True)
        sys.exit(130)
    except BrokenPipeError:  # the reader of our output has gone, as in `tenfold ... | head`
        _abandon_output()
        sys.exit(1)
    except OSError as error:  # what we print cannot be written, as in `tenfold ... > /dev/full`
        typer.echo(f"tenfold: {error.strerror or error}: {error.filename or 'output'}", err=True)
        _abandon_output()
        sys.exit(1)


def _abandon_output() -> None:
    """Let what is still to be printed vanish, so that the end of the program does not fail."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
