"""Context: all that a section of the page draws from, read from the run folder and checked once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from tenfold.errors import TenfoldError
from tenfold.recipes import Split
from tenfold.report.studies import study
from tenfold.runs import PartMetrics, PartPredictions, Run, RunMetrics, read_predictions
from tenfold.runs.json_fields import Fields, read_json

__all__ = ["Context", "read_context"]


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
    metrics: RunMetrics
    scores: dict[str, PartMetrics]
    records: list[dict[str, Any]]
    answers: PartPredictions | None
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
    metrics = run.results()
    scores = metrics.parts
    if metrics.test is not None and metrics.test.uncontested is not None:
        scores["uncontested"] = metrics.test.uncontested
    return Context(
        run,
        metrics,
        scores,
        run.records(),
        read_predictions(run),
        _environment(run.folder / "environment.json"),
        load=cache(lambda: run.recipe.source.load(run.data) if split is None else split),
    )


def _environment(path: Path) -> dict[str, Any]:
    return Fields(read_json(path), path).data if path.exists() else {}
