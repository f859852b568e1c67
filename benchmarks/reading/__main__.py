"""Measure how well numbers are read from pictures.

    python -m benchmarks.reading                    the development half, tenfold alone, printed
    python -m benchmarks.reading --only lines clear cases whose names contain one of these words
    python -m benchmarks.reading --scale 0.1        a tenth of the pictures, at least 2 a case
    python -m benchmarks.reading --readers tenfold rapidocr --python rapidocr=/venv/bin/python
    python -m benchmarks.reading --final            the published numbers: the other half of the
                                                    sources, all readers, written to latest.json,
                                                    README.md and docs/reading.md

After each case the results so far are written. With --only, the rows of the other cases stay.
Choices (thresholds, networks, preparation) are made on the development half only.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.reading.cases import CASES, chosen, scaled
from benchmarks.reading.page import LATEST, by_condition, comparison, fill
from benchmarks.reading.readers import READERS
from benchmarks.reading.run import Settings, measure, start_ups
from tenfold.files import write_text
from tenfold.runs import describe_environment

__all__ = ["main", "merged", "write"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what the command line asks for, and print or write the results."""
    options = _options(arguments)
    settings = _settings(options)
    published = options.final and options.out is None
    path = LATEST if published else options.out
    old = json.loads(path.read_text("utf-8")) if options.only and path and path.exists() else {}
    report: dict[str, Any] = {}
    about: dict[str, Any] = {}
    for about, rows in measure(settings):
        report = merged(old, settings, about, rows)
        if path is not None:
            write(path, report)
    start_ups(settings, about)
    if path is not None:
        write(path, report)
        print(f"wrote {path}", file=sys.stderr)
    print(comparison(report), by_condition(report), sep="\n\n")
    if published:
        fill(report)


def merged(
    old: dict[str, Any], settings: Settings, about: dict[str, Any], rows: list[dict[str, Any]]
) -> dict[str, Any]:
    """Return a report with new rows, and the rows of all other cases from an old report.

    The old report is used only if it has the same half and seed.
    """
    same = old.get("half") == settings.half and old.get("seed") == settings.seed
    cases = {row["case"] for row in rows}
    kept = [row for row in old.get("rows", []) if row["case"] not in cases] if same else []
    order = [case.name for case in CASES]
    return {
        "environment": describe_environment(),
        "half": settings.half,
        "seed": settings.seed,
        "readers": about,
        "rows": sorted(kept + rows, key=lambda row: order.index(row["case"])),
    }


def write(path: Path, report: dict[str, Any]) -> None:
    """Write a report as JSON with one row per line, so that changes can be compared."""
    head = {key: value for key, value in report.items() if key != "rows"}
    rows = ",\n    ".join(map(json.dumps, report["rows"]))
    write_text(path, f'{json.dumps(head, indent=2)[:-2]},\n  "rows": [\n    {rows}\n  ]\n}}\n')


def _settings(options: argparse.Namespace) -> Settings:
    default = tuple(READERS) if options.final else ("tenfold",)
    interpreters = dict(options.python or ())
    return Settings(
        cases=tuple(scaled(case, options.scale) for case in chosen(options.only)),
        readers=tuple(options.readers or default),
        half="final" if options.final else "dev",
        seed=options.seed,
        interpreters=interpreters,
        wrong=options.wrong,
    )


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.reading",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--only", nargs="+", metavar="WORD", help="cases whose names contain one of these words"
    )
    half = parser.add_mutually_exclusive_group()
    half.add_argument("--dev", action="store_true", help="the development half (default)")
    half.add_argument("--final", action="store_true", help="the half of the published numbers")
    parser.add_argument("--readers", nargs="+", choices=READERS, metavar="READER")
    parser.add_argument(
        "--python",
        action="append",
        type=_interpreter,
        metavar="READER=PATH",
        help="the interpreter that has a reader's packages",
    )
    parser.add_argument(
        "--scale", type=float, default=1.0, help="factor of the numbers of pictures"
    )
    parser.add_argument("--seed", type=int, default=0, help="random seed (default 0)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the results as JSON")
    parser.add_argument(
        "--wrong", type=Path, metavar="FOLDER", help="save the pictures that are read wrongly"
    )
    options = parser.parse_args(arguments)
    try:
        chosen(options.only)
    except ValueError as error:
        parser.error(str(error))
    if not 0 < options.scale <= 100:
        parser.error(f"--scale must be above 0 and at most 100, got {options.scale}")
    return options


def _interpreter(text: str) -> tuple[str, str]:
    name, separator, path = text.partition("=")
    if not separator or name not in READERS:
        readers = ", ".join(READERS)
        raise argparse.ArgumentTypeError(f"must be READER=PATH with one of {readers}, got {text}")
    return name, path


if __name__ == "__main__":
    main()
