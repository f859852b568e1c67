"""``tenfold train`` for several networks: a series of seeds, and an ensemble."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from tenfold.recipes import EnsembleRecipe, Split
    from tenfold.runs import Series

__all__ = ["train_ensemble", "train_series"]


def train_series(
    series: "Series", as_json: bool, checkpoint_every: float, threads: int | None
) -> None:
    """Train the missing runs of a series, and print its summary."""
    from tenfold.cli.shared.results import print_field

    _train_missing(series, series.count, None, as_json, checkpoint_every, threads)
    summary = series.summarise()
    if as_json:
        typer.echo(json.dumps({"folder": str(series.folder), **summary}, indent=2))
        return
    for part in ("test", "validation"):
        if f"{part}_accuracies" in summary:
            mean, std = (summary[f"{part}_accuracy_{name}"] for name in ("mean", "std"))
            print_field(
                part.capitalize(),
                f"{mean:.3%} mean accuracy, standard deviation {std:.3%}, {series.count} seeds",
            )
    print_field("Training", f"{summary['seconds_train_mean']:.1f} s each, on average")
    print_field("Saved in", series.folder)


def train_ensemble(
    ensemble: "EnsembleRecipe",
    data: Path | None,
    out: Path | None,
    as_json: bool,
    checkpoint_every: float,
    threads: int | None,
) -> None:
    """Train the missing members of an ensemble, measure all together, and print the result."""
    from tenfold.cli.shared.results import print_field, print_parts
    from tenfold.runs import assemble, measure_ensemble

    folder = out or Path("runs") / ensemble.name
    own = None if data is None else str(data.resolve())
    assembled = assemble(ensemble, folder, own)
    split = assembled[0].first.recipe.source.load(own)
    for series, count in zip(assembled, ensemble.members.values(), strict=True):
        if not as_json:
            typer.echo(f"{series.first.recipe.name}:", err=True)
        _train_missing(series, count, split, as_json, checkpoint_every, threads)
    metrics = measure_ensemble(ensemble, assembled, split)
    if as_json:
        typer.echo(json.dumps({"folder": str(folder), **metrics}, indent=2))
        return
    print_parts(metrics)
    for member in metrics["members"]:
        alone = ", ".join(f"{member[p]:.2%} {p}" for p in ("test", "validation") if p in member)
        print_field("Member", f"{member['recipe']}, seed {member['seed']}: {alone}")
    print_field("Training", f"{metrics['seconds']['train'] / 60:.0f} minutes for all members")
    print_field("Saved in", folder)


def _train_missing(
    series: "Series",
    count: int,
    split: "Split | None",
    as_json: bool,
    checkpoint_every: float,
    threads: int | None,
) -> None:
    """Train those of the first ``count`` runs that are not finished."""
    from tenfold.cli.shared.interrupt import exit_stopped
    from tenfold.cli.shared.training import train_run

    for index in range(count):
        run = series.run(index)
        if not run.finished:
            if not as_json:
                typer.echo(f"seed {run.seed} ({index + 1} of {count})", err=True)
            # the same for all, and loaded only if a run is missing
            split = split or run.recipe.source.load(run.data)
            if not train_run(run, split, as_json, checkpoint_every, threads):
                exit_stopped(series.folder)
