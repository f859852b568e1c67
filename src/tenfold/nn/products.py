"""Products: large matrix products in parts that several cores can work on.

The BLAS has threads of its own, but how it cuts a product up depends on how many there are, and so
do the last bits of the result. Here the parts depend on the sizes alone. Whoever has threads to
offer says so with ``shared``; without it the parts are done one after the other, to the same bits.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

import numpy as np

from tenfold.nn.array import Array

__all__ = ["Job", "matmul", "shared"]

Job = Callable[[], object]

_LARGE = 20_000_000  # multiply-adds; below, handing over takes longer than it saves
_HUGE = 1_000_000_000  # from here on it pays to cut for more cores than two


def _one_by_one(jobs: Sequence[Job]) -> None:
    for job in jobs:
        job()


_together: ContextVar[Callable[[Sequence[Job]], None]] = ContextVar("together", default=_one_by_one)


@contextmanager
def shared(together: Callable[[Sequence[Job]], None]) -> Iterator[None]:
    """Let ``together`` do the parts of large products inside the block."""
    before = _together.get()
    _together.set(together)
    try:
        yield
    finally:
        _together.set(before)


def matmul(a: Array, b: Array, out: Array) -> Array:
    """Write a @ b into ``out``, shapes (M, K), (K, N) and (M, N): rows of a large one in parts."""
    rows = len(a)
    work = rows * b.size
    count = min(rows, 1 if work < _LARGE else 2 if work < _HUGE else 8)
    if count < 2:
        return np.matmul(a, b, out=out)
    parts = [slice(rows * i // count, rows * (i + 1) // count) for i in range(count)]
    _together.get()([_part(a[part], b, out[part]) for part in parts])
    return out


def _part(a: Array, b: Array, out: Array) -> Job:
    return lambda: np.matmul(a, b, out=out)
