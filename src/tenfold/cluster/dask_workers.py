"""Workers of a Dask cluster: on this machine, or on other machines.

References:
    Rocklin, "Dask: parallel computation with blocked algorithms and task scheduling" (2015).
"""

import logging
from collections import Counter
from dataclasses import asdict
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any
from urllib.parse import urlsplit

from tenfold.cluster.jobs import Event, Perform, Task
from tenfold.cluster.work import train_job
from tenfold.errors import TenfoldError
from tenfold.threads import cores

__all__ = ["DaskWorkers"]

_LOCAL = "local"
_TIME_LIMIT = "10 seconds"  # for connecting to the scheduler
_TOPIC = "tenfold-events"
_WARNING_SIZE = "distributed.admin.large-graph-warning-threshold"  # a setting of Dask
_to_stop: set[str] = set()  # on a worker: the keys of the jobs to stop


class DaskWorkers:
    """The workers of a Dask scheduler (``Workers``).

    If a worker is lost, Dask gives its jobs to other workers, at most three times (the setting
    ``distributed.scheduler.allowed-failures`` of the scheduler).

    Args:
        address: Address of the scheduler, such as ``tcp://host:8786``, or ``local`` for a cluster
            on this machine that no other machine can reach.
        slots: Number of workers of ``local``; one per core by default.
        perform: Carries out a task; by default a training (``train_job``).

    Raises:
        TenfoldError: If Dask is missing, or there is no scheduler at the address.
    """

    def __init__(
        self, address: str, slots: int | None = None, perform: Perform = train_job
    ) -> None:
        try:
            import distributed
        except ImportError as error:
            raise TenfoldError(
                "--cluster needs Dask: install it in a checkout of tenfold with "
                "pip install '.[cluster]'; --jobs N works without it"
            ) from error
        self._events: SimpleQueue[Event] = SimpleQueue()
        self._futures: dict[str, Any] = {}
        self._cluster = None
        self._perform = perform
        if address == _LOCAL:
            self._cluster = distributed.LocalCluster(
                n_workers=slots or cores(),
                threads_per_worker=1,
                host="127.0.0.1",
                dashboard_address=None,
                silence_logs=logging.CRITICAL,  # what fails is reported as an event
            )
        try:
            self._client = distributed.Client(self._cluster or address, timeout=_TIME_LIMIT)
        except (OSError, ValueError) as error:
            raise TenfoldError(
                f"there is no Dask scheduler at {address} ({error}): start one with dask "
                "scheduler, and give its address, such as tcp://host:8786"
            ) from error
        self._client.subscribe_topic(_TOPIC, lambda event: self._events.put(Event(**event[1])))

    @property
    def slots(self) -> int:
        """Number of jobs that run at the same time; it changes when workers start or end."""
        workers = self._client.scheduler_info(n_workers=-1)["workers"]
        return max(1, sum(worker["nthreads"] for worker in workers.values()))

    def close(self) -> None:
        """Disconnect from the cluster; if it is the cluster ``local``, end it."""
        self._client.close()
        if self._cluster is not None:
            self._cluster.close()

    def submit(self, job: Task) -> None:
        """Carry out a job as soon as a worker is free."""
        from dask import config

        key = _key(job.token, job.name)
        with config.set({_WARNING_SIZE: "1 GiB"}):  # images are large compared to usual tasks
            future = self._client.submit(
                _work_on_dask, self._perform, job, self._slots_of_hosts(), key=key, pure=False
            )
        self._futures[job.name] = future
        future.add_done_callback(partial(self._report_end, job.name))

    def stop(self, name: str) -> None:
        """Stop a job; if it runs, it first writes a checkpoint."""
        future = self._futures.get(name)
        if future is not None:
            self._client.run(_request_stop, future.key)

    def next_event(self, seconds: float) -> Event | None:
        """Return the next event; None if there is none in the given time."""
        try:
            return self._events.get(timeout=seconds)
        except Empty:
            return None

    def _report_end(self, name: str, future: Any) -> None:
        self._futures.pop(name, None)  # so that the cluster forgets the result
        if future.status == "finished":
            self._events.put(future.result())
        else:
            error = future.exception() if future.status == "error" else "it was cancelled"
            self._events.put(Event(name, "failed", error=str(error)))

    def _slots_of_hosts(self) -> dict[str, int]:
        """Return for each machine how many jobs run on it at the same time."""
        workers = self._client.scheduler_info(n_workers=-1)["workers"]
        counts: Counter[str] = Counter()
        for address, worker in workers.items():
            counts[_host(address)] += worker["nthreads"]
        return dict(counts)


def _work_on_dask(perform: Perform, job: Task, slots: dict[str, int]) -> Event:
    from distributed import get_worker

    worker = get_worker()
    count = slots.get(_host(worker.address), worker.state.nthreads)
    key = _key(job.token, job.name)

    def report(event: Event) -> None:
        worker.log_event(_TOPIC, asdict(event))

    try:
        return perform(job, max(1, cores() // count), report, lambda: key in _to_stop)
    finally:
        _to_stop.discard(key)


def _request_stop(key: str) -> None:
    _to_stop.add(key)


def _key(token: str, name: str) -> str:
    return f"tenfold-{token}-{name}"


def _host(address: str) -> str:
    return urlsplit(address).hostname or address
