"""Measure the studio, and compare it with the targets.

    python -m benchmarks.studio                     everything, about five minutes
    python -m benchmarks.studio latency refusals    only these parts; the others: crowd, stuck
    python -m benchmarks.studio crowd --seconds 10  a short trial

Each part starts a studio of its own. ``latency`` needs Chromium, and all need the extras ``studio``
and ``dev``. The exit code is 1 if a target was missed.
"""

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence

from benchmarks.studio.crowd import measure_crowd
from benchmarks.studio.latency import measure_latency
from benchmarks.studio.program import Program, started
from benchmarks.studio.refusals import measure_refusals
from benchmarks.studio.rows import Row
from benchmarks.studio.stuck import measure_stuck
from tenfold.runs import describe_environment

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what the command line asks for, and print the results."""
    options = _options(arguments)
    parts: dict[str, Callable[[Program], Iterable[Row]]] = {
        "latency": lambda program: measure_latency(program, options.moves),
        "crowd": lambda program: measure_crowd(program, options.clients, options.seconds),
        "stuck": lambda program: measure_stuck(program, min(15, options.seconds)),
        "refusals": measure_refusals,
    }
    about = describe_environment()
    print(
        f"{about['processor']}, {about['cores']} cores, Python {about['python']}, {about['date']}"
    )
    rows: list[Row] = []
    for name in options.parts or parts:
        with started() as program:
            for row in parts[name](program):
                print(row, flush=True)
                rows.append(row)
    if missed := sum(row.missed for row in rows):
        sys.exit(f"\n{missed} of {len(rows)} targets missed")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.studio", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    names = ("latency", "crowd", "stuck", "refusals")
    parser.add_argument("parts", nargs="*", choices=[[], *names], help="what to measure")
    parser.add_argument("--moves", type=int, default=150, help="pointer events for each row")
    parser.add_argument("--clients", type=int, default=200, help="number of clients of the crowd")
    parser.add_argument("--seconds", type=float, default=60, help="duration of crowd and stuck")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
