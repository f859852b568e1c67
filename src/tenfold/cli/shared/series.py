"""``tenfold train`` for several networks: a series of seeds, and an ensemble."""

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from tenfold import shell
from tenfold.cli.shared.data_faults import print_warnings
from tenfold.cli.shared.interrupt import exit_stopped
from tenfold.cli.shared.many import train_many
from tenfold.cli.shared.results import print_field, print_parts, warn_if_no_better_than_guess
from tenfold.cli.shared.training import TrainingOptions, train_runs, warn_of_large_batch

if TYPE_CHECKING:
    from tenfold.recipes import EnsembleRecipe
    from tenfold.runs import Series

__all__ = ["train_ensemble", "train_series"]


def train_series(series: "Series", options: TrainingOptions, as_json: bool) -> None:
    """Train the missing runs of a series, and print its summary."""
    from tenfold.runs import execute_series, load_images

    if options.many:
        train_many([series.run(index) for index in range(series.count)], options)
    elif not series.finished:
        split = load_images(replace(series.first, folder=series.folder))
        train_runs(
            lambda arguments: execute_series(series, split=split, **arguments),
            _folders(series, series.count),
            len(split.train),
            options,
        )
    if not series.finished:
        exit_stopped(f"tenfold train --resume {shell.quote(series.folder)}")
    summary = series.summarise()
    warn_if_no_better_than_guess([series.run(index) for index in range(series.count)])
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
    folder: Path,
    data: Path | None,
    options: TrainingOptions,
    as_json: bool,
) -> None:
    """Train the missing members of an ensemble, evaluate the ensemble, and print the result."""
    from tenfold.recipes import RECIPES
    from tenfold.runs import (
        Run,
        check_split,
        evaluate_ensemble,
        execute_ensemble,
        prepare_ensemble,
    )

    data_path = None if data is None else str(data.resolve())
    recipe = RECIPES[next(iter(ensemble.members))]
    split = recipe.source.load(data_path)
    check_split(Run(recipe, 0, folder, data_path), split)  # before a folder is made
    members = prepare_ensemble(ensemble, folder, data_path)
    if data is not None:
        print_warnings(split.train, data)
    for member in members:
        warn_of_large_batch(member.first.recipe, len(split.train))
    counts = ensemble.members.values()
    folders = [path for each in zip(members, counts, strict=True) for path in _folders(*each)]
    if options.many:
        pairs = zip(members, counts, strict=True)
        train_many([series.run(i) for series, count in pairs for i in range(count)], options)
    else:
        train_runs(
            lambda arguments: execute_ensemble(
                ensemble, folder, data_path, split=split, **arguments
            ),
            folders,
            len(split.train),
            options,
        )
    if not all((path / "metrics.json").exists() for path in folders):
        exit_stopped("the same command, with the same --out")
    metrics = evaluate_ensemble(ensemble, members, split)
    if as_json:
        typer.echo(json.dumps({"folder": str(folder), **metrics}, indent=2))
        return
    _print_ensemble(metrics, folder)


def _print_ensemble(metrics: dict[str, Any], folder: Path) -> None:
    print_parts(metrics)
    for member in metrics["members"]:
        alone = ", ".join(f"{member[p]:.2%} {p}" for p in ("test", "validation") if p in member)
        print_field("Member", f"{member['recipe']}, seed {member['seed']}: {alone}")
    print_field("Training", f"{metrics['seconds']['train'] / 60:.0f} minutes for all members")
    print_field("Saved in", folder)


def _folders(series: "Series", count: int) -> list[Path]:
    """Return the folders of the first ``count`` runs of a series."""
    return [series.folder / f"seed-{series.first.seed + index}" for index in range(count)]
