"""Trials of a search: run folders, each with a record of its trial."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from tenfold.cluster.space import Space
from tenfold.errors import TenfoldError
from tenfold.files import make_folder, write_json
from tenfold.recipes import Recipe, Split, apply_settings, recipe_to_json
from tenfold.runs import Run, begin_or_resume, load_images
from tenfold.runs.json_fields import Fields, read_json

__all__ = ["Search", "State", "Trial", "load_without_test"]

State = Literal["open", "complete", "pruned", "failed"]
_FILE, _TRIAL = "tune.json", "trial.json"


@dataclass(frozen=True)
class Trial:
    """One trial: a run with chosen settings.

    Attributes:
        number: Number of the trial, from 0.
        run: The run.
        chosen: The chosen values by the keys of the settings.
        state: ``"open"`` (not ended), ``"complete"``, ``"pruned"`` (ended early, since others were
            better at the same epoch) or ``"failed"``.
        error: Why the trial failed.
    """

    number: int
    run: Run
    chosen: dict[str, Any]
    state: State = "open"
    error: str = ""

    def end(self, state: State, error: str = "") -> "Trial":
        """Write to the record how the trial ended, and return the trial in its new state."""
        ended = replace(self, state=state, error=error)
        ended.write()
        return ended

    def write(self) -> None:
        """Write the record of the trial."""
        content = {"number": self.number, "chosen": self.chosen, "state": self.state}
        write_json(self.run.folder / _TRIAL, content | {"error": self.error})

    def accuracies(self) -> dict[int, float]:
        """Return the validation accuracy of each recorded epoch."""
        rows = self.run.records()
        return {row["epoch"]: row["validation_accuracy"] for row in rows}

    def accuracy(self) -> float:
        """Return the validation accuracy of the finished run."""
        validation = self.run.results().validation
        if validation is None:
            raise TenfoldError(f"{self.run.folder} has no validation accuracy: search again")
        return validation.accuracy


@dataclass(frozen=True)
class Search:
    """A search for the best settings of a recipe.

    Attributes:
        recipe: The recipe.
        space: The settings to choose.
        folder: Folder of the search, with one run folder for each trial.
        seed: Random seed of the proposals and of all runs.
        data: Path of the user's own images; None for the bundled ones.
    """

    recipe: Recipe
    space: Space
    folder: Path
    seed: int = 0
    data: str | None = None

    def begin_or_resume(self) -> None:
        """Create the folder, or check that it contains the same search.

        Raises:
            UsageError: If the recipe has no such settings.
            TenfoldError: If the folder contains another search, or cannot be written.
        """
        # This raises an error if the recipe has no such settings.
        self._run(0, {key: values.example for key, values in self.space.free.items()})
        path = make_folder(self.folder) / _FILE
        plan = {
            "recipe": recipe_to_json(self.recipe),
            "free": {key: repr(values) for key, values in self.space.free.items()},
            "fixed": list(self.space.fixed),
            "seed": self.seed,
            "data": self.data,
        }
        if not path.exists():
            write_json(path, plan)
        elif read_json(path) != plan:
            raise TenfoldError(
                f"{self.folder} contains another search, with other settings, images or another "
                "seed: choose another folder (--out)"
            )

    def new_trial(self, number: int, chosen: dict[str, Any]) -> Trial:
        """Write the record of a new trial, and create its run.

        Raises:
            UsageError: If the recipe cannot have the chosen settings.
        """
        run = self._run(number, chosen)
        trial = Trial(number, replace(run, folder=make_folder(run.folder)), chosen)
        trial.write()
        return replace(trial, run=begin_or_resume(run))

    def trials(self) -> Iterator[Trial]:
        """Yield the recorded trials, in their order.

        Raises:
            TenfoldError: If a record of a trial is damaged.
        """
        for path in sorted(self.folder.glob(f"trial-*/{_TRIAL}")):
            fields = Fields(read_json(path), path)
            number, chosen = fields.count("number"), dict(fields.data["chosen"])
            run = begin_or_resume(self._run(number, chosen))
            state: Any = "complete" if run.finished else fields.text("state")
            yield Trial(number, run, chosen, state, fields.text("error"))

    def _run(self, number: int, chosen: dict[str, Any]) -> Run:
        recipe = apply_settings(self.recipe, self.space.settings(chosen))
        return Run(recipe, self.seed, self.folder / f"trial-{number:03d}", self.data)

    def seed_of(self, number: int) -> int:
        """Return the random seed of the proposal of a trial."""
        digest = hashlib.sha256(f"{self.seed} {number}".encode()).digest()
        return int.from_bytes(digest[:4], "big")


def load_without_test(run: Run) -> Split:
    """Return the data of a run without the test images, since a search must not use them.

    Raises:
        TenfoldError: If there are no validation images.
    """
    split = load_images(run)
    if split.validation is None:
        raise TenfoldError("a search needs validation images: set source.validation above 0")
    return replace(split, test=None)
