"""``tenfold train``: carry out a recipe."""

import json
import shlex
import sys
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from tenfold.threads import MAX_THREADS

if TYPE_CHECKING:
    from tenfold.data import Dataset
    from tenfold.recipes import Recipe, Split
    from tenfold.runs import Run

__all__ = ["UNCONTESTED", "accuracy_line", "carry_out", "draw", "stopped", "train"]

UNCONTESTED = "test images whose label nobody contests"

_COMMITTEE_ALONE = (
    "an ensemble is made of whole recipes and takes no {}; interrupted, it goes on by the same "
    "command with the same --out"
)
_PROFILE_ALONE = (
    "--profile times a few steps, keeps nothing, and takes no {}: leave out one of them"
)
_RESUME_ALONE = (
    "--resume goes on with a run as it was begun and takes no {}: leave it out, or begin a new run"
)


def train(
    recipe: Annotated[str | None, typer.Argument(help="Which recipe; see: tenfold recipes")] = None,
    data: Annotated[
        Path | None, typer.Option(help="Your own images: IDX, CSV, npz or a folder.")
    ] = None,
    epochs: Annotated[int | None, typer.Option(min=1, help="Passes over the images.")] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, max=2**64 - 1, help="Of everything random; 0 by default.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Run folder; the next number under runs/ by default.")
    ] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Change a setting.")
    ] = None,
    seeds: Annotated[
        int | None,
        typer.Option(min=1, help="Train so many times, with seeds in a row, and sum up."),
    ] = None,
    threads: Annotated[
        int | None,
        typer.Option(min=1, max=MAX_THREADS, help="Cores to keep busy; all of them by default."),
    ] = None,
    resume: Annotated[Path | None, typer.Option(help="Go on with an interrupted run.")] = None,
    pictures: Annotated[
        bool,
        typer.Option(help="Draw curves, mistakes and confusion, and a report; not for a series."),
    ] = True,
    profile: Annotated[
        bool, typer.Option("--profile", help="Only time a few steps, layer by layer.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the metrics as JSON.")] = False,
    checkpoint_every: Annotated[
        float, typer.Option(min=0, help="Seconds between checkpoints.")
    ] = 10.0,
) -> None:
    """Train a network, and say how good it is.

    Without arguments: the default recipe on the bundled MNIST. Everything is kept in a run
    folder. Ctrl-C saves; --resume goes on and ends with the same bits.

    \b
    tenfold train
    tenfold train mlp --epochs 20 --set hidden=256,128 --set learning_rate=0.005
    tenfold train --data digits/train.csv --seed 1
    tenfold train --data digits/train.csv --set test_share=0   (all for training and validation)
    tenfold train --resume runs/001-mlp
    tenfold train lenet --seeds 5   (writes summary.json: mean and deviation)
    tenfold train ensemble --out runs/ensemble   (several networks, hours)
    tenfold train lenet --profile
    """
    from tenfold.cli.shared.series import carry_out_ensemble, carry_out_series
    from tenfold.recipes import ENSEMBLES
    from tenfold.runs import Series, create_run, open_run, open_series

    if recipe is not None and recipe in ENSEMBLES:
        only = {"epochs": epochs, "seed": seed, "seeds": seeds, "resume": resume}
        _refuse(only | {"set": settings, "profile": profile or None}, _COMMITTEE_ALONE)
        carry_out_ensemble(ENSEMBLES[recipe], data, out, as_json, checkpoint_every, threads)
        return
    if profile:
        from tenfold.cli.shared.profile import show_profile

        _refuse({"out": out, "seeds": seeds, "resume": resume}, _PROFILE_ALONE)
        show_profile(_recipe(recipe, epochs, settings or []), data, seed or 0, as_json)
        return
    if resume is not None:
        given = {"data": data, "epochs": epochs, "seed": seed, "out": out}
        _refuse(given | {"set": settings, "seeds": seeds, "recipe": recipe}, _RESUME_ALONE)
        if (series := open_series(resume)) is not None:
            carry_out_series(series, as_json, checkpoint_every, threads)
            return
        run = open_run(resume)
        split = None if run.finished else run.recipe.source.load(run.data)
    else:
        chosen = _recipe(recipe, epochs, settings or [])
        if seeds is not None:
            first, _ = _planned(chosen, data, seed or 0, out, kind="-seeds")
            carry_out_series(Series.begin(first, seeds), as_json, checkpoint_every, threads)
            return
        run, split = _planned(chosen, data, seed or 0, out)
        create_run(run)
    if split is not None and not carry_out(run, split, as_json, checkpoint_every, threads):
        stopped(run.folder)
    _close(run, split if pictures else None, as_json, already=split is None)


def _close(run: "Run", drawn_from: "Split | None", as_json: bool, already: bool) -> None:
    """Say what came out, and draw it if there are data to draw it from."""
    from tenfold.cli.shared.progress import working

    if already and not as_json:
        typer.echo(f"{run.folder} is already finished:")
    if not as_json:
        _tell_result(run)  # before the pictures, which may take longer than the training
    if drawn_from is not None:
        with working("drawing pictures and report", quiet=as_json):
            draw(run, drawn_from)
    if as_json:
        typer.echo(json.dumps({"folder": str(run.folder), **run.metrics()}, indent=2))
    else:
        _tell_places(run)


