"""Pictures of several numbers: three lines, more or less skewed, and columns."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.reading.compose.canvas import Truth
from benchmarks.reading.compose.conditions import Look, draw_look
from benchmarks.reading.compose.layout import Row, arranged, size_of, write_row
from benchmarks.reading.compose.lines import hand
from benchmarks.reading.compose.scene import Picture, blank_canvas, photograph
from benchmarks.reading.compose.singles import random_numbers
from benchmarks.reading.sources import Half, find_source

__all__ = ["PAGES", "Page", "pages"]

_PAPERS = ("white", "white", "grey", "coloured", "textured")


@dataclass(frozen=True)
class Page:
    """A kind of page.

    Attributes:
        skew: Lowest and highest angle of the lines, in degrees, to either side.
        columns: Number of columns.
        papers: Kinds of paper.
        sizes: Lowest and highest height of the digits of a line, relative to each other.
        tilt: Strength of the perspective.
        scale: How many times larger the picture is than usual.
    """

    skew: tuple[float, float] = (0.0, 3.0)
    columns: int = 1
    papers: tuple[str, ...] = _PAPERS
    sizes: tuple[float, float] = (0.95, 1.05)
    tilt: float = 0.0
    scale: float = 1.0


PAGES = {
    "level": Page(),
    "skewed 15": Page((5, 15)),
    "skewed 30": Page((20, 30)),
    "skewed 40": Page((33, 40)),
    "ruled": Page((0, 8), papers=("ruled",)),
    "squared": Page((0, 8), papers=("squared",)),
    "columns": Page(columns=2),
    "three columns": Page((0, 10), columns=3),
    "sizes": Page(sizes=(0.55, 1.3)),
    "perspective": Page((0, 8), tilt=0.35),
    "large": Page((0, 12), tilt=0.1, scale=2.5),
}
"""The kinds of pages by name."""

_LINES = 3


def pages(
    condition: str, seed: int, n: int, half: Half = "dev", source: str = "mnist"
) -> Iterator[tuple[Picture, Truth]]:
    """Yield pictures of three numbers, of 3 to 7 digits, below each other in each column.

    The arguments and results are those of ``singles``; the conditions are the keys of ``PAGES``.
    The lines of the truth go down the first column, then down the next.
    """
    if condition not in PAGES:
        raise ValueError(f"condition must be one of {', '.join(PAGES)}, got {condition}")
    page = PAGES[condition]
    for i in range(n):
        rng = random_numbers("pages", condition, seed, half, source, i)
        unit = max(20, int(page.scale * np.exp(rng.uniform(np.log(28), np.log(70)))))
        rows = _rows(page, source, half, unit, rng)
        placed, size = _placed(rows, page.columns, unit, rng)
        look = _frame(draw_look("plain", rng), page, size, unit, rng)
        canvas = blank_canvas(look)
        x, y = (look.width - size[0]) // 2, (look.height - size[1]) // 2
        texts = arranged(canvas, [(x + dx, y + dy, row) for dx, dy, row in placed])
        picture, marks = photograph(canvas, look, rng)
        yield picture, Truth(texts, marks, condition, source)


def _rows(page: Page, source: str, half: Half, unit: int, rng: np.random.Generator) -> list[Row]:
    origin = find_source(source)
    rows = []
    for _ in range(_LINES * page.columns):
        size = round(unit * rng.uniform(*page.sizes))
        members = hand(origin, half, int(rng.integers(3, 8 if page.columns == 1 else 5)), rng)
        rows.append(write_row(origin, members, size, "spaced", rng, size * rng.uniform(0.05, 0.12)))
    return rows


def _placed(
    rows: list[Row], columns: int, unit: int, rng: np.random.Generator
) -> tuple[list[tuple[int, int, Row]], tuple[int, int]]:
    """Return the rows with their positions in a block, and the size of the block."""
    placed, x, lowest = [], 0, 0
    pitches = unit * rng.uniform(1.5, 2.2) * np.arange(_LINES)  # the columns share their lines
    for column in range(columns):
        mine = rows[column * _LINES : (column + 1) * _LINES]
        for pitch, row in zip(pitches, mine, strict=True):
            y = int(pitch + unit * rng.uniform(-0.05, 0.05))
            indent = int(unit * rng.uniform(0, 0.5))
            placed.append((x + indent, y, row))
            lowest = max(lowest, y + size_of(row)[1])
        x = max(dx + size_of(row)[0] for dx, _, row in placed) + int(unit * rng.uniform(2, 3))
    return placed, (max(dx + size_of(row)[0] for dx, _, row in placed), lowest)


def _frame(
    look: Look, page: Page, size: tuple[int, int], unit: int, rng: np.random.Generator
) -> Look:
    """Return a look with a picture that is large enough for the turned block."""
    degrees = rng.choice([-1, 1]) * rng.uniform(*page.skew)
    c, s = np.cos(np.radians(abs(degrees))), np.sin(np.radians(abs(degrees)))
    width, height = size[0] * c + size[1] * s, size[0] * s + size[1] * c
    room = np.array([width, height]) * (1.06 + 0.5 * page.tilt)
    w, h = (room + unit * rng.uniform(0.8, 3, 2)).astype(int)
    return replace(
        look,
        width=int(w),
        height=int(h),
        share=unit / min(w, h),
        paper=str(rng.choice(page.papers)),
        light=str(rng.choice(["even", "even", "gradient"])),
        rotation=degrees,
        tilt=page.tilt,
    )
