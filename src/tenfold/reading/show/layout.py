"""Layout: the place of everything on the sheet."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.result import DigitRead, Reading
from tenfold.reading.show.folding import Folded, Rect, fold
from tenfold.reading.show.fonts import text_width, wrapped
from tenfold.reading.show.tags import place_tags

__all__ = ["MOST_CARDS", "Card", "Grid", "Layout", "Piece", "Tag", "Text", "lay_out"]

MOST_CARDS = 400
"""Number of digits, the first ones, that get a tag and a card."""

_MARGIN, _GAP = 20, 16
_SPACE = 3  # between a digit and its box
_TITLE, _NOTE = 26, 15  # sizes of text
_MOST_TITLES = 4  # lines
_MIN_WIDTH = 400  # width of the picture and its tags
_FEW_DIGITS = 8  # digits that are shown larger
_LEGEND = (
    "Each card: the number of the digit in the picture and what was read, the confidence, the 28 x "
    "28 image that the network read, and the three nearest training digits with their labels. "
    "Unsure digits have a dashed box and a question mark."
)


@dataclass(frozen=True)
class Grid:
    """Columns of cards.

    Attributes:
        zoom: Pixels per pixel of a 28 x 28 image.
        card: Width of a card.
        columns: Largest number of columns.
    """

    zoom: int
    card: int
    columns: int

    def width(self, columns: int) -> int:
        """Return the width of some columns."""
        return columns * self.card + (columns - 1) * _GAP


@dataclass(frozen=True)
class Piece:
    """A part of the picture, and its place on the sheet."""

    crop: Rect
    place: Rect


@dataclass(frozen=True)
class Text:
    """A line of text: its place, its size, and whether it is a title."""

    place: Rect
    text: str
    size: int
    title: bool = False


@dataclass(frozen=True)
class Tag:
    """A label in the picture: its place and text, and the index of its digit; -1 for a line."""

    place: Rect
    text: str
    size: int
    digit: int


@dataclass(frozen=True)
class Card:
    """The card of a digit: its place on the sheet, the index of the digit, and its remarks."""

    place: Rect
    digit: int
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class Layout:
    """Where everything is on the sheet.

    Attributes:
        size: (width, height) of the sheet.
        grid: The columns of the cards.
        texts: Titles and notes.
        pieces: The picture.
        boxes: The box of each digit.
        tags: The tags of digits and lines.
        cards: The cards of the first digits.
    """

    size: tuple[int, int]
    grid: Grid
    texts: tuple[Text, ...]
    pieces: tuple[Piece, ...]
    boxes: tuple[Rect, ...]
    tags: tuple[Tag, ...]
    cards: tuple[Card, ...]


def lay_out(reading: Reading, size: tuple[int, int]) -> Layout:
    """Return the layout of the drawing of a reading.

    Args:
        reading: The reading.
        size: (width, height) of the picture that is drawn; it may be smaller than the one read.
    """
    ratio = size[0] / max(1, reading.size[0])
    corners = np.array([d.box for d in reading.digits], np.float64).reshape(-1, 4) * ratio
    corners[:, 2:] += corners[:, :2]
    shown = reading.digits[:MOST_CARDS]
    grid = Grid(3, 480, 3) if len(shown) <= _FEW_DIGITS else Grid(2, 360, 4)
    wanted = 2 if size[0] < 1.3 * size[1] and grid.columns > 3 else grid.columns - 1
    folded = fold(size, corners, grid.width(wanted), grid.width(grid.columns))
    typical = float(np.median(corners[:, 3] - corners[:, 1])) if len(corners) else 0.0
    tag = int(np.clip(typical * folded.scale / 4, 14, 22))
    columns = _columns(folded, grid, shown, tag)
    texts = _header(reading, columns.width)
    top = texts[-1].place[3] + 6
    pieces = _pieces(folded, top, tag)
    boxes = tuple(_on_sheet(box, pieces, folded.scale) for box in corners)
    bottom = max(piece.place[3] for piece in pieces) + tag + 14
    block = (_MARGIN, top, _MARGIN + columns.picture, bottom)
    tags = _tags(shown, boxes, block, tag, several=len(reading.lines) > 1)
    cards, end = _cards(shown, grid, block, columns)
    left_out = len(reading.digits) - len(shown)
    if left_out:
        note = f"{left_out:,} more digits have a box, but no number and no card."
        texts += _lines([note], _NOTE, end)
        end = texts[-1].place[3]
    return Layout(
        (columns.width + 2 * _MARGIN, int(end) + _MARGIN),
        *(grid, tuple(texts), pieces, boxes, tags, cards),
    )


@dataclass(frozen=True)
class _Columns:
    """Columns of a sheet.

    Attributes:
        beside: Number of columns of cards beside the picture.
        below: Number of columns of cards below it.
        picture: Width that the picture and its tags take.
        width: Width of all.
    """

    beside: int
    below: int
    picture: int
    width: int


def _columns(folded: Folded, grid: Grid, digits: Sequence[DigitRead], tag: int) -> _Columns:
    widths = [(right - left) * folded.scale for left, _, right, _ in folded.crops]
    heights = [(bottom - top) * folded.scale for _, top, _, bottom in folded.crops]
    space = tag + 14
    if folded.beside:
        width, height = sum(widths) + (len(widths) - 1) * _GAP, max(heights) + 2 * space
    else:
        width, height = max(widths), sum(heights) + (len(heights) + 1) * space
    used = min(grid.columns, int(-(-(width + _GAP) // (grid.card + _GAP))))
    cards = [_card_height(grid, len(_remarks(digit, grid))) + _GAP for digit in digits]
    if used == grid.columns:
        return _Columns(0, used, grid.width(used), grid.width(used))
    wanted = int(-(-sum(cards) // max(height, 400)))
    beside = min(grid.columns - used, max(1 if digits else 0, wanted))
    if wanted > beside:
        all_ = grid.width(used + beside)
        return _Columns(beside, used + beside, grid.width(used), all_)
    picture = min(grid.width(used), max(_MIN_WIDTH, round(width) + 2 * _GAP))
    full = picture + beside * (grid.card + _GAP)
    return _Columns(beside, max(1, (full + _GAP) // (grid.card + _GAP)), picture, full)


def _header(reading: Reading, width: int) -> list[Text]:
    title = wrapped(" / ".join(reading.lines) or "no digits", _TITLE, width, _MOST_TITLES)
    texts = _lines(title, _TITLE, _MARGIN, title=True)
    unsure = sum(digit.unsure for digit in reading.digits)
    count = len(reading.digits)
    digits = f"{count:,} digit{'s' * (count != 1)}"
    several = len(reading.lines) > 1
    where = f"{digits} in {len(reading.lines):,} lines" if several else digits
    state = f"{where}, {unsure or 'none'} unsure." if reading.digits else ""
    notes = " ".join(filter(None, [state, *reading.warnings]))
    lines = wrapped(notes, _NOTE, width) if notes else []
    if reading.digits:
        lines += wrapped(_LEGEND, _NOTE, width)
    return texts + _lines(lines, _NOTE, texts[-1].place[3] + 4)


def _lines(lines: Sequence[str], size: int, top: float, *, title: bool = False) -> list[Text]:
    step = round(1.35 * size)
    return [
        Text(
            (_MARGIN, top + k * step, _MARGIN + text_width(line, size), top + (k + 1) * step),
            *(line, size, title),
        )
        for k, line in enumerate(lines)
    ]


def _pieces(folded: Folded, top: float, tag: int) -> tuple[Piece, ...]:
    x, y = float(_MARGIN), round(top + tag + 14)
    pieces = []
    for crop in folded.crops:
        width = max(1, round((crop[2] - crop[0]) * folded.scale))
        height = max(1, round((crop[3] - crop[1]) * folded.scale))
        pieces.append(Piece(crop, (x, y, x + width, y + height)))
        if folded.beside:
            x += width + _GAP
        else:
            y += height + tag + 14
    return tuple(pieces)


def _on_sheet(box: Array, pieces: Sequence[Piece], scale: float) -> Rect:
    """Return the box on the piece that shows its middle, with some space around the digit."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    crops = np.array([piece.crop for piece in pieces])
    outside = np.maximum(crops[:, :2] - (x, y), (x, y) - crops[:, 2:]).max(axis=1)
    piece = pieces[int(outside.argmin())]
    shift = np.array(piece.place[:2]) - np.array(piece.crop[:2]) * scale
    left, top = np.maximum(box[:2] * scale + shift, piece.place[:2]) - _SPACE
    right, bottom = np.minimum(box[2:] * scale + shift, piece.place[2:]) + _SPACE
    return round(left), round(top), round(max(right, left + 4)), round(max(bottom, top + 4))


