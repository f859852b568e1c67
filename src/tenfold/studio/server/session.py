"""Sessions: the state of each page. A page that is loaded again continues its session."""

import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from tenfold.nn.array import Array
from tenfold.studio.server.connection import Connection

__all__ = ["Session", "Sessions"]

_MAX_SESSIONS = 256

State = TypeVar("State")


class Session:
    """The state of one page, and of its copies in other tabs.

    Attributes:
        key: Random key by which the page asks for it again.
        connections: The pages that are open.
        states: The state of each view, by the name of the view.
    """

    def __init__(self) -> None:
        self.key = secrets.token_urlsafe(12)
        self.connections: set[Connection] = set()
        self.states: dict[str, Any] = {}
        self._lock = threading.Lock()

    def post(
        self, kind: str, fields: Mapping[str, Any], arrays: Mapping[str, Array] | None = None
    ) -> None:
        """Send a message to all pages of the session. Any thread may call it."""
        for connection in tuple(self.connections):
            connection.post(kind, fields, arrays)

    def state(self, name: str, make: Callable[[], State]) -> State:
        """Return the state of a view in this session; the first call creates it with ``make``."""
        with self._lock:
            if name not in self.states:
                self.states[name] = make()
            state: State = self.states[name]
            return state

    @property
    def running(self) -> list[Any]:
        """The states of views in which something is trained."""
        return [each for each in tuple(self.states.values()) if getattr(each, "busy", False)]

    @property
    def idle(self) -> bool:
        """Whether nothing is lost if the session is forgotten."""
        return not self.connections and not self.running

    def close(self) -> None:
        """End what the views have started."""
        for state in self.states.values():
            if hasattr(state, "close"):
                state.close()


class Sessions:
    """All sessions of a studio. When there are too many, unused sessions are dropped."""

    def __init__(self) -> None:
        self._all: dict[str, Session] = {}
        self._lock = threading.Lock()

    def find(self, key: str) -> Session:
        """Return the session with this key, or a new one."""
        with self._lock:
            session = self._all.pop(key, None) or Session()
            self._all[session.key] = session  # the last one used is last
            for other in tuple(self._all.values()):
                if len(self._all) > _MAX_SESSIONS and other.idle and other is not session:
                    del self._all[other.key]
                    other.close()
        return session

    def __iter__(self) -> Iterator[Session]:
        return iter(tuple(self._all.values()))

    def close(self) -> None:
        """End what all sessions have started, at the same time: each may take a second."""
        closing = [threading.Thread(target=session.close) for session in self]
        for thread in closing:
            thread.start()
        for thread in closing:
            thread.join()
