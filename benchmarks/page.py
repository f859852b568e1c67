"""Write docs/benchmarks.md from benchmarks/latest.json: ``python -m benchmarks.page``."""

import json
import math
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias

from benchmarks.cases import CASES, more_is_better
from benchmarks.libraries import LIBRARIES
from tenfold.files import write_text

__all__ = ["LATEST", "PAGE", "Row", "best", "number", "render"]

LATEST = Path(__file__).with_name("latest.json")
PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"

Row: TypeAlias = dict[str, Any]

_WIDTH = 120
_INTRODUCTION = (
    "`make bench` measures the numbers on this page and writes the page. Each row is a "
    "configuration: a library in one of its modes, or a reference such as the matrix products "
    "alone. Each configuration has its own process. Only one configuration is measured at a time: "
    "first all of them once, one after the other, then all of them a second time, and so on. So if "
    "the machine is slow for a while, this affects all configurations. The median, the lowest and "
    "the highest value are over at least seven repetitions (lenet-epoch: over five random seeds). "
    "A repetition consists of as many calls as fit in about half a second, at least one. "
    "*Relative to tenfold* is the median divided by tenfold's. For times and memory, above 1 is "
    "worse than tenfold: 2.00 is twice as slow. For images per second and accuracy, above 1 is "
    "better. *Relative to BLAS alone* is the median divided by the lowest median of the rows "
    "*blas* of the same table. The BLAS is the library that computes matrix products for NumPy; "
    "these rows measure the matrix products alone."
)
_NOTATION = (
    "Networks are described by their layers: a number such as 128 is a dense layer with 128 units "
    "(in a network without convolutions, the first number is the number of inputs), 24c5 is a "
    "convolution with 24 output channels and a kernel of 5 x 5, and P is max-pooling."
)
_HEAD = ("configuration", "median", "lowest", "highest", "relative to tenfold")


def render(report: dict[str, Any]) -> str:
    """Return the page of a report."""
    where, rows = report["environment"], report["rows"]
    parts = ["# Benchmarks\n", _filled(_INTRODUCTION), _filled(_NOTATION), _where(where)]
    parts += [_summary(rows), _how()]
    for case in CASES:
        mine = [row for row in rows if row["case"] == case]
        if mine:
            parts.append(_section(case, mine, where))
    return "\n".join(parts)


def number(value: float) -> str:
    """Return a number with about three significant digits: 1,234, 12.3, 1.23, 0.123, 0.0123."""
    value = float(f"{value:.3g}") if value < 1000 else value  # 999.6 becomes 1,000
    if value >= 1000:
        return f"{value:,.0f}"
    digits = 2 - math.floor(math.log10(value)) if value > 0 else 0
    return f"{value:.{max(digits, 0)}f}"


def best(rows: list[Row], library: str) -> float | None:
    """Return the best median of a library's modes among the rows of one metric, or None."""
    medians = [row["median"] for row in rows if row["subject"].split(",")[0] == library]
    choose = max if more_is_better(rows[0]["metric"]) else min
    return choose(medians) if medians else None


def _metrics(rows: list[Row]) -> list[list[Row]]:
    """Return the rows of each metric, in order."""
    keys = dict.fromkeys((row["case"], row["metric"]) for row in rows)
    return [[row for row in rows if (row["case"], row["metric"]) == key] for key in keys]


def _summary(rows: list[Row]) -> str:
    """Return the table that compares tenfold with the best modes of PyTorch and of the BLAS."""
    head = (
        "case",
        "measurement",
        "tenfold",
        "PyTorch",
        "tenfold / PyTorch",
        "tenfold / BLAS alone",
    )
    body = []
    for mine in _metrics(rows):
        ours, peer, limit = (best(mine, library) for library in ("tenfold", "pytorch", "blas"))
        if ours is not None and peer is not None:
            over = [number(ours / other) if other else "" for other in (peer, limit)]
            cells = (mine[0]["case"], mine[0]["metric"], number(ours), number(peer), *over)
            body.append(cells)
    introduction = _filled(
        "The numbers of PyTorch are those of its best mode for each measurement. In the column "
        "*tenfold / PyTorch*, tenfold is better if the number is below 1 for times and memory, and "
        "above 1 for images per second and accuracy. The sections below describe each case."
    )
    return f"## Summary\n\n{introduction}\n{_table(head, body)}"


def _section(case: str, rows: list[Row], where: dict[str, Any]) -> str:
    date = where.get("measured", {}).get(case, where["date"])[:10]
    lines = [f"## {case}\n", _filled(f"{_sentence(CASES[case].title)} Measured on {date}.")]
    for mine in _metrics(rows):
        lines += [f"**{mine[0]['metric']}**\n", _metric(mine)]
    return "\n".join(lines)


def _metric(rows: list[Row]) -> str:
    limit = best(rows, "blas")
    body = []
    for row in rows:
        figures = [number(row[key]) for key in ("median", "low", "high", "ratio_to_tenfold")]
        over = [number(row["median"] / limit)] if limit else []
        body.append((row["subject"], *figures, *over))
    return _table((*_HEAD, "relative to BLAS alone") if limit else _HEAD, body)


def _table(head: Sequence[str], body: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *body]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _how() -> str:
    lines = [f"- **{name}**: {library.how}" for name, library in LIBRARIES.items()]
    return "## How each library was run\n\n" + "".join(_filled(line, "  ") for line in lines)


def _where(where: dict[str, Any]) -> str:
    blas = ", ".join(f"{pool['internal_api']} {pool['version']}" for pool in where["blas"])
    peers = "".join(f", {name} {version}" for name, version in where.get("peers", {}).items())
    return _filled(
        f"Measured on {where['cores']} cores ({where['processor']}), {where['system']}, with "
        f"Python {where['python']}, tenfold {where['tenfold']}, "
        f"NumPy {where['numpy']} ({blas}){peers}. CHANGELOG.md says what later versions of tenfold "
        "have changed."
    )


def _sentence(title: str) -> str:
    return title[0].upper() + title[1:] + "."


def _filled(text: str, indent: str = "") -> str:
    return (
        textwrap.fill(
            text, _WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
        )
        + "\n"
    )


if __name__ == "__main__":
    write_text(PAGE, render(json.loads(LATEST.read_text("utf-8"))))
