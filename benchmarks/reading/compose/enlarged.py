"""scikit-learn's digits of 8 x 8 cells, enlarged and nothing else: as many people try them."""

from collections.abc import Iterator

import numpy as np
from PIL import Image

from benchmarks.reading.brush import Floats
from benchmarks.reading.compose.canvas import Box, Mark, Truth
from benchmarks.reading.compose.scene import Picture
from benchmarks.reading.sources import Half
from benchmarks.reading.sources.cells import Cells

__all__ = ["ENLARGED", "enlarged"]

ENLARGED = ("bicubic", "bicubic, dark on light", "blocks")
"""Enlarged smoothly, with light ink on black or dark ink on white; or each cell a grey square."""

_SIDE = 128
_INK = 0.3  # least darkness of a cell that is ink


def enlarged(
    condition: str, seed: int, n: int, half: Half = "dev", source: str = "cells"
) -> Iterator[tuple[Picture, Truth]]:
    """Yield enlarged cells of 128 x 128 pixels, the digits of a half in a random order.

    The ink often touches the edge. The arguments and results are those of ``singles``; the
    conditions are those of ``ENLARGED``.
    """
    if condition not in ENLARGED:
        raise ValueError(f"condition must be one of {', '.join(ENLARGED)}, got {condition}")
    cells = Cells()
    order = np.random.default_rng(seed).permutation(cells.members(half))
    for i in range(n):
        index = int(order[i % len(order)])
        small = Image.fromarray((255 * cells.images[index] + 0.5).astype(np.uint8))
        how = Image.Resampling.NEAREST if condition == "blocks" else Image.Resampling.BICUBIC
        grey = np.asarray(small.resize((_SIDE, _SIDE), how))
        grey = 255 - grey if condition.endswith("light") else grey
        text = str(cells.labels[index])
        mark = Mark(text, _ink_box(cells.images[index]))
        yield (
            np.repeat(grey[..., np.newaxis], 3, 2),
            Truth((text,), (mark,), condition, source, index),
        )


def _ink_box(image: Floats) -> Box:
    """Return the box around the ink of 8 x 8 cells, in pixels of the picture."""
    rows, columns = (np.flatnonzero((image > _INK).any(axis=axis)) for axis in (1, 0))
    size = _SIDE / len(image)
    x, y = columns[0] * size, rows[0] * size
    return x, y, (columns[-1] + 1) * size - x, (rows[-1] + 1) * size - y
