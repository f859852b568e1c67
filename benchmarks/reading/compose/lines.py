"""Pictures of one number of five digits."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from benchmarks.reading.compose.canvas import Truth
from benchmarks.reading.compose.conditions import Look, draw_look
from benchmarks.reading.compose.layout import arranged, size_of, write_row
from benchmarks.reading.compose.scene import Picture, blank_canvas, photograph
from benchmarks.reading.compose.singles import random_numbers
from benchmarks.reading.sources import Half, Source, find_source

__all__ = ["LINES", "hand", "lines"]

LINES: dict[str, tuple[str, Mapping[str, Any]]] = {
    "spaced": ("spaced", {}),
    "tight": ("tight", {}),
    "touching": ("touching", {}),
    "ruled": ("spaced", {"paper": "ruled"}),
    "squared": ("spaced", {"paper": "squared"}),
    "form": ("boxes", {"paper": "form"}),
    "shadow": ("spaced", {"light": "shadow", "paper": "grey"}),
    "pencil": ("spaced", {"ink": "pencil"}),
    "chalk": ("spaced", {"paper": "board", "ink": "chalk", "light": "gradient"}),
    "one pixel": ("spaced", {"pen": 1.0, "blur": 0.0}),
}
"""For each condition the spacing of the digits, and the properties that the condition fixes.

``one pixel`` needs a source with paths.
"""

_LENGTH = 5


def lines(
    condition: str, seed: int, n: int, half: Half = "dev", source: str = "mnist"
) -> Iterator[tuple[Picture, Truth]]:
    """Yield pictures of one number of five digits each, written with one pen.

    The arguments and results are those of ``singles``; the conditions are the keys of ``LINES``.
    Digits of pen paths in one number are by one writer.
    """
    if condition not in LINES:
        raise ValueError(f"condition must be one of {', '.join(LINES)}, got {condition}")
    spacing, fixed = LINES[condition]
    origin = find_source(source)
    for i in range(n):
        rng = random_numbers("lines", condition, seed, half, source, i)
        unit = int(np.exp(rng.uniform(np.log(28), np.log(130))))
        members = hand(origin, half, _LENGTH, rng)
        row = write_row(origin, members, unit, spacing, rng, fixed.get("pen"))
        look = replace(_frame(draw_look("plain", rng), size_of(row), unit, rng), **fixed)
        canvas = blank_canvas(look)
        spare = np.array([look.width, look.height]) - size_of(row)
        x, y = (spare * rng.uniform(0.2, 0.8, 2)).astype(int).tolist()
        texts = arranged(canvas, [(x, y, row)])
        picture, marks = photograph(canvas, look, rng)
        yield picture, Truth(texts, marks, condition, source, int(members[0]))


def hand(
    origin: Source, half: Half, count: int, rng: np.random.Generator
) -> "np.ndarray[Any, np.dtype[np.int64]]":
    """Return random members by one writer, as far as the source knows the writers."""
    members = origin.members(half)
    writers = origin.writers(members)
    mine = members[writers == rng.choice(np.unique(writers))]
    # The digits are drawn first, so that all are equally likely for every writer.
    digits = rng.choice(np.unique(origin.labels[mine]), count)
    return np.array([rng.choice(mine[origin.labels[mine] == digit]) for digit in digits])


def _frame(look: Look, size: tuple[int, int], unit: int, rng: np.random.Generator) -> Look:
    """Return a look with a picture around the number, on any of the usual papers."""
    width, height = size
    w = int(width * rng.uniform(1.15, 1.7) + 2 * unit * 0.3)
    h = int(max(height, 0.09 * w + height * 0.6) * rng.uniform(1.3, 3.0))
    return replace(
        look,
        width=w,
        height=h,
        share=unit / min(w, h),
        paper=str(rng.choice(["white", "white", "grey", "coloured", "textured"])),
        light=str(rng.choice(["even", "even", "gradient"])),
        rotation=rng.uniform(-4, 4),
    )
