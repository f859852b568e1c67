"""The training of a session, on the side of the server: its process, and commands to it."""

import contextlib
import multiprocessing
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from tenfold.errors import UsageError
from tenfold.recipes import apply_settings
from tenfold.runs import claim_folder
from tenfold.studio.jobs.board import Board, Post
from tenfold.studio.jobs.racer import Racer
from tenfold.studio.jobs.worker import work

__all__ = ["Job"]

_ENDING = 1.0  # seconds within which the process may end by itself; then it is killed
_ACTIVE = ("starting", "running", "paused", "stopping")


class Job:
    """Trains networks in a process of its own, and sends its state to the pages of a session.

    Args:
        post: Sends a message to the pages.
        finished: Called with name and folder of each network that was trained to the end of its
            recipe.
    """

    def __init__(self, post: Post, finished: Callable[[str, str], None]) -> None:
        self._board = Board(post, finished)
        self._process: Any = None
        self._pipe: Any = None
        self._lock = threading.RLock()
        self._closed = False

    @property
    def busy(self) -> bool:
        """Whether a training is running or paused."""
        return self._board.state in _ACTIVE

    @property
    def pid(self) -> int | None:
        """ID of the process; None if there is no process."""
        return None if self._process is None else self._process.pid

    def prepare(self) -> None:
        """Start the process, if there is none, so that a training can begin at once."""
        with self._lock:
            if self._closed or (self._process is not None and self._process.is_alive()):
                return
            context = multiprocessing.get_context("spawn")
            self._pipe, other = context.Pipe()
            self._process = context.Process(target=work, args=(other,), daemon=True)
            self._process.start()
            other.close()
            arguments = (self._pipe, self._process)
            threading.Thread(target=self._listen, args=arguments, daemon=True).start()

    def train(self, racers: list[Racer], runs: Path, paused: bool = False) -> None:
        """Train new runs.

        Args:
            racers: The networks.
            runs: Folder for their run folders.
            paused: Whether to wait before the first step.

        Raises:
            UsageError: If a training is running.
            TenfoldError: If a folder cannot be created.
        """
        with self._lock:
            self._check_free()
            claimed = [
                replace(each, folder=str(claim_folder(runs, f"studio-{each.recipe.name}")))
                for each in racers
            ]
            self._board.begin(claimed)
            self._begin(claimed, paused)

    def resume(self) -> None:
        """Continue the runs that were stopped or whose process has ended, from their checkpoints.

        Raises:
            UsageError: If there is no such run.
        """
        with self._lock:
            self._check_free()
            unfinished = [
                each
                for each in self._board.tracked
                if each.state["state"] in ("stopped", "training")
                and (Path(each.racer.folder) / "config.json").exists()
            ]
            if not unfinished:
                raise UsageError("there is no stopped training to resume: start a new one")
            racers = [replace(each.racer, resumes=True) for each in unfinished]
            self._board.begin(racers, unfinished)
            self._begin(racers, paused=False)

    def command(self, name: str) -> None:
        """Send ``pause``, ``resume``, ``step``, ``epoch`` or ``stop`` to the process.

        The command ``resume`` ends a pause. The method ``resume`` continues runs that were stopped.

        Raises:
            UsageError: If no training is running.
        """
        with self._lock:
            if not self.busy:
                raise UsageError(f"cannot {name}: no training is running")
            self._send((name,))
            if name == "stop":
                self._board.change("stopping")

    def set(self, index: int, key: str, value: float) -> None:
        """Change a setting of a network from its next step on.

        Args:
            index: Number of the network.
            key: Key of one of its knobs.
            value: The new value.

        Raises:
            UsageError: If there is no such network or knob, or the value is out of its range.
        """
        with self._lock:
            networks = self._board.tracked
            if not (self.busy and 0 <= index < len(networks)):
                raise UsageError("settings can change only while a network is trained")
            tracked = networks[index]
            knob = next((each for each in tracked.state["knobs"] if each["key"] == key), None)
            if knob is None or not knob["low"] <= value <= knob["high"]:
                raise UsageError(f"{key:.40} cannot be {value:g}")
            settings = [f"{key}={value:.6g}"]
            recipe = tracked.racer.recipe
            if key == "augment.shift" and recipe.augment is None:
                settings.insert(0, "augment=Augment")
            tracked.racer = replace(tracked.racer, recipe=apply_settings(recipe, settings))
            knob["value"] = value
            self._send(("set", index, settings))
            self._board.send_state()

    def send_all(self) -> None:
        """Send everything that is known to the pages, such as after a reload."""
        with self._lock:
            self._board.send_all()

    def close(self) -> None:
        """End the process. Runs that are not finished can be resumed from their checkpoints."""
        with self._lock:
            self._closed = True
            process, pipe = self._process, self._pipe
        if process is None:
            return
        self._send(("stop",))
        with contextlib.suppress(OSError):
            pipe.send(("end",))
        process.join(_ENDING)
        if process.is_alive():
            process.kill()
            process.join(_ENDING)

    def _check_free(self) -> None:
        if self.busy:
            raise UsageError("a training is running: stop it first")

    def _begin(self, racers: list[Racer], paused: bool) -> None:
        self.prepare()
        self._send(("train", racers, paused))

    def _send(self, command: tuple[Any, ...]) -> None:
        with contextlib.suppress(OSError):  # the process has ended; ``_listen`` notices it
            self._pipe.send(command)

    def _listen(self, pipe: Any, process: Any) -> None:
        """Receive the events of the process until it ends."""
        with contextlib.suppress(EOFError, OSError):
            while True:
                event = pipe.recv()
                with self._lock:
                    self._board.note(event)
        process.join()
        with self._lock:
            if self.busy and process is self._process and not self._closed:
                self._board.change(
                    "crashed",
                    f"The process that trained has ended unexpectedly (code {process.exitcode}). "
                    "Resume continues from the last checkpoint.",
                )
