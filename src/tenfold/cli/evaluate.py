"""``tenfold evaluate``: how good is a model on labelled images?"""

import json
from pathlib import Path
from typing import Annotated, Literal

import typer

__all__ = ["evaluate"]


def evaluate(
    model: Annotated[Path, typer.Argument(help="A model file or a run folder.")],
    data: Annotated[
        Path | None, typer.Option(help="Labelled images; the bundled test set by default.")
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
    from tenfold.data import load_dataset, load_mnist
    from tenfold.evaluation import confusion_matrix, most_confused, score

    network = find_model(model).network
    dataset = load_mnist(part) if data is None else load_dataset(data, part)
    result = score(network, dataset)
    matrix = confusion_matrix(result.labels, result.predicted)
    if as_json:
        answer = {"data": dataset.name, **result.to_dict(), "confusion": matrix.tolist()}
        typer.echo(json.dumps(answer, indent=2))
        return
    summary = result.to_dict()
    low, high = summary["interval95"]
    typer.echo(
        f"{result.accuracy:.2%} accuracy on {dataset.name} ({result.correct:,} of {result.n:,}; "
        f"95 % interval {low:.2%} to {high:.2%}), cross-entropy {result.loss:.4f}"
    )
    true, taken, times = most_confused(matrix)
    if times:
        typer.echo(f"Commonest mistake: a {true} taken for a {taken}, {times} times")
