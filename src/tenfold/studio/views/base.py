"""The Python part of a view, and what all views share."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tenfold.errors import UsageError
from tenfold.studio.library import Library
from tenfold.studio.server.connection import Connection
from tenfold.studio.server.messages import Message
from tenfold.studio.server.session import Session, Sessions
from tenfold.studio.server.settings import Settings
from tenfold.threads import cores

__all__ = ["Handle", "Page", "Studio", "Upload", "View", "training_slot"]

_MOST_JOBS = max(2, cores())  # largest number of trainings on this machine at the same time

State = TypeVar("State")


@dataclass(frozen=True)
class Studio:
    """What all pages share: the settings, the models and training digits, and the sessions."""

    settings: Settings
    library: Library
    sessions: Sessions
    _states: dict[str, Any] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    # Held while a training starts, so that two cannot take the last slot.
    starting: threading.Lock = field(default_factory=threading.Lock)

    def state(self, name: str, make: Callable[[], State]) -> State:
        """Return the state that a view shares between pages; the first call creates it."""
        with self._lock:
            if name not in self._states:
                self._states[name] = make()
            state: State = self._states[name]
            return state


@dataclass(frozen=True)
class Page:
    """A page that is open: its studio, its session, and the connection to it."""

    studio: Studio
    session: Session
    connection: Connection


@contextmanager
def training_slot(page: Page, training: object) -> Iterator[None]:
    """Make sure that one more training may run on this machine; start it inside the block.

    Args:
        page: The page.
        training: The state of the view that starts the training. If it is already busy with a
            training, that one is not counted.

    Raises:
        UsageError: If the largest allowed number of trainings is running.
    """
    with page.studio.starting:
        running = [each for session in page.studio.sessions for each in session.running]
        if sum(each is not training for each in running) >= _MOST_JOBS:
            raise UsageError(
                f"{_MOST_JOBS} trainings are already running on this machine: wait, or stop one"
            )
        yield


Upload = Callable[[bytes], "str | bytes"]
"""Answers an uploaded file, in a thread, with a message made by ``messages.encode``."""

Handle = Callable[[Page, Message], None]
"""Answers a message, in a thread. A ValueError or TenfoldError is shown to the user."""


@dataclass(frozen=True)
class View:
    """One view.

    Attributes:
        name: Its address, and the name of its ES module.
        title: Its name in the navigation.
        hint: What it is for, in a few words.
        handlers: The function that answers each type of message.
        only_newest_of: Types of which only the newest message is answered, if several wait.
        upload: The function that answers a file that is uploaded to ``/NAME/upload``; None for a
            view without uploads.
    """

    name: str
    title: str
    hint: str
    handlers: Mapping[str, Handle] = field(default_factory=dict)
    only_newest_of: frozenset[str] = frozenset()
    upload: Upload | None = None
