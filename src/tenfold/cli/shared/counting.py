"""Counting: a bar for work of a known number of steps. Silent when nobody looks."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["show_counting"]


@contextmanager
def show_counting(words: str, quiet: bool = False) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on the error stream and give a function that takes (steps done, of how many).

    Nothing is shown if ``quiet``, or if the error stream is not a terminal.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield lambda done, total: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=None), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True, expand=True) as bar:
        task = bar.add_task(words, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
