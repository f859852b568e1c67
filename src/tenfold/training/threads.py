"""Threads: how many of them the matrix products may use.

For a small batch one thread is the right number. Two are at best a little faster, and when
another program wants a core they are twenty times slower: each of the thousands of tiny products
in an epoch waits, spinning, for a thread that is not running. Products over a whole data set are
so large that the waiting is nothing and the second core nearly halves the time.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["limit_threads"]

_LARGE_BATCH = 4096
_lock = threading.Lock()
_holders = 0
_limit: Any = None  # threadpoolctl's, which gives the threads back


@contextmanager
def limit_threads(batch_size: int) -> Iterator[None]:
    """Hold the BLAS to one thread inside the block, unless batches are large.

    The number of BLAS threads belongs to the whole process. Blocks may overlap in any order: the
    first to begin takes the threads away, and the last to end gives them back.
    """
    if batch_size >= _LARGE_BATCH:
        yield
        return
    _take()
    try:
        yield
    finally:
        _give_back()


def _take() -> None:
    global _holders, _limit
    from threadpoolctl import threadpool_limits

    with _lock:
        if _holders == 0:
            _limit = threadpool_limits(limits=1, user_api="blas")
        _holders += 1


def _give_back() -> None:
    global _holders
    with _lock:
        _holders -= 1
        if _holders == 0:
            _limit.restore_original_limits()
