"""Read docs/mathematics.md: its sections, tables, examples and formulas."""

import ast
import re
from pathlib import Path

import numpy as np
from docs.link_lines import prose

from tenfold.nn.array import Array

__all__ = ["PAGE", "PROSE", "TEXT", "blocks", "inline_formulas", "numbers", "section", "table"]

PAGE = Path(__file__).resolve().parents[2] / "docs" / "mathematics.md"
TEXT = PAGE.read_text(encoding="utf-8")
PROSE = re.sub(r"`[^`\n]*`", "code", prose(TEXT))
"""The text without code, and without formulas in blocks."""


def section(title: str) -> str:
    """Return the text under a heading, up to the next one of its level or above."""
    level, rest = re.split(rf"^(#+) {re.escape(title)}\n", TEXT, maxsplit=1, flags=re.M)[1:]
    return re.split(rf"^#{{1,{len(level)}}} ", rest, maxsplit=1, flags=re.M)[0]


def blocks(kind: str, text: str = TEXT) -> list[str]:
    """Return the content of the fenced blocks of a kind, such as ``"text"`` or ``"math"``."""
    return re.findall(rf"^```{kind}\n(.*?)^```$", text, re.M | re.S)


def numbers(title: str) -> dict[str, Array]:
    """Return every ``name = value`` of the worked example under a heading."""
    found: dict[str, Array] = {}
    for statement in ast.parse("".join(blocks("text", section(title)))).body:
        assert isinstance(statement, ast.Assign)
        (target,) = statement.targets
        assert isinstance(target, ast.Name)
        assert target.id not in found, f"{target.id} is defined twice"
        found[target.id] = np.array(ast.literal_eval(statement.value))
    return found


def inline_formulas() -> list[str]:
    """Return the formulas between dollar signs."""
    return re.findall(r"\$([^$\n]+)\$", PROSE)


def table(text: str, first: str) -> dict[str, dict[str, str]]:
    """Return the rows, by their first cell, of the table whose first heading is ``first``."""
    rows = text[text.index(f"| {first} |") :].split("\n\n")[0].splitlines()
    head, _, *body = ([cell.strip() for cell in row.strip("|").split("|")] for row in rows)
    return {row[0]: dict(zip(head[1:], row[1:], strict=True)) for row in body}
