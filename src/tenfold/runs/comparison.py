"""Comparison: runs and series side by side, and for each pair whether the difference is real.

Two single runs are compared on the images that both were examined on, by McNemar's test; two
series, by their accuracies over the seeds, by Welch's test. Of several pairs each p is corrected
by Holm's method.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from statistics import mean, stdev
from typing import Any, TypeAlias

import numpy as np

from tenfold.errors import TenfoldError, UsageError
from tenfold.evaluation import LEVEL, McNemar, Welch, holm, mcnemar, spread, verdict, welch
from tenfold.models import load_model
from tenfold.runs.predictions import Answers, read_answers
from tenfold.runs.run import Run, open_run
from tenfold.runs.series import open_series

__all__ = [
    "Contender",
    "Pair",
    "compare_all",
    "last_values",
    "mean_records",
    "metric_names",
    "open_contender",
]

_PARTS = ("test", "validation")
_COUNTED = ("epoch", "step")
_TIMES = {*_COUNTED, "seconds"}

Records: TypeAlias = Sequence[Mapping[str, Any]]
"""The epoch records of a run."""


@dataclass(frozen=True)
class Contender:
    """What is compared: a finished run, or a finished series of one recipe's seeds.

    Attributes:
        name: what it is called in tables and verdicts.
        folder: where it is kept.
        runs: the run, or one for each seed.
        series: whether it is a series.
    """

    name: str
    folder: Path
    runs: tuple[Run, ...]
    series: bool = False

    def accuracies(self, part: str) -> list[float]:
        """Return the accuracy of each run on the part; nothing if it has no such part."""
        metrics = [run.results() for run in self.runs]
        return [found[part]["accuracy"] for found in metrics if part in found]

    def to_dict(self) -> dict[str, Any]:
        """Return a run's metrics, or a series' means, deviations and 95 % intervals, as data."""
        metrics = [run.results() for run in self.runs]
        told: dict[str, Any] = {"name": self.name, "folder": str(self.folder)}
        if not self.series:
            return told | metrics[0]
        told |= {"recipe": metrics[0]["recipe"], "seeds": [found["seed"] for found in metrics]}
        for part in _PARTS:
            if values := self.accuracies(part):
                found = spread(values)
                told[part] = {
                    "accuracies": values,
                    "accuracy": found.mean,
                    "deviation": found.deviation,
                    "interval95": found.interval95 and list(found.interval95),
                }
        return told | {"seconds": {"train": mean(found["seconds"]["train"] for found in metrics)}}


@dataclass(frozen=True)
class Pair:
    """Two contenders, and what can be said of the difference between them.

    Attributes:
        first: name of one. ``second``: of the other.
        part: ``"test"`` or ``"validation"``; empty if nothing can be said.
        images: how many there are in that part.
        test: the test; None if nothing can be said.
        corrected: its p by Holm's method, if there are several pairs.
        why_not: why nothing can be said, in words.
    """

    first: str
    second: str
    part: str = ""
    images: int = 0
    test: McNemar | Welch | None = None
    corrected: float | None = None
    why_not: str = ""

    @property
    def p(self) -> float | None:
        """The p that decides."""
        if self.test is None:
            return None
        return self.test.p if self.corrected is None else self.corrected

    @property
    def words(self) -> str:
        """The verdict."""
        if self.test is None:
            return f"no verdict: {self.why_not}"
        return verdict(self.test, self.first, self.second, self.corrected)

    def to_dict(self) -> dict[str, Any]:
        """Return the pair as plain data; only names and verdict where nothing can be said."""
        told: dict[str, Any] = {"first": self.first, "second": self.second}
        if self.test is not None:
            assert self.p is not None
            told |= {"part": self.part, "images": self.images, **_numbers(self.test)}
            told |= {"p": self.test.p, "p_corrected": self.p, "significant": self.p < LEVEL}
        return told | {"verdict": self.words}


def open_contender(folder: str | Path, name: str | None = None) -> Contender:
    """Return the finished run or series in a folder.

    Args:
        folder: of the run or series.
        name: what to call it; its folder by default.

    Raises:
        TenfoldError: if there is neither, or it is not finished.
    """
    path = Path(folder)
    name = name or str(folder)
    series = open_series(path)
    if series is None:
        run = open_run(path)
        run.results()  # refuses an unfinished one
        return Contender(name, path, (run,))
    if not series.finished:
        raise TenfoldError(
            f"{folder} holds an unfinished series: go on with tenfold train --resume {folder}"
        )
    return Contender(name, path, tuple(map(series.run, range(series.count))), series=True)


def compare_all(contenders: Sequence[Contender]) -> list[Pair]:
    """Return a verdict on every two of the contenders.

    Raises:
        UsageError: if one is named twice.
        TenfoldError: if files of a run are damaged.
    """
    folders = [contender.folder.resolve() for contender in contenders]
    if twice := [c.name for c, f in zip(contenders, folders, strict=True) if folders.count(f) > 1]:
        raise UsageError(f"{twice[0]} is named twice: compare it with another run")
    pairs = [_compare(one, other) for one, other in combinations(contenders, 2)]
    tested = [pair for pair in pairs if pair.test is not None]
    if len(tested) < 2:
        return pairs
    corrected = iter(holm([pair.test.p for pair in tested if pair.test is not None]))
    return [
        pair if pair.test is None else replace(pair, corrected=next(corrected)) for pair in pairs
    ]


def mean_records(runs: Sequence[Records]) -> list[dict[str, Any]]:
    """Return one record for each epoch that all runs recorded, with the mean of every number.

    A number that some run lacks in an epoch is left out. ``epoch`` and ``step`` stay whole.
    """
    by_epoch = [{row["epoch"]: row for row in rows} for rows in runs]
    shared = set[int].intersection(*map(set, by_epoch)) if runs else set[int]()
    return [_mean_record([rows[epoch] for rows in by_epoch]) for epoch in sorted(shared)]


def metric_names(runs: Sequence[Records]) -> list[str]:
    """Return the metrics that the records of some run hold: ``accuracy``, ``loss``, and so on."""
    keys = {key for records in runs for row in records for key in row}
    return sorted({key.removeprefix("train_").removeprefix("validation_") for key in keys - _TIMES})


def last_values(records: Records, metric: str) -> dict[str, float]:
    """Return the last recorded value of a metric, by whose it is: as ``train_cost`` or ``cost``."""
    return {
        key: row[key]
        for key in (f"train_{metric}", f"validation_{metric}", metric)
        for row in records
        if row.get(key) is not None
    }


def _mean_record(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    averaged: dict[str, Any] = {}
    for key in rows[0]:
        values = [value for row in rows if (value := row.get(key)) is not None]
        if len(values) == len(rows):
            averaged[key] = max(values) if key in _COUNTED else mean(values)
    return averaged


def _compare(one: Contender, other: Contender) -> Pair:
    shared = [p for p in _PARTS if one.accuracies(p) and other.accuracies(p)]
    if not shared:
        return Pair(one.name, other.name, why_not="no part was held out by both")
    for part in shared:
        first, second = read_answers(one.runs[0], part), read_answers(other.runs[0], part)
        if first is not None and second is not None and _same_images(one, other, first, second):
            return _test(one, other, first, second)
    held = ", ".join(
        f"{contender.runs[0].results()[shared[0]]['n']:,} in {contender.name}"
        for contender in (one, other)
    )
    return Pair(
        one.name,
        other.name,
        why_not=f"they cannot be compared, as they were examined on other {shared[0]} images "
        f"({held}): train both on the same data",
    )


def _same_images(one: Contender, other: Contender, first: Answers, second: Answers) -> bool:
    """Return whether two answers are on the same images, by labels and by the model's own word."""
    if not np.array_equal(first.labels, second.labels):
        return False
    prints = [_fingerprint(contender.runs[0], first.part) for contender in (one, other)]
    return None in prints or prints[0] == prints[1]


