"""A list of the runs inside a folder, with their state and their results."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tenfold.errors import TenfoldError, reason
from tenfold.nn.arguments import PathLike, check_fields, checked
from tenfold.runs.lock import is_locked
from tenfold.runs.run import Run, open_run

__all__ = ["RunSummary", "find_runs"]


@dataclass(frozen=True)
class RunSummary:
    """One run folder in a list.

    Attributes:
        folder: The run folder.
        state: ``"finished"``, ``"training"``, ``"interrupted"``, ``"diverged"`` or ``"damaged"``.
        recipe: Name of the recipe; empty if the folder is damaged.
        seed: Random seed; None if the folder is damaged.
        epochs: Number of epochs recorded so far.
        test: Accuracy on the test images; None if it is unknown.
        validation: Accuracy on the validation images; None if it is unknown.
        seconds: Seconds of training; None if the run is not finished.
        problem: What is wrong with a damaged folder.
    """

    folder: Path
    state: str
    recipe: str = ""
    seed: int | None = None
    epochs: int | None = None
    test: float | None = None
    validation: float | None = None
    seconds: float | None = None
    problem: str = ""

    def __post_init__(self) -> None:
        check_fields(self)

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain data, without those that are unknown."""
        known = {name: value for name, value in vars(self).items() if value not in (None, "")}
        return known | {"folder": str(self.folder)}


@checked
def find_runs(root: PathLike) -> Iterator[RunSummary]:
    """Yield a summary of each run inside a folder, sorted by path, including damaged runs.

    A folder that cannot be listed because of its permissions counts as a damaged run.
    """
    errors: list[OSError] = []
    found = [
        Path(folder)
        for folder, _, files in os.walk(root, onerror=errors.append)
        if "config.json" in files
    ]
    problems = {Path(each.filename): each for each in errors if isinstance(each, PermissionError)}
    for folder in sorted([*found, *problems]):
        try:
            if folder in problems:
                raise TenfoldError(f"cannot list {folder}: {reason(problems[folder])}")
            yield _summary(open_run(folder))
        except TenfoldError as error:
            yield RunSummary(folder, "damaged", problem=str(error))


def _summary(run: Run) -> RunSummary:
    if not run.finished:
        state = "training" if is_locked(run.folder) else "interrupted"
        if state == "interrupted" and run.model.exists():
            state = "diverged"
        return RunSummary(run.folder, state, run.recipe.name, run.seed, len(run.records()))
    results = run.results()
    return RunSummary(
        run.folder,
        "finished",
        results.recipe,
        run.seed,
        results.epochs,
        None if results.test is None else results.test.accuracy,
        None if results.validation is None else results.validation.accuracy,
        results.train_seconds,
    )
