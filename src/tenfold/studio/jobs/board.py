"""The board: it stores the state of the training of a session, and sends it to the pages."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tenfold.nn.array import Array
from tenfold.recipes import train_command
from tenfold.runs import open_run
from tenfold.studio.jobs.history import History
from tenfold.studio.jobs.racer import Racer, knobs_of

__all__ = ["Board", "Lane", "Post"]

Post = Callable[[str, Mapping[str, Any], "Mapping[str, Array] | None"], None]
"""Sends a message: kind, fields, and arrays."""


class Lane:
    """One network of a training.

    Attributes:
        racer: Its recipe, with the changes so far, and its folder.
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
        finished: Called with name and folder of each network whose training has ended.

    Attributes:
        state: ``"idle"``, ``"starting"``, ``"running"``, ``"paused"``, ``"stopping"``, ``"ended"``,
            ``"failed"`` or ``"crashed"``.
        lanes: The networks.
    """

    def __init__(self, post: Post, finished: Callable[[str, str], None]) -> None:
        self._post, self._finished = post, finished
        self.state, self._problem = "idle", ""
        self.lanes: list[Lane] = []
        self._latest: dict[tuple[str, int], dict[str, Any]] = {}
        self._digits: tuple[Array, list[int]] | None = None

    def begin(self, racers: Sequence[Racer], resumed: Sequence[Lane] = ()) -> None:
        """Begin a training. Networks that are resumed keep their history."""
        self.lanes = [Lane(racer) for racer in racers]
        for new, old in zip(self.lanes, resumed, strict=False):
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
        """Store an event from the process (``Race``, ``Runner``), and send it to the pages."""
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
            self._note_lane(kind, *rest)

    def send_all(self) -> None:
        """Send everything to the pages, such as after a reload."""
        self.send_state()
        self._send_curves()
        self._send_digits()
        for (kind, index), fields in self._latest.items():
            self._post(kind, {"racer": index, **fields}, None)

    def send_state(self) -> None:
        """Send the state of the training and of each network."""
        racers = [lane.state for lane in self.lanes]
        fields = {"state": self.state, "problem": self._problem, "racers": racers}
        self._post("job", fields, None)

    def _note_lane(self, kind: str, index: int, *rest: Any) -> None:
        lane = self.lanes[index]
        if kind == "progress":
            losses, epochs, position = rest
            lane.history.add(losses)
            lane.history.epochs += epochs
            lane.state |= position
            self._send_curves()
        elif kind in ("layers", "preview"):
            names = ("step", "rows", "hints") if kind == "layers" else ("digits", "confidence")
            fields = dict(zip(names, rest, strict=True))
            self._latest[kind, index] = fields
            lane.state["hints"] = fields.get("hints", lane.state["hints"])
            self._post(f"{kind} {index}", {"type": kind, "racer": index, **fields}, None)
            return
        elif kind == "begins":
            step, total, parameters = rest
            lane.history.truncate(step)
            lane.state |= {"total": total, "parameters": parameters}
        else:
            self._end_lane(lane, kind, *rest)
        self.send_state()

    def _end_lane(self, lane: Lane, kind: str, *rest: Any) -> None:
        if kind == "findings":
            lane.state["hints"] = rest[0]
            return
        lane.state["state"] = kind
        if kind == "diverged":
            lane.state["hints"] = [rest[0][:1].upper() + rest[0][1:]]
        elif kind == "finished":
            lane.state["results"] = rest[0]
            recipe = open_run(lane.racer.folder).recipe
            lane.state["command"] = train_command(recipe, None, lane.racer.seed or None)
            self._finished(lane.racer.name, lane.racer.folder)

    def _send_curves(self) -> None:
        fields = {"epochs": [lane.history.epochs for lane in self.lanes]}
        arrays = {}
        for index, lane in enumerate(self.lanes):
            arrays[f"steps{index}"], arrays[f"losses{index}"] = lane.history.points()
        if arrays:
            self._post("curves", fields, arrays)

    def _send_digits(self) -> None:
        if self._digits is not None:
            images, labels = self._digits
            self._post("digits", {"labels": labels}, {"images": images})
