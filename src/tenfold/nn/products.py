"""Matrix products, large ones in parts that several threads can compute.

A BLAS library has threads of its own. But it divides a product differently for each number of
threads, which changes the last bits of the result. Here, the parts of a product depend only on the
sizes of the matrices. Use ``products_in_threads(run_all)`` to let large products use a thread pool.
Otherwise the parts are computed one after another, and the result has the same bits.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

import numpy as np

from tenfold.nn.array import Array

__all__ = ["Job", "matmul", "products_in_threads"]

Job = Callable[[], object]

_TWO_PARTS = 20_000_000  # multiply-adds; for smaller products, threads cost more than they save
_EIGHT_PARTS = 1_000_000_000  # multiply-adds; for smaller products two parts are enough


def _one_by_one(jobs: Sequence[Job]) -> None:
    for job in jobs:
        job()


_run_all: ContextVar[Callable[[Sequence[Job]], None]] = ContextVar("run_all", default=_one_by_one)


@contextmanager
def products_in_threads(run_all: Callable[[Sequence[Job]], None]) -> Iterator[None]:
    """Let ``run_all`` run the parts of large products inside the ``with`` block.

    Args:
        run_all: Called with a list of jobs, functions without arguments; returns when all have
            been run, in any order and by any threads.
    """
    previous = _run_all.get()
    _run_all.set(run_all)
    try:
        yield
    finally:
        _run_all.set(previous)


def matmul(a: Array, b: Array, out: Array) -> Array:
    """Write a @ b into ``out`` and return it; a large product is computed in parts, by rows.

    Args:
        a: Shape (M, K).
        b: Shape (K, N).
        out: Shape (M, N).
    """
    rows = len(a)
    multiply_adds = rows * b.size
    count = 1 if multiply_adds < _TWO_PARTS else 2 if multiply_adds < _EIGHT_PARTS else 8
    count = min(rows, count)
    if count < 2:
        return np.matmul(a, b, out=out)
    parts = [slice(rows * i // count, rows * (i + 1) // count) for i in range(count)]
    _run_all.get()([_job(a[part], b, out[part]) for part in parts])
    return out


def _job(a: Array, b: Array, out: Array) -> Job:
    return lambda: np.matmul(a, b, out=out)
