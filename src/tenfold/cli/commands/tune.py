"""``tenfold tune``: search for the best settings of a recipe."""

import json
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenfold.cli.shared.options import (
    MAX_SEED,
    ClusterOption,
    DataOption,
    JobsOption,
    JsonOption,
    ThreadsOption,
)

if TYPE_CHECKING:
    from tenfold.cluster.trials import Search
    from tenfold.cluster.tuning import Tuning

__all__ = ["tune"]

_FIGURE = "settings.png"
_SHOWN = 10  # number of trials in the table


def tune(
    recipe: Annotated[
        str, typer.Argument(metavar="RECIPE", help="Name of a recipe (see: tenfold recipes).")
    ],
    trials: Annotated[int, typer.Option(metavar="N", min=1, max=100_000, help="Number of trials.")],
    settings: Annotated[
        list[str],
        typer.Option(
            "--set",
            metavar="KEY=VALUES",
            help="A setting: KEY=LOW..HIGH tries values in a range, KEY=A|B tries the values A and "
            "B, and KEY=VALUE is a fixed value. A value may contain commas: hidden=64|128,64 tries "
            "one layer of 64 units, and two layers of 128 and 64. May be repeated.",
        ),
    ],
    data: DataOption = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Folder for the runs of the trials.",
            show_default="runs/tune-RECIPE",
        ),
    ] = None,
    seed: Annotated[
        int,
        typer.Option(
            metavar="N", min=0, max=MAX_SEED, help="Random seed of the proposals and of each run."
        ),
    ] = 0,
    jobs: JobsOption = None,
    cluster: ClusterOption = None,
    threads: ThreadsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Search for the best settings of a recipe.

    The best settings are those with the highest validation accuracy. Each trial trains a network
    with other settings, in a run folder of its own. Settings near those of good earlier trials are
    proposed more often. As soon as five trials are complete, a trial is pruned, that is, it ends
    early, if its best validation accuracy so far is below the median of the complete trials at the
    same epoch. The test images are never used. To continue an interrupted search, repeat the
    command. To add trials, repeat it with a larger --trials.

    A range whose ends differ by a factor of 10 or more is searched on a logarithmic scale.

    \b
    Examples:
      tenfold tune mlp --trials 20 --set learning_rate=0.001..0.1
      tenfold tune mlp --trials 50 --jobs 4 --set dropout=0..0.5 --set 'hidden=64|128,64|256'
      tenfold tune quick --trials 20 --set batch_size=32..512 --set epochs=2
      tenfold tune quick --trials 200 --set label_smoothing=0..0.2 --cluster tcp://host:8786
    """
    from tenfold.cli.shared.interrupt import exit_stopped, stop_on_signal
    from tenfold.cli.shared.many import progress_table
    from tenfold.cluster.drive import open_workers
    from tenfold.cluster.tuning import Tuning

    search = _search(recipe, settings, data, seed, out)
    tuning = Tuning(search, threads=threads)
    with (
        stop_on_signal() as stop,
        closing(open_workers(jobs, cluster)) as workers,
        progress_table([f"trial-{number:03d}" for number in range(trials)], as_json) as show,
    ):
        for event in tuning.run(workers, trials, stop):
            show(event)
        stopped = stop()
    if stopped:
        exit_stopped("the same command")
    _print(tuning, as_json)


def _search(
    name: str, settings: list[str], data: Path | None, seed: int, out: Path | None
) -> "Search":
    """Check everything, then create the folder of the search, and return the search."""
    from tenfold.cli.shared.output import check_continued_folder
    from tenfold.cli.shared.recipes import find_recipe
    from tenfold.cluster.space import parse_space
    from tenfold.cluster.trials import Search, load_without_test
    from tenfold.recipes import apply_settings
    from tenfold.runs import Run, check_split

    space = parse_space(settings)
    recipe = find_recipe(name)
    data_path = None if data is None else str(data.resolve())
    folder = out or Path("runs") / f"tune-{recipe.name}"
    check_continued_folder(folder, "tune.json")
    fixed = apply_settings(recipe, space.fixed)
    run = Run(fixed, seed, folder, data_path)
    check_split(run, load_without_test(run))
    search = Search(recipe, space, folder, seed, data_path)
    search.begin_or_resume()
    return search


def _print(tuning: "Tuning", as_json: bool) -> None:
    from tenfold.cli.shared.results import print_field
    from tenfold.cli.shared.tables import print_table
    from tenfold.recipes import train_command

    best, search = tuning.best(), tuning.search
    complete = [trial for trial in tuning.trials.values() if trial.state == "complete"]
    complete.sort(key=lambda trial: (-trial.accuracy(), trial.number))
    figure = _draw(tuning)
    command = train_command(best.run.recipe, search.data, search.seed)
    counts = {
        state: sum(trial.state == state for trial in tuning.trials.values())
        for state in ("complete", "pruned", "failed")
    }
    if as_json:
        rows = [
            {"trial": trial.number, "settings": trial.chosen, "validation": trial.accuracy()}
            for trial in complete
        ]
        result = {"folder": str(search.folder), **counts, "importances": tuning.importances()}
        typer.echo(
            json.dumps(result | {"best": rows[0], "trials": rows, "command": command}, indent=2)
        )
        return
    keys = list(search.space.free)
    table = [
        [f"{trial.number}", f"{trial.accuracy():.2%}"]
        + [search.space.free[key].text(trial.chosen[key]) for key in keys]
        for trial in complete[:_SHOWN]
    ]
    print_table(("trial", "validation", *keys), table)
    print_field("Trials", ", ".join(f"{count} {state}" for state, count in counts.items() if count))
    importances = tuning.importances().items()
    print_field("Importance", ", ".join(f"{key} {share:.0%}" for key, share in importances))
    if figure is not None:
        print_field("Figure", figure)
    print_field("Saved in", search.folder)
    typer.echo(f"\nTrain with the best settings:\n  {command}")


def _draw(tuning: "Tuning") -> Path | None:
    """Draw the importance of the settings; return the path, or None without matplotlib."""
    from importlib.util import find_spec

    if find_spec("matplotlib") is None:
        return None
    from tenfold.plots import save_figure, tuning_figure

    complete = [trial for trial in tuning.trials.values() if trial.state == "complete"]
    keys = tuning.search.space.free
    values = {key: [trial.chosen[key] for trial in complete] for key in keys}
    accuracies = [trial.accuracy() for trial in complete]
    figure = tuning_figure(values, accuracies, tuning.importances())
    return save_figure(figure, tuning.search.folder / _FIGURE)
