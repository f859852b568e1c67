"""``tenfold submit``: a submission for Kaggle's Digit Recognizer, checked and scored."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tenfold import shell
from tenfold.cli.shared.options import JsonOption

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenfold.data import Dataset
    from tenfold.models import Ensemble, Model
    from tenfold.nn.array import Array

__all__ = ["submit"]

_SHOWN = 5  # number of kinds of differences that are shown


def submit(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="MODEL... [TEST]",
            help="A model file, run folder or bundled model (see: tenfold models), then the "
            "competition's test.csv or its zip archive. Several models, or the folder of a "
            "series (made by tenfold train --seeds), predict as an ensemble. To check an existing "
            "submission.csv, give its path instead of a model; only then can TEST be left out.",
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--out",
            metavar="CSV",
            help="File for the submission; by default submission.csv.",
        ),
    ] = None,
    true_labels: Annotated[
        Path | None,
        typer.Option(
            "--labels",
            "--answers",  # name in version 0.1
            metavar="CSV",
            help="The true labels (ImageId,Label), to compute the score.",
        ),
    ] = None,
    compare: Annotated[
        Path | None,
        typer.Option(metavar="CSV", help="Another submission to compare with."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Write a submission for Kaggle's Digit Recognizer.

    The submission has the columns ImageId, which counts from 1, and Label. The command checks it
    and estimates its score. The labels of MNIST's images are public, so a high score on them proves
    little. A warning is therefore printed if TEST contains images of MNIST, as the competition's
    test.csv does, and another one if the model was trained on some of them.

    \b
    Examples:
      tenfold submit runs/001-mlp test.csv -o submission.csv
      tenfold submit runs/kaggle digits/test.csv --labels digits/test-labels.csv
      tenfold submit runs/001-mlp runs/002-lenet test.csv   (an ensemble)
      tenfold submit submission.csv test.csv                (checks a submission)
      tenfold submit new.csv --compare old.csv              (compares two submissions)
    """
    from tenfold.cli.shared import submission_files as files
    from tenfold.cli.shared.data_faults import background_warnings
    from tenfold.cli.shared.errors import reject_options
    from tenfold.cli.shared.models import as_classifier
    from tenfold.cli.shared.output import SUBMISSION, check_output

    existing, models, test = _sort_arguments(paths)
    if existing is not None:
        reject_options({"-o": out}, f"{existing} is only checked, so nothing is written: omit {{}}")
    out = out or Path("submission.csv")
    if not existing and test is not None:
        check_output(out, SUBMISSION, (test, true_labels, compare))
    members = [] if existing else _open_models(models, test)
    dataset = None if test is None else files.read_test(test)
    if dataset is not None and dataset.labels is not None:
        typer.echo(f"Note: {test} has labels, so it is not a test.csv", err=True)
    others = {"--labels": true_labels, "--compare": compare}
    labels = None if existing is None else files.read_existing(existing, others)
    result: dict[str, Any] = {"file": str(existing or out)}
    count = len(dataset) if dataset is not None else None if labels is None else len(labels)
    if labels is not None:
        files.check_length(paths[0], labels, count)
    truth = files.read_option("--labels", true_labels, count)
    other = files.read_option("--compare", compare, count)
    if labels is None:
        assert dataset is not None
        assert test is not None
        result["warnings"] = background_warnings(dataset, test)
        labels = _write(as_classifier(members), dataset, out, quiet=as_json)
    if dataset is not None:
        _add_estimate(dataset, members, models, result)
    _add_counts(labels, truth, result)
    if other is not None:
        _add_difference(labels, other, truth, (result["file"], str(compare)), result)
    if as_json:
        typer.echo(json.dumps(result, indent=2))
    else:
        _print(result)


def _sort_arguments(paths: list[Path]) -> tuple[Path | None, list[Path], Path | None]:
    """Return the existing submission or the models, and the file with the images, if given."""
    from tenfold.cli.shared.models import check_order, expand_models, is_model
    from tenfold.errors import UsageError

    check_order("submit", paths)
    first = paths[0]
    if first.suffix.lower() == ".csv" and first.is_file():
        if len(paths) > 2:
            raise UsageError(
                f"{first} is a CSV file, so it is checked as a submission, and only one TEST can "
                f"follow it, got {len(paths) - 1} paths. Models come before TEST"
            )
        return first, [], paths[1] if len(paths) == 2 else None
    test = None if len(paths) == 1 or is_model(paths[-1]) else paths[-1]
    models = paths if test is None else paths[:-1]
    return None, models if test is None else expand_models(models), test


def _open_models(models: list[Path], test: Path | None) -> "list[Model]":
    """Return the models; raise a UsageError if there are no test images."""
    from tenfold.cli.shared.models import open_members
    from tenfold.errors import UsageError

    if test is None:
        names = shell.join(models)
        raise UsageError(
            f"TEST is missing: add the competition's test.csv, as in: tenfold submit {names} "
            "test.csv (only an existing submission.csv can be checked without it)"
        )
    return open_members(models)[1]


