"""Time a call, repeated often enough for a precise result."""

import time
from collections.abc import Callable

__all__ = ["nothing", "seconds", "timed"]

_AIM = 0.5  # intended seconds of a repetition
_ENOUGH = 0.1  # seconds of a trial that are enough to estimate the number of calls


def nothing() -> None:
    """Do nothing, for subjects whose work is finished when a call returns."""


def seconds(
    call: Callable[[], object], count: int = 1, settle: Callable[[], object] = nothing
) -> float:
    """Return the seconds of ``count`` calls and of ``settle``, which waits for their results."""
    began = time.perf_counter()
    for _ in range(count):
        call()
    settle()
    return time.perf_counter() - began


def timed(
    call: Callable[[], object], settle: Callable[[], object] = nothing
) -> Callable[[], float]:
    """Return a function that times one call, after finding how many calls take half a second."""
    seconds(call, 1, settle)
    count = 1
    while (took := seconds(call, count, settle)) < _ENOUGH:
        count *= 2
    count = max(1, round(count * _AIM / took))
    return lambda: seconds(call, count, settle) / count