def _tags(
    digits: Sequence[DigitRead], boxes: Sequence[Rect], block: Rect, size: int, *, several: bool
) -> tuple[Tag, ...]:
    """Return the tags: the lines, if there are several, and the digits."""
    starts = [k for k, digit in enumerate(digits) if k == 0 or digit.line != digits[k - 1].line]
    lines = [(k, f"line {digits[k].line + 1}") for k in starts] if several else []
    small = max(13, size - 3)
    widths = [(text_width(text, small) + 10.0, small + 6.0) for _, text in lines]
    places = place_tags([boxes[k] for k, _ in lines], widths, block, boxes, left_first=True)
    tags = [
        Tag(place, text, small, -1)
        for (_, text), place in zip(lines, places, strict=True)
        if place is not None
    ]
    texts = [f"{k}|{d.digit}{'?' if d.unsure else ''}" for k, d in enumerate(digits, 1)]
    widths = [(text_width(text.replace("|", ""), size) + 18.0, size + 6.0) for text in texts]
    earlier = [tag.place for tag in tags]
    shown = place_tags(boxes[: len(digits)], widths, block, boxes, earlier)
    tags += [Tag(place, texts[k], size, k) for k, place in enumerate(shown) if place is not None]
    return tuple(tags)


def _cards(
    digits: Sequence[DigitRead], grid: Grid, block: Rect, columns: _Columns
) -> tuple[tuple[Card, ...], float]:
    """Return the cards, row by row beside the picture and then below it, and where they end."""
    cards: list[Card] = []
    y = block[1] if columns.beside else block[3]
    while len(cards) < len(digits):
        beside = columns.beside > 0 and y < block[3] - _GAP
        y = y if beside else max(y, block[3])
        row = digits[len(cards) : len(cards) + (columns.beside if beside else columns.below)]
        remarks = [_remarks(digit, grid) for digit in row]
        height = _card_height(grid, max(map(len, remarks)))
        for column, lines in enumerate(remarks):
            left = (block[2] + _GAP if beside else _MARGIN) + column * (grid.card + _GAP)
            cards.append(Card((left, y, left + grid.card, y + height), len(cards), lines))
        y += height + _GAP
    return tuple(cards), max([block[3], *(card.place[3] for card in cards)])


def _remarks(digit: DigitRead, grid: Grid) -> tuple[str, ...]:
    text = ", ".join(digit.remarks)
    return tuple(wrapped(text, _NOTE, grid.card - 20)) if text else ()


def _card_height(grid: Grid, remarks: int) -> int:
    return 28 * grid.zoom + (48 if remarks else 40) + 20 * remarks
