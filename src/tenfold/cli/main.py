"""The program ``tenfold``: its commands and its exit codes."""

import io
import os
import sys
import warnings
from typing import Annotated, TextIO

import typer

from tenfold import __version__
from tenfold.cli.shared.lazy_group import lazy_group
from tenfold.errors import InputWarning, TenfoldError

__all__ = ["COMMANDS", "app", "run"]

COMMANDS = (
    *("train", "tune", "recipes", "models", "studio"),
    *("read", "evaluate", "robustness", "predict", "show", "map", "submit", "export"),
    *("runs", "compare", "landscape", "report", "reproduce", "baselines", "doctor", "data"),
)
"""The commands, in the order of the help; each is a module of ``tenfold.cli.commands``."""

_NO_MEMORY = "the memory is too small for this: use fewer images, or a machine with more memory"
_CLOSED_PIPE = 128 + 13
"""The exit code if the program that reads the output has ended: ``tenfold recipes | head -1``.

A shell reports the same code for a program that the signal SIGPIPE, number 13, has ended.
"""

_LAUNCHER_VARIABLES = {"PMI_SIZE", "OMPI_COMM_WORLD_SIZE", "SLURM_NTASKS"}
"""Environment variables that mpiexec and srun set, see ``tenfold.cluster.launcher``."""

_show_other_warning = warnings.showwarning

app = typer.Typer(
    name="tenfold",
    cls=lazy_group("tenfold.cli.commands", COMMANDS),
    help="Train, evaluate and use a handwritten-digit network written from scratch in NumPy.",
    epilog="To begin, run: tenfold train",
    no_args_is_help=True,
    rich_markup_mode=None,  # plain help takes a third of the time of formatted help
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"tenfold {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    """Declare the options that come before the command."""


def _show_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """Print a warning of the library like a warning of a command, without the line of code."""
    if issubclass(category, InputWarning):
        typer.echo(f"Warning: {message}", err=True)
    else:
        _show_other_warning(message, category, filename, lineno, file, line)


def run() -> None:
    """Run the program, in one process or in the processes that ``mpiexec`` has started."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a file name may contain invalid characters
            stream.reconfigure(errors="backslashreplace")
    try:
        if _LAUNCHER_VARIABLES.isdisjoint(os.environ):
            _run()
        else:
            from tenfold.cluster.launcher import lead_or_follow

            lead_or_follow(_run, sys.argv[1:])
    except TenfoldError as error:
        typer.echo(f"tenfold: {error}", err=True)
        sys.exit(error.exit_code)


def _run() -> None:
    """Run the program in this process; for a user error, print one line, not a traceback."""
    # An unset shell variable gives an empty argument. As a path, it would be the current folder.
    if "" in sys.argv[1:]:
        typer.echo(
            "tenfold: an argument is empty: give a value, or leave the argument out", err=True
        )
        sys.exit(2)
    stdout = sys.stdout
    warnings.showwarning = _show_warning
    try:
        app()
    except SystemExit as ended:
        # Typer replaces the streams, and ends with code 1, if the reader of the output has ended.
        if ended.code == 1 and sys.stdout is not stdout:
            sys.exit(_CLOSED_PIPE)
        raise
    except TenfoldError as error:
        typer.echo(f"tenfold: {error}", err=True)
        sys.exit(error.exit_code)
    except MemoryError:
        typer.echo(f"tenfold: {_NO_MEMORY}", err=True)
        sys.exit(1)
    except BrokenPipeError:  # the reader has ended while an error was printed
        _discard_output()
        sys.exit(_CLOSED_PIPE)
    except OSError as error:  # the output cannot be written, as in `tenfold ... > /dev/full`
        typer.echo(f"tenfold: {error.strerror or error}: {error.filename or 'output'}", err=True)
        _discard_output()
        sys.exit(1)


def _discard_output() -> None:
    """Discard output that is not yet printed, so that printing it at exit does not fail again."""
    if sys.stdout is not None:  # None: it was closed before the program began
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
