"""``tenfold evaluate``: the accuracy and the calibration of a model on labelled images."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tenfold.cli.shared.options import JsonOption, LabelledDataOption, PartOption

if TYPE_CHECKING:
    from tenfold.data import Dataset
    from tenfold.evaluation import Score

__all__ = ["evaluate"]


def evaluate(
    models: Annotated[
        list[Path],
        typer.Argument(
            metavar="MODEL",
            help="Model files, run folders or bundled models (see: tenfold models). If the folder "
            "of a series (made by tenfold train --seeds) or of an ensemble is given, all its "
            "finished runs are used.",
        ),
    ],
    data: LabelledDataOption = None,
    part: PartOption = "test",
    figure_path: Annotated[
        Path | None,
        typer.Option(
            "--figure",
            "--picture",  # name in version 0.1
            metavar="PNG",
            help="Draw the calibration and the risk-coverage curve.",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Measure the accuracy and the calibration of a model.

    Several models are evaluated as an ensemble: their probabilities are averaged.

    \b
    Examples:
      tenfold evaluate runs/001-mlp
      tenfold evaluate model.safetensors --data my-digits/ --json
      tenfold evaluate standard --figure confidence.png
      tenfold evaluate runs/001-standard runs/002-standard runs/003-standard
      tenfold evaluate runs/004-lenet-seeds   (all runs of a series, as an ensemble)
    """
    from tenfold.cli.shared import known_images
    from tenfold.cli.shared.data_faults import background_warnings
    from tenfold.cli.shared.evaluation_data import evaluation_data
    from tenfold.cli.shared.models import as_classifier, open_members
    from tenfold.cli.shared.output import check_figure_path
    from tenfold.evaluation import score
    from tenfold.evaluation.intervals import accuracy_with_interval

    check_figure_path(figure_path)
    models, members = open_members(models, takes_data=True)
    dataset = evaluation_data(members, data, part)
    classifier = as_classifier(members)
    seen = known_images.training_overlap(models, members, dataset)
    warnings = known_images.overlap_warnings(seen)
    if data is not None:
        warnings += background_warnings(dataset, data)
    known_images.print_overlap_warnings(warnings)
    result = score(classifier, dataset)
    unsure_below = members[0].unsure_below if len(members) == 1 else None
    metrics = _metrics(result, dataset, unsure_below)
    names = classifier.classes
    if not _are_digits(names):
        metrics["classes"] = list(names)
    if seen.mask.any() and not seen.mask.all():
        unseen = result.is_correct[~seen.mask]
        metrics["unseen"] = accuracy_with_interval(int(unseen.sum()), len(unseen))
    if as_json:
        typer.echo(json.dumps(metrics | known_images.warning_field(warnings), indent=2))
    else:
        _print_metrics(metrics, names)
    if figure_path is not None:
        from tenfold.plots import confidence_figure, save_figure

        figure = confidence_figure(result.confidence, result.is_correct, unsure_below)
        save_figure(figure, figure_path)
        typer.echo(f"Figure saved in {figure_path}", err=True)


def _metrics(result: "Score", dataset: "Dataset", unsure_below: float | None) -> dict[str, Any]:
    """Return all metrics as plain data. If the model has a threshold, "unsure" is among them."""
    from tenfold.evaluation import selective_metrics, uncontested

    metrics = {"data": dataset.name, **result.metrics(), "confusion": result.confusion.tolist()}
    if others := uncontested(result, dataset):
        metrics["uncontested"] = others
    if unsure_below is not None:
        metrics["unsure"] = selective_metrics(result.confidence, result.is_correct, unsure_below)
    return metrics


def _are_digits(names: tuple[str, ...]) -> bool:
    return all(name == str(index) for index, name in enumerate(names))


def _print_metrics(metrics: dict[str, Any], names: tuple[str, ...]) -> None:
    from tenfold.cli.shared.results import accuracy_line, uncontested_line

    if unseen := metrics.get("unseen"):
        typer.echo(f"Images not used for training: {accuracy_line(unseen)}")
    typer.echo(f"{metrics['data']}: {accuracy_line(metrics)}")
    if others := metrics.get("uncontested"):
        typer.echo(uncontested_line(others))
    typer.echo(f"Top-2 accuracy {metrics['top2']:.2%}")
    typer.echo(
        f"Cross-entropy {metrics['loss']:.4f}, Brier score {metrics['brier']:.4f}, "
        f"calibration error {metrics['calibration_error']:.2%}"
    )
    if metrics["confused"]:
        errors = ", ".join(_error_text(pair, names) for pair in metrics["confused"])
        typer.echo(f"Most common errors: {errors}")
    if "unsure" in metrics:
        typer.echo(_unsure_text(metrics["unsure"]))
    _print_digits(metrics, names)


def _error_text(pair: dict[str, int], names: tuple[str, ...]) -> str:
    times = "once" if pair["times"] == 1 else f"{pair['times']} times"
    return f"{names[pair['true']]} predicted as {names[pair['taken']]} ({times})"


def _unsure_text(metrics: dict[str, Any]) -> str:
    threshold = f"below a confidence of {metrics['threshold']:.3f}"
    if not metrics["answered"]:
        return f"Unsure {threshold}: all images"
    low, high = metrics["interval95"]
    return (
        f"Unsure {threshold}: {1 - metrics['coverage']:.2%} of the images; of the others "
        f"{metrics['error']:.2%} are wrong ({metrics['wrong']:,} of {metrics['answered']:,}; "
        f"95% interval {low:.2%} to {high:.2%})"
    )


def _print_digits(metrics: dict[str, Any], classes: tuple[str, ...]) -> None:
    from tenfold.cli.shared.tables import print_table

    names = ("precision", "recall", "f1")
    rows = [
        [classes[row["digit"]], *(f"{row[name]:.2%}" for name in names), f"{row['support']:,}"]
        for row in metrics["digits"]
    ]
    mean = ["mean", *(f"{metrics['macro'][name]:.2%}" for name in names), f"{metrics['n']:,}"]
    typer.echo()
    noun = "digit" if _are_digits(classes) else "class"
    print_table((noun, "precision", "recall", "F1", "images"), [*rows, mean])
