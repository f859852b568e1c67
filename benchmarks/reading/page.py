"""The tables of the measured numbers, and the pages that show them: README.md, docs/reading.md.

python -m benchmarks.reading.page            fill both pages from latest.json
python -m benchmarks.reading.page --check    exit with code 1 if one is out of date
"""

import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.reading.cases import GROUPS
from benchmarks.reading.readers import READERS
from benchmarks.reading.run import best_mode
from benchmarks.reading.score import LEVELS
from tenfold.evaluation import wilson_interval
from tenfold.files import write_text

__all__ = ["LATEST", "by_condition", "comparison", "fill", "main", "pages", "summary"]

Report = dict[str, Any]
Row = dict[str, Any]

LATEST = Path(__file__).with_name("latest.json")
_ROOT = Path(__file__).resolve().parents[2]
_HALVES = {
    "final": "that was not used during development",
    "development": "that was used for choices during development",
}


_KINDS = {
    "a picture of one digit": tuple(g for g in GROUPS if g not in ("lines", "pages", "non-digits")),
    "a number": ("lines",),
    "a page": ("pages",),
    "a picture without a digit": ("non-digits",),
}
"""Kinds of pictures whose times are reported, with their groups."""


def comparison(report: Report) -> str:
    """Return the table that compares the readers on the pictures that all of them read."""
    readers = list(report["readers"])
    head = ["pictures", "measure", *(f"{name} {_version(report, name)}" for name in readers)]
    rows = [row for row in report["rows"] if row["scope"] == "shared"]
    body = []
    for group, title in GROUPS.items():
        mine = [row for row in rows if row["group"] == group]
        if mine:
            body += _compared(group, title, mine, readers)
    costs = [
        *(
            [f"milliseconds for {kind} (median of the cases)", *cells]
            for kind, cells in _times(rows, readers).items()
        ),
        ["milliseconds from start to the first answer", *_about(report, readers, "start_ms")],
        ["peak memory, MB", *_about(report, readers, "mb")],
    ]
    body += [["" if number else "all pictures", *cells] for number, cells in enumerate(costs)]
    return _table(head, body)


def summary(report: Report) -> str:
    """Return a short table of the pictures that all readers read: exact numbers, time, memory."""
    readers = list(report["readers"])
    rows = [row for row in report["rows"] if row["scope"] == "shared"]
    body = []
    for group, title in GROUPS.items():
        mine = [row for row in rows if row["group"] == group]
        if mine:
            empty = group == "non-digits"
            parts = ("answered", "pictures") if empty else ("exact", "n")
            sums = [_summed(_best_modes(mine, name)) for name in readers]
            shares = [f"{_share(total, *parts)}%" for total in sums]
            body.append([f"{title}: {'accepted' if empty else 'exact'}", *shares])
    times = _times(rows, readers)
    costs = {
        **{f"median time for {kind}": (cells, "ms") for kind, cells in times.items()},
        "from start to the first answer": (_about(report, readers, "start_ms"), "ms"),
        "peak memory": (_about(report, readers, "mb"), "MB"),
    }
    body += [[what, *(f"{cell} {unit}" for cell in cells)] for what, (cells, unit) in costs.items()]
    return _table(["", *(f"{name} {_version(report, name)}" for name in readers)], body)


def by_condition(report: Report) -> str:
    """Return the table of the first reader with one row for each case, all its pictures."""
    first = next(iter(report["readers"]))
    head = ["case", "n", "exact, %", "95% interval", "digit errors, %", "accepted, %"]
    head += [f"correct at confidence {level:g} or more, % (number)" for level in LEVELS]
    body = []
    for case in dict.fromkeys(row["case"] for row in report["rows"]):
        mine = [row for row in report["rows"] if row["case"] == case and row["reader"] == first]
        row = best_mode([row for row in mine if row["scope"] == "all"])
        low, high = wilson_interval(row["exact"], row["n"])
        cells = [case, f"{row['n']:,}", _percent(row["exact"], row["n"])]
        cells += [f"{100 * low:.1f} to {100 * high:.1f}", _percent(row["errors"], row["digits"])]
        cells += [_percent(row["answered"], row["pictures"])]
        body.append(cells + [_promise(row["at"][str(level)], level) for level in LEVELS])
    return _table(head, body)


def pages(report: Report) -> dict[str, str]:
    """Return the text that each page should have, by its path in the repository.

    A table is written between the markers ``<!-- NAME -->`` and ``<!-- /NAME -->``: "reading" in
    README.md, "reading comparison" and "reading conditions" in docs/reading.md.
    """
    readme, page = ((_ROOT / name).read_text("utf-8") for name in ("README.md", "docs/reading.md"))
    page = _with_table(page, "reading comparison", comparison(report), report)
    return {
        "README.md": _with_table(readme, "reading", summary(report), report),
        "docs/reading.md": _with_table(page, "reading conditions", by_condition(report), report),
    }


