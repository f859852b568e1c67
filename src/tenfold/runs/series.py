"""A series: one recipe with several seeds, since one run says little about the next."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean, stdev
from typing import Any

from tenfold.errors import TenfoldError
from tenfold.files import make_folder, write_json
from tenfold.runs.run import Run, create_run, open_run

__all__ = ["Series", "open_series"]

_FILE = "series.json"
_SUMMARY = "summary.json"


@dataclass(frozen=True)
class Series:
    """So many runs of one recipe, each in a folder of its own: ``seed-0``, ``seed-1``, ...

    Attributes:
        first: the run with the first seed; the others differ from it in seed and folder alone.
        folder: where they are kept, with ``summary.json`` when all are finished.
        count: how many.
    """

    first: Run
    folder: Path
    count: int

    @staticmethod
    def begin(run: Run, count: int) -> "Series":
        """Return the series that begins with ``run``, in place of it, in the run's folder.

        Raises:
            TenfoldError: if the folder holds something already or cannot be written.
        """
        folder = run.folder
        for name in (_FILE, "config.json"):
            if (folder / name).exists():
                raise TenfoldError(
                    f"{folder} already holds a run or a series: go on with it (tenfold train "
                    f"--resume {folder}), or choose another folder (--out)"
                )
        replace(run, seed=run.seed + count - 1)  # refuses a last seed that is none
        make_folder(folder)
        first = replace(run, folder=folder / f"seed-{run.seed}")
        stopped_early = (first.folder / "config.json").exists()  # before the plan was written
        if not stopped_early or open_run(first.folder) != first:
            create_run(first)  # refuses a folder that holds another run
        write_json(folder / _FILE, {"first": first.seed, "count": count})
        return Series(first, folder, count)

    @property
    def finished(self) -> bool:
        """Whether all runs came to their end."""
        seeds = range(self.first.seed, self.first.seed + self.count)
        return all((self.folder / f"seed-{seed}" / "metrics.json").exists() for seed in seeds)

    def run(self, index: int) -> Run:
        """Return one of the runs, made if it was not there yet."""
        seed = self.first.seed + index
        folder = self.folder / f"seed-{seed}"
        if (folder / "config.json").exists():
            return open_run(folder)
        return create_run(replace(self.first, seed=seed, folder=folder))

    def summarise(self) -> dict[str, Any]:
        """Return mean and spread over the seeds, and write them to ``summary.json``.

        The standard deviation is that of a sample (divided by one less than the seeds), 0 for one
        seed alone.

        Raises:
            TenfoldError: if a run is not finished.
        """
        metrics = [self.run(index).metrics() for index in range(self.count)]
        summary: dict[str, Any] = {
            "recipe": self.first.recipe.name,
            "seeds": [found["seed"] for found in metrics],
            "parameters": metrics[0]["parameters"],
            "multiply_adds": metrics[0]["multiply_adds"],
        }
        for part in ("test", "validation"):
            if part in metrics[0]:
                accuracies = [found[part]["accuracy"] for found in metrics]
                summary[f"{part}_accuracies"] = accuracies
                summary[f"{part}_accuracy_mean"] = mean(accuracies)
                summary[f"{part}_accuracy_std"] = _spread(accuracies)
        if all("uncontested" in found.get("test", {}) for found in metrics):
            others = mean(found["test"]["uncontested"]["accuracy"] for found in metrics)
            summary["test_uncontested_accuracy_mean"] = others
        summary["seconds_train_mean"] = mean(found["seconds"]["train"] for found in metrics)
        write_json(self.folder / _SUMMARY, summary)
        return summary


def open_series(folder: str | Path) -> Series | None:
    """Return the series that a folder holds, None if it holds none.

    Raises:
        TenfoldError: if it is damaged.
    """
    path = Path(folder) / _FILE
    if not path.exists():
        return None
    try:
        plan: dict[str, Any] = dict(json.loads(path.read_text("utf-8")))
        seed, count = int(plan["first"]), int(plan["count"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TenfoldError(f"{path} is damaged ({error!r}): begin a new series") from error
    return Series(open_run(path.parent / f"seed-{seed}"), path.parent, count)


def _spread(numbers: list[float]) -> float:
    return stdev(numbers) if len(numbers) > 1 else 0.0
