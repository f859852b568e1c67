"""Progress on the error stream: bars, a spinner and the training status.

All of them are silent if ``quiet`` is True or if the error stream is not a terminal.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

    from tenfold.training import EpochRecord, Record, StepRecord

__all__ = ["ProgressBar", "progress_bar", "spinner", "terminal", "training_bar"]

_REFRESH = 0.1  # seconds between updates of the training status


class ProgressBar:
    """A bar on the terminal; without a terminal its methods do nothing."""

    def __init__(self, progress: "Progress | None" = None, task: "TaskID | None" = None) -> None:
        self._progress, self._task = progress, task

    @property
    def visible(self) -> bool:
        """Whether there is a terminal to show the bar."""
        return self._progress is not None

    def advance(self, text: str, steps: int = 1) -> None:
        """Add finished steps, and show ``text`` before the bar."""
        self._update(description=text, advance=steps)

    def set(self, completed: int, total: int) -> None:
        """Show that ``completed`` of ``total`` steps are finished."""
        self._update(completed=completed, total=total, status=f"{completed}/{total}")

    def status(self, text: str, completed: int, status: str) -> None:
        """Show the number of finished steps, with a text before and a text after the bar."""
        self._update(description=text, completed=completed, status=status)

    def _update(self, **fields: object) -> None:
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, **fields)  # type: ignore[arg-type]


@contextmanager
def progress_bar(
    text: str, total: int | None = None, *, quiet: bool = False
) -> Iterator[ProgressBar]:
    """Show a bar with the remaining time.

    Args:
        text: What is done; ``ProgressBar.advance`` may change it.
        total: Number of steps; None if a later call of ``ProgressBar.set`` gives it.
        quiet: Show nothing.
    """
    console = terminal(quiet)
    if console is None:
        yield ProgressBar()
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=None),  # takes the width that the text leaves
        TextColumn("{task.fields[status]}", markup=False),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, expand=True) as progress:
        yield ProgressBar(progress, progress.add_task(text, total=total, status=""))


@contextmanager
def training_bar(epochs: int, images: int, quiet: bool) -> Iterator[Callable[["Record"], None]]:
    """Show the status of a training run: epoch, loss, accuracy, images per second, remaining time.

    Args:
        epochs: Number of epochs.
        images: Number of training images.
        quiet: Show nothing.

    Yields:
        A function to call with each record of the training.
    """
    with progress_bar("starting", epochs * images, quiet=quiet) as bar:
        if not bar.visible:
            yield lambda record: None
            return
        status = _TrainingStatus()

        def show(record: "Record") -> None:
            if status.update(record):
                bar.status(f"epoch {status.epoch}/{epochs}", status.images, status.text())

        yield show


class _TrainingStatus:
    """Running averages of a training run, for the text next to the bar."""

    def __init__(self) -> None:
        self.images = 0  # number of images that were trained on, each counted once per epoch
        self.epoch = 0
        self.loss: float | None = None
        self.accuracy = 0.0
        self.validation = ""
        self.began = self.last_shown = time.monotonic()
        self.images_before: int | None = None  # number of images before this process began

    def update(self, record: "Record") -> bool:
        """Update the averages with a record; return whether the status should be shown now."""
        from tenfold.training import EpochRecord

        self.epoch = record.epoch
        if isinstance(record, EpochRecord):
            return self._update_epoch(record)
        return self._update_step(record)

    def _update_epoch(self, record: "EpochRecord") -> bool:
        if record.validation_accuracy is not None:
            self.validation = f"  val {record.validation_accuracy:.2%}"
        return True

    def _update_step(self, record: "StepRecord") -> bool:
        size = len(record.labels)
        if self.images_before is None:
            self.images = self.images_before = record.step * size  # above 0 in a resumed run
        self.images += size
        accuracy = float((record.logits.argmax(axis=1) == record.labels).mean())
        weight = 1.0 if self.loss is None else 0.05
        self.loss = (self.loss or 0.0) * (1 - weight) + record.loss * weight
        self.accuracy += (accuracy - self.accuracy) * weight
        now = time.monotonic()
        if now - self.last_shown < _REFRESH:
            return False
        self.last_shown = now
        return True

    def text(self) -> str:
        """Return loss, accuracies and speed, short enough for 80 columns."""
        seconds = max(time.monotonic() - self.began, 1e-6)
        speed = (self.images - (self.images_before or 0)) / seconds
        return (
            f"loss {self.loss or 0:.4f}  train {self.accuracy:.2%}{self.validation}  "
            f"{speed:,.0f} img/s"
        )


@contextmanager
def spinner(text: str, quiet: bool = False) -> Iterator[Callable[[str], None]]:
    """Show a spinner, for work of unknown length; yield a function that changes its text."""
    console = terminal(quiet)
    if console is None:
        yield lambda text: None
        return
    from rich.text import Text  # plain text: brackets in a file name are not markup

    with console.status(Text(f"{text} ...")) as status:
        yield lambda text: status.update(Text(f"{text} ..."))


def terminal(quiet: bool) -> "Console | None":
    """Return the console of the error stream, or None if nothing is to be shown."""
    if quiet:
        return None
    from rich.console import Console

    console = Console(stderr=True)
    return console if console.is_terminal else None