def _with_table(page: str, name: str, table: str, report: Report) -> str:
    block = f"<!-- {name} -->\n{table}\n\n{_where(report)}\n<!-- /{name} -->"
    return re.sub(rf"<!-- {name} -->\n.*?<!-- /{name} -->", lambda _: block, page, flags=re.DOTALL)


def fill(report: Report) -> None:
    """Write the pages whose tables are out of date."""
    for page, text in pages(report).items():
        if text != (_ROOT / page).read_text(encoding="utf-8"):
            write_text(_ROOT / page, text)
            print(f"filled {page}", file=sys.stderr)


def _compared(group: str, title: str, rows: list[Row], readers: list[str]) -> list[list[str]]:
    """Return the lines of a group: exact numbers, digit errors, and digits at high confidence."""
    best = {name: _summed(_best_modes(rows, name)) for name in readers}
    shown = f"{title} ({max(row['n'] for row in best.values()):,})"
    if group == "non-digits":
        answered = [_share(best[name], "answered", "pictures") for name in readers]
        confident = [f"{best[name]['at'][str(LEVELS[-1])][0]:,.0f}" for name in readers]
        return [
            [shown, "accepted, %", *answered],
            ["", f"digits accepted at confidence {LEVELS[-1]:g} or more", *confident],
        ]
    lines = [
        [shown, "exact, %", *(_share(best[name], "exact", "n") for name in readers)],
        ["", "digit errors, %", *(_share(best[name], "errors", "digits") for name in readers)],
    ]
    at = [_promise(best[name]["at"][str(LEVELS[-1])], LEVELS[-1]) for name in readers]
    return [*lines, ["", f"correct at confidence {LEVELS[-1]:g} or more, % (number)", *at]]


def _best_modes(rows: list[Row], reader: str) -> list[Row]:
    """Return for each case the row of the reader's best mode."""
    mine = [row for row in rows if row["reader"] == reader]
    cases = dict.fromkeys(row["case"] for row in mine)
    return [best_mode([row for row in mine if row["case"] == case]) for case in cases]


def _summed(rows: list[Row]) -> Row:
    keys = ("n", "exact", "digits", "errors", "pictures", "answered")
    total: Row = {key: sum(row[key] for row in rows) for key in keys}
    total["at"] = {
        str(level): [sum(row["at"][str(level)][i] for row in rows) for i in range(3)]
        for level in LEVELS
    }
    return total


def _promise(counts: Sequence[float], level: float) -> str:
    """Return the share of these digits that is correct; bold if significantly below ``level``."""
    count, right = int(counts[0]), int(counts[1])
    if not count:
        return "- (0)"
    text = f"{100 * right / count:.1f}"
    broken = wilson_interval(right, count)[1] < level
    return f"**{text}** ({count:,})" if broken else f"{text} ({count:,})"


def _share(row: Row, part: str, whole: str) -> str:
    return _percent(row[part], row[whole])


def _percent(part: float, whole: float) -> str:
    return f"{100 * part / whole:.1f}" if whole else "-"


def _times(rows: list[Row], readers: list[str]) -> dict[str, list[str]]:
    """Return the milliseconds of each reader for a picture, for each kind that was measured."""
    mine = {kind: [r for r in rows if r["group"] in groups] for kind, groups in _KINDS.items()}
    return {kind: _speeds(some, readers) for kind, some in mine.items() if some}


def _speeds(rows: list[Row], readers: list[str]) -> list[str]:
    """Return for each reader the median over the cases of the milliseconds for a picture."""
    cells = []
    for name in readers:
        times = sorted(row["ms"] for row in _best_modes(rows, name))
        cells.append(f"{times[len(times) // 2]:,.0f}" if times else "-")
    return cells


def _about(report: Report, readers: list[str], key: str) -> list[str]:
    values = [report["readers"][name].get(key) for name in readers]
    return ["-" if value is None else f"{value:,.0f}" for value in values]


def _version(report: Report, name: str) -> str:
    return str(report["readers"][name]["version"])


def _where(report: Report) -> str:
    where = report["environment"]
    missing = [name for name, entry in READERS.items() if entry.peer]
    missing = [name for name in missing if name not in report["readers"]]
    absent = f" Not installed: {', '.join(missing)}." if missing else ""
    half = _HALVES[report["half"]]
    return (
        f"Measured on {where['date'][:10]} on {where['cores']} cores ({where['processor']}), "
        f"{where['system']}, Python {where['python']}, with seed {report['seed']}. "
        f"The digits are from the half of each source {half}.{absent}"
    )


def _table(head: Sequence[str], body: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *body]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main(arguments: Sequence[str]) -> int:
    """Fill the pages, or with ``--check`` name those that are out of date."""
    report = json.loads(LATEST.read_text("utf-8"))
    if "--check" not in arguments:
        fill(report)
        return 0
    outdated = [p for p, text in pages(report).items() if text != (_ROOT / p).read_text("utf-8")]
    for page in outdated:
        print(f"{page} differs from the results; run python -m benchmarks.reading.page")
    return 1 if outdated else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
