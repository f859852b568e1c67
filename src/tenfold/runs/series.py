"""Series: one recipe trained with several random seeds."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean, stdev
from typing import Any

from tenfold import shell
from tenfold.errors import TenfoldError
from tenfold.files import make_folder, write_json
from tenfold.nn.arguments import PathLike, check_fields, checked
from tenfold.nn.constraints import Count, Size, invalid
from tenfold.recipes import Split
from tenfold.runs.execution import Seconds, Stop, execute, never_stop
from tenfold.runs.json_fields import Fields, read_json
from tenfold.runs.relocation import load_images, relocate
from tenfold.runs.run import Run, create_run, open_run
from tenfold.training import SINGLE_PROCESS, Record, Team
from tenfold.training.loop import Threads

__all__ = ["MAX_SEEDS", "Series", "execute_series", "open_series", "seeds_of_series"]

MAX_SEEDS = 10_000
"""Largest number of runs of a series."""

_FILE = "series.json"
_SUMMARY = "summary.json"


@dataclass(frozen=True)
class Series:
    """Several runs of one recipe, each in its own folder: ``seed-0``, ``seed-1``, ...

    Attributes:
        first: The run with the first seed; the other runs differ only in seed and folder.
        folder: The folder of the series; it contains ``summary.json`` when all runs are finished.
        count: Number of runs.
    """

    first: Run
    folder: Path
    count: Size

    def __post_init__(self) -> None:
        check_fields(self)

    @staticmethod
    @checked
    def begin(run: Run, count: int) -> "Series":
        """Create a series.

        Args:
            run: The first run; its folder becomes the folder of the series.
            count: Number of runs.

        Raises:
            TenfoldError: If the number of runs is not from 1 to ``MAX_SEEDS``, or the folder
                already contains a run or a series or cannot be written.
        """
        if not 1 <= count <= MAX_SEEDS:
            raise TenfoldError(f"count must be from 1 to {MAX_SEEDS:,}, got {count:,}")
        folder = run.folder
        for name in (_FILE, "config.json"):
            if (folder / name).exists():
                raise TenfoldError(
                    f"{folder} already contains a run or a series: continue it (tenfold train "
                    f"--resume {shell.quote(folder)}), or choose another folder (--out)"
                )
        replace(run, seed=run.seed + count - 1)  # raises if the last seed is out of range
        make_folder(folder)
        first = replace(run, folder=folder / f"seed-{run.seed}")
        # The first run exists if an earlier call was interrupted before it wrote series.json.
        exists = (first.folder / "config.json").exists()
        if not exists or open_run(first.folder) != first:
            create_run(first)  # raises if the folder contains another run
        write_json(folder / _FILE, {"first": first.seed, "count": count})
        return Series(first, folder, count)

    @staticmethod
    @checked
    def begin_or_resume(run: Run, count: int) -> "Series":
        """Create a series, or return the series if the folder already contains it.

        Args:
            run: As for ``begin``.
            count: Number of runs.

        Raises:
            TenfoldError: As ``begin``; also if the folder contains another series.
        """
        found = open_series(run.folder)
        if found is None:
            return Series.begin(run, count)
        first = replace(run, folder=run.folder / f"seed-{run.seed}")
        if (found.first, found.count) != (first, count):
            raise TenfoldError(
                f"{run.folder} contains another series: continue that one (tenfold train --resume "
                f"{shell.quote(run.folder)}), or choose another folder (--out)"
            )
        return found

    @property
    def finished(self) -> bool:
        """Whether all runs are finished."""
        seeds = range(self.first.seed, self.first.seed + self.count)
        return all((self.folder / f"seed-{seed}" / "metrics.json").exists() for seed in seeds)

    def run(self, index: int) -> Run:
        """Return the run with index ``index``, from 0; it is created if it does not exist yet.

        Raises:
            ValueError: If there is no such index.
        """
        if index not in range(self.count):
            raise invalid("index", f"a whole number from 0 to {self.count - 1}", index)
        seed = self.first.seed + index
        folder = self.folder / f"seed-{seed}"
        if (folder / "config.json").exists():
            return open_run(folder)
        return create_run(replace(self.first, seed=seed, folder=folder))

    def relocate(self, data: PathLike) -> "Series":
        """Return the series with a new path of its images, and store the path in each run.

        Raises:
            TenfoldError: As ``relocate`` of a run.
        """
        moved = [relocate(self.run(index), data) for index in range(self.count)]
        return replace(self, first=moved[0])

    def summarise(self) -> dict[str, Any]:
        """Return the mean and standard deviation over the seeds; write them to ``summary.json``.

        The standard deviation is that of a sample, with the number of seeds minus 1 as divisor; for
        a single seed it is 0.

        Raises:
            TenfoldError: If a run is not finished, or its results are damaged.
        """
        results = [self.run(index).results() for index in range(self.count)]
        summary: dict[str, Any] = {
            "recipe": self.first.recipe.name,
            "seeds": [each.seed for each in results],
            "parameters": results[0].parameters,
            "multiply_adds": results[0].multiply_adds,
        }
        for name in ("test", "validation"):
            parts = [part for each in results if (part := each.part(name)) is not None]
            if len(parts) == len(results):
                accuracies = [part.accuracy for part in parts]
                summary[f"{name}_accuracies"] = accuracies
                summary[f"{name}_accuracy_mean"] = mean(accuracies)
                summary[f"{name}_accuracy_std"] = _standard_deviation(accuracies)
        # "uncontested" means: on the images without disputed labels.
        tests = [each.test.uncontested for each in results if each.test is not None]
        undisputed = [part.accuracy for part in tests if part is not None]
        if len(undisputed) == len(results):
            summary["test_uncontested_accuracy_mean"] = mean(undisputed)
        summary["seconds_train_mean"] = mean(each.train_seconds for each in results)
        if not self._has_summary(summary):  # the folder of a finished series may be read-only
            write_json(self.folder / _SUMMARY, summary)
        return summary

    def _has_summary(self, summary: dict[str, Any]) -> bool:
        """Return whether ``summary.json`` has this content."""
        try:
            return bool(read_json(self.folder / _SUMMARY) == summary)
        except TenfoldError:  # missing or damaged
            return False


@checked
def open_series(folder: PathLike) -> Series | None:
    """Return the series in a folder, or None if the folder contains none.

    Raises:
        TenfoldError: If ``series.json`` or the first run is damaged.
    """
    path = Path(folder)
    seeds = seeds_of_series(path)
    if seeds is None:
        return None
    first = path / f"seed-{seeds[0]}"
    if not (first / "config.json").exists():
        raise TenfoldError(
            f"the first run of the series in {path} is missing ({first}): restore it, or train a "
            "new series"
        )
    return Series(open_run(first), path, len(seeds))


def seeds_of_series(folder: Path) -> range | None:
    """Return the random seeds of the series in a folder, or None if the folder contains none.

    Raises:
        TenfoldError: If ``series.json`` is damaged.
    """
    path = folder / _FILE
    if not path.exists():
        return None
    fields = Fields(read_json(path), path)
    first, count = fields.count("first"), fields.count("count", 1, MAX_SEEDS)
    return range(first, first + count)


@checked
def execute_series(
    series: Series,
    *,
    count: Count | None = None,
    split: Split | None = None,
    stop: Stop = never_stop,
    checkpoint_seconds: Seconds = 10.0,
    threads: Threads | None = None,
    team: Team = SINGLE_PROCESS,
) -> Iterator[tuple[Run, Record]]:
    """Train the runs of a series that are not finished yet, yielding (run, record).

    Args:
        series: The series.
        count: Number of runs, from the first; all by default.
        split: The data, the same for all runs; by default it is loaded when it is needed.
        stop: Called after each record; if it returns True, a checkpoint is written and the
            generator ends.
        checkpoint_seconds: Time between checkpoints, in seconds.
        threads: Number of threads, as for ``fit``.
        team: The processes that train each run together, as for ``execute``.

    Raises:
        DivergenceError: If a training run diverges.
    """
    for index in range(series.count if count is None else count):
        run = series.run(index)
        if run.finished:
            continue
        split = split or load_images(run)
        for record in execute(
            run,
            split,
            stop=stop,
            checkpoint_seconds=checkpoint_seconds,
            threads=threads,
            team=team,
        ):
            yield run, record
        if not run.finished:
            return


def _standard_deviation(numbers: list[float]) -> float:
    return stdev(numbers) if len(numbers) > 1 else 0.0