def _write(model: "Model | Ensemble", dataset: "Dataset", out: Path, quiet: bool) -> "Array":
    """Write the submission; return the labels as read back from the file."""
    from tenfold.data import read_submission, write_submission

    write_submission(out, _predict(model, dataset.images, quiet))
    return read_submission(out)


def _predict(model: "Model | Ensemble", images: "Array", quiet: bool) -> "Array":
    """Return the most probable digit of each image; other classes are not valid in a submission."""
    import warnings

    import numpy as np

    from tenfold.cli.shared.progress import progress_bar
    from tenfold.data import CLASSES
    from tenfold.errors import InputWarning

    size = 16 * model.batch
    digits = []
    with progress_bar("predicting", len(images), quiet=quiet) as bar, warnings.catch_warnings():
        warnings.simplefilter("ignore", InputWarning)  # background_warnings examines all images
        for start in range(0, len(images), size):
            probabilities = model.predict(images[start : start + size]).probabilities
            digits.append(probabilities[:, :CLASSES].argmax(axis=1))
            bar.advance("predicting", len(digits[-1]))
    return np.concatenate(digits)


def _add_estimate(
    dataset: "Dataset", models: "Sequence[Model]", paths: list[Path], result: dict[str, Any]
) -> None:
    """Add the expected score, the exposure of the models to the images, and warnings.

    The exposure is how many of the images are in MNIST, or were used to train the models.
    """
    from tenfold.runs import estimate_score, find_exposure, results_of, seen_images

    seen = None
    if models:
        seen = seen_images(dataset.images, paths, [model.provenance for model in models])
    exposure = find_exposure(dataset.images, seen)
    if len(models) == 1:
        metrics = results_of(paths[0])
        expected = estimate_score(metrics, len(dataset))
        result["estimate"] = None if expected is None else expected.to_dict()
        # Whether the results of the run are known. If they are, but there is no estimate, the run
        # had neither validation images nor test images.
        result["held_out_known"] = metrics is not None
    elif models:
        result["estimate"] = None
        result["members"] = len(models)
    result["exposure"] = exposure.to_dict()
    result["warnings"] = [*exposure.warnings, *result.get("warnings", ())]


def _add_counts(labels: "Array", truth: "Array | None", result: dict[str, Any]) -> None:
    import numpy as np

    result["predictions"] = len(labels)
    result["digits"] = np.bincount(labels, minlength=10).tolist()
    if truth is not None:
        correct = int((labels == truth).sum())
        result["score"] = {"score": correct / len(truth), "correct": correct, "n": len(truth)}


def _add_difference(
    labels: "Array",
    other: "Array",
    truth: "Array | None",
    names: tuple[str, str],
    result: dict[str, Any],
) -> None:
    from tenfold.runs import Difference

    difference = Difference(labels, other, truth)
    result["difference"] = {
        "file": names[1],
        "rows": difference.rows,
        "swaps": difference.swaps,
        "conclusion": difference.conclusion(*names),
    }


def _print(result: dict[str, Any]) -> None:
    count = result["predictions"]
    typer.echo(f"{result['file']}: {count:,} predictions, header ImageId,Label, ids 1 to {count}")
    counts = "  ".join(f"{digit}: {n:,}" for digit, n in enumerate(result["digits"]))
    typer.echo(f"Digits: {counts}")
    if expected := result.get("estimate"):
        low, high = expected["interval95"]
        typer.echo(
            f"Expected score {expected['score']:.5f} (95% interval {low:.5f} to {high:.5f}). It is "
            f"estimated from the {expected['n']:,} {expected['part']} images of the run, and holds "
            "for similar images that the model was not trained on"
        )
    elif result.get("held_out_known"):
        typer.echo(
            "Expected score unknown: the run held out no images (to know it, train with "
            "--validation 5000, or with a test share)"
        )
    elif members := result.get("members"):
        typer.echo(
            f"Expected score unknown: this ensemble of {members} models has no held-out results of "
            "its own (tenfold evaluate measures its accuracy on labelled images)"
        )
    elif "estimate" in result:
        typer.echo("Expected score unknown: only a run folder contains held-out results")
    if score := result.get("score"):
        typer.echo(f"Score {score['score']:.5f} ({score['correct']:,} of {score['n']:,} correct)")
    if difference := result.get("difference"):
        _print_difference(difference, count)
    for warning in result.get("warnings", ()):
        typer.echo(f"Warning: {warning}", err=True)


def _print_difference(difference: dict[str, Any], count: int) -> None:
    pairs = [f"{one} instead of {other} ({n:,})" for one, other, n in difference["swaps"]]
    more = ", ..." if len(pairs) > _SHOWN else ""
    kinds = f": {', '.join(pairs[:_SHOWN])}{more}" if pairs else ""
    typer.echo(
        f"Differs from {difference['file']} in {len(difference['rows']):,} of {count:,} "
        f"predictions{kinds}"
    )
    if difference["conclusion"]:
        typer.echo(difference["conclusion"])
