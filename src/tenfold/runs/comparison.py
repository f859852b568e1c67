"""Comparison of runs and series: their results side by side, and whether differences are real.

McNemar's test compares two single runs, on the images that both were evaluated on. Welch's test
compares two series, by their accuracies over the seeds. For several pairs the p-values are
corrected by Holm's method.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from statistics import mean, stdev
from typing import Any

import numpy as np

from tenfold import shell
from tenfold.errors import TenfoldError, UsageError
from tenfold.evaluation import LEVEL, McNemar, Welch, conclusion, holm, mcnemar, spread, welch
from tenfold.models import load_model
from tenfold.nn.arguments import PathLike, check_fields, checked
from tenfold.runs.predictions import PartPredictions, read_predictions
from tenfold.runs.results import PartMetrics
from tenfold.runs.run import Run, open_run
from tenfold.runs.series import open_series

__all__ = ["Entry", "Pair", "compare_all", "open_entry"]

_PARTS = ("test", "validation")


@dataclass(frozen=True)
class Entry:
    """A finished run, or a finished series of seeds, in a comparison.

    Attributes:
        name: Name in tables and conclusions.
        folder: Folder of the run or series.
        runs: The run, or the run of each seed.
        series: True for a series.
    """

    name: str
    folder: Path
    runs: tuple[Run, ...]
    series: bool = False

    def __post_init__(self) -> None:
        check_fields(self)

    def metrics(self, part: str) -> list[PartMetrics]:
        """Return the metrics of each run on a split; an empty list if the runs do not have it."""
        found = (run.results().part(part) for run in self.runs)
        return [metrics for metrics in found if metrics is not None]

    def accuracies(self, part: str) -> list[float]:
        """Return the accuracy of each run on a split; an empty list if they do not have it."""
        return [metrics.accuracy for metrics in self.metrics(part)]

    def to_dict(self) -> dict[str, Any]:
        """Return plain data: the metrics of a run, or statistics over the seeds of a series.

        The statistics of each split are ``accuracies``, their mean ``accuracy``,
        ``standard_deviation`` and ``interval95`` of the mean.
        """
        results = [run.results() for run in self.runs]
        row: dict[str, Any] = {"name": self.name, "folder": str(self.folder)}
        if not self.series:
            return row | results[0].to_dict()
        row |= {"recipe": results[0].recipe, "seeds": [result.seed for result in results]}
        for part in _PARTS:
            if accuracies := self.accuracies(part):
                statistics = spread(accuracies)
                row[part] = {
                    "accuracies": accuracies,
                    "accuracy": statistics.mean,
                    "standard_deviation": statistics.standard_deviation,
                    "interval95": statistics.interval95 and list(statistics.interval95),
                }
        return row | {"seconds": {"train": mean(result.train_seconds for result in results)}}


@dataclass(frozen=True)
class Pair:
    """Two entries, and the test of the difference between them.

    Attributes:
        first: Name of the first entry.
        second: Name of the second entry.
        part: Split for which they are compared, ``"test"`` or ``"validation"``; empty if they
            cannot be compared.
        images: Number of images in the split.
        test: The significance test; None if the two cannot be compared.
        corrected: p-value of the test after Holm's correction; None for a single pair.
        reason: Why the two cannot be compared; empty if they can.
    """

    first: str
    second: str
    part: str = ""
    images: int = 0
    test: McNemar | Welch | None = None
    corrected: float | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        check_fields(self)

    @property
    def decisive_p(self) -> float | None:
        """The corrected p-value, or else the p-value of the test; None if there is no test."""
        if self.test is None:
            return None
        return self.test.p if self.corrected is None else self.corrected

    # Its name in version 0.2. But the key "p" of ``to_dict`` has the uncorrected p-value.
    p = decisive_p

    @property
    def conclusion(self) -> str:
        """Whether the difference is significant, as a sentence."""
        if self.test is None:
            return f"not compared: {self.reason}"
        return conclusion(self.test, self.first, self.second, self.corrected)

    def to_dict(self) -> dict[str, Any]:
        """Return the pair as plain data; if there is no test, only names and conclusion."""
        row: dict[str, Any] = {"first": self.first, "second": self.second}
        if self.test is not None:
            assert self.decisive_p is not None
            row |= {"part": self.part, "images": self.images, **_statistics(self.test)}
            row |= {"p": self.test.p, "p_corrected": self.decisive_p}
            row |= {"significant": self.decisive_p < LEVEL}
        return row | {"conclusion": self.conclusion}


@checked
def open_entry(folder: PathLike, name: str | None = None) -> Entry:
    """Return the finished run or series in a folder.

    Args:
        folder: Folder of the run or series.
        name: Name in the comparison; the folder by default.

    Raises:
        TenfoldError: If the folder contains neither a run nor a series, or if it is unfinished or
            damaged.
    """
    path = Path(folder)
    name = name or str(folder)
    series = open_series(path)
    if series is None:
        run = open_run(path)
        run.results()  # raises for an unfinished run
        return Entry(name, path, (run,))
    if not series.finished:
        raise TenfoldError(
            f"{folder} contains an unfinished series: "
            f"continue it with tenfold train --resume {shell.quote(folder)}"
        )
    return Entry(name, path, tuple(map(series.run, range(series.count))), series=True)


@checked
def compare_all(entries: Sequence[Entry]) -> list[Pair]:
    """Compare each pair of entries.

    Raises:
        UsageError: If an entry is given twice.
        TenfoldError: If the files of a run are damaged.
    """
    folders = [entry.folder.resolve() for entry in entries]
    if repeated := [e.name for e, f in zip(entries, folders, strict=True) if folders.count(f) > 1]:
        raise UsageError(f"runs to compare must differ, got {repeated[0]} twice")
    pairs = [_compare(first, second) for first, second in combinations(entries, 2)]
    tested = [pair for pair in pairs if pair.test is not None]
    if len(tested) < 2:
        return pairs
    corrected = iter(holm([pair.test.p for pair in tested if pair.test is not None]))
    return [
        pair if pair.test is None else replace(pair, corrected=next(corrected)) for pair in pairs
    ]


def _compare(one: Entry, other: Entry) -> Pair:
    shared = [part for part in _PARTS if one.metrics(part) and other.metrics(part)]
    if not shared:
        return Pair(one.name, other.name, reason="they have no common test or validation images")
    for part in shared:
        first, second = read_predictions(one.runs[0], part), read_predictions(other.runs[0], part)
        if first is not None and second is not None and _same_images(one, other, first, second):
            return _tested_pair(one, other, first, second)
    sizes = ", ".join(
        f"{entry.metrics(shared[0])[0].n:,} for {entry.name}" for entry in (one, other)
    )
    return Pair(
        one.name,
        other.name,
        reason=f"they were evaluated on different {shared[0]} images ({sizes}): train both on the "
        "same data",
    )


def _same_images(one: Entry, other: Entry, first: PartPredictions, second: PartPredictions) -> bool:
    """Return whether two predictions are for the same images.

    The labels must be equal, and the hashes of the images, if both are known.
    """
    if not np.array_equal(first.labels, second.labels):
        return False
    hashes = [_image_hash(entry.runs[0], first.part) for entry in (one, other)]
    return None in hashes or hashes[0] == hashes[1]


def _image_hash(run: Run, part: str) -> Any:
    """Return the hash of the images of a split, which the model file stores; None if unknown."""
    if not run.model.exists():
        return None
    data = load_model(run.model).provenance.get("data")
    return data.get(part) if isinstance(data, dict) else None


def _tested_pair(one: Entry, other: Entry, first: PartPredictions, second: PartPredictions) -> Pair:
    pair = Pair(one.name, other.name, first.part, len(first.labels))
    counts = [len(entry.runs) for entry in (one, other)]
    if max(counts) == 1:
        return replace(pair, test=mcnemar(first.labels, first.predicted, second.predicted))
    if min(counts) > 1:
        if not any(stdev(entry.accuracies(first.part)) for entry in (one, other)):
            return replace(
                pair,
                reason="each of the two has the same accuracy for all its seeds, so chance cannot "
                "be estimated: train more seeds",
            )
        return replace(pair, test=welch(one.accuracies(first.part), other.accuracies(first.part)))
    return replace(
        pair,
        reason=f"one has {counts[0]} and the other {counts[1]} seeds: a series can be compared "
        "with another series of at least two seeds (tenfold train RECIPE --seeds 5)",
    )


def _statistics(test: McNemar | Welch) -> dict[str, Any]:
    if isinstance(test, McNemar):
        counts = {"only_first_right": test.only_first, "only_second_right": test.only_second}
        return {"test": "McNemar", **counts, "lead": test.difference}
    means = {"first_mean": test.first, "second_mean": test.second, "lead": test.difference}
    # JSON has no infinity; t is infinite if no accuracy depends on the seed.
    t = test.t if abs(test.t) < float("inf") else None
    return {"test": "Welch", **means, "t": t, "df": test.df, "interval95": list(test.interval95)}
