"""``tenfold baselines``: what a few lines without a network reach."""

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from tenfold.data import Dataset

__all__ = ["baselines"]


def baselines(
    data: Annotated[
        Path | None, typer.Option(help="Your own images; the bundled MNIST by default.")
    ] = None,
    train: Annotated[
        int | None,
        typer.Option(min=1, help="Learn from so many images only, every digit with its share."),
    ] = None,
    picture: Annotated[Path | None, typer.Option(help="Draw the errors into this PNG.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Measure what is reached without a network.

    The commonest class, the nearest mean digit, softmax regression, and the nearest one or three
    of all training images (which take their time), beside the networks that come along.

    \b
    tenfold baselines
    tenfold baselines --train 5000
    tenfold baselines --data digits/train.csv --json
    """
    from tenfold.models import bundled_models

    learned, test = _parts(data, train)
    found = _measured(learned, test, as_json)
    trained = {} if data else {n: _network(m.metrics) for n, m in bundled_models().items()}
    if as_json:
        told = {"data": test.name, "baselines": found, "networks": trained}
        typer.echo(json.dumps(told, indent=2))
    else:
        _print(found, trained)
    if picture is not None:
        from tenfold.plots import baselines_figure, save_picture

        save_picture(baselines_figure(found, trained), picture)
        typer.echo(f"drawn in {picture}", err=True)


def _parts(data: Path | None, count: int | None) -> "tuple[Dataset, Dataset]":
    """Return what is learned from and what is answered."""
    from tenfold.data import hold_out
    from tenfold.errors import TenfoldError
    from tenfold.recipes import Source

    split = Source(validation=0).load(data)
    learned, test = split.train, split.test
    if test is None or not len(test):
        raise TenfoldError(f"{learned.name} holds no images to test on: bring more")
    if count is not None and count < len(learned):
        learned = hold_out(learned, count, purpose="baselines")[1]
    return learned, test


def _measured(learned: "Dataset", test: "Dataset", quiet: bool) -> dict[str, dict[str, Any]]:
    """Return what each baseline comes to, by name."""
    from tenfold.cli.shared.bar import show_work
    from tenfold.evaluation.baselines import BASELINES, measure_baseline

    found = {}
    with show_work(len(BASELINES) * len(test), quiet) as show:
        for name, make in BASELINES.items():
            show(name, 0)
            found[name] = measure_baseline(make(), learned, test, partial(show, name)).to_dict()
    return found


def _network(metrics: dict[str, Any]) -> dict[str, Any]:
    """Return a finished run's test metrics in the form of a baseline's."""
    own = {"train": metrics["train"]["n"], "seconds": metrics["seconds"]["train"]}
    return {
        name: metrics["test"][name] for name in ("accuracy", "n", "correct", "interval95")
    } | own


def _print(found: dict[str, dict[str, Any]], trained: dict[str, dict[str, Any]]) -> None:
    from tenfold.cli.shared.tables import print_table

    rows = found | {f"{name} (network)": row for name, row in trained.items()}
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
    print_table(["", "accuracy", "95 % interval", "errors", "learned from", "seconds"], cells)