def carry_out(
    run: "Run",
    split: "Split",
    quiet: bool,
    checkpoint_every: float = 10.0,
    threads: int | None = None,
) -> bool:
    """Execute a run with progress; return whether it came to its end."""
    from tenfold.cli.shared.progress import ctrl_c, show_training
    from tenfold.runs import execute

    epochs, images = run.recipe.epochs, len(split.train)
    with ctrl_c() as stop, show_training(epochs, images, quiet) as show:
        for record in execute(
            run, split, stop=stop, checkpoint_seconds=checkpoint_every, threads=threads
        ):
            show(record)
    return run.finished


def draw(run: "Run", split: "Split") -> None:
    """Draw a finished run's pictures, if there is a held-out part, and its report.

    What needs a package that is not installed is left out.
    """
    if find_spec("matplotlib") is None:
        return
    held_out = split.test or split.validation
    if held_out is not None:
        from tenfold.plots import draw_run

        draw_run(run, held_out)
    if find_spec("jinja2") is not None:
        from tenfold.report import write_report

        write_report(run, split)


def _recipe(name: str | None, epochs: int | None, settings: list[str]) -> "Recipe":
    from tenfold.errors import UsageError
    from tenfold.recipes import DEFAULT, ENSEMBLES, RECIPES, apply_settings

    name = name or DEFAULT
    if name not in RECIPES:
        known = ", ".join((*RECIPES, *ENSEMBLES))
        raise UsageError(f"there is no recipe {name!r}; there are: {known}")
    keys = [setting.partition("=")[0].strip() for setting in settings]
    if epochs is not None and "epochs" in keys:
        raise UsageError("--epochs and --set epochs say the same thing: give one of them")
    if epochs is not None:
        settings = [*settings, f"epochs={epochs}"]
    return apply_settings(RECIPES[name], settings)


def _planned(
    recipe: "Recipe", data: Path | None, seed: int, out: Path | None, kind: str = ""
) -> tuple["Run", "Split"]:
    """Return a new run and its data, once it is sure that they fit: nothing is written yet."""
    from tenfold.runs import Run, check_fits, next_folder

    split = recipe.source.load(data)
    if data is not None:
        _warn(split.train)
    own = None if data is None else str(data.resolve())  # to be found again from any folder
    run = Run(recipe, seed, out or next_folder("runs", recipe.name + kind), own)
    check_fits(run, split)  # first, so that what cannot work leaves no run folder behind
    return run, split


def _warn(train: "Dataset") -> None:
    """Say on the error stream what ``tenfold data info`` would warn of."""
    from tenfold.data import examine

    for warning in examine(train).warnings:
        typer.echo(f"Warning: {warning}", err=True)


def stopped(folder: Path) -> NoReturn:
    """Say how to go on, and end the program as Ctrl-C does."""
    typer.echo(
        f"Stopped. What was learned is saved; go on with: tenfold train --resume {folder}",
        err=True,
    )
    raise typer.Exit(130)


def _refuse(given: dict[str, Any], sentence: str) -> None:
    """Refuse the options that were given, if any, by a sentence with their names for ``{}``."""
    from tenfold.errors import UsageError

    named = [name for name, value in given.items() if value not in (None, [])]
    if named:
        words = [name if name == "recipe" else f"--{name}" for name in named]
        raise UsageError(sentence.format(", ".join(words)))


def _tell_result(run: "Run") -> None:
    metrics = run.metrics()
    for part in ("test", "validation"):
        if part in metrics:
            typer.echo(f"{part.capitalize():<12}{accuracy_line(metrics[part])}")
            if others := metrics[part].get("uncontested"):
                typer.echo(f"{'':<12}{others['accuracy']:.2%} of the {others['n']:,} {UNCONTESTED}")
    typer.echo(
        f"{'Training':<12}{metrics['seconds']['train']:.1f} s, "
        f"{metrics['epochs']} epoch{'' if metrics['epochs'] == 1 else 's'} of "
        f"{metrics['train']['n']:,} images, {metrics['parameters']:,} parameters, "
        f"recipe {metrics['recipe']}, seed {run.seed}"
    )
    typer.echo(f"{'Saved in':<12}{run.folder}")


def _tell_places(run: "Run") -> None:
    if (run.folder / "pictures").is_dir():
        typer.echo(f"{'Pictures':<12}{run.folder / 'pictures'}")
    if (run.folder / "report.html").is_file():
        typer.echo(f"{'Report':<12}{run.folder / 'report.html'}")
    _tell_what_next(run)


def _tell_what_next(run: "Run") -> None:
    program = "tenfold" if which("tenfold") else sys.argv[0]
    folder = shlex.quote(str(run.folder))
    rows = [
        (f"{program} predict {folder} IMAGE...", "read digits with it"),
        (f"{program} compare {folder} RUN...", "set it beside other runs"),
        (f"{program} train standard", "nine minutes, and less than half the mistakes"),
    ]
    width = max(len(command) for command, _ in rows) + 2
    for index, (command, what) in enumerate(rows):
        typer.echo(("\nNext: " if index == 0 else "      ") + f"{command:<{width}}{what}")


def accuracy_line(score: dict[str, Any]) -> str:
    """Return an accuracy with what it is made of."""
    low, high = score["interval95"]
    return (
        f"{score['accuracy']:.2%} accuracy ({score['correct']:,} of {score['n']:,}; "
        f"95 % interval {low:.2%} to {high:.2%})"
    )
