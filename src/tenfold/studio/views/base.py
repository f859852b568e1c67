"""What a view is on the side of the server."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tenfold.errors import UsageError
from tenfold.studio.library import Library
from tenfold.studio.server.connection import Connection
from tenfold.studio.server.messages import Message
from tenfold.studio.server.session import Session, Sessions
from tenfold.studio.server.settings import Settings
from tenfold.threads import cores

__all__ = ["Handle", "Page", "Studio", "Upload", "View", "check_jobs"]

_MOST_JOBS = max(2, cores())

State = TypeVar("State")


@dataclass(frozen=True)
class Studio:
    """What all pages share: the settings, the models and training digits, and the sessions."""

    settings: Settings
    library: Library
    sessions: Sessions
    _states: dict[str, Any] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def state(self, name: str, make: Callable[[], State]) -> State:
        """Return what a view keeps for all pages; it is made when it is first asked for."""
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


def check_jobs(page: Page) -> None:
    """Check that the machine has room for one more training.

    Raises:
        UsageError: If other sessions train on all cores already.
    """
    others = (each for each in page.studio.sessions if each is not page.session)
    if sum(each.busy for each in others) >= _MOST_JOBS:
        raise UsageError(
            f"{_MOST_JOBS} trainings are already running on this machine: wait, or stop one"
        )


Upload = Callable[[bytes], "str | bytes"]
"""Answers an uploaded file, in a thread, with a message as of ``messages.encode``."""

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
