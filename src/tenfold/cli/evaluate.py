"""``tenfold evaluate``: how good is a model on labelled images?"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

if TYPE_CHECKING:
    from tenfold.data import Dataset

__all__ = ["evaluate"]

_UNKNOWN = (
    "this model was trained on images of its own, and MNIST's may be among them (Kaggle's are all "
    "MNIST's): measure it on images that it has not seen, with --data"
)


def evaluate(
    model: Annotated[
        Path, typer.Argument(help="A model file, a run folder, or a name from: tenfold models.")
    ],
    data: Annotated[
        Path | None, typer.Option(help="Labelled images; by default those bundled for the recipe.")
    ] = None,
    part: Annotated[
        Literal["train", "test"], typer.Option(help="Which, where the data has both.")
    ] = "test",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Measure a model's accuracy on labelled images, with its 95 % interval.

    \b
    tenfold evaluate runs/001-mlp
    tenfold evaluate model.safetensors --data my-digits/ --json
    """
    from tenfold.cli.model import find_model
    from tenfold.cli.train import UNCONTESTED
    from tenfold.data import load_dataset
    from tenfold.evaluation import confusion_matrix, most_confused, score, uncontested

    found = find_model(model)
    warning = _UNKNOWN if data is None and found.provenance.get("own_data") else None
    dataset = _bundled(found.provenance, part) if data is None else load_dataset(data, part)
    result = score(found.network, dataset)
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


def _bundled(provenance: dict[str, Any], part: Literal["train", "test"]) -> "Dataset":
    """Return MNIST's images, divided as the model's recipe divides them.

    A recipe on the Kaggle division is trained on 60 % of all images, MNIST's own test images
    among them; it is measured on the other 40 %.
    """
    from tenfold.data import kaggle_split, load_mnist

    try:
        kaggle = provenance["recipe"]["source"]["name"] == "kaggle"
    except (KeyError, TypeError):
        kaggle = False
    return kaggle_split()[part == "test"] if kaggle else load_mnist(part)
