"""The number of cores, and of the threads that matrix products may use.

One thread is best for small matrix products. Two threads are at best slightly faster. If another
program needs a core, they are twenty times slower: each of the thousands of small products in an
epoch busy-waits for a thread that is not running. Products over a whole data set are so large that
waiting is negligible, and a second core nearly halves the time. A convolution consists of many
small products. So each product uses one thread, and each core computes the convolutions of its own
images (``training/shards.py``).
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

__all__ = ["MAX_THREADS", "cores", "limit_threads"]

MAX_THREADS = 256
"""Maximum number of threads. More threads would wait for each other, or could not be created."""

_lock = threading.Lock()
_active_blocks = 0  # number of blocks of limit_threads that have begun and not ended
_limit: Any = None  # the limiter of threadpoolctl, which restores the old number


def cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):  # in a container, fewer cores than the machine has
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def limit_threads(threads: int | None = 1) -> Iterator[None]:
    """Limit the number of BLAS threads inside the block.

    The number of BLAS threads is global to the process. Blocks may overlap in any order: the first
    one to begin sets the number, and the last one to end restores the old number.

    Args:
        threads: Number of threads, 1 by default; None for no change.
    """
    if threads is None:
        yield
        return
    _acquire(threads)
    try:
        yield
    finally:
        _release()


def _acquire(threads: int) -> None:
    global _active_blocks, _limit
    with _lock:
        if _active_blocks == 0:
            _allow_all_threads()
            _limit = _controller().limit(limits=threads, user_api="blas")
        _active_blocks += 1


@cache
def _controller() -> Any:
    """Return a controller of the process's BLAS libraries, cached: the search takes 0.5 ms."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def _release() -> None:
    global _active_blocks
    with _lock:
        _active_blocks -= 1
        if _active_blocks == 0:
            _allow_all_threads()
            _limit.restore_original_limits()
            _allow_all_threads()


def _allow_all_threads() -> None:
    """Allow any thread to set the number of BLAS threads.

    Since threadpoolctl 3.8, only the thread that has set the number of OpenBLAS threads may set it
    again. Calls from other threads are ignored.
    """
    for library in _controller().lib_controllers:
        if hasattr(library, "clear_controlling_thread"):
            library.clear_controlling_thread(force=True)
