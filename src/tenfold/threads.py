"""Threads: how many the matrix products may use, and how many of our own there are.

For a small product one thread is the right number. Two are at best a little faster, and when
another program wants a core they are twenty times slower: each of the thousands of tiny products
in an epoch waits, spinning, for a thread that is not running. Products over a whole data set are
so large that the waiting is nothing and the second core nearly halves the time. Convolutions are
many small products: there it pays to give each core images of its own (``training/shards.py``).
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

__all__ = ["MAX_THREADS", "cores", "limit_threads"]

MAX_THREADS = 256
"""More would only wait for each other; the system may not even give them."""

_lock = threading.Lock()
_holders = 0
_limit: Any = None  # threadpoolctl's, which gives the threads back


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):  # a container may be given fewer than there are
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def limit_threads(threads: int | None = 1) -> Iterator[None]:
    """Hold the BLAS to so many threads inside the block; None leaves it as it is.

    The number of BLAS threads belongs to the whole process. Blocks may overlap in any order: the
    first to begin sets the number, and the last to end gives back what was taken.
    """
    if threads is None:
        yield
        return
    _take(threads)
    try:
        yield
    finally:
        _give_back()


def _take(threads: int) -> None:
    global _holders, _limit
    with _lock:
        if _holders == 0:
            _limit = _controller().limit(limits=threads, user_api="blas")
        _holders += 1


@cache
def _controller() -> Any:
    """Find the process's BLAS libraries, once: looking takes half a millisecond."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def _give_back() -> None:
    global _holders
    with _lock:
        _holders -= 1
        if _holders == 0:
            _limit.restore_original_limits()
