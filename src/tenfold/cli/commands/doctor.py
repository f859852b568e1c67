"""``tenfold doctor``: what is wrong with data, a recipe or a run, and what mends it."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tenfold.doctor import Checkup, Finding
    from tenfold.recipes import Recipe

__all__ = ["doctor"]

_SERIOUS = 3
"""The exit code when something serious was found."""

_PLACE = """
Lines of Python act on these arrays, and the last line keeps them:
  import numpy as np; from tenfold.data import load_parts
  train, test = load_parts({path!r}); images, labels = train.images, train.labels
  test_images = None if test is None else test.images  # mended likewise, with test.labels
  np.savez("mended.npz", x_train=images, y_train=labels)  # and x_test, y_test, if there are such"""


def doctor(
    path: Annotated[
        Path | None,
        typer.Argument(
            metavar="DATA|RUN", help="Images, or a run folder; the bundled MNIST if left out."
        ),
    ] = None,
    recipe: Annotated[
        str | None, typer.Option(help="Also try some dozens of steps of this recipe.")
    ] = None,
    data: Annotated[
        Path | None, typer.Option(help="The images, where a recipe is what one asks about.")
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Change a setting of the recipe."),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, max=2**64 - 1, help="Of the recipe's network.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Find what is wrong: the evidence, the cause, and what mends it.

    Of data: pixels, blank, inverted or transposed images, copies, test images in training, missing
    digits, labels that belong to other images. Of a recipe, before training: dead networks, the
    learning rate. Of a run: how training went. Ends with 3 if something serious was found, with 0
    otherwise.

    \b
    tenfold doctor
    tenfold doctor digits/train.csv
    tenfold doctor runs/001-mlp
    tenfold doctor digits/train.csv --recipe mlp --set learning_rate=0.5
    """
    from tenfold.errors import UsageError

    if path is not None and data is not None:
        raise UsageError("the images are named twice: give a path or --data, not both")
    where, is_run = path or data, path is not None and (path / "config.json").is_file()
    if settings and recipe is None:
        raise UsageError("--set changes a recipe: name it with --recipe")
    if is_run and recipe is not None:
        raise UsageError(f"{path} is a run, which has its own recipe: leave out --recipe")
    with _progress(as_json) as say:
        if is_run and path is not None:
            checkup, images = _of_run(path, say)
        else:
            checkup, images = _of_data(where, recipe, settings or [], seed, say), where
    if as_json:
        typer.echo(json.dumps(checkup.to_dict(), indent=2))
    else:
        _print(checkup, images)
    if checkup.serious:
        raise typer.Exit(_SERIOUS)


def _of_run(folder: Path, say: Callable[[str], None]) -> "tuple[Checkup, Path | None]":
    """Examine a run; return where its images are, too."""
    from tenfold.doctor import examine_run
    from tenfold.runs import open_run

    run = open_run(folder)
    return examine_run(run, say), None if run.data is None else Path(run.data)


def _of_data(
    path: Path | None, name: str | None, settings: list[str], seed: int, say: Callable[[str], None]
) -> "Checkup":
    """Examine the data and, if it is sound, what a recipe makes of it."""
    from tenfold.data import load_mnist, load_parts
    from tenfold.doctor import Checkup, examine_data, examine_recipe, in_order, train_command

    say("reading the images")
    recipe = None if name is None else _recipe(name, settings)
    if path is not None:
        parts = load_parts(path)
    elif recipe is not None:
        split = recipe.source.load()
        parts = split.train, split.test
    else:
        parts = load_mnist("train"), load_mnist("test")
    found = examine_data(*parts, own=path is not None, say=say)
    if recipe is None or found.serious:
        return found
    command = train_command(recipe, None if path is None else str(path), seed)
    tried = examine_recipe(recipe, recipe.source.load(path).train, command, seed, say)
    return Checkup(
        f"{found.subject}; {tried.subject}",
        found.checked + tried.checked,
        in_order(found.findings + tried.findings),
    )


def _recipe(name: str, settings: list[str]) -> "Recipe":
    from tenfold.errors import UsageError
    from tenfold.recipes import RECIPES, apply_settings

    if name not in RECIPES:
        raise UsageError(f"there is no recipe {name!r}; there are: {', '.join(RECIPES)}")
    return apply_settings(RECIPES[name], settings)


@contextmanager
def _progress(quiet: bool) -> Iterator[Callable[[str], None]]:
    """Show what is being looked at on the error stream, if that is a terminal."""
    from rich.console import Console

    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield lambda text: None
        return
    with console.status("starting") as status:
        yield lambda text: status.update(text)


def _print(checkup: "Checkup", path: Path | None) -> None:
    typer.echo(checkup.subject)
    typer.echo(f"Looked for: {', '.join(checkup.checked)}.")
    for finding in checkup.findings:
        _print_finding(finding)
    if not checkup.findings:
        typer.echo("Nothing is wrong.")
    if path is not None and any(not f.remedy.startswith("tenfold ") for f in checkup.findings):
        typer.echo(_PLACE.format(path=str(path)))


def _print_finding(finding: "Finding") -> None:
    import textwrap

    typer.echo(f"\n{finding.severity.upper()}: {finding.what}")
    for title, text in (("evidence", finding.evidence), ("cause", finding.cause)):
        lines = textwrap.wrap(text, 86, initial_indent=f"  {title:<10}", subsequent_indent=" " * 12)
        typer.echo("\n".join(lines))
    typer.echo(f"  {'mend':<10}{finding.remedy}")
