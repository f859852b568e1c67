"""``tenfold evaluate``: how good is a model on labelled images?"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

if TYPE_CHECKING:
    from tenfold.data import Dataset
    from tenfold.evaluation import Score
    from tenfold.models import Model

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
    picture: Annotated[
        Path | None,
        typer.Option(help="Draw reliability, and error against coverage, into this PNG."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Measure how good a model, or an ensemble, is: its accuracy, and what its confidence is worth.

    \b
    tenfold evaluate runs/001-mlp
    tenfold evaluate model.safetensors --data my-digits/ --json
    tenfold evaluate standard --picture confidence.png
    tenfold evaluate runs/001-standard runs/002-standard runs/003-standard
    """
    from tenfold.data import load_dataset
    from tenfold.errors import UsageError
    from tenfold.evaluation import score
    from tenfold.models import Ensemble, find_model

    found = [find_model(model) for model in models]
    own = any(model.provenance.get("own_data") for model in found)
    warning = _UNKNOWN if data is None and own else None
    dataset = _bundled(found, part) if data is None else load_dataset(data, part)
    try:
        together = Ensemble(found)
    except ValueError as error:
        raise UsageError(str(error)) from error
    result = score(together, dataset)
    below = found[0].unsure_below if len(found) == 1 else None
    account = _account(result, dataset, below)
    if as_json:
        typer.echo(json.dumps(account | ({"warning": warning} if warning else {}), indent=2))
    else:
        _tell(account)
        if warning:
            typer.echo(f"Warning: {warning}", err=True)
    if picture is not None:
        from tenfold.plots import confidence_figure, save_picture

        save_picture(confidence_figure(result.confidence, result.right, below), picture)
        typer.echo(f"drawn in {picture}", err=True)


def _account(result: "Score", dataset: "Dataset", below: float | None) -> dict[str, Any]:
    """Return all that is told of the answers; what "unsure" is worth if the model says when."""
    from tenfold.evaluation import selective_metrics, uncontested

    account = {"data": dataset.name, **result.metrics(), "confusion": result.confusion.tolist()}
    if others := uncontested(result, dataset):
        account["uncontested"] = others
    if below is not None:
        account["unsure"] = selective_metrics(result.confidence, result.right, below)
    return account


def _tell(account: dict[str, Any]) -> None:
    from tenfold.cli.commands.train import UNCONTESTED

    low, high = account["interval95"]
    typer.echo(
        f"{account['accuracy']:.2%} accuracy on {account['data']} ({account['correct']:,} of "
        f"{account['n']:,}; 95 % interval {low:.2%} to {high:.2%}), "
        f"cross-entropy {account['loss']:.4f}"
    )
    if others := account.get("uncontested"):
        typer.echo(f"{others['accuracy']:.2%} of the {others['n']:,} {UNCONTESTED}")
    typer.echo(f"{account['top2']:.2%} have the right digit among the two most probable")
    typer.echo(
        f"Brier score {account['brier']:.4f}, calibration error {account['calibration_error']:.2%}"
    )
    if account["confused"]:
        typer.echo(f"Commonest mistakes: {', '.join(map(_mistake, account['confused']))}")
    if "unsure" in account:
        typer.echo(_unsure(account["unsure"]))
    _print_digits(account)


def _mistake(pair: dict[str, int]) -> str:
    times = "once" if pair["times"] == 1 else f"{pair['times']} times"
    return f"{pair['true']} taken for {pair['taken']} ({times})"


def _unsure(told: dict[str, Any]) -> str:
    if not told["answered"]:
        return f"Answers none of the images, when it may say unsure below {told['threshold']:.3f}"
    low, high = told["interval95"]
    return (
        f"Answers {told['coverage']:.2%} of the images, {told['error']:.2%} of those wrong "
        f"({told['wrong']:,} of {told['answered']:,}; 95 % interval {low:.2%} to {high:.2%}), "
        f"when it may say unsure below {told['threshold']:.3f}"
    )


def _print_digits(account: dict[str, Any]) -> None:
    from tenfold.cli.shared.tables import print_table

    names = ("precision", "recall", "f1")
    rows = [
        [str(row["digit"]), *(f"{row[name]:.2%}" for name in names), f"{row['support']:,}"]
        for row in account["digits"]
    ]
    mean = ["mean", *(f"{account['macro'][name]:.2%}" for name in names), f"{account['n']:,}"]
    typer.echo()
    print_table(("digit", "precision", "recall", "F1", "images"), [*rows, mean])


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
