"""``tenfold evaluate``: how good is a model on labelled images?"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

if TYPE_CHECKING:
    from tenfold.data import Dataset
    from tenfold.training import Model

__all__ = ["evaluate"]

_UNKNOWN = (
    "this model was trained on images of its own, and MNIST's may be among them (Kaggle's are all "
    "MNIST's): measure it on images that it has not seen, with --data"
)


def evaluate(
    models: Annotated[
        list[Path],
        typer.Argument(
            metavar="MODEL",
            help="A model file, a run folder, or a name from: tenfold models. Several answer "
            "together, by the mean of their probabilities.",
        ),
    ],
    data: Annotated[
        Path | None, typer.Option(help="Labelled images; by default those bundled for the recipe.")
    ] = None,
    part: Annotated[
        Literal["train", "test"], typer.Option(help="Which, where the data has both.")
    ] = "test",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Measure the accuracy of a model, or of a committee, with its 95 % interval.

    \b
    tenfold evaluate runs/001-mlp
    tenfold evaluate model.safetensors --data my-digits/ --json
    tenfold evaluate runs/001-standard runs/002-standard runs/003-standard
    """
    from tenfold.cli.model import find_model
    from tenfold.cli.train import UNCONTESTED
    from tenfold.data import load_dataset
    from tenfold.errors import UsageError
    from tenfold.evaluation import Committee, confusion_matrix, most_confused, score, uncontested

    found = [find_model(model) for model in models]
    own = any(model.provenance.get("own_data") for model in found)
    warning = _UNKNOWN if data is None and own else None
    dataset = _bundled(found, part) if data is None else load_dataset(data, part)
    try:
        together = Committee([model.network for model in found])
    except ValueError as error:
        raise UsageError(str(error)) from error
    result = score(together, dataset)
    matrix = confusion_matrix(result.labels, result.predicted)
    others = uncontested(result, dataset)
    if as_json:
        answer = {"data": dataset.name, **result.to_dict(), "confusion": matrix.tolist()}
        answer |= {"uncontested": others} if others else {}
        typer.echo(json.dumps(answer | ({"warning": warning} if warning else {}), indent=2))
        return
    summary = result.to_dict()
    low, high = summary["interval95"]
    typer.echo(
        f"{result.accuracy:.2%} accuracy on {dataset.name} ({result.correct:,} of {result.n:,}; "
        f"95 % interval {low:.2%} to {high:.2%}), cross-entropy {result.loss:.4f}"
    )
    if others:
        typer.echo(f"{others['accuracy']:.2%} of the {others['n']:,} {UNCONTESTED}")
    true, taken, times = most_confused(matrix)
    if times:
        typer.echo(f"Commonest mistake: a {true} taken for a {taken}, {times} times")
    if warning:
        typer.echo(f"Warning: {warning}", err=True)


def _bundled(models: "list[Model]", part: Literal["train", "test"]) -> "Dataset":
    """Return MNIST's images, divided as the model's recipe divides them.

    A recipe on the Kaggle division is trained on 60 % of all images, MNIST's own test images
    among them; it is measured on the other 40 %.
    """
    from tenfold.data import kaggle_split, load_mnist
    from tenfold.errors import UsageError

    kaggle = {_is_kaggle(model.provenance) for model in models}
    if len(kaggle) > 1:
        raise UsageError(
            "some of these models were trained on the Kaggle division, which holds MNIST's test "
            "images, and some were not: say with --data which images none of them has seen"
        )
    return kaggle_split()[part == "test"] if kaggle == {True} else load_mnist(part)


def _is_kaggle(provenance: dict[str, Any]) -> bool:
    try:
        return bool(provenance["recipe"]["source"]["name"] == "kaggle")
    except (KeyError, TypeError):
        return False
