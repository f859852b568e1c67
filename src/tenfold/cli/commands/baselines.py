"""``tenfold baselines``: the accuracy of baselines without a neural network."""

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tenfold.cli.shared.options import DataOption, FigureOption, JsonOption

if TYPE_CHECKING:
    from tenfold.data import Dataset

__all__ = ["baselines"]


def baselines(
    data: DataOption = None,
    train_count: Annotated[
        int | None,
        typer.Option(
            "--train",
            metavar="N",
            min=1,
            help="Train on only N of the training images. They are chosen at random, and each "
            "digit keeps its share.",
            show_default="all",
        ),
    ] = None,
    figure_path: FigureOption = None,
    as_json: JsonOption = False,
) -> None:
    """Measure the accuracy of methods without a neural network.

    These baselines are the majority class, the nearest mean digit, softmax regression, and 1 and 3
    nearest neighbours (slow). On MNIST, the bundled models are listed, too.

    \b
    Examples:
      tenfold baselines
      tenfold baselines --train 5000
      tenfold baselines --data digits/train.csv --json
    """
    from tenfold.cli.shared.output import check_figure_path
    from tenfold.models import bundled_models

    check_figure_path(figure_path)
    train_images, test = _load(data, train_count)
    results = _measure(train_images, test, as_json)
    networks = {} if data else {n: _network_metrics(m.metrics) for n, m in bundled_models().items()}
    if as_json:
        answer = {"data": test.name, "baselines": results, "networks": networks}
        typer.echo(json.dumps(answer, indent=2))
    else:
        _print(results, networks)
    if figure_path is not None:
        from tenfold.plots import baselines_figure, save_figure

        save_figure(baselines_figure(results, networks), figure_path)
        typer.echo(f"Figure saved in {figure_path}", err=True)


def _load(data: Path | None, count: int | None) -> "tuple[Dataset, Dataset]":
    """Return at most ``count`` training images, and the test images."""
    from tenfold.data import hold_out
    from tenfold.errors import TenfoldError
    from tenfold.recipes import Source

    split = Source(validation=0).load(data)
    train_images, test = split.train, split.test
    if test is None or not len(test):
        raise TenfoldError(
            f"{train_images.name} has no test images; use a data set with more images"
        )
    if count is not None and count < len(train_images):
        # Here, ``hold_out`` only samples: the images that it takes out are the ones to train on. It
        # keeps the share of each class.
        _, train_images = hold_out(train_images, count, purpose="baselines")
    return train_images, test


def _measure(train_images: "Dataset", test: "Dataset", quiet: bool) -> dict[str, dict[str, Any]]:
    """Return the metrics of each baseline, by name."""
    from tenfold.cli.shared.progress import progress_bar
    from tenfold.evaluation.baselines import BASELINES, measure_baseline

    results = {}
    with progress_bar("starting", len(BASELINES) * len(test), quiet=quiet) as bar:
        for name, make in BASELINES.items():
            bar.advance(name, 0)
            baseline = measure_baseline(make(), train_images, test, partial(bar.advance, name))
            results[name] = baseline.to_dict()
    return results


def _network_metrics(metrics: dict[str, Any]) -> dict[str, Any]:
    """Return the test metrics of a finished run under the keys of a baseline's metrics."""
    training = {"train": metrics["train"]["n"], "seconds": metrics["seconds"]["train"]}
    return {
        name: metrics["test"][name] for name in ("accuracy", "n", "correct", "interval95")
    } | training


def _print(results: dict[str, dict[str, Any]], networks: dict[str, dict[str, Any]]) -> None:
    from tenfold.cli.shared.tables import print_table

    rows = results | {f"{name} (network)": row for name, row in networks.items()}
    cells = [
        [
            name,
            f"{row['accuracy']:.2%}",
            "{:.2%} to {:.2%}".format(*row["interval95"]),
            f"{row['n'] - row['correct']:,} of {row['n']:,}",
            f"{row['train']:,}",
            f"{row['seconds']:.1f}",
        ]
        for name, row in rows.items()
    ]
    print_table(["", "accuracy", "95% interval", "errors", "trained on", "seconds"], cells)
