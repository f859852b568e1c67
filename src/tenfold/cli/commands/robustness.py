"""``tenfold robustness``: the accuracy of a model on distorted and corrupted images."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenfold.cli.shared.options import JsonOption, LabelledDataOption, ModelArgument, SeedOption

if TYPE_CHECKING:
    from tenfold.data import Dataset
    from tenfold.inspection import Robustness

__all__ = ["robustness"]


def robustness(
    model: ModelArgument,
    data: LabelledDataOption = None,
    images: Annotated[
        int, typer.Option(metavar="N", min=1, help="Number of images, evenly spaced in the data.")
    ] = 1000,
    seed: SeedOption = 0,
    figure_path: Annotated[
        Path | None,
        typer.Option(
            "--figure",
            "--picture",  # name in version 0.1
            metavar="PNG",
            help="Save the figure of the distortions in this file, and the figure of the "
            "corruptions beside it, as NAME-corruptions.png.",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Measure the accuracy on distorted and corrupted images.

    The images are distorted in six ways (such as rotation and blur) with increasing strength, and
    by the fifteen corruptions of MNIST-C (Mu and Gilmer, 2019).

    \b
    Examples:
      tenfold robustness standard --images 500
      tenfold robustness runs/001-quick --figure robustness.png
      tenfold robustness model.safetensors --data my-digits/ --json
    """
    from tenfold.cli.shared import known_images
    from tenfold.cli.shared.evaluation_data import evaluation_data
    from tenfold.cli.shared.models import as_classifier, open_members
    from tenfold.cli.shared.output import check_figure_path
    from tenfold.cli.shared.progress import progress_bar
    from tenfold.inspection import measure_robustness

    for path in _figure_paths(figure_path):
        check_figure_path(path)
    models, members = open_members([model], takes_data=True)
    classifier = as_classifier(members)
    dataset = evaluation_data(members, data)
    dataset, warnings = known_images.without_overlap(
        dataset, known_images.training_overlap(models, members, dataset)
    )
    known_images.print_overlap_warnings(warnings)
    with progress_bar("distortions and corruptions", quiet=as_json) as bar:
        result = measure_robustness(classifier, dataset, images, seed, bar.set)
    if as_json:
        typer.echo(json.dumps(result.to_dict() | known_images.warning_field(warnings), indent=2))
    else:
        _print_corruptions(result)
        _print_curves(result)
    if figure_path is not None:
        _draw(result, dataset, figure_path)


def _print_corruptions(result: "Robustness") -> None:
    from tenfold.cli.shared.tables import print_table
    from tenfold.images import CORRUPTIONS

    rows = [
        (
            name,
            CORRUPTIONS[name].description,
            f"{tally.accuracy:.1%}",
            _interval_text(tally.interval95),
        )
        for name, tally in sorted(result.corruptions.items(), key=lambda item: -item[1].accuracy)
    ]
    clean = result.clean
    rows.insert(0, ("none", "unchanged", f"{clean.accuracy:.1%}", _interval_text(clean.interval95)))
    typer.echo(f"{clean.n:,} images of {result.data}, corrupted as in MNIST-C\n")
    print_table(("corruption", "effect", "accuracy", "95% interval"), rows, left=2)
    error_ratio = result.relative_error
    typer.echo(f"\nMean accuracy over the corruptions {result.mean_accuracy:.1%}")
    if error_ratio is not None:
        typer.echo(f"The mean error rate is {error_ratio:.1f} times that on clean images")


def _interval_text(ends: tuple[float, float]) -> str:
    return f"{ends[0]:.1%} to {ends[1]:.1%}"


def _print_curves(result: "Robustness") -> None:
    from tenfold.cli.shared.tables import print_table

    for name, curve in result.curves.items():
        typer.echo(f"\n{name.capitalize()}: {curve.unit}")
        head = ("  strength", *(f"{strength:g}" for strength, _ in curve.points))
        print_table(head, [("  accuracy", *(f"{t.accuracy:.1%}" for _, t in curve.points))])


def _figure_paths(path: Path | None) -> list[Path]:
    """Return the files for the curves and for the corruptions; empty if there is no figure."""
    if path is None:
        return []
    return [path, path.with_name(f"{path.stem}-corruptions{path.suffix}")]


def _draw(result: "Robustness", dataset: "Dataset", figure_path: Path) -> None:
    """Draw the curves, and the corruptions with the first digit as example."""
    from tenfold.images import CORRUPTIONS
    from tenfold.plots import corruptions_figure, robustness_figure, save_figure

    digit = dataset.images[:1]
    examples = {name: corrupt(digit, result.seed)[0] for name, corrupt in CORRUPTIONS.items()}
    figures = robustness_figure(result), corruptions_figure(result, examples)
    for figure, path in zip(figures, _figure_paths(figure_path), strict=True):
        typer.echo(f"Figure saved in {save_figure(figure, path)}", err=True)
