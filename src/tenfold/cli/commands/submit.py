"""``tenfold submit``: answers for Kaggle's Digit Recognizer, and what they are worth."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from tenfold.data import Dataset
    from tenfold.models import Model
    from tenfold.nn.array import Array

__all__ = ["submit"]

_SHOWN = 5  # kinds of differences


def submit(
    model: Annotated[
        Path,
        typer.Argument(
            help="A model file, a run folder, or a name from: tenfold models. Or a submission.csv "
            "that is there already: it is only checked."
        ),
    ],
    test: Annotated[
        Path | None, typer.Argument(help="The competition's test.csv; a check can do without it.")
    ] = None,
    out: Annotated[Path, typer.Option("-o", "--out", help="Where to write the answers.")] = Path(
        "submission.csv"
    ),
    answers: Annotated[
        Path | None, typer.Option(help="The true labels (ImageId,Label), where they are known.")
    ] = None,
    compare: Annotated[
        Path | None, typer.Option(help="Another submission: say where the two differ.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Write a submission.csv (ImageId from 1, Label) for a test.csv, check it, and say what it is
    worth: the score to expect, and whether the model has seen these images before.

    \b
    tenfold submit runs/001-mlp test.csv -o submission.csv
    tenfold submit runs/kaggle digits/test.csv --answers digits/test-labels.csv
    tenfold submit submission.csv test.csv
    tenfold submit new.csv --compare old.csv
    """
    from tenfold.data import read_kaggle_csv, read_submission

    given = model.suffix.lower() == ".csv" and model.is_file()
    found = None if given else _find(model, test, out)
    dataset = None if test is None else read_kaggle_csv(test)
    if dataset is not None and dataset.labels is not None:
        typer.echo(f"Note: {test} has labels already: it is no test.csv", err=True)
    labels = read_submission(model) if given else None
    told: dict[str, Any] = {"file": str(model if given else out)}
    count = len(dataset) if dataset is not None else None if labels is None else len(labels)
    if labels is not None and len(labels) != count:
        raise _other_length(model, len(labels), count)
    truth, other = _same_length(answers, count), _same_length(compare, count)
    if labels is None:
        assert dataset is not None
        assert found is not None
        labels = _write(found, dataset, out, quiet=as_json)
    if dataset is not None:
        _look_up(dataset, found, model, told)
    _add_counts(labels, truth, told)
    if other is not None:
        _add_difference(labels, other, truth, (told["file"], str(compare)), told)
    if as_json:
        typer.echo(json.dumps(told, indent=2))
    else:
        _tell(told)


def _find(model: Path, test: Path | None, out: Path) -> "Model":
    """Return the model, once it is sure that the answers have a place to go."""
    from tenfold.errors import UsageError
    from tenfold.models import find_model

    if test is None:
        raise UsageError(
            f"name the competition's test.csv too: tenfold submit {model} test.csv (only a "
            "submission.csv can be checked without it)"
        )
    if out.resolve() == test.resolve():
        raise UsageError(f"{out} is the file with the images: write the answers somewhere else")
    return find_model(model)


def _other_length(path: Path, labels: int, images: int | None) -> Exception:
    from tenfold.errors import UsageError

    return UsageError(f"{path} has {labels:,} labels for {images:,} images")


def _same_length(path: Path | None, count: int | None) -> "Array | None":
    """Return the labels in a file, once it is sure that there is one for each image."""
    from tenfold.data import read_submission

    if path is None:
        return None
    labels = read_submission(path)
    if len(labels) != count:
        raise _other_length(path, len(labels), count)
    return labels


def _write(model: "Model", dataset: "Dataset", out: Path, quiet: bool) -> "Array":
    """Write the answers, read them again, as the competition will, and return them."""
    from tenfold.data import read_submission, write_submission

    write_submission(out, _answers(model, dataset.images, quiet))
    return read_submission(out)


def _answers(model: "Model", images: "Array", quiet: bool) -> "Array":
    import numpy as np

    from tenfold.cli.shared.bar import show_work

    size = 16 * model.batch
    parts = []
    with show_work(len(images), quiet) as show:
        for start in range(0, len(images), size):
            part = model.predict_probabilities(images[start : start + size])
            parts.append(part.argmax(axis=1))
            show("reading", len(part))
    return np.concatenate(parts)


def _look_up(dataset: "Dataset", found: "Model | None", path: Path, told: dict[str, Any]) -> None:
    """Add the score to expect, how many images have been seen, and what to be warned of."""
    from tenfold.runs import Origin, estimate_score, find_exposure, origin_of

    origin = Origin() if found is None else origin_of(path)
    expected = estimate_score(origin.metrics, len(dataset))
    exposure = find_exposure(dataset.images, found.provenance if found else {}, origin)
    if found is not None:
        told["estimate"] = None if expected is None else expected.to_dict()
    told["exposure"] = exposure.to_dict()
    told["warnings"] = exposure.warnings


def _add_counts(labels: "Array", truth: "Array | None", told: dict[str, Any]) -> None:
    import numpy as np

    told["answers"] = len(labels)
    told["digits"] = np.bincount(labels, minlength=10).tolist()
    if truth is not None:
        right = int((labels == truth).sum())
        told["score"] = {"score": right / len(truth), "correct": right, "n": len(truth)}


def _add_difference(
    labels: "Array",
    other: "Array",
    truth: "Array | None",
    names: tuple[str, str],
    told: dict[str, Any],
) -> None:
    from tenfold.runs import Difference

    difference = Difference(labels, other, truth)
    told["difference"] = {
        "file": names[1],
        "rows": difference.rows,
        "swaps": difference.swaps,
        "verdict": difference.verdict(*names),
    }


def _tell(told: dict[str, Any]) -> None:
    count = told["answers"]
    typer.echo(f"{told['file']}: {count:,} answers, header ImageId,Label, ids 1 to {count}")
    typer.echo("digits: " + "  ".join(f"{digit}: {n:,}" for digit, n in enumerate(told["digits"])))
    if expected := told.get("estimate"):
        low, high = expected["interval95"]
        typer.echo(
            f"expected score {expected['score']:.5f} (95 % interval {low:.5f} to {high:.5f}): an "
            f"estimate from the model's {expected['n']:,} {expected['part']} images, for images "
            "of that kind that it has not seen"
        )
    elif "estimate" in told:
        typer.echo("expected score unknown: held-out results stand in a run folder, so name that")
    if score := told.get("score"):
        typer.echo(f"score {score['score']:.5f} ({score['correct']:,} of {score['n']:,} right)")
    if difference := told.get("difference"):
        _tell_difference(difference, count)
    for warning in told.get("warnings", ()):
        typer.echo(f"Warning: {warning}", err=True)


def _tell_difference(difference: dict[str, Any], count: int) -> None:
    swaps = [f"{one} for {other} ({n:,})" for one, other, n in difference["swaps"]]
    more = ", ..." if len(swaps) > _SHOWN else ""
    kinds = f": {', '.join(swaps[:_SHOWN])}{more}" if swaps else ""
    typer.echo(
        f"differs from {difference['file']} in {len(difference['rows']):,} of {count:,} answers"
        f"{kinds}"
    )
    if difference["verdict"]:
        typer.echo(difference["verdict"])
