"""Let the readers read the pictures of the cases in turn, one picture at a time."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from PIL import Image

from benchmarks.reading.answer import Answer
from benchmarks.reading.cases import Case
from benchmarks.reading.compose import Truth
from benchmarks.reading.compose.scene import Picture
from benchmarks.reading.process import ReaderProcess
from benchmarks.reading.readers import READERS
from benchmarks.reading.score import Tally
from benchmarks.reading.sources import Half

__all__ = ["Settings", "best_mode", "measure", "start_ups"]

_STARTS = 3


@dataclass(frozen=True)
class Settings:
    """What is measured.

    Attributes:
        cases: The cases.
        readers: Names of the readers.
        half: Which half of the sources.
        seed: Random seed.
        interpreters: For a reader the Python interpreter that has its packages, if not this one.
        wrong: Folder for the pictures that the first reader reads wrongly, or None.
    """

    cases: tuple[Case, ...]
    readers: tuple[str, ...]
    half: Half
    seed: int
    interpreters: dict[str, str]
    wrong: Path | None = None


def measure(settings: Settings) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Yield after each case what is known of each reader, and the rows so far.

    There is a row for each case, reader, mode and scope.

    The scope "shared" is the pictures that all readers read; "all" is those of the first reader.
    A reader that cannot be started is reported and left out.
    """
    rows: list[dict[str, Any]] = []
    with ExitStack() as stack:
        running = {}
        for name in settings.readers:
            process = _started(name, settings)
            if process is not None:
                running[name] = stack.enter_context(process)
        if not running:
            raise RuntimeError("no reader could be started; see the messages above")
        for number, case in enumerate(settings.cases, 1):
            _report(f"{case.name} ({number} of {len(settings.cases)})")
            rows += _case(case, running, settings)
            yield {name: _described(process) for name, process in running.items()}, rows


def _described(process: ReaderProcess) -> dict[str, Any]:
    return {"version": process.version, "modes": process.modes, "mb": process.peak_mb}


def start_ups(settings: Settings, about: dict[str, Any]) -> None:
    """Add to each reader the median of the milliseconds from its start to its first answer."""
    for name in about:
        times = []
        for _ in range(_STARTS):
            process = _started(name, settings)
            if process is not None:
                with process:
                    times.append(process.start_ms)
        about[name]["start_ms"] = median(times) if times else None


def _started(name: str, settings: Settings) -> ReaderProcess | None:
    entry = READERS[name]
    try:
        return ReaderProcess(entry.module, settings.interpreters.get(name, sys.executable))
    except RuntimeError as error:
        _report(
            f"{name} is left out: {error}" + (f"; try: {entry.install}" if entry.install else "")
        )
        return None


def _case(
    case: Case, running: dict[str, ReaderProcess], settings: Settings
) -> Iterator[dict[str, Any]]:
    """Read the pictures of a case, and yield its rows."""
    first = next(iter(running))
    tallies: dict[tuple[str, str, str], Tally] = {}
    for i, (picture, truth) in enumerate(case.pictures(settings.seed, settings.half)):
        for name, process in running.items():
            if name != first and i >= case.shared:
                continue
            for mode in process.modes:
                answer, ms = process.read(picture, mode)
                scopes = ["all"] if i >= case.shared else ["all", "shared"]
                for scope in scopes if name == first else scopes[1:]:
                    tally = tallies.setdefault((name, mode, scope), Tally())
                    right = tally.add(truth.lines, answer, ms)
                if answer.error:
                    _report(f"  {name}, {mode}, picture {i}: {answer.error}")
                if name == first and not right and settings.wrong is not None:
                    _keep(settings.wrong, case, i, picture, truth, answer)
    for (name, mode, scope), tally in tallies.items():
        about = {"group": case.group, "condition": case.condition, "source": case.source}
        who = {"case": case.name, "reader": name, "mode": mode, "scope": scope}
        yield {**who, **about, "pen": case.pen, **tally.to_dict()}


def _keep(folder: Path, case: Case, i: int, picture: Picture, truth: Truth, answer: Answer) -> None:
    """Save a picture, named after its case, the truth and what was read."""
    folder.mkdir(parents=True, exist_ok=True)
    said = "+".join(answer.lines) or answer.verdict
    name = f"{case.name} {i} {'+'.join(truth.lines) or 'none'} read {said}"
    safe = "".join(c if c.isalnum() or c in " +-" else "_" for c in name)[:150]
    Image.fromarray(picture).save(folder / f"{safe}.png")


def _report(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def best_mode(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the row of the mode with the most exact numbers, and of equals the fastest."""
    return max(rows, key=lambda row: (row["exact"], -(row["ms"] or 0)))
