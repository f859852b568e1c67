"""The board: it stores the state of the training of a session, and sends it to the pages."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tenfold.nn.array import Array
from tenfold.recipes import train_command
from tenfold.runs import open_run
from tenfold.studio.jobs.history import History
from tenfold.studio.jobs.racer import Racer, knobs_of

__all__ = ["Board", "Post", "TrackedRacer"]

Post = Callable[[str, Mapping[str, Any], "Mapping[str, Array] | None"], None]
"""Sends a message: its kind, fields and arrays.

A message replaces one of the same kind that still waits to be sent. The page gets the kind as the
``type`` of the message, unless there is a field ``type``.
"""


class TrackedRacer:
    """What is known about one of the networks that are trained side by side.

    Attributes:
        racer: The network: its recipe, with the changes so far, and its folder.
        history: Its losses and epoch records.
        state: Plain data for the pages.
    """

    def __init__(self, racer: Racer) -> None:
        self.racer = racer
        self.history = History()
        self.state: dict[str, Any] = {
            "name": racer.name,
            "folder": racer.folder,
            "state": "training",
            "epochs": racer.recipe.epochs,
            "knobs": knobs_of(racer.recipe),
            "hints": [],
        }


class Board:
    """Stores what the process of a job has sent, and sends it to the pages.

    Args:
        post: Sends a message to the pages.
        finished: Called with name and folder of each network that was trained to the end of its
            recipe.

    Attributes:
        state: ``"idle"``, ``"starting"``, ``"running"``, ``"paused"``, ``"stopping"``, ``"ended"``,
            ``"failed"`` or ``"crashed"``.
        tracked: The networks.
    """

    def __init__(self, post: Post, finished: Callable[[str, str], None]) -> None:
        self._post, self._finished = post, finished
        self.state, self._problem = "idle", ""
        self.tracked: list[TrackedRacer] = []
        self._latest: dict[tuple[str, int], dict[str, Any]] = {}
        self._digits: tuple[Array, list[int]] | None = None

    def begin(self, racers: Sequence[Racer], resumed: Sequence[TrackedRacer] = ()) -> None:
        """Begin a training. Networks that are resumed keep their history."""
        self.tracked = [TrackedRacer(racer) for racer in racers]
        for new, old in zip(self.tracked, resumed, strict=False):
            new.history = old.history
        self._latest, self._digits = {}, None
        self.change("starting")

    def change(self, state: str, problem: str = "") -> None:
        """Change the state, and send it to the pages.

        Args:
            state: The new state.
            problem: What went wrong, as sentences.
        """
        self.state, self._problem = state, problem
        self.send_state()

    def note(self, event: tuple[Any, ...]) -> None:
        """Store an event that ``Race`` or ``Runner`` sent from the process; tell the pages."""
        kind, *rest = event
        if kind == "state":
            if not (self.state == "stopping" and rest[0] == "running"):
                self.change(rest[0])
        elif kind == "failed":
            self.change("failed", rest[0])
        elif kind == "digits":
            self._digits = (rest[0], rest[1])
            self._send_digits()
        else:
            self._note_racer(kind, *rest)

    def send_all(self) -> None:
        """Send everything to the pages, such as after a reload."""
        self.send_state()
        self._send_curves()
        self._send_digits()
        for kind, index in self._latest:
            self._send_latest(kind, index)

    def send_state(self) -> None:
        """Send the state of the training and of each network."""
        racers = [tracked.state for tracked in self.tracked]
        fields = {"state": self.state, "problem": self._problem, "racers": racers}
        self._post("job", fields, None)

    def _note_racer(self, kind: str, index: int, *rest: Any) -> None:
        tracked = self.tracked[index]
        if kind == "progress":
            losses, epochs, position = rest
            tracked.history.add(losses)
            tracked.history.epochs += epochs
            tracked.state |= position
            self._send_curves()
        elif kind in ("layers", "preview"):
            names = ("step", "rows", "hints") if kind == "layers" else ("digits", "confidence")
            fields = dict(zip(names, rest, strict=True))
            self._latest[kind, index] = fields
            tracked.state["hints"] = fields.get("hints", tracked.state["hints"])
            self._send_latest(kind, index)
            return
        elif kind == "begins":
            step, total, parameters = rest
            tracked.history.truncate(step)
            tracked.state |= {"total": total, "parameters": parameters}
        else:
            self._end_racer(tracked, kind, *rest)
        self.send_state()

    def _end_racer(self, tracked: TrackedRacer, kind: str, *rest: Any) -> None:
        if kind == "findings":
            tracked.state["hints"] = rest[0]
            return
        tracked.state["state"] = kind
        if kind == "diverged":
            tracked.state["hints"] = [rest[0][:1].upper() + rest[0][1:]]
        elif kind == "finished":
            tracked.state["results"] = rest[0]
            recipe = open_run(tracked.racer.folder).recipe
            tracked.state["command"] = train_command(recipe, None, tracked.racer.seed or None)
            self._finished(tracked.racer.name, tracked.racer.folder)

    def _send_curves(self) -> None:
        fields = {"epochs": [tracked.history.epochs for tracked in self.tracked]}
        arrays = {}
        for index, tracked in enumerate(self.tracked):
            arrays[f"steps{index}"], arrays[f"losses{index}"] = tracked.history.points()
        if arrays:
            self._post("curves", fields, arrays)

    def _send_latest(self, kind: str, index: int) -> None:
        """Send the latest layers or preview of a network."""
        # With the index in the kind, the networks do not replace each other's messages.
        fields = {"type": kind, "racer": index, **self._latest[kind, index]}
        self._post(f"{kind} {index}", fields, None)

    def _send_digits(self) -> None:
        if self._digits is not None:
            images, labels = self._digits
            self._post("digits", {"labels": labels}, {"images": images})
