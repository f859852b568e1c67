"""``tenfold predict``: the digits in images."""

import json
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tenfold.cli.shared.options import (
    BulkClusterOption,
    BulkJobsOption,
    BulkOutOption,
    BulkPartOption,
    JsonOption,
    Part,
)
from tenfold.errors import TenfoldError, UsageError, path_exists

if TYPE_CHECKING:
    from tenfold.models import Ensemble, Model, Predictions
    from tenfold.nn.array import Array

__all__ = ["predict"]


def predict(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="[MODEL]... IMAGE...",
            readable=False,
            help="Models, then pictures with one digit each; with -o, one folder or file of "
            "images: CSV, IDX, npz, npy, Parquet, a tar or zip archive. A model is a model file, a "
            "run folder or a bundled model (see: tenfold models); by default it is standard. "
            "Several models, or the folder of a series (made by tenfold train --seeds), predict as "
            "an ensemble.",
        ),
    ],
    out: BulkOutOption = None,
    part: BulkPartOption = None,
    jobs: BulkJobsOption = None,
    cluster: BulkClusterOption = None,
    as_json: JsonOption = False,
) -> None:
    """Predict the digit in each picture.

    Each picture must show one digit, of any size and colour. The digit is found in the
    picture, and then prepared as the digits of MNIST were. For numbers and pages, use tenfold read.
    For a picture that cannot be read, the reason is printed instead of a prediction. The other
    pictures are still predicted, and the exit code is 1.

    \b
    Examples:
      tenfold predict seven.png
      tenfold predict runs/001-mlp seven.png
      tenfold predict runs/001-mlp runs/002-lenet seven.png   (an ensemble)
      tenfold predict model.safetensors digits/*.png --json
      tenfold predict standard digits/ -o answers.csv
      tenfold predict standard million.parquet -o answers.parquet --jobs 4
    """
    model, paths = _model_and_images(paths)
    if out is not None:
        _predict_all(model, paths, out, part, jobs, cluster, as_json)
        return
    if part or jobs or cluster:
        from tenfold.cli.shared.bulk import check_options_without_out

        check_options_without_out(part, jobs, cluster)
    images, problems = _read(paths)
    if problems and len(paths) == 1 and not as_json:
        raise problems[paths[0]]
    predictions = _predict(model, list(images.values()))
    rows = {path: index for index, path in enumerate(images)}
    if as_json:
        _print_json(paths, rows, predictions, problems)
    else:
        width = max(len(str(path)) for path in paths)
        for path in paths:
            text = f"error: {problems[path]}" if path in problems else predictions.text(rows[path])
            typer.echo(f"{path!s:<{width}}  {text}")
    if problems:
        first = next(iter(problems.values()))
        raise TenfoldError(
            f"{len(problems):,} of {len(set(paths)):,} images cannot be read. The first: {first}"
        )


def _predict_all(
    model: "Model | Ensemble",
    paths: list[Path],
    out: Path,
    part: Part | None,
    jobs: int | None,
    cluster: str | None,
    as_json: bool,
) -> None:
    """Predict all images of a folder or file, and write the file of answers."""
    from tenfold.cli.shared.bulk import (
        check_options_with_out,
        check_source,
        open_bulk_workers,
        write_answers,
    )
    from tenfold.cluster.bulk.jobs import PredictJob

    check_options_with_out({"--json": as_json})
    job = PredictJob(check_source(paths, out), out, part or "test", model)
    write_answers(job, open_bulk_workers(jobs, cluster))


def _model_and_images(paths: list[Path]) -> "tuple[Model | Ensemble, list[Path]]":
    """Return the model and the paths of the images, which come after the paths of models."""
    from tenfold.cli.shared.models import (
        as_classifier,
        check_model_name,
        check_order,
        is_model,
        open_members,
    )
    from tenfold.models import find_model

    check_order("predict", paths)
    models = list(takewhile(is_model, paths))
    images = paths[len(models) :]
    if not images:
        from tenfold import shell  # only for errors

        names = shell.join(models)
        raise UsageError(
            f"{models[-1]} is a model: add an image, as in: tenfold predict {names} seven.png"
        )
    if not path_exists(images[0]):
        # It may be the misspelt name of a model; without this check it would count as an image.
        check_model_name(images[0])
    if not models:
        return find_model(), images
    return as_classifier(open_members(models)[1]), images


def _read(paths: list[Path]) -> "tuple[dict[Path, Array], dict[Path, TenfoldError]]":
    """Return the image in each file, and the error for each file that cannot be read."""
    images, problems = {}, {}
    for path in paths:
        try:
            images[path] = _image(path)
        except TenfoldError as error:
            from tenfold.cli.shared.other_inputs import wrong_command_error  # only for errors

            problems[path] = wrong_command_error(path) or error
    return images, problems


def _image(path: Path) -> "Array":
    """Return the 28 x 28 image of the digit in a picture file.

    A picture that already looks like an image of MNIST is not prepared. In other pictures, the
    digit is found and normalised as in ``tenfold read``.
    """
    from tenfold.reading.picture import WorkingPicture, load_digit

    digit = load_digit(path)
    if not isinstance(digit, WorkingPicture):
        return digit
    # Imported only here: it needs many modules, and only these pictures need it.
    from tenfold.reading.working import prepare_picture

    return prepare_picture(digit)


def _predict(model: "Model | Ensemble", images: "list[Array]") -> "Predictions":
    import numpy as np

    stacked = np.stack(images) if images else np.empty((0, 28, 28, 1), np.uint8)
    return model.predict(stacked)


def _print_json(
    paths: list[Path],
    rows: dict[Path, int],
    predictions: "Predictions",
    problems: dict[Path, TenfoldError],
) -> None:
    printed: list[dict[str, Any]] = []
    for path in paths:
        found = {"error": str(problems[path])} if path in problems else predictions.row(rows[path])
        printed.append({"image": str(path), **found})
    typer.echo(json.dumps(printed, indent=2))
