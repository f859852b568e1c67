"""``tenfold data label-errors``: labels that are likely wrong."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

import typer

from tenfold.cli.shared.options import DataArgument, JsonOption, PictureOption, SeedOption

if TYPE_CHECKING:
    from tenfold.data import Dataset
    from tenfold.nn.array import Array

__all__ = ["label_errors"]

_Part: TypeAlias = Literal["train", "test", "all"]
_LOW_ACCURACY = 0.9  # below it, the list is unreliable


def label_errors(
    path: DataArgument = None,
    part: Annotated[
        _Part,
        typer.Option(
            "--split",
            "--part",  # its name in version 0.1
            metavar="train|test|all",
            help="Split to check; the networks are trained on all splits.",
        ),
    ] = "all",
    folds: Annotated[
        int,
        typer.Option(
            metavar="N", min=2, max=100, help="Number of folds; a network is trained for each."
        ),
    ] = 5,
    recipe: Annotated[
        str,
        typer.Option(metavar="RECIPE", help="Recipe of the networks (see: tenfold recipes)."),
    ] = "quick",
    top: Annotated[int, typer.Option(metavar="N", min=1, help="Number of images to list.")] = 50,
    seed: SeedOption = 0,
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", metavar="CSV", help="Write the list to this file."),
    ] = None,
    picture: PictureOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find labels that are likely wrong.

    Each image is predicted by a network that was not trained on it (cross-validation). A label is
    likely wrong if the probability of another digit is at least as high as the average probability
    of that digit in the images that are labelled with it (confident learning). These labels are
    listed first, then those with the lowest predicted probability.

    \b
    Examples:
      tenfold data label-errors
      tenfold data label-errors my-digits -o label-errors.csv --figure label-errors.png
      tenfold data label-errors --split test --top 100 --json
    """
    from tenfold.cli.shared.output import SUSPECTS, check_output, check_picture
    from tenfold.inspection import LabelErrors

    check_output(out, SUSPECTS)
    check_picture(picture)
    data, parts = _labelled(path, part)
    probabilities = _out_of_fold(data, recipe, folds, seed, as_json)
    errors = LabelErrors(data.require_labels(), probabilities)
    selected = (parts == part) | (part == "all")
    places = errors.ranked(top, selected)
    rows = [_row(errors.row(place), parts) for place in places]
    likely, images = int(errors.likely[selected].sum()), int(selected.sum())
    if as_json:
        result = {"data": data.name, "part": part, "images": images}
        result |= {"folds": folds, "recipe": recipe, "seed": seed, **errors.to_dict(0)}
        typer.echo(json.dumps(result | {"likely_errors": likely, "suspects": rows}, indent=2))
    else:
        _print(rows, likely, images)
    if errors.accuracy < _LOW_ACCURACY:
        typer.echo(_warning(errors.accuracy), err=True)
    if out is not None:
        _write(out, rows)
    if picture is not None:
        from tenfold.plots import label_suspects, save_picture

        save_picture(label_suspects(data.images[places], rows, images, top), picture)


def _labelled(path: Path | None, part: _Part) -> "tuple[Dataset, Array]":
    """Return all labelled images, and the part that each belongs to."""
    import numpy as np

    from tenfold.data import Dataset, load_mnist
    from tenfold.errors import UsageError
    from tenfold.recipes import load_labelled_parts

    train, test = load_labelled_parts(path) if path else (load_mnist("train"), load_mnist("test"))
    halves = {"train": train} | ({} if test is None else {"test": test})
    if part != "all" and part not in halves:
        raise UsageError(f"{train.name} has no labelled {part} split; leave out --split")
    names = np.repeat(list(halves), [len(half) for half in halves.values()])
    images = np.concatenate([half.images for half in halves.values()])
    labels = np.concatenate([half.require_labels() for half in halves.values()])
    return Dataset(images, labels, "MNIST" if path is None else train.name), names


def _out_of_fold(data: "Dataset", recipe: str, folds: int, seed: int, quiet: bool) -> "Array":
    """Return the out-of-fold probabilities (N, classes), with a progress bar."""
    from tenfold.cli.shared.progress import progress_bar
    from tenfold.cli.shared.recipes import find_recipe
    from tenfold.runs import OutOfFold, scaled_to
    from tenfold.training import StepRecord

    scaled = scaled_to(find_recipe(recipe), len(data))
    total = scaled.epochs * (folds - 1) * len(data)
    predictions = OutOfFold(data, scaled, folds, seed)
    with progress_bar("starting", total, quiet=quiet) as bar:
        for fold, record in predictions:
            images = len(record.labels) if isinstance(record, StepRecord) else 0
            bar.advance(f"network {fold + 1} of {folds}", images)
    return predictions.probabilities[:, : data.classes]  # a label is only wrong for another digit


def _row(row: dict[str, Any], parts: "Array") -> dict[str, Any]:
    """Return a row whose index counts from the beginning of the image's own part."""
    name = str(parts[row["index"]])
    return {"part": name, **row, "index": row["index"] - int((parts == name).argmax())}


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    from tenfold.cli.shared.output import SUSPECTS_COLUMNS
    from tenfold.files import write_text

    lines = [",".join(SUSPECTS_COLUMNS)]
    for row in rows:
        cells = row | {name: f"{row[name]:.6f}" for name in ("p_given", "p_suggested")}
        lines.append(",".join(str(cells[name]).lower() for name in SUSPECTS_COLUMNS))
    write_text(path, "\n".join(lines) + "\n")


def _print(rows: list[dict[str, Any]], likely: int, images: int) -> None:
    from tenfold.cli.shared.tables import print_table

    typer.echo(f"{likely:,} of {images:,} labels are likely wrong.")
    if len(rows) > likely:
        typer.echo("The other images are hard to classify, but their labels may be correct.")
    cells = [
        [
            f"{row['part']} {row['index']}",
            str(row["given"]),
            f"{row['p_given']:.1%}",
            str(row["suggested"]),
            f"{row['p_suggested']:.1%}",
            "yes" if row["likely_error"] else "",
        ]
        for row in rows
    ]
    head = ("image", "label", "probability", "suggested", "probability", "likely wrong")
    print_table(head, cells)


def _warning(accuracy: float) -> str:
    return (
        f"Warning: the networks agree with only {accuracy:.1%} of the labels, so the list is "
        "unreliable; use more images or a better recipe (--recipe standard)"
    )
