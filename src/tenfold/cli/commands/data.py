"""``tenfold data``: what a data set holds, MNIST in Kaggle's form, and doubtful labels."""

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenfold.cli.commands.suspects import suspects

if TYPE_CHECKING:
    from rich.console import Console

    from tenfold.data import DataReport

__all__ = ["app", "info", "kaggle", "suspects"]

app = typer.Typer(
    rich_markup_mode=None, no_args_is_help=True, help="Examine data, or write it as Kaggle does."
)


class _Part(StrEnum):
    train = "train"
    test = "test"


@app.command()
def info(
    path: Annotated[
        Path | None, typer.Argument(help="A file or folder; the bundled MNIST if left out.")
    ] = None,
    part: Annotated[_Part, typer.Option(help="Which half, where there are two.")] = _Part.train,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Tell what a data set holds and what is wrong.

    Classes, pixels, copies, blank or inverted or transposed images. A path is a folder with
    MNIST's IDX files, with Kaggle's CSV files or with subfolders "0" to "9" of pictures; or an IDX
    file, a CSV file or an npz archive.

    \b
    tenfold data info
    tenfold data info train.csv
    tenfold data info my-digits --json
    """
    from tenfold.data import examine, load_dataset, load_mnist

    dataset = load_mnist(part.value) if path is None else load_dataset(path, part.value)
    report = examine(dataset)
    if as_json:
        typer.echo(json.dumps(report.to_dict(), indent=2))
    else:
        _print(report)


@app.command()
def kaggle(
    folder: Annotated[Path, typer.Argument(help="Where to; made if it is missing.")],
    seed: Annotated[int, typer.Option(min=0, max=2**64 - 1, help="Of the shuffle.")] = 0,
) -> None:
    """Write MNIST in the form of Kaggle's contest.

    In the Digit Recognizer's form: train.csv, test.csv, and the answers that the competition keeps
    secret in test-labels.csv.

    \b
    tenfold data kaggle kaggle-files
    tenfold train --data kaggle-files/train.csv
    """
    from tenfold.data import write_kaggle

    contents = "42,000 labelled images", "28,000 images", "the answers for test.csv"
    for path, content in zip(write_kaggle(folder, seed), contents, strict=True):
        typer.echo(f"{path}: {content}")


app.command()(suspects)


def _print(report: "DataReport") -> None:
    """Print a report for people."""
    from rich.console import Console

    console = Console(markup=False, highlight=False, soft_wrap=True)
    size = "x".join(map(str, report.shape))
    kind = "unlabelled" if report.class_counts is None else "labelled"
    console.print(f"{report.name}: {report.images:,} {kind} images of {size}")
    _print_classes(console, report)
    _print_pixels(console, report)
    for title, lines in {"Notes": report.notes, "Warnings": report.warnings}.items():
        if lines:
            console.print(f"\n{title}")
        for line in lines:
            console.print(f"- {line}")
    if not report.warnings:
        console.print("\nNothing looks wrong.")


def _print_classes(console: "Console", report: "DataReport") -> None:
    from rich.table import Table

    if report.class_counts is None:
        return
    table = Table("digit", title="Classes", title_justify="left")
    table.add_column("images", justify="right")
    table.add_column("share", justify="right")
    for digit, count in enumerate(report.class_counts):
        table.add_row(str(digit), f"{count:,}", f"{count / report.images:.1%}")
    console.print(table)


def _print_pixels(console: "Console", report: "DataReport") -> None:
    from rich.table import Table

    table = Table("pixels (0 to 1) and images", "", title="Contents", title_justify="left")
    table.columns[1].justify = "right"
    table.add_row("mean pixel", f"{report.mean:.4f}")
    table.add_row("standard deviation", f"{report.deviation:.4f}")
    table.add_row("pixels above 0", f"{report.lit:.1%}")
    table.add_row("exact copies of an earlier image", f"{report.duplicates:,}")
    table.add_row("blank images", f"{report.blanks:,}")
    table.add_row("images on a light background", f"{report.inverted:,}")
    console.print(table)
    console.print(f"SHA-256 {report.fingerprint}")
