"""Compare tenfold with other libraries: subjects in turn, each in its own process.

The subjects alternate, and the result is the median, because machines are noisy. After each case,
benchmarks/latest.json is written, and docs/benchmarks.md from it.

    python -m benchmarks.run                        all cases
    python -m benchmarks.run --only lenet vgg       these cases; the rows of the others stay
    python -m benchmarks.run --quick --out FOLDER   a trial: one repetition, in another folder
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.cases import CASES, Measurement
from benchmarks.libraries import LIBRARIES, Subject
from benchmarks.page import LATEST, PAGE, Row, number, render
from benchmarks.worker import Worker, installed
from tenfold.files import make_folder, write_json, write_text
from tenfold.runs import describe_environment

__all__ = ["main", "measure", "merged", "rows", "show"]

_PAUSE = 0.2  # seconds; some threads spin for a tenth of a second before they sleep

Repetitions = dict[Subject, list[dict[str, float]]]
"""For each subject, the figures of each repetition by metric."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the cases that the command line names, and write the results."""
    options = _options(arguments)
    latest, page = LATEST, PAGE
    if options.out is not None:
        folder = make_folder(options.out)
        latest, page = folder / LATEST.name, folder / PAGE.name
    chosen = [name for name in CASES if name in (options.only or CASES)]
    report = json.loads(latest.read_text("utf-8")) if options.only and latest.exists() else {}
    for index, name in enumerate(chosen, 1):
        _report(f"{name} ({index} of {len(chosen)}): {CASES[name].title}")
        new: list[Row] = []
        for measurement in CASES[name].measurements:
            new += rows(name, measure(measurement, options.repetitions))
        show(new)
        report = merged(report, name, new)
        write_json(latest, report)
        write_text(page, render(report))
    _report(f"wrote {latest} and {page}")


def measure(measurement: Measurement, repetitions: int) -> Repetitions:
    """Let all installed subjects measure in turn, ``repetitions`` times."""
    subjects = [subject for subject in measurement.subjects if _is_installed(subject)]
    repetitions = min(repetitions, measurement.max_repetitions or repetitions)
    found: Repetitions = {subject: [] for subject in subjects}
    with ExitStack() as stack:
        workers: dict[Subject, Worker] = {}
        for subject in [] if measurement.fresh else subjects:
            _report(f"  {measurement.name}: preparing {subject}")
            workers[subject] = stack.enter_context(Worker(subject, measurement))
        for repetition in range(repetitions):
            _report(f"  {measurement.name}: {repetition + 1} of {repetitions}")
            for subject in subjects:
                time.sleep(_PAUSE)
                if measurement.fresh:
                    with Worker(subject, measurement) as worker:
                        found[subject].append(worker.measure(repetition))
                else:
                    found[subject].append(workers[subject].measure(repetition))
    return found


def rows(case: str, found: Repetitions) -> list[Row]:
    """Return a row for each metric and subject; ratios are relative to the first, tenfold."""
    first = next(iter(found.values()))
    made = []
    for metric in first[0]:
        ours = median(figures[metric] for figures in first)
        for subject, repetitions in found.items():
            values = [figures[metric] for figures in repetitions]
            made.append(
                {
                    "case": case,
                    "metric": metric,
                    "subject": str(subject),
                    "median": median(values),
                    "low": min(values),
                    "high": max(values),
                    "ratio_to_tenfold": median(values) / ours,
                }
            )
    return made


def show(new: list[Row]) -> None:
    """Print the rows of a case."""
    for row in new:
        cells = [number(row[key]) for key in ("median", "low", "high", "ratio_to_tenfold")]
        figures = "".join(f"{cell:>10}" for cell in cells)
        print(f"{row['metric']:<44}{row['subject']:<36}{figures}", flush=True)


def merged(
    report: dict[str, Any],
    case: str,
    new: list[Row],
    where: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Return a report with the rows of a case replaced, without rows of cases that do not exist.

    Args:
        report: The old report, or an empty dictionary.
        case: Name of the measured case.
        new: Its rows.
        where: Environment of the measurement; by default that of this machine.
    """
    where = describe_environment() if where is None else where
    old = report.get("environment", {})
    by_case = {
        name: [row for row in report.get("rows", []) if row["case"] == name] for name in CASES
    }
    by_case[case] = new
    dates = {name: old.get("measured", {}).get(name, old.get("date")) for name in CASES}
    dates[case] = where["date"]
    measured = {name: dates[name] for name in CASES if by_case[name]}
    where = {**where, "peers": _peers(), "measured": measured}
    return {"environment": where, "rows": [row for name in CASES for row in by_case[name]]}


def _peers() -> dict[str, str]:
    """Return the versions of the installed libraries."""
    versions = {}
    for name in filter(None, (library.distribution for library in LIBRARIES.values())):
        with suppress(PackageNotFoundError):
            versions[name] = version(name)
    return versions


def _is_installed(subject: Subject) -> bool:
    found = installed(subject)
    if not found:
        _report(f"  {subject}: not installed, skipped")
    return found


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.run",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--only", nargs="+", choices=CASES, metavar="CASE", help=", ".join(CASES))
    parser.add_argument(
        "--repetitions", type=int, default=7, help="number of repetitions (default 7)"
    )
    parser.add_argument(
        "--quick", action="store_const", const=1, dest="repetitions", help="one repetition"
    )
    parser.add_argument("--out", type=Path, help="folder for both files, instead of the repository")
    options = parser.parse_args(arguments)
    if options.repetitions < 1:
        parser.error(f"--repetitions must be at least 1, got {options.repetitions}")
    return options


def _report(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
