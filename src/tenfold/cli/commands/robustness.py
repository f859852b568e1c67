"""``tenfold robustness``: how does a model stand up to images that are not clean?"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tenfold.data import Dataset
    from tenfold.inspection import Robustness

__all__ = ["robustness"]


def robustness(
    model: Annotated[
        Path,
        typer.Argument(
            metavar="MODEL",
            help="A model file, a run folder, or a name from: tenfold models.",
        ),
    ],
    data: Annotated[
        Path | None, typer.Option(help="Labelled images; by default those bundled for the recipe.")
    ] = None,
    images: Annotated[
        int, typer.Option(min=1, help="How many of them, spread evenly over the data.")
    ] = 1000,
    seed: Annotated[int, typer.Option(min=0, max=2**64 - 1, help="Of the distortions.")] = 0,
    picture: Annotated[
        Path | None,
        typer.Option(help="Draw the curves into this PNG, the corruptions into one beside it."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Measure the accuracy on turned, shifted, noisy, blurred and otherwise spoilt digits.

    Six distortions grow by degrees; fifteen corruptions are those of MNIST-C (Mu and Gilmer, 2019).

    \b
    tenfold robustness standard --images 500
    tenfold robustness runs/001-quick --picture robust.png     (and robust-corruptions.png)
    tenfold robustness model.safetensors --data my-digits/ --json
    """
    from tenfold.cli.commands.evaluate import _UNKNOWN, _bundled
    from tenfold.cli.shared.counting import show_counting
    from tenfold.data import load_dataset
    from tenfold.inspection import measure_robustness
    from tenfold.models import find_model

    found = find_model(model)
    dataset = _bundled([found], "test") if data is None else load_dataset(data, "test")
    warning = _UNKNOWN if data is None and found.provenance.get("own_data") else None
    with show_counting("sets of images", quiet=as_json) as show:
        result = measure_robustness(found, dataset, images, seed, show)
    if as_json:
        answer = result.to_dict() | ({"warning": warning} if warning else {})
        typer.echo(json.dumps(answer, indent=2))
    else:
        _print_corruptions(result)
        _print_curves(result)
    if warning and not as_json:
        typer.echo(f"Warning: {warning}", err=True)
    if picture is not None:
        for path in _draw(result, dataset, picture):
            typer.echo(f"drawn in {path}", err=True)


def _print_corruptions(result: "Robustness") -> None:
    from tenfold.cli.shared.tables import print_table
    from tenfold.images import CORRUPTIONS

    rows = [
        (name, CORRUPTIONS[name].words, f"{tally.accuracy:.1%}", _interval(tally.interval95))
        for name, tally in sorted(result.corruptions.items(), key=lambda item: -item[1].accuracy)
    ]
    clean = result.clean
    rows.insert(0, ("none", "as they are", f"{clean.accuracy:.1%}", _interval(clean.interval95)))
    typer.echo(f"{clean.n:,} images of {result.data}, corrupted as in MNIST-C\n")
    print_table(("corruption", "what it does", "right", "95 % interval"), rows, left=2)
    times = result.relative_error
    typer.echo(
        f"\nMean of the corruptions {result.mean_accuracy:.1%}"
        + (f": {times:.1f} times the mistakes of clean images" if times is not None else "")
    )


def _interval(ends: tuple[float, float]) -> str:
    return f"{ends[0]:.1%} to {ends[1]:.1%}"


def _print_curves(result: "Robustness") -> None:
    from tenfold.cli.shared.tables import print_table

    for name, curve in result.curves.items():
        typer.echo(f"\n{name.capitalize()}: {curve.unit}")
        head = ("  strength", *(f"{strength:g}" for strength, _ in curve.points))
        print_table(head, [("  right", *(f"{tally.accuracy:.1%}" for _, tally in curve.points))])


def _draw(result: "Robustness", dataset: "Dataset", picture: Path) -> tuple[Path, Path]:
    """Draw the curves, and the corruptions with the first digit under each; return where."""
    from tenfold.images import CORRUPTIONS
    from tenfold.plots import corruptions_figure, robustness_figure, save_picture

    digit = dataset.images[:1]
    examples = {name: one(digit, result.seed)[0] for name, one in CORRUPTIONS.items()}
    beside = picture.with_name(f"{picture.stem}-corruptions{picture.suffix}")
    return (
        save_picture(robustness_figure(result), picture),
        save_picture(corruptions_figure(result, examples), beside),
    )
