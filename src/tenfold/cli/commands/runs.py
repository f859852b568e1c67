"""``tenfold runs``: the runs in a folder, with their state and their accuracy."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenfold.cli.shared.options import JsonOption

if TYPE_CHECKING:
    from tenfold.runs import RunSummary

__all__ = ["runs"]


def runs(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Folder that is searched for runs.")
    ] = Path("runs"),
    as_json: JsonOption = False,
) -> None:
    """List runs with their state and their accuracy.

    All runs below the folder are listed. A run is finished, training (another process is
    working on it), interrupted, diverged or damaged.

    \b
    Examples:
      tenfold runs
      tenfold runs experiments --json
    """
    from tenfold.cli.shared.tables import print_table
    from tenfold.errors import UsageError
    from tenfold.runs import find_runs

    if not folder.is_dir():
        raise UsageError(
            f"{folder} is not a folder: train first (tenfold train), or give the path of a folder"
        )
    found = list(find_runs(folder))
    if as_json:
        typer.echo(json.dumps([run.to_dict() for run in found], indent=2))
    elif not found:
        typer.echo(f"{folder} contains no runs. Train one with: tenfold train")
    else:
        head = ("run", "state", "recipe", "seed", "epochs", "test", "validation", "seconds")
        print_table(head, [_row(run) for run in found], left=3)
    for run in found:
        if run.problem:
            typer.echo(f"Warning: {run.problem}", err=True)


def _row(run: "RunSummary") -> tuple[str, ...]:
    return (
        str(run.folder),
        run.state,
        run.recipe,
        "" if run.seed is None else str(run.seed),
        "" if run.epochs is None else str(run.epochs),
        "" if run.test is None else f"{run.test:.2%}",
        "" if run.validation is None else f"{run.validation:.2%}",
        "" if run.seconds is None else f"{run.seconds:.1f}",
    )
