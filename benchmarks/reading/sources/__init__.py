"""Digits that no part of tenfold is trained on: MNIST's test images, pen paths, 8 x 8 cells."""

from functools import cache

from benchmarks.reading.sources.cells import Cells
from benchmarks.reading.sources.mnist_test import MnistTest
from benchmarks.reading.sources.pen_digits import PenDigits
from benchmarks.reading.sources.source import HALVES, Half, Source

__all__ = ["HALVES", "SOURCES", "Half", "Source", "find_source"]

SOURCES = ("mnist", "pen", "pen flags", "pen crossed", "cells")
"""The names of the sources; ``pen flags`` and ``pen crossed`` are parts of ``pen``."""

_PEN_KINDS = {
    "pen": ("one stroke", "flag", "bar", "plain 7", "crossed 7"),
    "pen flags": ("flag",),
    "pen crossed": ("crossed 7",),
}


@cache
def find_source(name: str) -> Source:
    """Return the source with a name of ``SOURCES``.

    Raises:
        ValueError: If there is no such source.
        FileNotFoundError: If its file has not been downloaded.
    """
    if name == "mnist":
        return MnistTest()
    if name == "cells":
        return Cells()
    if name not in _PEN_KINDS:
        raise ValueError(f"source must be one of {', '.join(SOURCES)}, got {name}")
    return PenDigits(name, _PEN_KINDS[name])
