"""``tenfold data info``: what a data set contains and what is wrong with it."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from tenfold.cli.shared.data_faults import print_how_to_fix
from tenfold.cli.shared.options import DataArgument, JsonOption, PartOption

if TYPE_CHECKING:
    from tenfold.data import DataReport

__all__ = ["info"]


def info(
    path: DataArgument = None,
    part: PartOption = "train",
    as_json: JsonOption = False,
) -> None:
    """Describe a data set and warn of faults.

    The description covers the classes, the pixel scale, the background, duplicates, and blank,
    inverted or transposed images. PATH is an IDX, CSV, npz, npy or Parquet file, or a
    folder or a zip archive of such files. It may also be a folder, a zip archive or a tar archive
    of image files. A CSV file may have a header, and may be gzipped. The labels of image files are
    the names of their subfolders ("0" to "9"), are in a labels.csv in the same folder, or are in
    their file names.

    \b
    Examples:
      tenfold data info
      tenfold data info train.csv
      tenfold data info my-digits --json
    """
    from tenfold.data import examine, load_dataset, load_mnist

    report = examine(load_mnist(part) if path is None else load_dataset(path, part))
    if as_json:
        typer.echo(json.dumps(report.to_dict(), indent=2))
    else:
        _print(report, path)


def _print(report: "DataReport", path: Path | None) -> None:
    from tenfold.cli.shared.tables import print_table

    size = " x ".join(map(str, report.shape))
    kind = "unlabelled" if report.class_counts is None else "labelled"
    typer.echo(f"{report.name}: {report.images:,} {kind} images of {size}\n")
    if report.class_counts is not None:
        rows = [
            (str(digit), f"{count:,}", f"{count / report.images:.1%}")
            for digit, count in enumerate(report.class_counts)
        ]
        print_table(("digit", "images", "share"), rows)
        typer.echo()
    print_table(("pixels and images", ""), _contents(report))
    typer.echo(f"\nSHA-256 {report.fingerprint}")
    for title, lines in {"Notes": report.notes, "Warnings": report.warnings}.items():
        if lines:
            typer.echo("\n".join((f"\n{title}", *(f"- {line}" for line in lines))))
    if not report.warnings:
        typer.echo("\nNo faults found.")
    elif path is not None and report.fixes:
        print_how_to_fix(path, labelled=report.class_counts is not None)


def _contents(report: "DataReport") -> list[tuple[str, str]]:
    return [
        ("mean pixel (0 to 1)", f"{report.mean:.4f}"),
        ("standard deviation (0 to 1)", f"{report.deviation:.4f}"),
        ("pixels above 0", f"{report.lit:.1%}"),
        ("brightest pixel (0 to 255)", f"{report.brightest}"),
        ("background (0 to 255)", f"{report.background}"),
        ("exact duplicates of an earlier image", f"{report.duplicates:,}"),
        ("blank images", f"{report.blanks:,}"),
        ("images on a light background", f"{report.inverted:,}"),
    ]
