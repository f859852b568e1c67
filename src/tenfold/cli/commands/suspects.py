"""``tenfold data suspects``: which labels are probably wrong?"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

import typer

if TYPE_CHECKING:
    from tenfold.data import Dataset
    from tenfold.nn.array import Array
    from tenfold.recipes import Recipe

__all__ = ["suspects"]

_Part: TypeAlias = Literal["train", "test", "all"]
_COLUMNS = ("part", "index", "given", "suggested", "p_given", "p_suggested", "likely_error")
_WEAK = 0.9  # of whoever knows less than this, the doubts mean little


def suspects(
    path: Annotated[
        Path | None, typer.Argument(help="A file or folder; the bundled MNIST if left out.")
    ] = None,
    part: Annotated[
        _Part, typer.Option(help="Which images to judge; those of all are learned from.")
    ] = "all",
    folds: Annotated[int, typer.Option(min=2, max=100, help="How many networks.")] = 5,
    recipe: Annotated[str, typer.Option(help="What each is; see: tenfold recipes")] = "quick",
    top: Annotated[int, typer.Option(min=1, help="How many images to list.")] = 50,
    seed: Annotated[int, typer.Option(min=0, max=2**64 - 1, help="Of folds and networks.")] = 0,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="Write the list into this CSV file.")
    ] = None,
    picture: Annotated[Path | None, typer.Option(help="Draw the images into this PNG.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Find labels that are probably wrong, and the hardest images.

    The images are dealt into folds, and networks that never saw a fold answer on it. Where they
    are as sure of another digit as they usually are of that digit, the label is likely wrong;
    after those come the images whose label they find least probable.

    \b
    tenfold data suspects
    tenfold data suspects my-digits -o suspects.csv --picture suspects.png
    tenfold data suspects --part test --top 100 --json
    """
    from tenfold.inspection import LabelErrors

    data, parts = _labelled(path, part)
    probabilities = _answers(data, recipe, folds, seed, as_json)
    found = LabelErrors(data.require_labels(), probabilities)
    judged = (parts == part) | (part == "all")
    places = found.ranked(top, judged)
    rows = [_row(found.row(place), parts) for place in places]
    likely = int(found.likely[judged].sum())
    if as_json:
        told = {"data": data.name, "part": part, "images": int(judged.sum())}
        told |= {"folds": folds, "recipe": recipe, "seed": seed, **found.to_dict(0)}
        typer.echo(json.dumps(told | {"likely_errors": likely, "suspects": rows}, indent=2))
    else:
        _print(rows, likely, int(judged.sum()))
    if found.accuracy < _WEAK:
        typer.echo(_warning(found.accuracy), err=True)
    if out is not None:
        _write(out, rows)
    if picture is not None:
        from tenfold.plots import label_suspects, save_picture

        save_picture(label_suspects(data.images[places], rows, int(judged.sum()), top), picture)


def _labelled(path: Path | None, part: _Part) -> "tuple[Dataset, Array]":
    """Return all labelled images, and for each of which part it is."""
    import numpy as np

    from tenfold.data import Dataset, load_mnist
    from tenfold.errors import UsageError
    from tenfold.recipes import both_halves

    train, test = both_halves(path) if path else (load_mnist("train"), load_mnist("test"))
    halves = {"train": train} | ({} if test is None else {"test": test})
    if part != "all" and part not in halves:
        raise UsageError(f"{train.name} has no labelled {part} half: leave out --part")
    names = np.repeat(list(halves), [len(half) for half in halves.values()])
    images = np.concatenate([half.images for half in halves.values()])
    labels = np.concatenate([half.require_labels() for half in halves.values()])
    return Dataset(images, labels, "MNIST" if path is None else train.name), names


def _answers(data: "Dataset", recipe: str, folds: int, seed: int, quiet: bool) -> "Array":
    """Return out-of-fold probabilities, with a bar for whoever waits."""
    from tenfold.cli.shared.bar import show_work
    from tenfold.runs import OutOfFold, scaled_to
    from tenfold.training import StepRecord

    chosen = scaled_to(_recipe(recipe), len(data))
    total = chosen.epochs * (folds - 1) * len(data)
    predictions = OutOfFold(data, chosen, folds, seed)
    with show_work(total, quiet) as bar:
        for fold, record in predictions:
            more = len(record.labels) if isinstance(record, StepRecord) else 0
            bar(f"network {fold + 1} of {folds}", more)
    return predictions.probabilities


def _recipe(name: str) -> "Recipe":
    from tenfold.errors import UsageError
    from tenfold.recipes import RECIPES

    if name not in RECIPES:
        raise UsageError(f"there is no recipe {name!r}; there are: {', '.join(RECIPES)}")
    return RECIPES[name]


def _row(row: dict[str, Any], parts: "Array") -> dict[str, Any]:
    """Return a row that counts from the beginning of the image's own part."""
    name = str(parts[row["index"]])
    return {"part": name, **row, "index": row["index"] - int((parts == name).argmax())}


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    from tenfold.files import write_text

    lines = [",".join(_COLUMNS)]
    for row in rows:
        cells = row | {name: f"{row[name]:.6f}" for name in ("p_given", "p_suggested")}
        lines.append(",".join(str(cells[name]).lower() for name in _COLUMNS))
    write_text(path, "\n".join(lines) + "\n")


def _print(rows: list[dict[str, Any]], likely: int, images: int) -> None:
    from tenfold.cli.shared.tables import print_table

    typer.echo(f"{likely:,} of {images:,} labels are likely wrong.")
    if len(rows) > likely:
        typer.echo("The images after those are hard, but may well be labelled right.")
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
    head = ("image", "label", "probability", "or", "probability", "likely wrong")
    print_table(head, cells)


def _warning(accuracy: float) -> str:
    return (
        f"Warning: the networks agree with only {accuracy:.1%} of the labels, so their doubts mean "
        "little: take more images, or a better recipe (--recipe standard)"
    )
