"""``tenfold report``: an HTML report about a run."""

import json
from pathlib import Path
from typing import Annotated

import typer

__all__ = ["report"]


def report(
    run: Annotated[
        Path | None,
        typer.Argument(
            metavar="RUN", help="Run folder.", show_default="the run in runs/ that finished last"
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--out",
            "--output",  # name in version 0.1
            metavar="HTML",
            help="File for the report.",
            show_default="report.html in the run folder",
        ),
    ] = None,
    open_page: Annotated[
        bool, typer.Option("--open", help="Open the report in the browser.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the path and the size of the report as JSON.")
    ] = False,
) -> None:
    """Write an HTML report about a finished run.

    The report is a single file. It shows results, training curves, confusion matrix and errors,
    and how to reproduce the run. "tenfold train" writes it, too.

    \b
    Examples:
      tenfold report
      tenfold report runs/001-quick -o quick.html
      tenfold report --open
    """
    from tenfold.cli.shared.names import check_run_folder
    from tenfold.cli.shared.output import REPORT, check_output
    from tenfold.cli.shared.progress import spinner
    from tenfold.report import write_report
    from tenfold.runs import newest_run, open_run

    check_output(output, REPORT)
    if run is not None:
        check_run_folder(run)
    chosen = newest_run("runs") if run is None else open_run(run)
    with spinner("writing the report", quiet=as_json):
        written = write_report(chosen, path=output)
    for sentence in written.missing:
        typer.echo(f"Warning: the report is incomplete: {sentence}", err=True)
    if as_json:
        found = {"path": str(written.path), "bytes": written.size, "missing": written.missing}
        typer.echo(json.dumps(found, indent=2))
    else:
        typer.echo(f"{written.path} ({written.size / 1e6:.2f} MB)")
    if open_page:
        typer.launch(written.path.resolve().as_uri())
