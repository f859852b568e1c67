"""Workers on this machine: processes. Each of them executes one job at a time."""

import pickle
import subprocess
import sys
from collections import deque
from contextlib import suppress
from io import BufferedReader, RawIOBase
from queue import Empty, SimpleQueue
from threading import Thread
from typing import BinaryIO, TypeAlias, cast

from tenfold.cluster.jobs import Event, Perform, Task
from tenfold.cluster.work import train_job
from tenfold.cluster.worker import messages
from tenfold.threads import cores

__all__ = ["RETRIES", "Processes"]

RETRIES = 3
"""How often a job is tried again after its worker was lost."""

_SECONDS = 60.0  # time limit for a worker to write its checkpoint at the end
_Process: TypeAlias = "subprocess.Popen[bytes]"


class Processes:
    """Worker processes on this machine (``Workers``).

    A worker that is killed is replaced, and its job is tried again, at most three times. If this
    process is killed, the workers write a checkpoint and end.

    Args:
        slots: Number of processes.
        perform: Carries out a task; by default a training (``train_job``).
    """

    def __init__(self, slots: int, perform: Perform = train_job) -> None:
        self.slots = slots
        self._perform = perform
        self._threads = max(1, cores() // slots)
        self._waiting: deque[Task] = deque()
        self._running: dict[str, tuple[Task, _Process]] = {}
        self._idle: list[_Process] = []
        self._lost: dict[str, int] = {}  # number of workers that each job has lost
        self._events: SimpleQueue[tuple[_Process | None, Event | None]] = SimpleQueue()

    def close(self) -> None:
        """End the workers; running jobs write a checkpoint first."""
        workers = [*self._idle, *(worker for _, worker in self._running.values())]
        for worker in workers:
            _close_input(worker)
        for worker in workers:
            try:
                worker.wait(_SECONDS)
            except subprocess.TimeoutExpired:
                worker.kill()

    def submit(self, job: Task) -> None:
        """Carry out a job as soon as a worker is free."""
        self._waiting.append(job)
        self._start()

    def stop(self, name: str) -> None:
        """Stop a job; if it runs, it first writes a checkpoint."""
        if name in self._running:
            _send(self._running[name][1], "stop")
            return
        for job in [job for job in self._waiting if job.name == name]:
            self._waiting.remove(job)
            self._events.put((None, Event(name, "stopped")))

    def next_event(self, seconds: float) -> Event | None:
        """Return the next event; None if there is none in the given time."""
        try:
            worker, event = self._events.get(timeout=seconds)
        except Empty:
            return None
        if worker is None:
            return event
        if event is None:
            return self._replace(worker)
        if event.ended and event.name in self._running:
            del self._running[event.name]
            self._idle.append(worker)
            self._start()
        return event

    def _start(self) -> None:
        while self._waiting and len(self._running) < self.slots:
            worker = self._idle.pop() if self._idle else self._new_worker()
            job = self._waiting.popleft()
            self._running[job.name] = job, worker
            _send(worker, (self._perform, job))

    def _replace(self, lost: _Process) -> Event | None:
        """Try the job of a lost worker again; return the event about it."""
        _close_input(lost)
        if lost in self._idle:
            self._idle.remove(lost)
        name = next((name for name, (_, worker) in self._running.items() if worker is lost), None)
        if name is None:
            return None
        job, _ = self._running.pop(name)
        self._lost[name] = self._lost.get(name, 0) + 1
        event = Event(name, "lost", error=f"its worker ended with code {lost.wait()}")
        if self._lost[name] > RETRIES:
            event = Event(name, "failed", error=f"{event.error}, {RETRIES + 1} times")
        else:
            self._waiting.appendleft(job)
        self._start()
        return event

    def _new_worker(self) -> _Process:
        code = (
            f"import sys; sys.path[:] = {sys.path!r}; from tenfold.cluster.worker import main; "
            f"main({self._threads})"
        )
        worker = subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,  # Ctrl-C then reaches only the driver, which stops the jobs
        )

        def listen() -> None:
            assert worker.stdout is not None
            with BufferedReader(cast(RawIOBase, worker.stdout)) as stream:
                for event in messages(cast(BinaryIO, stream)):
                    assert isinstance(event, Event)
                    self._events.put((worker, event))
            self._events.put((worker, None))

        Thread(target=listen, daemon=True).start()
        return worker


def _send(worker: _Process, message: tuple[Perform, Task] | str) -> None:
    """Write a message to a worker; do nothing if it has just ended: its listener notices that."""
    assert worker.stdin is not None
    with suppress(OSError):
        worker.stdin.write(pickle.dumps(message))


def _close_input(worker: _Process) -> None:
    """Close the input of a worker. The worker then stops its job and ends."""
    assert worker.stdin is not None
    worker.stdin.close()
