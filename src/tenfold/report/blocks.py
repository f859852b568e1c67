"""The blocks that a section of the page consists of.

A block is plain data. Its HTML is in ``templates/blocks.html``, under the name of its class.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from tenfold.nn.array import Array

__all__ = [
    "Block",
    "Command",
    "Details",
    "Headline",
    "Interval",
    "Intervals",
    "Matrix",
    "Paragraph",
    "Picture",
    "Section",
    "SideBySide",
    "Stat",
    "Stats",
    "Table",
    "Tile",
    "Tiles",
]


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of text."""

    text: str


@dataclass(frozen=True)
class Command:
    """A command line, with a sentence on what it does."""

    line: str
    text: str = ""


@dataclass(frozen=True)
class Stat:
    """A number in large type, with its name and a note."""

    name: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Stats:
    """Several numbers in large type."""

    stats: Sequence[Stat]


@dataclass(frozen=True)
class Interval:
    """A share and its interval, all from 0 to 1, and the text that is shown beside them."""

    name: str
    value: float
    low: float
    high: float
    text: str


@dataclass(frozen=True)
class Intervals:
    """Intervals on one axis.

    Attributes:
        caption: Sentences below the axis.
        intervals: The intervals, from top to bottom.
        low: Lower end of the axis.
        high: Upper end of the axis.
        ends: Labels of the two ends.
    """

    caption: str
    intervals: Sequence[Interval]
    low: float
    high: float
    ends: tuple[str, str]

    def place(self, share: float) -> float:
        """Return the position of a share on the axis, in percent of its length."""
        return round(100 * (share - self.low) / (self.high - self.low), 3)


@dataclass(frozen=True)
class Headline:
    """The main number of the page, with intervals next to it."""

    stat: Stat
    intervals: Intervals


@dataclass(frozen=True)
class Picture:
    """A figure as SVG, made by ``tenfold.report.svg.page_picture``.

    Attributes:
        svg: Trusted markup, which is not escaped.
        title: What the figure shows.
        caption: Sentences below the figure.
        width: Natural and largest width of the figure, in CSS pixels.
        themed: Whether the colours follow the theme; otherwise the background stays white.
    """

    svg: str
    title: str
    caption: str
    width: int
    themed: bool = True


@dataclass(frozen=True)
class Table:
    """A table whose first column names the rows.

    Attributes:
        caption: Sentences above the table.
        head: Names of the columns.
        rows: The cells of each row.
        numbers: Whether all columns but the first contain numbers, which are aligned right.
    """

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: bool = True


@dataclass(frozen=True)
class Matrix:
    """A confusion matrix as a table. The colour of a mistake shows its share of the row.

    Attributes:
        title: What the matrix shows.
        caption: Sentences below the figure.
        counts: Counts, (classes, classes): true classes in rows, predicted classes in columns.
        names: Names of the classes.
        rates: Whether to show shares of the row in percent instead of counts.
    """

    title: str
    caption: str
    counts: Array
    names: tuple[str, ...]
    rates: bool = False

    def shares(self) -> list[list[float]]:
        """Return each cell's share of its row; 0 if the class has no images."""
        images = self.counts.sum(axis=1, keepdims=True).clip(1)
        shares: list[list[float]] = (self.counts / images).tolist()
        return shares

    def darkest(self) -> float:
        """Return the share with the strongest colour: the most frequent mistake, at least 1%."""
        shares = self.shares()
        mistakes = [s for i, row in enumerate(shares) for j, s in enumerate(row) if i != j]
        return max([0.01, *mistakes])


@dataclass(frozen=True)
class Tile:
    """A small image with text.

    Attributes:
        source: A ``data:`` URL of the image.
        alt: Alternative text.
        text: Text below the image.
        note: A second line of text.
        wrong: Whether the prediction is wrong.
    """

    source: str
    alt: str
    text: str
    note: str
    wrong: bool = False


@dataclass(frozen=True)
class Tiles:
    """A gallery of small images."""

    title: str
    caption: str
    tiles: Sequence[Tile]


@dataclass(frozen=True)
class SideBySide:
    """Blocks that are placed side by side if the page is wide enough."""

    blocks: Sequence["Block"]


@dataclass(frozen=True)
class Details:
    """Blocks that are hidden until the user opens them; a printed page shows them."""

    title: str
    blocks: Sequence["Block"]


Block: TypeAlias = (
    Paragraph
    | Command
    | Headline
    | Stats
    | Intervals
    | Picture
    | Matrix
    | Table
    | Tiles
    | SideBySide
    | Details
)


@dataclass(frozen=True)
class Section:
    """A section of the page.

    Attributes:
        key: Unique anchor: lower-case letters and hyphens.
        title: Heading.
        intro: One or two sentences below the heading.
        blocks: The blocks that follow.
    """

    key: str
    title: str
    intro: str
    blocks: Sequence[Block]
