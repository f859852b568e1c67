"""Threads: how many of them the matrix products may use.

For a small batch one thread is the right number. Two are at best a little faster, and when
another program wants a core they are twenty times slower: each of the thousands of tiny products
in an epoch waits, spinning, for a thread that is not running. Products over a whole data set are
so large that the waiting is nothing and the second core nearly halves the time.
"""

from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["limit_threads"]

_LARGE_BATCH = 4096


@contextmanager
def limit_threads(batch_size: int) -> Iterator[None]:
    """Hold the BLAS to one thread inside the block, unless batches are large."""
    if batch_size >= _LARGE_BATCH:
        yield
        return
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1, user_api="blas"):
        yield
