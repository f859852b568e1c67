"""Jobs: trainings that workers carry out, and what they report."""

import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from tenfold import __version__
from tenfold.errors import TenfoldError
from tenfold.files import make_folder, write_text
from tenfold.recipes import Split
from tenfold.runs import Run

__all__ = ["Event", "Job", "Perform", "Task", "check_version", "shared_token"]

_TOKEN = ".shared"


class Task(Protocol):
    """What a worker carries out: a ``Job`` or a ``BulkTask``. It can be sent to another process."""

    @property
    def name(self) -> str:
        """Its name, unique among the tasks of a command."""

    @property
    def token(self) -> str:
        """Random text of the command: tasks of two commands may have the same name."""


@dataclass(frozen=True)
class Job:
    """One training run, for a worker that may be on another machine.

    Attributes:
        name: Name of the job, unique among the jobs of a command.
        run: The run; its folder exists on the machine of the driver.
        load: Returns the data of the run. It must be a function of a module, or a
            ``functools.partial`` of one, so that it can be sent. The paths in its arguments must
            exist on the machine of the worker.
        token: The content of the file ``.shared`` next to the run folder. A worker that reads the
            same token trains in the run folder itself; any other worker trains in a temporary
            folder and returns the files.
        checkpoint_seconds: Time between checkpoints, in seconds.
        threads: Number of threads; None for the cores of the machine, divided by the number of
            jobs that run on it at the same time.
        watch: Whether to measure the layers.
        version: The version of tenfold that made the job.
    """

    name: str
    run: Run
    load: Callable[[], Split]
    token: str = ""
    checkpoint_seconds: float = 10.0
    threads: int | None = None
    watch: bool = True
    version: str = __version__

    @property
    def token_file(self) -> Path:
        """The file whose content shows that a folder is shared."""
        return self.run.folder.parent / _TOKEN


@dataclass(frozen=True)
class Event:
    """What a worker reports about a job.

    Attributes:
        name: The name of the job.
        state: ``"training"``, ``"waiting"`` (another process trains in the folder), ``"lost"``
            (the worker has ended; the job is tried again), ``"finished"``, ``"stopped"``,
            ``"failed"`` or ``"pruned"`` (stopped since other trials of a search were better). A job
            ends with one of the last four.
        epoch: The latest epoch, from 1.
        loss: Training loss of that epoch.
        accuracy: Validation accuracy of that epoch.
        worker: Name of the machine that carries out the job.
        error: Why the job failed, as a sentence.
        files: Files for the driver to write, by name: those of the run, if the worker has no access
            to its folder; or a file with a part of the answers for many images.
    """

    name: str
    state: str
    epoch: int = 0
    loss: float | None = None
    accuracy: float | None = None
    worker: str = ""
    error: str = ""
    files: dict[str, bytes] = field(default_factory=dict, repr=False)

    @property
    def ended(self) -> bool:
        """Whether the job has ended."""
        return self.state in ("finished", "stopped", "failed", "pruned")


Perform: TypeAlias = Callable[[Any, int, Callable[[Event], None], Callable[[], bool]], Event]
"""A function of a module that carries out a task and returns its last event.

Its arguments: the task, the number of threads, a function to call with each earlier event, and a
function that returns whether to stop.
"""


def check_version(version: str) -> None:
    """Raise a TenfoldError if a task was made by another version of tenfold than this one."""
    if version != __version__:
        raise TenfoldError(
            f"the worker on {socket.gethostname()} must have version {version} of tenfold, got "
            f"{__version__}"
        )


def shared_token(folder: Path) -> str:
    """Return the token of a folder of runs; the first call writes it to the file ``.shared``."""
    path = make_folder(folder) / _TOKEN
    if not path.exists():
        write_text(path, secrets.token_hex(16))
    return path.read_text()
