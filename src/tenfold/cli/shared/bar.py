"""Bar: how far a piece of work is, for a person who waits. Silent when nobody looks."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["show_work"]


@contextmanager
def show_work(total: int, quiet: bool) -> Iterator[Callable[[str, int], None]]:
    """Show a bar on the error stream and give a function that takes (what is done, how much more).

    Nothing is shown if ``quiet``, or if the error stream is not a terminal.

    Args:
        total: how much there is to do, in whatever unit.
        quiet: whether to be silent anyway.
    """
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield lambda what, more: None
        return
    text = TextColumn("{task.description}", markup=False)
    columns = (text, BarColumn(bar_width=None), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, expand=True) as bar:
        task = bar.add_task("starting", total=total)
        yield lambda what, more: bar.update(task, description=what, advance=more)
