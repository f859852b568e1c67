"""A small thread pool.

``concurrent.futures`` takes 50 microseconds more per call, which is a twentieth of a training step
of a small network.
"""

import threading
from collections.abc import Callable, Sequence
from contextvars import copy_context
from queue import Empty, SimpleQueue

from tenfold.nn.products import Job

__all__ = ["ThreadPool"]


class ThreadPool:
    """A pool of fixed size; the calling thread is one of its workers.

    Args:
        threads: Number of jobs that run at the same time, at least 1. A pool of 1 runs them in
            order.
    """

    def __init__(self, threads: int) -> None:
        self.threads = threads
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._results: SimpleQueue[BaseException | None] = SimpleQueue()
        self._workers = [
            threading.Thread(target=self._work, daemon=True) for _ in range(threads - 1)
        ]
        for worker in self._workers:
            worker.start()

    def run(self, jobs: Sequence[Job]) -> None:
        """Run all jobs. The caller runs the first one, then helps to drain the queue.

        Raises:
            BaseException: The first exception that a job raised, after all jobs have ended.
        """
        if not self._workers or len(jobs) <= 1:
            for job in jobs:
                job()
            return
        for job in jobs[1:]:
            # A thread does not inherit the caller's context: numpy.errstate would be lost.
            self._jobs.put(self._reporting_job(copy_context().run, job))
        self._reporting_job(jobs[0])()
        self._drain()
        errors = [self._results.get() for _ in jobs]
        for error in errors:
            if error is not None:
                raise error

    def close(self) -> None:
        """End the threads."""
        for _ in self._workers:
            self._jobs.put(None)
        for worker in self._workers:
            worker.join()

    def _reporting_job(self, work: Callable[..., object], *arguments: object) -> Callable[[], None]:
        """Return a job that does the work and puts its exception, or None, in the results."""

        def job() -> None:
            try:
                work(*arguments)
            except BaseException as error:
                self._results.put(error)
            else:
                self._results.put(None)

        return job

    def _drain(self) -> None:
        while True:
            try:
                job = self._jobs.get_nowait()
            except Empty:
                return
            assert job is not None  # only close() sends None, and it is called after the last run
            job()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()
