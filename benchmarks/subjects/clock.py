"""The clock: how long one call takes, over so many calls that the figure means something."""

import time
from collections.abc import Callable

__all__ = ["nothing", "seconds", "timed"]

_AIM = 0.5  # seconds that a repetition aims at
_ENOUGH = 0.1  # seconds from which on a trial tells how many calls that takes


def nothing() -> None:
    """Do nothing: for subjects that are done when a call returns."""


def seconds(
    call: Callable[[], object], count: int = 1, settle: Callable[[], object] = nothing
) -> float:
    """Return the seconds of ``count`` calls, until ``settle`` says that they are really done."""
    began = time.perf_counter()
    for _ in range(count):
        call()
    settle()
    return time.perf_counter() - began


def timed(
    call: Callable[[], object], settle: Callable[[], object] = nothing
) -> Callable[[], float]:
    """Warm up, see how often ``call`` fits into half a second, and return what times one call."""
    seconds(call, 1, settle)
    count = 1
    while (took := seconds(call, count, settle)) < _ENOUGH:
        count *= 2
    count = max(1, round(count * _AIM / took))
    return lambda: seconds(call, count, settle) / count
