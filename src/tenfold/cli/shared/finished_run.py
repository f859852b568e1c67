"""The end of a training run: its result, its figures, and what to do next."""

import json
import sys
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from tenfold.recipes import Split
    from tenfold.runs import Run

from tenfold import shell

__all__ = ["draw", "print_end", "print_result"]


def draw(run: "Run", split: "Split", quiet: bool) -> None:
    """Draw figures and report; if this fails, print that the run is saved and how to draw later."""
    from tenfold.cli.shared.progress import spinner
    from tenfold.cli.shared.training import draw_pictures
    from tenfold.errors import TenfoldError

    try:
        with spinner("drawing figures and report", quiet=quiet):
            left_out = draw_pictures(run, split)
    except (KeyboardInterrupt, MemoryError, OSError, TenfoldError) as error:
        reason = str(error) or type(error).__name__
        interrupted = isinstance(error, KeyboardInterrupt)
        typer.echo(
            f"tenfold: {'interrupted' if interrupted else f'cannot draw: {reason}'}. The run is "
            f"saved. Draw later with: tenfold train --resume {shell.quote(run.folder)}",
            err=True,
        )
        raise typer.Exit(130 if interrupted else 1) from error
    if left_out is not None:
        typer.echo(f"Note: {left_out}", err=True)


def print_end(run: "Run", as_json: bool) -> None:
    """Print the results as JSON, or else where figures and report are, and what to do next."""
    if as_json:
        typer.echo(json.dumps({"folder": str(run.folder), **run.metrics()}, indent=2))
    else:
        _print_next_steps(run)


def print_result(run: "Run") -> None:
    """Print the accuracy of a finished run, and how it was trained."""
    from tenfold.cli.shared.results import print_field, print_parts

    results = run.results()
    print_parts(results.data)
    print_field(
        "Training",
        f"{results.train_seconds:.1f} s, {results.epochs} "
        f"epoch{'' if results.epochs == 1 else 's'} of {results.train.n:,} images, "
        f"{results.parameters:,} parameters, recipe {results.recipe}, seed {run.seed}",
    )
    print_field("Saved in", run.folder)


def _print_next_steps(run: "Run") -> None:
    """Print where figures and report are, and what to do next."""
    from tenfold.cli.shared.results import print_field

    if (run.folder / "pictures").is_dir():
        print_field("Figures", run.folder / "pictures")
    if (run.folder / "report.html").is_file():
        print_field("Report", run.folder / "report.html")
    program = "tenfold" if which("tenfold") else f"{Path(sys.executable).name} -m tenfold"
    folder = shell.quote(run.folder)
    rows = [
        (f"{program} predict {folder} IMAGE...", "read digits with this model"),
        (f"{program} compare {folder} RUN...", "compare it with other runs"),
        (f"{program} train standard", "nine minutes, about 99.7% accuracy on MNIST"),
    ]
    width = max(len(command) for command, _ in rows) + 2
    for index, (command, text) in enumerate(rows):
        typer.echo(("\nNext: " if index == 0 else "      ") + f"{command:<{width}}{text}")
