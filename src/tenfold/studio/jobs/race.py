"""The loop over the networks that are trained together; it executes commands between steps."""

import time
from collections.abc import Sequence
from multiprocessing.connection import Connection

from tenfold.studio.jobs.runner import PREVIEWS, Runner
from tenfold.training import EpochRecord, StepRecord

__all__ = ["Race"]

_FLUSH_SECONDS = 0.1
_GOALS = {"step": StepRecord, "epoch": EpochRecord}


class Race:
    """Trains several networks side by side: each makes a step in turn.

    Args:
        connection: The pipe with the commands.
        runners: The networks.
        paused: Whether to wait for a command first.
    """

    def __init__(self, connection: Connection, runners: Sequence[Runner], paused: bool) -> None:
        self._connection, self._runners = connection, list(runners)
        # After a record of this type, a runner waits for the others; then the race pauses.
        self._goal: type | None = None
        self._reached: set[int] = set()  # indices of the runners that wait
        self._flushed = 0.0
        self._paused = paused

    def run(self) -> None:
        """Train until all networks have ended."""
        self._send_previews()
        self._connection.send(("state", "paused" if self._paused else "running"))
        while self._runners:
            self._execute_commands()
            for runner in tuple(self._runners):
                if runner.index not in self._reached:
                    self._advance(runner)
            if self._goal is not None and len(self._reached) == len(self._runners) > 0:
                self._pause()
            if time.monotonic() - self._flushed > _FLUSH_SECONDS:
                self._flush()
        self._connection.send(("state", "ended"))

    def _advance(self, runner: Runner) -> None:
        record = runner.advance()
        if record is None:
            self._runners.remove(runner)
        elif self._goal is not None and isinstance(record, self._goal):
            self._reached.add(runner.index)

    def _flush(self) -> None:
        for runner in self._runners:
            runner.flush()
        self._flushed = time.monotonic()

    def _pause(self) -> None:
        self._paused = True
        self._flush()
        self._connection.send(("state", "paused"))

    def _execute_commands(self) -> None:
        """Execute the commands that have arrived; while the race is paused, wait for them."""
        while self._paused or self._connection.poll():
            command, *arguments = self._connection.recv()
            if command == "pause":
                self._pause()
            elif command == "set":
                index, settings = arguments
                for runner in self._runners:
                    if runner.index == index:
                        runner.change(settings)
            elif command == "stop":
                for runner in self._runners:
                    runner.stopping = True
                self._continue_until(None)
            elif command in ("resume", *_GOALS):
                self._continue_until(_GOALS.get(command))

    def _continue_until(self, goal: type | None) -> None:
        self._goal, self._reached = goal, set()
        for runner in self._runners:
            runner.measure_every_step = goal is StepRecord
        if self._paused:
            self._paused = False
            self._connection.send(("state", "running"))

    def _send_previews(self) -> None:
        split = self._runners[0].split
        held_out = split.validation or split.test
        if held_out is not None:
            labels = held_out.require_labels()[:PREVIEWS].tolist()
            self._connection.send(("digits", held_out.images[:PREVIEWS], labels))
