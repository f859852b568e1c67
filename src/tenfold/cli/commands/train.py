"""``tenfold train``: train a network by a recipe."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenfold import shell
from tenfold.cli.shared.options import (
    MAX_SEED,
    MAX_SEEDS,
    ClusterOption,
    DataOption,
    JobsOption,
    SettingsOption,
    ThreadsOption,
)
from tenfold.cli.shared.training import TrainingOptions, warn_of_large_batch

if TYPE_CHECKING:
    from tenfold.recipes import Recipe, Split
    from tenfold.runs import Run

__all__ = ["train"]

_NOT_WITH_ENSEMBLE = (
    "an ensemble consists of complete recipes and cannot be combined with {}; to resume an "
    "ensemble, repeat the command with the same --out"
)
_NOT_WITH_PROFILE = "--profile only measures the time of a few steps and cannot be combined with {}"
_NOT_FOR_ONE_RUN = (
    "several runs can be trained at the same time with --seeds N or an ensemble; for one run, "
    "leave out {}"
)
_NOT_WITH_RESUME = (
    "--resume continues a run unchanged and cannot be combined with {}; leave these options out, "
    "or start a new run"
)


def train(
    recipe: Annotated[
        str | None,
        typer.Argument(
            metavar="RECIPE", help="Name of a recipe (see: tenfold recipes).", show_default="quick"
        ),
    ] = None,
    data: DataOption = None,
    epochs: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="Number of epochs.", show_default="as in the recipe"),
    ] = None,
    learning_rate: Annotated[
        float | None,
        typer.Option(
            "--lr",
            "--learning-rate",
            metavar="RATE",
            help="Highest learning rate of the schedule.",
            show_default="as in the recipe",
        ),
    ] = None,
    batch_size: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=1,
            help="Number of images in each step.",
            show_default="as in the recipe",
        ),
    ] = None,
    hidden: Annotated[
        str | None,
        typer.Option(
            metavar="N,N,...",
            help="Sizes of the hidden layers, for recipes such as mlp.",
            show_default="as in the recipe",
        ),
    ] = None,
    validation: Annotated[
        str | None,
        typer.Option(
            metavar="N|own",
            help="Number (such as 5000) or share (such as 0.1) of the training images to hold out "
            "for validation; 0 for none. With the word own, the validation split of the data is "
            "used.",
            show_default="as in the recipe",
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(metavar="N", min=0, max=MAX_SEED, help="Random seed.", show_default="0"),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Run folder.", show_default="runs/NUMBER-RECIPE"),
    ] = None,
    settings: SettingsOption = None,
    seeds: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=1,
            max=MAX_SEEDS,
            help="Train a series: N networks with consecutive random seeds. A summary is saved.",
        ),
    ] = None,
    threads: ThreadsOption = None,
    jobs: JobsOption = None,
    cluster: ClusterOption = None,
    resume: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Continue an interrupted run or series.")
    ] = None,
    pictures: Annotated[
        bool,
        typer.Option(
            "--figures/--no-figures",
            "--pictures/--no-pictures",
            help="Draw figures and write a report. This is never done for a series or an ensemble.",
        ),
    ] = True,
    profile: Annotated[
        bool,
        typer.Option(
            "--profile", help="Only measure the time of each layer in a few training steps."
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the metrics as JSON.")] = False,
    checkpoint_every: Annotated[
        float, typer.Option(metavar="SECONDS", min=0, help="Time between checkpoints.")
    ] = 10.0,
) -> None:
    """Train a network and measure its accuracy.

    Without arguments, the recipe "quick" is trained on the bundled MNIST. Model, metrics and
    figures are saved in a run folder. Ctrl-C saves a checkpoint and ends the training. --resume
    continues it, and the result is the same, bit for bit, as without the interruption.

    \b
    Examples:
      tenfold train
      tenfold train mlp --hidden 256,128 --lr 0.005 --batch-size 64 --epochs 20
      tenfold train mlp --set dropout=0.2 --set optimizer=Muon   (any other setting)
      tenfold train --data digits/train.csv --seed 1
      tenfold train --data digits/train.csv --set test_share=0   (no test images)
      tenfold train --data digits --validation own   (validate on digits/val)
      tenfold train --resume runs/001-mlp
      tenfold train --resume runs/001-mlp --data new/train.csv   (the data file has a new path)
      tenfold train lenet --seeds 5              (mean and standard deviation)
      tenfold train lenet --seeds 8 --jobs 4     (four at the same time)
      tenfold train ensemble --out runs/ensemble (several networks; takes hours)
      tenfold train lenet --profile
      mpiexec -n 4 tenfold train champion --set shards=4  (one training over four processes)
    """
    from tenfold.cli.shared.errors import reject_options
    from tenfold.cli.shared.recipes import OPTIONS, current_name, recipe_with_options
    from tenfold.recipes import DEFAULT, ENSEMBLES

    name = DEFAULT if recipe is None else current_name(recipe)
    options = TrainingOptions(as_json, checkpoint_every, threads, jobs, cluster)
    from_options: dict[str, object] = {"epochs": epochs, "learning_rate": learning_rate}
    from_options |= {"batch_size": batch_size, "hidden": hidden, "validation": validation}
    by_option = {OPTIONS[key]: value for key, value in from_options.items()}
    by_option |= {"--seed": seed, "--set": settings, "--seeds": seeds}
    if name not in ENSEMBLES and seeds is None and resume is None:
        reject_options({"--jobs": jobs, "--cluster": cluster}, _NOT_FOR_ONE_RUN)
    if name in ENSEMBLES:
        from tenfold.cli.shared.series import train_ensemble

        reject_options(by_option | {"--resume": resume, "--profile": profile}, _NOT_WITH_ENSEMBLE)
        # runs/OLD_NAME for an ensemble's old name: an earlier version may have trained there.
        folder = out or Path("runs") / (recipe or name)
        train_ensemble(ENSEMBLES[name], folder, data, options, as_json)
    elif profile:
        from tenfold.cli.shared.profile import print_profile

        reject_options({"--out": out, "--seeds": seeds, "--resume": resume}, _NOT_WITH_PROFILE)
        chosen = recipe_with_options(name, from_options, settings or ())
        print_profile(chosen, data, seed or 0, as_json)
    elif resume is not None:
        reject_options(by_option | {"--out": out, "recipe": recipe}, _NOT_WITH_RESUME)
        _resume(resume, data, pictures, options, as_json)
    else:
        chosen = recipe_with_options(name, from_options, settings or ())
        run, split = _new_run(chosen, data, seed or 0, seeds, out)
        if seeds is not None:
            from tenfold.cli.shared.series import train_series
            from tenfold.runs import Series

            train_series(Series.begin_or_resume(run, seeds), options, as_json)
        else:
            from tenfold.runs import create_run

            _train(create_run(run), split, pictures, options, as_json)


def _resume(
    folder: Path, data: Path | None, pictures: bool, options: TrainingOptions, as_json: bool
) -> None:
    """Continue a run or a series.

    If a run is finished, print its result, and draw its figures if its report is missing.
    """
    from tenfold.cli.shared.errors import reject_options
    from tenfold.cli.shared.finished_run import draw, print_end, print_result
    from tenfold.cli.shared.names import check_run_folder
    from tenfold.cli.shared.results import warn_if_no_better_than_guess
    from tenfold.cli.shared.series import train_series
    from tenfold.errors import TenfoldError
    from tenfold.runs import load_images, open_run, open_series, relocate

    check_run_folder(folder)
    if (series := open_series(folder)) is not None:
        train_series(series if data is None else series.relocate(data), options, as_json)
        return
    many = {"--jobs": options.jobs, "--cluster": options.cluster}
    reject_options(many, _NOT_FOR_ONE_RUN)
    run = open_run(folder)
    if data is not None:
        run = relocate(run, data)
    if not run.finished:
        _train(run, load_images(run), pictures, options, as_json)
        return
    if not run.model.exists():
        raise TenfoldError(
            f"the run in {run.folder} is finished, but its model file {run.model.name} is missing: "
            "restore the file, or train again in another folder"
        )
    if not as_json:
        typer.echo(f"{run.folder} is already finished:")
        print_result(run)
    warn_if_no_better_than_guess([run])
    if pictures and not (run.folder / "report.html").exists():  # drawing was interrupted
        draw(run, load_images(run), as_json)
    print_end(run, as_json)


def _train(
    run: "Run", split: "Split", pictures: bool, options: TrainingOptions, as_json: bool
) -> None:
    """Train a run, print its result and draw its figures."""
    from tenfold.cli.shared.finished_run import draw, print_end, print_result
    from tenfold.cli.shared.interrupt import exit_stopped
    from tenfold.cli.shared.results import warn_if_no_better_than_guess
    from tenfold.cli.shared.training import train_run

    if not train_run(run, split, options):
        exit_stopped(f"tenfold train --resume {shell.quote(run.folder)}")
    if not as_json:
        print_result(run)  # before the figures, which may take longer than the training
    warn_if_no_better_than_guess([run])
    if pictures:
        draw(run, split, as_json)
    print_end(run, as_json)


def _new_run(
    recipe: "Recipe", data: Path | None, seed: int, seeds: int | None, out: Path | None
) -> tuple["Run", "Split"]:
    """Check everything, then return a new run and its data.

    Nothing is written, except for a new run folder if ``out`` is None.
    """
    from dataclasses import replace

    from tenfold.cli.shared.data_faults import print_warnings
    from tenfold.cluster.ranks import this_team
    from tenfold.runs import Run, check_split, check_team, claim_folder

    split = recipe.source.load(data)
    if data is not None:
        print_warnings(split.train, data)
    warn_of_large_batch(recipe, len(split.train))
    data_path = None if data is None else str(data.resolve())  # valid from any working directory
    run = Run(recipe, seed, out or Path("runs"), data_path)
    check_split(run, split)  # before a folder is made for a run that cannot work
    check_team(run, this_team())
    _check_last_seed(run, seeds or 1)
    if out is None:
        name = f"{recipe.name}-seeds" if seeds else recipe.name
        run = replace(run, folder=claim_folder("runs", name))
    return run, split


def _check_last_seed(run: "Run", seeds: int) -> None:
    """Raise a TenfoldError if the seed of the last run of a series is too large."""
    from dataclasses import replace

    replace(run, seed=run.seed + seeds - 1)
