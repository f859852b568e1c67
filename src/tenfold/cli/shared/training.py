"""Training runs with progress, and the pictures and the report of a finished run."""

from importlib.util import find_spec
from typing import TYPE_CHECKING

from tenfold.cli.shared.interrupt import stop_on_ctrl_c
from tenfold.cli.shared.progress import training_bar

if TYPE_CHECKING:
    from tenfold.recipes import Split
    from tenfold.runs import Run

__all__ = ["draw_pictures", "train_run"]


def train_run(
    run: "Run",
    split: "Split",
    quiet: bool,
    checkpoint_every: float = 10.0,
    threads: int | None = None,
) -> bool:
    """Train a run with a progress bar; return whether it finished.

    Args:
        run: A new or an interrupted run.
        split: Its data.
        quiet: Show no progress.
        checkpoint_every: Seconds between checkpoints.
        threads: Number of threads; all cores by default.
    """
    from tenfold.runs import execute

    epochs, images = run.recipe.epochs, len(split.train)
    with stop_on_ctrl_c() as stop, training_bar(epochs, images, quiet) as show:
        for record in execute(
            run, split, stop=stop, checkpoint_seconds=checkpoint_every, threads=threads
        ):
            show(record)
    return run.finished


def draw_pictures(run: "Run", split: "Split") -> None:
    """Draw the pictures of a finished run, if it has held-out images, and write its report.

    Nothing is drawn without matplotlib, and no report is written without Jinja2.
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
