"""``tenfold report``: one page about a run, in one file."""

import json
from pathlib import Path
from typing import Annotated

import typer

__all__ = ["report"]


def report(
    run: Annotated[
        Path | None,
        typer.Argument(help="A run folder; the run under runs/ that was finished last by default."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="The file; report.html in the run folder by default."),
    ] = None,
    show: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print path and size as JSON.")] = False,
) -> None:
    """Write everything about a finished run into one HTML file that needs nothing else.

    Verdict, curves, confusion, mistakes and the way to get the run again, in the light and in the
    dark, on a phone and on paper. tenfold train writes it too.

    \b
    tenfold report
    tenfold report runs/001-quick -o quick.html
    tenfold report --open
    """
    from tenfold.cli.shared.progress import working
    from tenfold.report import write_report
    from tenfold.runs import newest_run, open_run

    chosen = newest_run("runs") if run is None else open_run(run)
    with working("writing the report", quiet=as_json):
        written = write_report(chosen, path=output)
    for sentence in written.missing:
        typer.echo(f"Warning: the report does without something: {sentence}", err=True)
    if as_json:
        found = {"path": str(written.path), "bytes": written.size, "missing": written.missing}
        typer.echo(json.dumps(found, indent=2))
    else:
        typer.echo(f"{written.path} ({written.size / 1e6:.2f} MB)")
    if show:
        typer.launch(written.path.resolve().as_uri())
