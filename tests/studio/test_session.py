"""Sessions: how they end."""

import threading

from tenfold.studio.server.session import Sessions


class Ending:
    """A state of a session whose end waits for that of the other ones."""

    def __init__(self, together: threading.Barrier) -> None:
        self.together, self.closed = together, False

    def close(self) -> None:
        self.together.wait(10)
        self.closed = True


def test_all_sessions_end_at_the_same_time() -> None:
    sessions, together = Sessions(), threading.Barrier(3)
    states = [Ending(together) for _ in range(3)]
    for state in states:
        sessions.find("").states["train"] = state
    sessions.close()
    assert all(state.closed for state in states)