def _fingerprint(run: Run, part: str) -> Any:
    """Return the hash of the images that the model file tells; None if it tells none."""
    if not run.model.exists():
        return None
    data = load_model(run.model).provenance.get("data")
    return data.get(part) if isinstance(data, dict) else None


def _test(one: Contender, other: Contender, first: Answers, second: Answers) -> Pair:
    pair = Pair(one.name, other.name, first.part, len(first.labels))
    counts = [len(contender.runs) for contender in (one, other)]
    if max(counts) == 1:
        return replace(pair, test=mcnemar(first.labels, first.predicted, second.predicted))
    if min(counts) > 1:
        if not any(stdev(each.accuracies(first.part)) for each in (one, other)):
            return replace(
                pair,
                why_not="neither varies over its seeds, so there is no telling luck from a "
                "difference: train more seeds",
            )
        return replace(pair, test=welch(one.accuracies(first.part), other.accuracies(first.part)))
    return replace(
        pair,
        why_not=f"{counts[0]} against {counts[1]} seeds: a series is compared with another of at "
        "least two seeds (tenfold train RECIPE --seeds 5)",
    )


def _numbers(test: McNemar | Welch) -> dict[str, Any]:
    if isinstance(test, McNemar):
        counts = {"only_first_right": test.only_first, "only_second_right": test.only_second}
        return {"test": "McNemar", **counts, "lead": test.lead}
    means = {"first_mean": test.first, "second_mean": test.second, "lead": test.lead}
    # an infinite t, where nothing varies, is no JSON
    t = test.t if abs(test.t) < float("inf") else None
    return {"test": "Welch", **means, "t": t, "df": test.df, "interval95": list(test.interval95)}
