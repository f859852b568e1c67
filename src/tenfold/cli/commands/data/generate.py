"""``tenfold data generate``: synthetic pages of handwriting, with ground truth."""

import json
from pathlib import Path
from typing import Annotated

import typer

from tenfold.cli.shared.options import JsonOption, SeedOption

__all__ = ["generate"]


def generate(
    folder: Annotated[
        Path,
        typer.Option(
            "-o", "--out", metavar="FOLDER", help="Folder for the pictures; created if missing."
        ),
    ],
    count: Annotated[
        int, typer.Option(metavar="N", min=1, max=1_000_000, help="Number of pages.")
    ] = 16,
    kind: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KIND",
            help="Kind of page: single (one digit), line, tight (a line whose digits are close or "
            "touch), lines, columns, form, other (without digits) or empty; may be repeated.",
            show_default="all kinds in turn",
        ),
    ] = None,
    seed: SeedOption = 0,
    clean: Annotated[
        bool,
        typer.Option(
            "--clean", help="Black ink on plain white paper, without the effects of a camera."
        ),
    ] = False,
    size: Annotated[
        int,
        typer.Option(
            metavar="PIXELS", min=200, max=10_000, help="Largest width of a picture, in pixels."
        ),
    ] = 1400,
    jpeg: Annotated[bool, typer.Option("--jpeg", help="Write JPEG files instead of PNG.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Generate pictures of pages with handwritten digits.

    The digits, letters and drawings are generated from strokes. There are many writing styles of
    each digit, and many pens, papers and kinds of light. The file truth.json contains the ground
    truth of each picture: its text lines, and the box of each digit. The same seed always gives the
    same pictures.

    \b
    Examples:
      tenfold data generate -o pages
      tenfold data generate -o lines --count 200 --kind line --kind tight --seed 1
      tenfold data generate -o forms --kind form --clean
      tenfold data generate -o photos --count 1000 --jpeg
    """
    from tenfold.cli.shared.output import check_new_folder
    from tenfold.cli.shared.progress import progress_bar
    from tenfold.errors import UsageError
    from tenfold.reading.synthetic.pages import KINDS, write_pages

    for name in kind or ():
        if name not in KINDS:
            raise UsageError(f"--kind must be one of {', '.join(KINDS)}, got {name!r}")
    if not (folder / "truth.json").exists():  # write_pages raises a better error
        check_new_folder(folder)

    with progress_bar("generating pages", quiet=as_json) as bar:
        truth = write_pages(
            folder, count, seed, kind or (), clean, size, jpeg, lambda done: bar.set(done, count)
        )
    if as_json:
        typer.echo(json.dumps(truth, indent=2))
        return
    digits = sum(len(page["digits"]) for page in truth)
    lines = sum(len(page["lines"]) for page in truth)
    typer.echo(
        f"{folder}: {count:,} picture{'s' * (count != 1)} with {digits:,} "
        f"digit{'s' * (digits != 1)} in {lines:,} line{'s' * (lines != 1)}, and truth.json"
    )
