"""Tasks: a worker answers the images of one part, and returns the file with the answers."""

import socket
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from tenfold import __version__
from tenfold.cluster.bulk.formats import AnswerFormat
from tenfold.cluster.bulk.parts import FinishedPart
from tenfold.cluster.bulk.tables import Answer, Table
from tenfold.cluster.jobs import Event, check_version
from tenfold.errors import TenfoldError, reason
from tenfold.nn.array import Array

__all__ = ["BulkTask", "Items", "attempt", "carry_out_task"]

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Items:
    """Consecutive images of a source, as they are sent to a worker.

    Attributes:
        first: Position of the first image in the source, from 0.
        names: Names of the images, (n,).
        images: Raw images, (n, 28, 28, 1) uint8; None for the content of image files.
        contents: The content of each image file, (n,); empty for raw images.
        errors: The reason why an image is missing, by its position in this part, 0 to n - 1.
    """

    first: int
    names: Sequence[str]
    images: Array | None = None
    contents: Sequence[bytes] = ()
    errors: dict[int, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.names)


@dataclass(frozen=True, eq=False)
class BulkTask(ABC):
    """The answers for one part.

    Attributes:
        items: The images of the part.
        token: A random text for each command: tasks of two commands may have the same name.
        answer_format: The format of the file.
        version: The version of tenfold that made the task.
    """

    items: Items
    token: str
    answer_format: AnswerFormat
    version: str = field(default=__version__, kw_only=True)

    @property
    def name(self) -> str:
        """Name of the task: the position of its first image."""
        return str(self.items.first)

    @property
    @abstractmethod
    def table(self) -> Table:
        """The columns of the answers."""

    @abstractmethod
    def answers(self, threads: int, stop: Callable[[], bool]) -> list[Answer] | None:
        """Return an answer for each image; None if ``stop`` has returned True."""


def carry_out_task(
    task: BulkTask, threads: int, report: Callable[[Event], None], stop: Callable[[], bool]
) -> Event:
    """Carry out a task, and return an event with the file of the part (see ``Perform``)."""
    try:
        check_version(task.version)
        answers = task.answers(threads, stop)
        if answers is None:
            return Event(task.name, "stopped")
        errors = sum("error" in answer for answer in answers)
        name = FinishedPart(task.items.first, len(answers), errors).name
        content = task.answer_format.encode(task.table, answers)
    except Exception as error:
        return Event(task.name, "failed", worker=socket.gethostname(), error=_error_text(error))
    return Event(task.name, "finished", worker=socket.gethostname(), files={name: content})


def attempt(function: Callable[[], T], known: str | None = None) -> T | TenfoldError:
    """Return the result of a function, or its error, so that one image does not end the command.

    Args:
        function: Answers one image.
        known: An error that is known already; the function is then not called.
    """
    if known is not None:
        return TenfoldError(known)
    try:
        return function()
    except TenfoldError as error:
        return error
    except Exception as error:  # one of a million images must not end the command
        return TenfoldError(_error_text(error))


def _error_text(error: Exception) -> str:
    if isinstance(error, TenfoldError):
        return str(error)
    return f"{type(error).__name__}: {reason(error)}"
