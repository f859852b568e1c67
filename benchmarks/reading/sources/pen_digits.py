"""Digits of 44 writers as paths of a pen, drawn with a pen of any width.

The data (Alpaydin and Alimoglu, "Pen-based recognition of handwritten digits", UCI, 1998) has 30
writers with about 250 digits each, then 14 others. The data does not say who wrote a digit, but the
digits of a writer follow each other, so a block of 250 digits is almost exactly one writer's. The
blocks with an even number are for development, the others for the published numbers. The digits
next to the border of two blocks are left out, so that no writer is in both halves.
"""

import json
from pathlib import Path as FilePath

import numpy as np
from numpy.typing import NDArray

from benchmarks.reading.brush import Floats, Path, draw_paths
from benchmarks.reading.downloads import cached
from benchmarks.reading.sources.pen_shapes import kind_of, strokes
from benchmarks.reading.sources.source import Half, Source

__all__ = ["PEN_WIDTHS", "PenDigits"]

PEN_WIDTHS = (0.03, 0.06, 0.10, 0.14, 0.20)
"""The widths of the pen in the published numbers, as shares of the digit's height."""

_FIRST_PART = 7494  # digits of the first 30 writers
_BLOCK = 250
_BORDER = 8  # digits left out on each side; a block is at most 6 digits short
_REJECTED = FilePath(__file__).with_name("pen_rejected.json")
_ASPECTS = {1: (0.25, 0.55), 0: (0.5, 0.85)}  # width / height; the data does not contain it
_USUAL_ASPECT = (0.5, 0.8)


class PenDigits(Source):
    """Digits of some kinds (see ``pen_shapes``), without those rejected after inspection."""

    def __init__(self, name: str, kinds: tuple[str, ...]) -> None:
        table = np.loadtxt(cached("penbased.dat"), delimiter=",", dtype=np.int64)
        rejected = set(json.loads(_REJECTED.read_text("utf-8"))["rejected"])
        self.name = name
        self.labels = table[:, 16]
        self._points = table[:, :16].reshape(-1, 8, 2).astype(np.float64)
        self._kinds = {
            index: kind
            for index, (digit, points) in enumerate(zip(self.labels, self._points, strict=True))
            if index not in rejected and (kind := kind_of(int(digit), points)) in kinds
        }

    def members(self, half: Half) -> NDArray[np.int64]:
        """Return the digits of every second writer."""
        found = np.array(list(self._kinds), np.int64)
        position = _position_in_part(found) % _BLOCK
        inside = (position >= _BORDER) & (position < _BLOCK - _BORDER)
        return found[inside & (self.writers(found) % 2 == (half == "final"))]

    def writers(self, members: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the number of the block of each digit."""
        return _position_in_part(members) // _BLOCK + 30 * (members >= _FIRST_PART)

    def mask(
        self, index: int, height: int, rng: np.random.Generator, pen: float | None = None
    ) -> Floats:
        """Return a digit, drawn with a natural width and slant and some pen."""
        pen = height * rng.uniform(0.04, 0.14) if pen is None else pen
        aspect = rng.uniform(*_ASPECTS.get(int(self.labels[index]), _USUAL_ASPECT))
        paths = strokes(self._kinds[index], self._points[index])
        return draw_paths([_placed(path, height, aspect) for path in paths], pen, rng)


def _position_in_part(members: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the position of each digit in its part of the data, from 0."""
    return np.where(members < _FIRST_PART, members, members - _FIRST_PART)


def _placed(path: Path, height: int, aspect: float) -> Path:
    return np.stack([path[:, 0] * aspect, 100 - path[:, 1]], axis=1) * (height / 100)
