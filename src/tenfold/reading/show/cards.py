"""Cards: their columns beside and below the picture, and the place of each card."""

from collections.abc import Sequence
from dataclasses import dataclass

from tenfold.reading.answer import DigitRead
from tenfold.reading.show.folding import Folded, Rect
from tenfold.reading.show.fonts import wrapped

__all__ = [
    "GAP",
    "LARGE",
    "MARGIN",
    "MEDIUM",
    "SMALL",
    "Card",
    "Columns",
    "Grid",
    "choose_columns",
    "place_cards",
    "tag_text",
]

MARGIN, GAP = 20, 16
"""Pixels around everything in the figure, and between the columns of cards and the picture."""

_TEXT = 15  # size of the text of remarks
_CAPTION = 34  # height of the caption of an image, with the space below it
_MIN_WIDTH = 400  # least width of the picture and its tags, in pixels
_TAG = 60  # the same for a picture of one digit
_LONGER = 2.0  # largest height of the cards beside the picture, in heights of the picture


@dataclass(frozen=True)
class Grid:
    """Columns of cards.

    Attributes:
        zoom: Pixels per pixel of a 28 x 28 image.
        card_width: Width of a card.
        columns: Largest number of columns.
        near_zoom: Pixels per pixel of the training digits, which are then in a row of their own;
            None if they are beside the image that was read, in the same size.
    """

    zoom: int
    card_width: int
    columns: int
    near_zoom: int | None = None

    @property
    def images_height(self) -> int:
        """Height of the images, without the last caption."""
        first = 28 * self.zoom
        return first if self.near_zoom is None else first + _CAPTION + 28 * self.near_zoom

    def width(self, columns: int) -> int:
        """Return the width of some columns."""
        return columns * self.card_width + (columns - 1) * GAP


SMALL, MEDIUM, LARGE = Grid(2, 360, 4), Grid(3, 480, 3), Grid(6, 480, 3, near_zoom=4)
"""Cards of many digits, of few digits, and of one or two digits in a large picture."""


@dataclass(frozen=True)
class Card:
    """The card of a digit: its place in the figure, the index of the digit, its tag and remarks."""

    place: Rect
    digit: int
    tag: str
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class Columns:
    """Columns of a figure.

    Attributes:
        beside: Number of columns of cards beside the picture.
        below: Number of columns of cards below the picture; 0 if all cards are beside it.
        picture_width: Width that the picture and its tags take.
        width: Width of the picture and the cards together.
    """

    beside: int
    below: int
    picture_width: int
    width: int


def choose_columns(
    folded: Folded, grid: Grid, digits: Sequence[DigitRead], tag_size: int, gutter: int = 0
) -> Columns:
    """Return the columns of a figure: cards are beside the picture, and below it only if needed.

    Args:
        folded: How the picture is drawn.
        grid: Size of the cards.
        digits: The digits that get a card.
        tag_size: Size of the text of tags.
        gutter: Width left of the picture, for the names of lines.
    """
    widths = [(right - left) * folded.scale for left, _, right, _ in folded.crops]
    heights = [(bottom - top) * folded.scale for _, top, _, bottom in folded.crops]
    space = tag_size + 14
    if folded.beside:
        width, height = sum(widths) + (len(widths) - 1) * GAP, max(heights) + 2 * space
    else:
        width, height = max(widths), sum(heights) + (len(heights) + 1) * space
    width += gutter
    # How many columns of cards together are as wide as the picture.
    used = min(grid.columns, -(-(round(width) + GAP) // (grid.card_width + GAP)))
    cards = [_card_height(grid, len(_remarks(digit, grid))) + GAP for digit in digits]
    if used == grid.columns:
        return Columns(0, used, grid.width(used), grid.width(used))
    room = max(height, 400)
    beside = min(grid.columns - used, max(1 if digits else 0, int(-(-sum(cards) // room))))
    if sum(cards) > beside * _LONGER * room:
        all_ = grid.width(used + beside)
        return Columns(beside, used + beside, grid.width(used), all_)
    least = _TAG if len(digits) == 1 else _MIN_WIDTH
    picture = min(grid.width(used), max(least, round(width)))
    full = picture + beside * (grid.card_width + GAP)
    return Columns(beside, 0, picture, full)


def place_cards(
    digits: Sequence[DigitRead], grid: Grid, block: Rect, columns: Columns, top: float
) -> tuple[Card, ...]:
    """Return the cards, row by row beside the picture and then below it.

    Args:
        digits: The digits that get a card.
        grid: Size of the cards.
        block: The place of the picture with its tags.
        columns: The columns of the figure.
        top: Where the cards beside the picture begin.
    """
    cards: list[Card] = []
    y = top if columns.beside else block[3]
    while len(cards) < len(digits):
        beside = columns.beside > 0 and (columns.below == 0 or y < block[3] - GAP)
        y = y if beside else max(y, block[3])
        row = digits[len(cards) : len(cards) + (columns.beside if beside else columns.below)]
        remarks = [_remarks(digit, grid) for digit in row]
        height = _card_height(grid, max(map(len, remarks)))
        for column, lines in enumerate(remarks):
            left = (block[2] + GAP if beside else MARGIN) + column * (grid.card_width + GAP)
            place = (left, y, left + grid.card_width, y + height)
            cards.append(Card(place, len(cards), tag_text(digits, len(cards)), lines))
        y += height + GAP
    return tuple(cards)


def tag_text(digits: Sequence[DigitRead], index: int) -> str:
    """Return the number of a digit and the digit, such as ``"3|7"`` or, if unsure, ``"3|7?"``.

    The only digit of a picture has no number: ``"7"``.
    """
    digit = digits[index]
    answer = f"{digit.digit}{'?' if digit.unsure else ''}"
    return f"{index + 1}|{answer}" if len(digits) > 1 else answer


def _remarks(digit: DigitRead, grid: Grid) -> tuple[str, ...]:
    """Return the lines of the remarks about a digit; those of an unsure digit begin with why."""
    text = ", ".join(digit.remarks)
    if digit.unsure:
        text = f"unsure: {text}" if text else "unsure"
    return tuple(wrapped(text, _TEXT, grid.card_width - 20)) if text else ()


def _card_height(grid: Grid, lines: int) -> int:
    """Return the height of a card with some lines of remarks."""
    return grid.images_height + (48 if lines else 40) + 20 * lines
