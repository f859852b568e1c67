"""Measure how well numbers are read from pictures.

    python -m benchmarks.reading                    the development half, tenfold alone, printed
    python -m benchmarks.reading --only lines clear cases whose names contain one of these words
    python -m benchmarks.reading --scale 0.1        a tenth of the pictures, at least 2 a case
    python -m benchmarks.reading --readers tenfold rapidocr --python rapidocr=/venv/bin/python
    python -m benchmarks.reading --final            the published numbers: the other half of the
                                                    sources, all readers, written to latest.json,
                                                    README.md and docs/reading.md

Choices (thresholds, networks, preparation) are made on the development half only.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.reading.cases import chosen, scaled
from benchmarks.reading.page import LATEST, by_condition, comparison, fill
from benchmarks.reading.readers import READERS
from benchmarks.reading.run import Settings, measure, start_ups
from tenfold.files import write_json
from tenfold.runs import describe_environment

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what the command line asks for, and print or write the results."""
    options = _options(arguments)
    settings = _settings(options)
    about, rows = measure(settings)
    start_ups(settings, about)
    report = {
        "environment": describe_environment(),
        "half": settings.half,
        "seed": settings.seed,
        "readers": about,
        "rows": rows,
    }
    print(comparison(report), by_condition(report), sep="\n\n")
    whole = options.final and not options.only and options.scale == 1
    path = options.out or (LATEST if whole else None)
    if path is not None:
        write_json(path, report)
        print(f"wrote {path}", file=sys.stderr)
    if whole and options.out is None:
        fill(report)


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
    parser.add_argument("--only", nargs="+", metavar="WORD", help="cases whose names contain one")
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
