"""Blocks: what a section of the page is made of, each with the words that go with it.

A block is plain data. How it looks is written in ``templates/blocks.html``, under its class's name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from tenfold.nn.array import Array

__all__ = [
    "Beside",
    "Block",
    "Command",
    "Folded",
    "Headline",
    "Interval",
    "Intervals",
    "Matrix",
    "Picture",
    "Prose",
    "Section",
    "Stat",
    "Stats",
    "Table",
    "Tile",
    "Tiles",
]


@dataclass(frozen=True)
class Prose:
    """A paragraph."""

    text: str


@dataclass(frozen=True)
class Command:
    """A line for the terminal, with a word on what it does."""

    line: str
    text: str = ""


@dataclass(frozen=True)
class Stat:
    """A number that is read at a glance, and what it is."""

    name: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Stats:
    """Several of them."""

    stats: Sequence[Stat]


@dataclass(frozen=True)
class Interval:
    """A share and the interval that it lies in, all from 0 to 1, with the words beside it."""

    name: str
    value: float
    low: float
    high: float
    text: str


@dataclass(frozen=True)
class Intervals:
    """Intervals above each other on one axis from ``low`` to ``high``."""

    caption: str
    intervals: Sequence[Interval]
    low: float
    high: float
    ends: tuple[str, str]

    def place(self, share: float) -> float:
        """Return where a share lies on the axis, in percent of its length."""
        return round(100 * (share - self.low) / (self.high - self.low), 3)


@dataclass(frozen=True)
class Headline:
    """The number that the page is about, and the intervals around it."""

    stat: Stat
    intervals: Intervals


@dataclass(frozen=True)
class Picture:
    """A drawing as SVG, made fit for the page by ``tenfold.report.svg.drawn``.

    Attributes:
        svg: trusted markup: it is not escaped.
        title: what it shows. ``caption``: what is to be seen in it, with this run's numbers.
        width: its own width in CSS pixels, beyond which it does not grow.
        themed: whether it follows the page into the dark; otherwise it stays on white paper.
    """

    svg: str
    title: str
    caption: str
    width: int
    themed: bool = True


@dataclass(frozen=True)
class Table:
    """Rows under their headings; the first column names the row.

    Attributes:
        numbers: whether all columns but the first hold numbers, which end on the right.
    """

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: bool = True


@dataclass(frozen=True)
class Matrix:
    """A confusion matrix as a table whose colour is the share of the row, for mistakes alone.

    Attributes:
        counts: (classes, classes): a row is what it is, a column what it was taken for.
        rates: whether shares of the row are written, in percent, in place of counts.
    """

    title: str
    caption: str
    counts: Array
    rates: bool = False

    def shares(self) -> list[list[float]]:
        """Return each cell's share of its row, 0 for a digit that never occurs."""
        found = self.counts.sum(axis=1, keepdims=True).clip(1)
        shares: list[list[float]] = (self.counts / found).tolist()
        return shares

    def darkest(self) -> float:
        """Return the share with the strongest colour: that of the commonest mistake, or 1 %."""
        shares = self.shares()
        mistakes = [s for i, row in enumerate(shares) for j, s in enumerate(row) if i != j]
        return max([0.01, *mistakes])


@dataclass(frozen=True)
class Tile:
    """One image with its words.

    Attributes:
        source: of the image: a ``data:`` address.
        alt: the image in words. ``text``: above it. ``note``: below it.
        wrong: whether the network was wrong about it.
    """

    source: str
    alt: str
    text: str
    note: str
    wrong: bool = False


@dataclass(frozen=True)
class Tiles:
    """A gallery."""

    title: str
    caption: str
    tiles: Sequence[Tile]


@dataclass(frozen=True)
class Beside:
    """Blocks beside each other, as far as there is room."""

    blocks: Sequence["Block"]


@dataclass(frozen=True)
class Folded:
    """Blocks that show themselves when they are asked for, and in print."""

    title: str
    blocks: Sequence["Block"]


Block: TypeAlias = (
    Prose
    | Command
    | Headline
    | Stats
    | Intervals
    | Picture
    | Matrix
    | Table
    | Tiles
    | Beside
    | Folded
)


@dataclass(frozen=True)
class Section:
    """A part of the page.

    Attributes:
        key: its address on the page, unique: letters and hyphens.
        title: the heading. ``lead``: one or two sentences below it.
        blocks: what follows.
    """

    key: str
    title: str
    lead: str
    blocks: Sequence[Block]
