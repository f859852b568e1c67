"""Several runs at the same time: on workers, with one table of progress."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import typer

from tenfold.cli.shared.interrupt import stop_on_signal
from tenfold.cli.shared.progress import terminal
from tenfold.cli.shared.training import TrainingOptions

if TYPE_CHECKING:
    from tenfold.cluster.jobs import Event, Job
    from tenfold.recipes import Split
    from tenfold.runs import Run

__all__ = ["job_of", "progress_table", "train_jobs", "train_many"]

_ROWS = 20  # largest number of rows of the table; ended runs are left out first
_HEAD = ("run", "state", "epoch", "loss", "validation", "worker")


def train_many(runs: "Sequence[Run]", options: TrainingOptions) -> None:
    """Train the runs that are not finished, as jobs of workers.

    Args:
        runs: All runs; each has a folder of its own. The last two parts of the path of this
            folder, such as ``lenet-seeds/seed-0``, are the name of the job.
        options: How to train.

    Raises:
        TenfoldError: If runs fail; the other runs are still trained.
    """
    from tenfold.runs import load_images

    unfinished = [run for run in runs if not run.finished]
    train_jobs([job_of(run, partial(load_images, run), options) for run in unfinished], options)


def job_of(run: "Run", load: "Callable[[], Split]", options: TrainingOptions) -> "Job":
    """Return the job that trains a run.

    Args:
        run: The run, whose folder exists.
        load: Returns the data of the run; see ``Job``.
        options: How to train.
    """
    from dataclasses import replace

    from tenfold.cluster.jobs import Job, shared_token

    run = replace(run, folder=run.folder.resolve())  # workers have another working directory
    token = shared_token(run.folder.parent)
    name = "/".join(run.folder.parts[-2:])
    return Job(name, run, load, token, options.checkpoint_every, options.threads)


def train_jobs(jobs: "Sequence[Job]", options: TrainingOptions) -> None:
    """Carry out jobs with a table of progress; Ctrl-C stops them with checkpoints.

    Raises:
        TenfoldError: If jobs fail; the other jobs are still carried out.
    """
    from tenfold.cluster.drive import carry_out, check_ended, open_workers

    if not jobs:
        return
    ended = []
    with (
        stop_on_signal() as stop,
        closing(open_workers(options.jobs, options.cluster)) as workers,
        progress_table([job.name for job in jobs], options.quiet) as show,
    ):
        for event in carry_out(workers, jobs, stop):
            show(event)
            if event.ended:
                ended.append(event)
    check_ended(ended)


@contextmanager
def progress_table(names: Sequence[str], quiet: bool) -> "Iterator[Callable[[Event], None]]":
    """Show a table of runs on a terminal, or else a line for each run that ends.

    Yields:
        A function to call with each event.
    """
    console = terminal(quiet)
    if console is None:
        yield lambda event: None if quiet else _print_end(event)
        return
    from rich.live import Live

    latest: dict[str, Event | None] = dict.fromkeys(names)
    with Live(_table(latest), console=console, transient=True, refresh_per_second=4) as live:

        def show(event: "Event") -> None:
            latest[event.name] = event
            live.update(_table(latest))

        yield show


def _print_end(event: "Event") -> None:
    """Print how a run has ended, or that its worker was lost."""
    if event.ended or event.state == "lost":
        accuracy = "" if event.accuracy is None else f", validation {event.accuracy:.2%}"
        error = f": {event.error}" if event.error else ""
        typer.echo(f"{event.name}: {event.state}{accuracy}{error}", err=True)


def _table(latest: "dict[str, Event | None]") -> Any:
    """Return the table: first the runs in progress, then the queued ones, then the ended ones."""
    from rich.table import Table
    from rich.text import Text

    done = sum(event is not None and event.ended for event in latest.values())
    table = Table(title=f"{done} of {len(latest)} runs ended", box=None, title_justify="left")
    for name in _HEAD:
        table.add_column(name)
    rows = sorted(latest.items(), key=lambda item: _sort_key(item[1]))
    for name, event in rows[:_ROWS]:
        table.add_row(*map(Text, _cells(name, event)))
    return table


def _sort_key(event: "Event | None") -> int:
    if event is None:
        return 1
    return 2 if event.ended else 0


def _cells(name: str, event: "Event | None") -> list[str]:
    if event is None:
        return [name, "queued", "", "", "", ""]
    return [
        name,
        event.state,
        str(event.epoch or ""),
        "" if event.loss is None else f"{event.loss:.4f}",
        "" if event.accuracy is None else f"{event.accuracy:.2%}",
        event.worker,
    ]
