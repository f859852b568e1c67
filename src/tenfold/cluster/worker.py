"""A worker process of this machine: it reads tasks from its input, and writes events.

Messages are pickled objects. The driver has started the process itself, so they can be trusted.
"""

import os
import pickle
import sys
from collections.abc import Iterator
from queue import SimpleQueue
from threading import Event as Flag
from threading import Thread
from typing import BinaryIO

from tenfold.cluster.jobs import Event, Perform, Task

__all__ = ["main", "messages"]


def main(threads: int) -> None:
    """Carry out tasks until the driver ends.

    Args:
        threads: Number of threads for a task that does not set it.
    """
    output = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # what a task prints must not come between the messages
    tasks: SimpleQueue[tuple[Perform, Task] | None] = SimpleQueue()
    stop = Flag()

    def listen() -> None:
        for message in messages(sys.stdin.buffer):
            if isinstance(message, tuple):
                stop.clear()
                tasks.put(message)
            else:
                stop.set()
        stop.set()  # the driver has ended: write a checkpoint, and end too
        tasks.put(None)

    def report(event: Event) -> None:
        try:
            output.write(pickle.dumps(event))
        except OSError:
            stop.set()

    Thread(target=listen, daemon=True).start()
    while (message := tasks.get()) is not None:
        perform, task = message
        report(perform(task, threads, report, stop.is_set))


def messages(stream: BinaryIO) -> Iterator[object]:
    """Yield the objects that another process writes, until that process ends."""
    while True:
        try:
            yield pickle.load(stream)
        except (EOFError, OSError, ValueError, pickle.UnpicklingError):  # killed while it wrote
            return
