"""``tenfold data label-errors``: labels that are likely wrong."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

import typer

from tenfold.cli.shared.options import (
    ClusterOption,
    DataArgument,
    FigureOption,
    JobsOption,
    JsonOption,
    SeedOption,
    ThreadsOption,
)
from tenfold.cli.shared.training import TrainingOptions

if TYPE_CHECKING:
    from tenfold.data import Dataset
    from tenfold.nn.array import Array
    from tenfold.recipes import Recipe
    from tenfold.runs import OutOfFold

__all__ = ["label_errors"]

_Part: TypeAlias = Literal["train", "test", "all"]
_LOW_ACCURACY = 0.9  # below it, the list is unreliable


def label_errors(
    path: DataArgument = None,
    part: Annotated[
        _Part,
        typer.Option(
            "--split",
            "--part",  # name in version 0.1
            metavar="train|test|all",
            help="Split whose labels are listed. The networks are always trained on images of all "
            "splits.",
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
    figure_path: FigureOption = None,
    keep: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Keep the networks in this folder. If the command is repeated, it trains only the "
            "missing networks.",
            show_default="with --jobs or --cluster, runs/label-errors-HASH; otherwise no folder",
        ),
    ] = None,
    jobs: JobsOption = None,
    cluster: ClusterOption = None,
    threads: ThreadsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find labels that are likely wrong.

    Each image is predicted by a network that was not trained on it (cross-validation). The labels
    that are likely wrong are listed first. The other labels follow, in increasing order of their
    predicted probability. The method is called confident learning. Example: the label 4 of an image
    is likely wrong if the image's probability of 9 is at least the mean probability of 9 over all
    images labelled 9, and 9 is the most probable of the digits for which this is true.

    \b
    Examples:
      tenfold data label-errors
      tenfold data label-errors my-digits -o label-errors.csv --figure label-errors.png
      tenfold data label-errors --split test --top 100 --json
      tenfold data label-errors my-digits --jobs 5
    """
    from tenfold.cli.shared.output import (
        SUSPECTS,
        check_continued_folder,
        check_figure_path,
        check_output,
    )
    from tenfold.inspection import LabelErrors
    from tenfold.runs import OutOfFold

    check_output(out, SUSPECTS)
    check_figure_path(figure_path)
    if keep is not None:
        check_continued_folder(keep, "fold-0")
    data, parts = _labelled(path, part)
    options = TrainingOptions(as_json, threads=threads, jobs=jobs, cluster=cluster)
    predictions = OutOfFold(data, _adapted(recipe, len(data)), folds, seed, threads)
    if keep is not None or options.many:
        _train_runs(predictions, keep, path, options)
    else:
        _train(predictions, as_json)
    # Only digits can be suggested as labels, not further classes of the network.
    errors = LabelErrors(data.require_labels(), predictions.probabilities[:, : data.classes])
    selected = (parts == part) | (part == "all")
    positions = errors.ranked(top, selected)
    rows = [_row(errors.row(position), parts) for position in positions]
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
    if figure_path is not None:
        from tenfold.plots import label_suspects, save_figure

        save_figure(label_suspects(data.images[positions], rows, images, top), figure_path)


def _labelled(path: Path | None, part: _Part) -> "tuple[Dataset, Array]":
    """Return all labelled images, and the split of each image."""
    from tenfold.errors import UsageError
    from tenfold.runs import all_labelled

    data, names = all_labelled(path)
    if part != "all" and part not in names:
        raise UsageError(f"{data.name} has no labelled {part} split; leave out --split")
    return data, names


def _adapted(recipe: str, images: int) -> "Recipe":
    """Return a recipe with more epochs and smaller batches if there are few images."""
    from tenfold.cli.shared.recipes import find_recipe
    from tenfold.runs import scaled_to

    return scaled_to(find_recipe(recipe), images)


def _train(predictions: "OutOfFold", quiet: bool) -> None:
    """Train a network for each fold in this process, with a progress bar."""
    from tenfold.cli.shared.progress import progress_bar
    from tenfold.training import StepRecord

    folds = predictions.count
    total = predictions.recipe.epochs * (folds - 1) * len(predictions.dataset)
    with progress_bar("starting", total, quiet=quiet) as bar:
        for fold, record in predictions:
            images = len(record.labels) if isinstance(record, StepRecord) else 0
            bar.advance(f"network {fold + 1} of {folds}", images)


def _train_runs(
    predictions: "OutOfFold", keep: Path | None, path: Path | None, options: TrainingOptions
) -> None:
    """Train a network for each fold in a run folder, as jobs of workers."""
    from functools import partial

    from tenfold.cli.shared.interrupt import exit_stopped
    from tenfold.cli.shared.many import job_of, train_jobs
    from tenfold.models import load_model
    from tenfold.runs import begin_or_resume, load_fold

    data = None if path is None else str(path.resolve())
    folder = keep or Path("runs") / f"label-errors-{predictions.fingerprint[:8]}"
    plan = (data, predictions.recipe, predictions.count, predictions.seed)
    folds = range(predictions.count)
    runs = [begin_or_resume(predictions.run(fold, folder, data)) for fold in folds]
    jobs = [
        job_of(run, partial(load_fold, *plan, fold), options)
        for fold, run in enumerate(runs)
        if not run.finished
    ]
    train_jobs(jobs, options)
    if not all(run.finished for run in runs):
        exit_stopped("the same command")
    for fold, run in enumerate(runs):
        predictions.take(fold, load_model(run.model))


def _row(row: dict[str, Any], parts: "Array") -> dict[str, Any]:
    """Return a row whose index is counted within the split of the image, not over all splits."""
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
