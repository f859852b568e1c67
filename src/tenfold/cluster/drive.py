"""The driver: it gives jobs to workers, and collects what they report."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from tenfold.cluster.jobs import Event, Job, Perform, Task
from tenfold.cluster.work import train_job
from tenfold.errors import TenfoldError, UsageError
from tenfold.files import write_bytes

__all__ = ["Workers", "carry_out", "check_ended", "open_workers", "save_returned_files"]

_PAUSE = 0.2  # seconds between two checks whether to stop


class Workers(Protocol):
    """Workers that carry out tasks. Here, each task is called a job, not only a ``Job``."""

    @property
    def slots(self) -> int:
        """Number of jobs that run at the same time."""

    def submit(self, job: Task) -> None:
        """Carry out a job as soon as a worker is free."""

    def stop(self, name: str) -> None:
        """Stop a job; if it runs, it first writes a checkpoint."""

    def next_event(self, seconds: float) -> Event | None:
        """Return the next event; None if there is none in the given time."""

    def close(self) -> None:
        """Stop using the workers."""


def open_workers(jobs: int | None, cluster: str | None, perform: Perform = train_job) -> Workers:
    """Return workers on this machine or of a Dask cluster.

    Args:
        jobs: Number of processes on this machine, or of workers of the cluster ``local``.
        cluster: Address of a Dask scheduler, or ``local``; None for processes.
        perform: Carries out a task; by default a training.

    Raises:
        TenfoldError: If there is no scheduler at the address, or Dask is missing.
        UsageError: If ``jobs`` is combined with the address of a scheduler.
    """
    if cluster is None:
        from tenfold.cluster.processes import Processes

        return Processes(jobs or 1, perform)
    if jobs is not None and cluster != "local":
        raise UsageError(
            "--jobs is the number of processes on this machine and cannot be combined with "
            "--cluster ADDRESS: the workers of a cluster decide how many jobs run at once"
        )
    from tenfold.cluster.dask_workers import DaskWorkers

    return DaskWorkers(cluster, jobs, perform)


def carry_out(workers: Workers, jobs: Sequence[Job], stop: Callable[[], bool]) -> Iterator[Event]:
    """Carry out jobs, and yield their events. A job that fails does not affect the others.

    Args:
        workers: The workers.
        jobs: The jobs.
        stop: If it returns True, the jobs write checkpoints and end.
    """
    remaining = {job.name: job for job in jobs}
    for job in jobs:
        workers.submit(job)
    stopping = False
    while remaining:
        event = workers.next_event(_PAUSE)
        if stop() and not stopping:
            stopping = True
            for name in list(remaining):
                workers.stop(name)
        if event is not None and event.name in remaining:
            if event.ended:
                save_returned_files(remaining.pop(event.name), event)
            yield event


def save_returned_files(job: Job, event: Event) -> None:
    """Write the files that a worker has returned because it has no access to the run folder.

    ``metrics.json``, which marks a run as finished, is written last.
    """
    for name in sorted(event.files, key=lambda name: name == "metrics.json"):
        write_bytes(job.run.folder / name, event.files[name])


def check_ended(events: Sequence[Event]) -> None:
    """Raise an error if jobs have failed.

    Raises:
        TenfoldError: With the reasons.
    """
    failed = [event for event in events if event.state == "failed"]
    if failed:
        reasons = "\n".join(f"  {event.name}: {event.error}" for event in failed)
        raise TenfoldError(
            f"{len(failed)} of {len(events)} runs failed; the other runs are saved. Repeat the "
            f"command to try the failed runs again:\n{reasons}"
        )
