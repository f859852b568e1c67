"""``tenfold compare``: runs side by side."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

__all__ = ["compare"]


def compare(
    runs: Annotated[list[Path], typer.Argument(help="Run folders.")],
    picture: Annotated[
        Path | None, typer.Option(help="Draw accuracy and loss of all runs into this PNG.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Set runs side by side: accuracy, interval, seconds.

    \b
    tenfold compare runs/001-mlp runs/002-linear --picture both.png
    """
    from tenfold.recipes import open_run

    opened = [open_run(folder) for folder in runs]
    rows = [{"folder": str(run.folder), **run.metrics()} for run in opened]
    if as_json:
        typer.echo(json.dumps(rows, indent=2))
    else:
        _print_table(rows)
    if picture is not None:
        from tenfold.plots import draw_comparison

        names = {run.folder.name for run in opened}
        short = len(names) == len(opened)
        draw_comparison(
            {run.folder.name if short else str(run.folder): run for run in opened}, picture
        )
        typer.echo(f"drawn in {picture}", err=True)


def _print_table(rows: list[dict[str, Any]]) -> None:
    from tenfold.cli.table import print_table

    cells = [
        [
            row["folder"],
            row["recipe"],
            str(row["seed"]),
            f"{row['validation']['accuracy']:.2%}" if "validation" in row else "",
            f"{row['test']['accuracy']:.2%}" if "test" in row else "",
            "{:.2%} to {:.2%}".format(*row["test"]["interval95"]) if "test" in row else "",
            f"{row['seconds']['train']:.1f}",
        ]
        for row in rows
    ]
    print_table(
        ["run", "recipe", "seed", "validation", "test", "95 % interval", "seconds"], cells, left=2
    )
