"""Crew: threads that share jobs out among themselves and whoever brings them.

``concurrent.futures`` does the same in fifty microseconds more, which is a twentieth of a training
step of a small network.
"""

import threading
from collections.abc import Callable, Sequence
from contextvars import copy_context
from queue import Empty, SimpleQueue

from tenfold.nn.products import Job

__all__ = ["Crew"]


class Crew:
    """So many threads, the caller's own among them. With one, jobs are done in order.

    Args:
        threads: how many jobs are done at once, at least 1.
    """

    def __init__(self, threads: int) -> None:
        self.threads = threads
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._ends: SimpleQueue[BaseException | None] = SimpleQueue()
        self._members = [
            threading.Thread(target=self._serve, daemon=True) for _ in range(threads - 1)
        ]
        for member in self._members:
            member.start()

    def run(self, jobs: Sequence[Job]) -> None:
        """Do all jobs, the caller the first of them and then what the others have no time for.

        Raises:
            BaseException: what a job raised, after all of them have ended.
        """
        if not self._members or len(jobs) == 1:
            for job in jobs:
                job()
            return
        for job in jobs[1:]:
            # A thread begins without the caller's context: numpy.errstate would be lost.
            self._jobs.put(self._accounted(copy_context().run, job))
        self._accounted(jobs[0])()
        self._help()
        errors = [self._ends.get() for _ in jobs]
        for error in errors:
            if error is not None:
                raise error

    def close(self) -> None:
        """End the threads."""
        for _ in self._members:
            self._jobs.put(None)
        for member in self._members:
            member.join()

    def _accounted(self, work: Callable[..., object], *arguments: object) -> Callable[[], None]:
        """Return the work as a job that always says how it ended."""

        def job() -> None:
            try:
                work(*arguments)
            except BaseException as error:
                self._ends.put(error)
            else:
                self._ends.put(None)

        return job

    def _help(self) -> None:
        while True:
            try:
                job = self._jobs.get_nowait()
            except Empty:
                return
            assert job is not None  # only close sends None, and it is called after the last run
            job()

    def _serve(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()
