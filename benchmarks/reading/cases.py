"""The cases: which pictures are read, and how many."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from benchmarks.reading.compose import (
    CONDITIONS,
    ENLARGED,
    HARD,
    LINES,
    NONDIGITS,
    PAGES,
    STORED,
    Truth,
    enlarged,
    lines,
    nondigits,
    pages,
    singles,
    stored,
)
from benchmarks.reading.compose.scene import Picture
from benchmarks.reading.sources import Half
from benchmarks.reading.sources.pen_digits import PEN_WIDTHS

__all__ = ["CASES", "GROUPS", "Case", "chosen", "scaled"]

GROUPS = {
    "stored": "MNIST's test images as stored, 28 x 28 pixels",
    "enlarged": "scikit-learn's digits, 8 x 8 pixels enlarged to 128 x 128",
    "clear": "MNIST's test digits on clear pictures",
    "hard": "digits on hard pictures",
    "pen": "pen digits of one stroke, with pens of five widths",
    "flags": "pen digits: the digit 1 written with a flag, with pens of five widths",
    "crossed": "pen digits: crossed 7",
    "lines": "numbers of five digits",
    "pages": "pages with three lines of numbers",
    "non-digits": "pictures without a digit",
}
"""The groups of cases, with their titles."""

_LARGE = ("tiny", "phone")  # pictures of several megapixels


@dataclass(frozen=True)
class Case:
    """Pictures of one kind.

    Attributes:
        group: A key of ``GROUPS``.
        condition: Name of the condition in its composer.
        source: Source of the digits; empty for pictures without digits.
        n: Number of pictures.
        shared: Number of pictures, from the first, that all readers read; only the first reader
            reads the others.
        pen: Width of the pen as a share of the height, or None.
    """

    group: str
    condition: str
    source: str
    n: int
    shared: int
    pen: float | None = None

    @property
    def name(self) -> str:
        """The unique name: group, source, condition and pen."""
        pen = "" if self.pen is None else f"pen {self.pen:.0%} of the height"
        return "/".join(filter(None, (self.group, self.source, self.condition, pen)))

    def pictures(self, seed: int, half: Half) -> Iterator[tuple[Picture, Truth]]:
        """Yield the pictures with their ground truth."""
        if self.group == "non-digits":
            return nondigits(self.condition, seed, self.n, half)
        if self.group == "lines":
            return lines(self.condition, seed, self.n, half, self.source)
        if self.group == "pages":
            return pages(self.condition, seed, self.n, half, self.source)
        if self.group == "stored":
            return stored(self.condition, seed, self.n, half)
        if self.group == "enlarged":
            return enlarged(self.condition, seed, self.n, half)
        return singles(self.condition, seed, self.n, half, self.source, self.pen)


def _single(condition: str) -> Case:
    group = "hard" if condition in HARD else "clear"
    source = "pen" if condition == "one pixel" else "mnist"
    many, few = (60, 6) if condition in _LARGE else (200, 20)
    return Case(group, condition, source, many, few)


def _by_source(group: str, condition: str, many: int, few: int) -> list[Case]:
    """Return a case for each source of digits that can be written in a condition."""
    sources = ("pen",) if condition == "one pixel" else ("mnist", "pen")
    return [Case(group, condition, source, many, few) for source in sources]


CASES: tuple[Case, ...] = (
    *(Case("stored", condition, "mnist", 5000, 200) for condition in STORED),
    *(Case("enlarged", condition, "cells", 898, 60) for condition in ENLARGED),
    *sorted(map(_single, CONDITIONS), key=lambda case: case.group),
    *(Case("pen", "plain", "pen", 400, 40, pen) for pen in PEN_WIDTHS),
    *(Case("flags", "plain", "pen flags", 85, 20, pen) for pen in PEN_WIDTHS),
    Case("crossed", "plain", "pen crossed", 137, 40),
    *(case for condition in LINES for case in _by_source("lines", condition, 150, 20)),
    *(case for condition in PAGES for case in _by_source("pages", condition, 30, 5)),
    *(Case("non-digits", kind, "", 100, 15) for kind in NONDIGITS),
)
"""All cases, in the order of the page."""


def chosen(words: list[str] | None) -> tuple[Case, ...]:
    """Return the cases whose names contain one of the words; all if there are none.

    Raises:
        ValueError: If a word is in no name.
    """
    for word in words or ():
        if not any(word in case.name for case in CASES):
            raise ValueError(f"--only must name cases such as {CASES[5].name}, got {word}")
    return tuple(c for c in CASES if not words or any(word in c.name for word in words))


def scaled(case: Case, factor: float) -> Case:
    """Return a case with ``factor`` times as many pictures, at least 2."""
    n, shared = (max(2, round(factor * count)) for count in (case.n, case.shared))
    return replace(case, n=n, shared=min(n, shared))
