"""Training with progress, and the figures and the report of a finished run."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import typer

from tenfold import shell
from tenfold.cli.shared.interrupt import stop_on_signal
from tenfold.cli.shared.progress import training_bar

if TYPE_CHECKING:
    from tenfold.recipes import Recipe, Split
    from tenfold.runs import Run
    from tenfold.training import Record, Team

__all__ = [
    "ExecuteArguments",
    "TrainingOptions",
    "draw_pictures",
    "train_run",
    "train_runs",
    "warn_of_large_batch",
]

_USUAL_BATCH = 32  # batch size that the warning about a large batch suggests


class ExecuteArguments(TypedDict):
    """Keyword arguments of ``runs.execute``, ``execute_series`` and ``execute_ensemble``."""

    stop: Callable[[], bool]
    checkpoint_seconds: float
    threads: int | None
    team: "Team"


@dataclass(frozen=True)
class TrainingOptions:
    """Options of a training run that do not change its result.

    Attributes:
        quiet: Whether to show no progress.
        checkpoint_every: Seconds between checkpoints.
        threads: Number of threads; None for all cores.
        jobs: Number of processes that train several runs; None for one run after another.
        cluster: Address of a Dask scheduler that trains several runs, or ``local``.
    """

    quiet: bool = False
    checkpoint_every: float = 10.0
    threads: int | None = None
    jobs: int | None = None
    cluster: str | None = None

    @property
    def many(self) -> bool:
        """Whether several runs are trained at the same time."""
        return self.jobs is not None or self.cluster is not None

    def arguments(self, stop: Callable[[], bool]) -> ExecuteArguments:
        """Return the options as keyword arguments.

        Args:
            stop: Function that returns whether to stop, such as that of ``stop_on_signal``.
        """
        from tenfold.cluster.ranks import this_team

        return {
            "stop": stop,
            "checkpoint_seconds": self.checkpoint_every,
            "threads": self.threads,
            "team": this_team(),
        }


def warn_of_large_batch(recipe: "Recipe", images: int) -> None:
    """Print a warning if a batch of a recipe has more images than there are to train on.

    Args:
        recipe: The recipe.
        images: Number of training images.
    """
    size = recipe.batch_size
    if size is None or size <= images:
        return
    advice = f"--batch-size {_USUAL_BATCH}" if images > 2 * _USUAL_BATCH else "more epochs"
    typer.echo(
        f"Warning: the batch size, {size:,}, is larger than the number of training images, "
        f"{images:,}, so each epoch is one step. For more steps: {advice}",
        err=True,
    )


def train_run(run: "Run", split: "Split", options: TrainingOptions) -> bool:
    """Train a new or interrupted run with a progress bar; return whether it finished."""
    from tenfold.runs import execute

    images = len(split.train)
    with stop_on_signal() as stop, training_bar(run.recipe.epochs, images, options.quiet) as show:
        for record in execute(run, split, **options.arguments(stop)):
            _show(show, record, stop)
    return run.finished


def train_runs(
    execute: "Callable[[ExecuteArguments], Iterator[tuple[Run, Record]]]",
    folders: Sequence[Path],
    images: int,
    options: TrainingOptions,
) -> None:
    """Train several runs, each with a progress bar; Ctrl-C stops the current run.

    Args:
        execute: Function that trains the runs that are not finished, and yields each record of a
            training with its run. It takes the result of ``TrainingOptions.arguments``.
        folders: Folders of all runs, in order.
        images: Number of training images.
        options: How to train.
    """
    with stop_on_signal() as stop:
        records = execute(options.arguments(stop))
        for run, pairs in groupby(records, key=lambda pair: pair[0]):
            if not options.quiet:
                position = f"{folders.index(run.folder) + 1} of {len(folders)}"
                typer.echo(f"{run.recipe.name}, seed {run.seed} ({position})", err=True)
            with training_bar(run.recipe.epochs, images, options.quiet) as show:
                for _, record in pairs:
                    _show(show, record, stop)


def _show(show: "Callable[[Record], None]", record: "Record", stop: Callable[[], bool]) -> None:
    """Show a record. After a request to stop, ignore errors: the terminal may be closed."""
    try:
        show(record)
    except OSError:
        if not stop():
            raise


def draw_pictures(run: "Run", split: "Split") -> str | None:
    """Draw the figures of a finished run, if it has held-out images, and write its report.

    Nothing is drawn without matplotlib, and no report is written without Jinja2.

    Returns:
        A sentence that says what was left out and how to get it; None if nothing was left out.
    """
    if find_spec("matplotlib") is None:
        return _left_out("figures and report are", "matplotlib", run)
    held_out = split.test or split.validation
    if held_out is not None:
        from tenfold.plots import draw_run

        draw_run(run, held_out)
    if find_spec("jinja2") is None:
        return _left_out("the report is", "Jinja2", run)
    from tenfold.report import write_report

    write_report(run, split)
    return None


def _left_out(what: str, package: str, run: "Run") -> str:
    # Not `pip install 'tenfold[plots]'`: tenfold is installed from a checkout.
    return (
        f"{what} left out, since {package} is not installed: in a checkout of tenfold, run "
        "make train or pip install '.[plots]'; then tenfold train --resume "
        f"{shell.quote(run.folder)} draws them"
    )
