"""Stopping a training with a signal so that it can be resumed."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import typer

__all__ = ["exit_stopped", "stop_on_signal"]

# Ctrl-C, `kill`, and a closed terminal; Windows has no SIGHUP.
_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")
_SIGNALS = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
_received: int = signal.SIGINT  # the signal that requested the last stop


@contextmanager
def stop_on_signal() -> Iterator[Callable[[], bool]]:
    """Turn the first Ctrl-C, SIGTERM or SIGHUP into a request to stop.

    A second signal ends the program at once.

    Yields:
        A function that returns whether there was a signal.
    """
    requested = False
    previous: dict[int, Any] = {}

    def restore() -> None:
        for number, handler in previous.items():
            signal.signal(number, handler)

    def request(number: int, frame: object) -> None:
        global _received
        nonlocal requested
        requested, _received = True, number
        restore()

    for number in _SIGNALS:
        previous[number] = signal.signal(number, request)
    try:
        yield lambda: requested
    finally:
        restore()


def exit_stopped(command: str) -> NoReturn:
    """Print the command that resumes a stopped training; exit with the code for the signal."""
    typer.echo(f"Stopped and saved. Resume with: {command}", err=True)
    raise typer.Exit(128 + _received)
