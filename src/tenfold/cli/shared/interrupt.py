"""Stopping a training with Ctrl-C so that it can be resumed."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer

__all__ = ["exit_stopped", "stop_on_ctrl_c"]


@contextmanager
def stop_on_ctrl_c() -> Iterator[Callable[[], bool]]:
    """Turn the first Ctrl-C into a request to stop; the second one raises KeyboardInterrupt.

    Yields:
        A function that returns whether Ctrl-C was pressed.
    """
    requested = False

    def request(number: int, frame: object) -> None:
        nonlocal requested
        requested = True
        signal.signal(signal.SIGINT, signal.default_int_handler)

    previous = signal.signal(signal.SIGINT, request)
    try:
        yield lambda: requested
    finally:
        signal.signal(signal.SIGINT, previous)


def exit_stopped(command: str) -> NoReturn:
    """Print the command that resumes a stopped training, and exit with code 130."""
    typer.echo(f"Stopped and saved. Resume with: {command}", err=True)
    raise typer.Exit(130)
