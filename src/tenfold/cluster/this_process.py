"""A worker that is this process itself."""

from collections import deque

from tenfold.cluster.jobs import Event, Perform, Task
from tenfold.threads import cores

__all__ = ["ThisProcess"]


class ThisProcess:
    """Carries out a task during each call of ``next_event`` (``Workers``), with a thread per core.

    Args:
        perform: Carries out a task.
    """

    slots = 1

    def __init__(self, perform: Perform) -> None:
        self._perform = perform
        self._waiting: deque[Task] = deque()
        self._to_stop: set[str] = set()

    def submit(self, job: Task) -> None:
        """Add a task, which a later call of ``next_event`` carries out."""
        self._waiting.append(job)

    def stop(self, name: str) -> None:
        """Stop a task that has not begun."""
        self._to_stop.add(name)

    def next_event(self, seconds: float) -> Event | None:
        """Carry out the next task, and return its last event; None if there is no task."""
        if not self._waiting:
            return None
        task = self._waiting.popleft()
        return self._perform(task, cores(), lambda event: None, lambda: task.name in self._to_stop)

    def close(self) -> None:
        """Do nothing."""
