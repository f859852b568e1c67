"""Progress: what a person sees while a network trains. Silent when nobody looks."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tenfold.training import Record

__all__ = ["ctrl_c", "show_training", "working"]

_REFRESH = 0.1  # seconds


@contextmanager
def show_training(epochs: int, images: int, quiet: bool) -> Iterator[Callable[["Record"], None]]:
    """Show a bar on the error stream and give a function that takes each record.

    The bar tells epoch, loss, accuracy, images per second and time left. Nothing is shown if
    ``quiet``, or if the error stream is not a terminal.
    """
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield lambda record: None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=None),  # the words have their width, the bar takes the rest
        TextColumn("{task.fields[status]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, expand=True) as bar:
        task = bar.add_task("starting", total=epochs * images, status="")
        status = _Status()

        def show(record: "Record") -> None:
            if status.take(record):
                bar.update(
                    task,
                    description=f"epoch {status.epoch + 1}/{epochs}",
                    completed=status.seen,
                    status=status.text(),
                )

        yield show


class _Status:
    """The words beside the bar."""

    def __init__(self) -> None:
        self.seen = 0
        self.epoch = 0
        self.loss: float | None = None
        self.accuracy = 0.0
        self.validation = ""
        self.began = self.shown = time.monotonic()
        self.first: int | None = None

    def take(self, record: Any) -> bool:
        """Take in a record; return whether it is time to show something."""
        from tenfold.training import EpochRecord

        self.epoch = record.epoch
        if isinstance(record, EpochRecord):
            if record.validation_accuracy is not None:
                self.validation = f"  val {record.validation_accuracy:.2%}"
            return True
        size = len(record.labels)
        if self.first is None:
            self.seen = self.first = record.step * size  # a resumed run begins in the middle
        self.seen += size
        right = float((record.logits.argmax(axis=1) == record.labels).mean())
        weight = 1.0 if self.loss is None else 0.05
        self.loss = (self.loss or 0.0) * (1 - weight) + record.loss * weight
        self.accuracy += (right - self.accuracy) * weight
        now = time.monotonic()
        if now - self.shown < _REFRESH:
            return False
        self.shown = now
        return True

    def text(self) -> str:
        """Return loss, accuracies and speed, short enough for 80 columns."""
        seconds = max(time.monotonic() - self.began, 1e-6)
        speed = (self.seen - (self.first or 0)) / seconds
        return (
            f"loss {self.loss or 0:.4f}  train {self.accuracy:.2%}{self.validation}  "
            f"{speed:,.0f} img/s"
        )


@contextmanager
def working(what: str, quiet: bool = False) -> Iterator[None]:
    """Show on the error stream that something is done whose end cannot be foretold.

    Nothing is shown if ``quiet``, or if the error stream is not a terminal.
    """
    from rich.console import Console

    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield
        return
    with console.status(f"{what} ..."):
        yield


@contextmanager
def ctrl_c() -> Iterator[Callable[[], bool]]:
    """Turn the first Ctrl-C into a wish to stop, so that the run is saved; the second kills."""
    wished = False

    def wish(number: int, frame: object) -> None:
        nonlocal wished
        wished = True
        signal.signal(signal.SIGINT, signal.default_int_handler)

    before = signal.signal(signal.SIGINT, wish)
    try:
        yield lambda: wished
    finally:
        signal.signal(signal.SIGINT, before)
