"""Context: all that a section of the page draws from, read from the run folder and checked once."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from tenfold.errors import TenfoldError
from tenfold.plots import read_records
from tenfold.recipes import Split
from tenfold.report.studies import study
from tenfold.runs import Answers, Run, read_answers

__all__ = ["Context", "Measured", "read_context"]

_CENTURY = 4e9  # seconds
_ROUNDING = 1e-9  # by which the end of an interval may miss an accuracy of 100 %


@dataclass(frozen=True)
class Measured:
    """How good the answers on one part are.

    Attributes:
        accuracy: from 0 to 1. ``n``: of so many images. ``correct``: so many were right.
        low: the lower end of the 95 % interval. ``high``: the upper one.
    """

    accuracy: float
    n: int
    correct: int
    low: float
    high: float


@dataclass
class Context:
    """A finished run, as the page needs it.

    Attributes:
        run: which.
        metrics: what came out, ``metrics.json``; the numbers that are always there are checked.
        scores: of train, validation and test, as far as there are such parts; ``uncontested`` is
            test without the images whose label is contested.
        records: epoch by epoch, checked.
        answers: on the test images, else on validation; None if nothing was held out.
        environment: where it ran; empty if that is not known.
        load: returns the data; asked only by studies that are not kept yet.
        missing: one sentence for each thing that the page has to do without.
    """

    run: Run
    metrics: dict[str, Any]
    scores: dict[str, Measured]
    records: list[dict[str, Any]]
    answers: Answers | None
    environment: dict[str, Any]
    load: Callable[[], Split]
    missing: list[str] = field(default_factory=list)

    def study(self, name: str) -> dict[str, Any] | None:
        """Return what a study found; None, and a sentence in ``missing``, if it cannot be made."""
        try:
            return study(self.run, name, self.load)
        except TenfoldError as error:
            self.miss(error)
            return None

    def miss(self, error: TenfoldError) -> None:
        """Note what the page has to do without, once."""
        if str(error) not in self.missing:
            self.missing.append(str(error))


def read_context(run: Run, split: Split | None = None) -> Context:
    """Read a finished run's folder.

    Args:
        run: a finished run.
        split: its data, if that is at hand; otherwise it is loaded when it is needed.

    Raises:
        TenfoldError: if the run is not finished or a file is damaged.
    """
    metrics = run.metrics()
    path = run.folder / "metrics.json"
    try:
        scores = _scores(metrics)
        _check_numbers(metrics)
    except (KeyError, TypeError, ValueError) as error:
        raise TenfoldError(f"{path} is damaged ({error!r}): restore it or train again") from error
    return Context(
        run,
        metrics,
        scores,
        read_records(run),
        read_answers(run),
        _environment(run.folder / "environment.json"),
        load=cache(lambda: run.recipe.source.load(run.data) if split is None else split),
    )


def _scores(metrics: dict[str, Any]) -> dict[str, Measured]:
    scores: dict[str, Measured] = {}
    for name in ("train", "validation", "test"):
        if name in metrics:
            scores[name] = _measured(metrics[name])
            if others := metrics[name].get("uncontested"):
                scores["uncontested"] = _measured(others)
    return scores


def _measured(numbers: dict[str, Any]) -> Measured:
    low, high = numbers["interval95"]
    found = Measured(numbers["accuracy"], numbers["n"], numbers["correct"], low, high)
    inside = low - _ROUNDING <= found.accuracy <= high + _ROUNDING
    if not (inside and low >= 0 and high <= 1 and 0 <= found.correct <= found.n != 0):
        raise ValueError("an accuracy is outside its interval")
    return found


def _check_numbers(metrics: dict[str, Any]) -> None:
    counts = [metrics[key] for key in ("seed", "epochs", "steps", "parameters", "multiply_adds")]
    seconds = metrics["seconds"]["train"]
    if not all(isinstance(count, int) and 0 <= count < 2**64 for count in counts):
        raise ValueError("a count is no whole number")
    if not isinstance(seconds, int | float) or not 0 <= seconds < _CENTURY:
        raise ValueError("the seconds are no number")


def _environment(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise TenfoldError(f"cannot read {path}: {error}. Restore it or train again.") from error
    if not isinstance(found, dict):
        raise TenfoldError(f"{path} is damaged: it is no table. Restore it or train again.")
    return found
