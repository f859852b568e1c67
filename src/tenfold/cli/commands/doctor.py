"""``tenfold doctor``: faults in data, a recipe or a run, and how to fix them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenfold.cli.shared.data_faults import print_how_to_fix
from tenfold.cli.shared.data_paths import check_data_path
from tenfold.cli.shared.options import JsonOption, SeedOption, SettingsOption

if TYPE_CHECKING:
    from tenfold.doctor import Examination, Finding

__all__ = ["doctor"]

_SERIOUS = 3
"""The exit code if there is a serious finding."""


def doctor(
    path: Annotated[
        Path | None,
        typer.Argument(
            metavar="DATA|RUN",
            help="File or folder with images, or a run folder.",
            show_default="bundled MNIST",
        ),
    ] = None,
    recipe: Annotated[
        str | None,
        typer.Option(metavar="RECIPE", help="Also check this recipe, with a short training."),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            callback=check_data_path,
            help="File or folder with images: another way to give DATA.",
        ),
    ] = None,
    settings: SettingsOption = None,
    seed: SeedOption = 0,
    as_json: JsonOption = False,
) -> None:
    """Find faults in data, a recipe or a run.

    Each fault is printed with its evidence, its cause and its fix. A fault is serious if it makes
    results wrong or misleading. The exit code is 3 if a serious fault was found, otherwise 0.

    In data, the command looks for a wrong pixel scale; blank, inverted or transposed images;
    duplicates; test images among the training images; missing digits; and wrong labels. With
    --recipe, it trains a network by the recipe for a short time, and looks for dead units, a
    learning rate that is too high, and other faults. In a run, it examines the training curves and
    the result.

    \b
    Examples:
      tenfold doctor
      tenfold doctor digits/train.csv
      tenfold doctor runs/001-mlp
      tenfold doctor digits/train.csv --recipe mlp --set learning_rate=0.5
    """
    from tenfold.cli.shared.examined import check_examined
    from tenfold.cli.shared.progress import spinner

    if path is not None:
        check_examined(path)
    is_run = path is not None and (path / "config.json").is_file()
    _check_options(path, data, recipe, settings, is_run)
    with spinner("starting", quiet=as_json) as show:
        if is_run and path is not None:
            examination, data_path = _examine_run(path, show)
            labelled = True
        else:
            data_path = path or data
            examination, labelled = _examine_data(data_path, recipe, settings or [], seed, show)
    if as_json:
        typer.echo(json.dumps(examination.to_dict(), indent=2))
    else:
        _print(examination, data_path, labelled)
    if examination.serious:
        raise typer.Exit(_SERIOUS)


def _check_options(
    path: Path | None,
    data: Path | None,
    recipe: str | None,
    settings: list[str] | None,
    is_run: bool,
) -> None:
    from tenfold.errors import UsageError

    if path is not None and data is not None:
        raise UsageError("DATA and --data are the same; give one of them")
    if settings and recipe is None:
        raise UsageError("--set changes a recipe: give its name with --recipe")
    if is_run and recipe is not None:
        raise UsageError(f"{path} is a run, which has its own recipe; leave out --recipe")


def _examine_run(folder: Path, show: Callable[[str], None]) -> "tuple[Examination, Path | None]":
    """Examine a run; return the findings and the path of its images."""
    from tenfold.doctor import examine_run
    from tenfold.runs import open_run

    run = open_run(folder)
    return examine_run(run, show), None if run.data is None else Path(run.data)


def _examine_data(
    path: Path | None,
    recipe: str | None,
    settings: list[str],
    seed: int,
    show: Callable[[str], None],
) -> "tuple[Examination, bool]":
    """Examine data and, if nothing serious is wrong with it, a recipe on this data.

    Returns:
        The findings, and whether the data has labels.
    """
    from tenfold.cli.shared.recipes import find_recipe
    from tenfold.data import load_mnist, load_parts
    from tenfold.doctor import Examination, by_severity, examine_data, examine_recipe
    from tenfold.recipes import train_command

    show("reading the images")
    chosen = None if recipe is None else find_recipe(recipe, settings)
    if path is not None:
        parts = load_parts(path)
    elif chosen is not None:
        split = chosen.source.load()
        parts = split.train, split.test
    else:
        parts = load_mnist("train"), load_mnist("test")
    found = examine_data(*parts, own=path is not None, report_progress=show)
    if chosen is None or found.serious:
        return found, parts[0].labels is not None
    command = train_command(chosen, None if path is None else str(path), seed or None)
    tried = examine_recipe(chosen, chosen.source.load(path).train, command, seed, show)
    both = Examination(
        f"{found.subject}; {tried.subject}",
        found.checked + tried.checked,
        by_severity(found.findings + tried.findings),
        found.notes,
    )
    return both, True


def _print(examination: "Examination", path: Path | None, labelled: bool) -> None:
    typer.echo(examination.subject)
    typer.echo(f"Checked for: {', '.join(examination.checked)}.")
    for note in examination.notes:
        typer.echo(f"Note: {note}")
    for finding in examination.findings:
        _print_finding(finding)
    if not examination.findings:
        typer.echo("No faults found.")
    if path is not None and any(not f.fix.startswith("tenfold ") for f in examination.findings):
        print_how_to_fix(path, labelled)


def _print_finding(finding: "Finding") -> None:
    import textwrap

    typer.echo(f"\n{finding.severity.upper()}: {finding.what}")
    for title, text in (("evidence", finding.evidence), ("cause", finding.cause)):
        lines = textwrap.wrap(text, 86, initial_indent=f"  {title:<10}", subsequent_indent=" " * 12)
        typer.echo("\n".join(lines))
    typer.echo(f"  {'fix':<10}{finding.fix}")
