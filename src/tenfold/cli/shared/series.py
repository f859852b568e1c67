"""``tenfold train`` for more than one network: a series of seeds, and an ensemble."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from tenfold.recipes import EnsembleRecipe, Split
    from tenfold.runs import Series

__all__ = ["carry_out_ensemble", "carry_out_series"]


def carry_out_series(
    series: "Series", as_json: bool, checkpoint_every: float, threads: int | None
) -> None:
    """Execute what is missing of a series, and print its summary."""
    _finish(series, series.count, None, as_json, checkpoint_every, threads)
    summary = series.summarise()
    if as_json:
        typer.echo(json.dumps({"folder": str(series.folder), **summary}, indent=2))
        return
    for part in ("test", "validation"):
        if f"{part}_accuracies" in summary:
            mean, deviation = (summary[f"{part}_accuracy_{of}"] for of in ("mean", "std"))
            typer.echo(
                f"{part.capitalize():<12}{mean:.3%} mean accuracy, standard deviation "
                f"{deviation:.3%}, {series.count} seeds"
            )
    typer.echo(f"{'Training':<12}{summary['seconds_train_mean']:.1f} s each, on average")
    typer.echo(f"{'Saved in':<12}{series.folder}")


def carry_out_ensemble(
    ensemble: "EnsembleRecipe",
    data: Path | None,
    out: Path | None,
    as_json: bool,
    checkpoint_every: float,
    threads: int | None,
) -> None:
    """Train the members that are missing, measure all together, and print what came out."""
    from tenfold.cli.commands.train import UNCONTESTED, accuracy_line
    from tenfold.runs import assemble, measure_ensemble

    folder = out or Path("runs") / ensemble.name
    own = None if data is None else str(data.resolve())
    assembled = assemble(ensemble, folder, own)
    split = assembled[0].first.recipe.source.load(own)
    for series, count in zip(assembled, ensemble.members.values(), strict=True):
        if not as_json:
            typer.echo(f"{series.first.recipe.name}:", err=True)
        _finish(series, count, split, as_json, checkpoint_every, threads)
    metrics = measure_ensemble(ensemble, assembled, split)
    if as_json:
        typer.echo(json.dumps({"folder": str(folder), **metrics}, indent=2))
        return
    for part in ("test", "validation"):
        if part in metrics:
            typer.echo(f"{part.capitalize():<12}{accuracy_line(metrics[part])}")
            if others := metrics[part].get("uncontested"):
                typer.echo(f"{'':<12}{others['accuracy']:.2%} of the {others['n']:,} {UNCONTESTED}")
    for member in metrics["members"]:
        alone = ", ".join(f"{member[p]:.2%} {p}" for p in ("test", "validation") if p in member)
        typer.echo(f"{'Member':<12}{member['recipe']}, seed {member['seed']}: {alone}")
    typer.echo(f"{'Training':<12}{metrics['seconds']['train'] / 60:.0f} minutes for all members")
    typer.echo(f"{'Saved in':<12}{folder}")


def _finish(
    series: "Series",
    count: int,
    split: "Split | None",
    as_json: bool,
    checkpoint_every: float,
    threads: int | None,
) -> None:
    """Execute what is missing of the first so many runs."""
    from tenfold.cli.commands.train import carry_out, stopped

    for index in range(count):
        run = series.run(index)
        if not run.finished:
            if not as_json:
                typer.echo(f"seed {run.seed} ({index + 1} of {count})", err=True)
            # the same for all, and read only if one is missing
            split = split or run.recipe.source.load(run.data)
            if not carry_out(run, split, as_json, checkpoint_every, threads):
                stopped(series.folder)
