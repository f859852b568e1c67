"""Layout: the place of everything in the figure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.answer import DigitRead, Reading
from tenfold.reading.show.cards import GAP, MARGIN, Card, Grid, choose_columns, place_cards
from tenfold.reading.show.folding import Folded, Rect, fold
from tenfold.reading.show.fonts import text_width, wrapped
from tenfold.reading.show.rows import row_of_tags
from tenfold.reading.show.tags import place_tags

__all__ = ["MOST_CARDS", "Layout", "Section", "Tag", "Text", "lay_out"]

MOST_CARDS = 400
"""Only this many digits, the first ones, get a tag and a card."""

_SPACE = 3  # pixels between a digit and its box
_TITLE, _NOTE = 26, 15  # sizes of text
_SMALLEST_TAG = 12  # smallest size of the text of a tag
_MOST_TITLES = 4  # lines of the title
_FEW_DIGITS = 8  # up to this number of digits, the cards are larger
_OVERVIEW = 240  # largest height of the small copy of the picture, if only a part is drawn large
_LEGEND = (
    "Each card: the number of the digit, what was read, the confidence, the 28 x 28 image that the "
    "network read, and the three nearest training digits with their labels. Dashed boxes: unsure."
)


@dataclass(frozen=True)
class Section:
    """A part of the picture, and its place in the figure."""

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
    """A tag in the picture: its place and text, and the index of its digit; -1 for a text line.

    The tag of a text line says its number.
    """

    place: Rect
    text: str
    size: int
    digit: int


@dataclass(frozen=True)
class Layout:
    """Where everything is in the figure.

    Attributes:
        size: (width, height) of the figure.
        grid: The columns of the cards.
        texts: Titles and notes.
        sections: The picture, or the part of it that contains the digits.
        overview: A small copy of the whole picture, if the sections show only a part of it.
        boxes: The box of each digit.
        tags: The tags of digits and lines.
        cards: The cards of the first digits.
    """

    size: tuple[int, int]
    grid: Grid
    texts: tuple[Text, ...]
    sections: tuple[Section, ...]
    overview: Section | None
    boxes: tuple[Rect, ...]
    tags: tuple[Tag, ...]
    cards: tuple[Card, ...]


def lay_out(reading: Reading, size: tuple[int, int]) -> Layout:
    """Return the layout of the figure of a reading.

    Args:
        reading: The reading.
        size: (width, height) of the picture that is drawn. The picture that was read may be larger.
    """
    ratio = size[0] / max(1, reading.size[0])
    corners = np.array([d.box for d in reading.digits], np.float64).reshape(-1, 4) * ratio
    corners[:, 2:] += corners[:, :2]
    shown = reading.digits[:MOST_CARDS]
    grid = Grid(3, 480, 3) if len(shown) <= _FEW_DIGITS else Grid(2, 360, 4)
    columns_wanted = 2 if size[0] < 1.3 * size[1] and grid.columns > 3 else grid.columns - 1
    pitch = _pitch(shown, corners)
    spaced = (_tag_width(f"{len(shown)}8", _SMALLEST_TAG) + 2) / pitch
    width, widest = grid.width(columns_wanted), grid.width(grid.columns)
    folded = fold(size, corners, width, widest, spaced)
    tag_size = _tag_size(corners, folded.scale, pitch, len(shown))
    gutter = _gutter(shown, corners, folded, tag_size) if len(reading.lines) > 1 else 0
    if gutter:
        folded = fold(size, corners, width - gutter, widest - gutter, spaced)
    columns = choose_columns(folded, grid, shown, tag_size, gutter)
    texts = _header(reading, columns.width)
    start = texts[-1].place[3] + 6
    overview = _overview(size, columns.picture_width, start) if folded.part else None
    top = start if overview is None else overview.place[3]
    sections = _sections(folded, top, tag_size, gutter)
    boxes = tuple(_in_figure(box, sections, folded.scale) for box in corners)
    bottom = max(section.place[3] for section in sections) + tag_size + 14
    block = (MARGIN, top, MARGIN + columns.picture_width, bottom)
    tags = _tags(shown, boxes, block, tag_size, several=len(reading.lines) > 1)
    cards, end = place_cards(shown, grid, block, columns, start)
    left_out = len(reading.digits) - len(shown)
    if left_out:
        note = f"{left_out:,} more digits have a box, but no number and no card."
        texts += _lines([note], _NOTE, end)
        end = texts[-1].place[3]
    return Layout(
        (columns.width + 2 * MARGIN, int(end) + MARGIN),
        *(grid, tuple(texts), sections, overview, boxes, tags, cards),
    )


def _pitch(digits: Sequence[DigitRead], corners: Array) -> float:
    """Return the median distance of neighbours in a line, in pixels; inf without neighbours."""
    lefts = corners[: len(digits), 0]
    lines = np.array([digit.line for digit in digits])
    distances = np.abs(np.diff(lefts))[np.diff(lines) == 0]
    return max(float(np.median(distances)), 1.0) if len(distances) else np.inf


def _tag_size(corners: Array, scale: float, pitch: float, count: int) -> int:
    """Return the size of the text of tags: small if those of neighbours would not fit."""
    typical = float(np.median(corners[:, 3] - corners[:, 1])) if len(corners) else 0.0
    size = int(np.clip(typical * scale / 4, 14, 22))
    while size > _SMALLEST_TAG and _tag_width(f"{count}8", size) > pitch * scale:
        size -= 1
    return size


def _tag_width(text: str, size: int) -> float:
    return text_width(text, size) + 18.0


def _overview(size: tuple[int, int], width: int, top: float) -> Section:
    scale = min(1.0, width / size[0], _OVERVIEW / size[1])
    right = MARGIN + max(1, round(size[0] * scale))
    place = (MARGIN, top, right, top + max(1, round(size[1] * scale)))
    return Section((0, 0, *size), place)


def _header(reading: Reading, width: int) -> list[Text]:
    title = wrapped(" / ".join(reading.lines) or "no digits", _TITLE, width, _MOST_TITLES)
    texts = _lines(title, _TITLE, MARGIN, title=True)
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
            (MARGIN, top + k * step, MARGIN + text_width(line, size), top + (k + 1) * step),
            *(line, size, title),
        )
        for k, line in enumerate(lines)
    ]


def _gutter(digits: Sequence[DigitRead], corners: Array, folded: Folded, tag_size: int) -> int:
    """Return the width left of the picture for the names of lines that start near its left side."""
    if folded.beside or not len(digits):
        return 0
    crops = np.array(folded.crops)
    firsts = corners[_starts(digits)]
    inside = (firsts[:, np.newaxis, 0] >= crops[:, 0]) & (firsts[:, np.newaxis, 0] < crops[:, 2])
    left = (firsts[:, 0] - crops[inside.argmax(axis=1), 0]).min() * folded.scale
    name = text_width(f"line {digits[-1].line + 1}", max(_SMALLEST_TAG, tag_size - 3)) + 10
    return max(0, round(name + 2 * _SPACE + 2 - left))


def _sections(folded: Folded, top: float, tag_size: int, gutter: int) -> tuple[Section, ...]:
    """Return the sections in the figure, with room for a row of tags above each."""
    x, y = float(MARGIN + gutter), round(top + tag_size + 14)
    sections = []
    for crop in folded.crops:
        width = max(1, round((crop[2] - crop[0]) * folded.scale))
        height = max(1, round((crop[3] - crop[1]) * folded.scale))
        sections.append(Section(crop, (x, y, x + width, y + height)))
        if folded.beside:
            x += width + GAP
        else:
            y += height + tag_size + 14
    return tuple(sections)


def _in_figure(box: Array, sections: Sequence[Section], scale: float) -> Rect:
    """Return a box of a digit in the figure, with some space around the digit.

    The box is drawn on the section of the picture that shows the middle of the digit.
    """
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    crops = np.array([section.crop for section in sections])
    outside = np.maximum(crops[:, :2] - (x, y), (x, y) - crops[:, 2:]).max(axis=1)
    section = sections[int(outside.argmin())]
    shift = np.array(section.place[:2]) - np.array(section.crop[:2]) * scale
    left, top = np.maximum(box[:2] * scale + shift, section.place[:2]) - _SPACE
    right, bottom = np.minimum(box[2:] * scale + shift, section.place[2:]) + _SPACE
    return round(left), round(top), round(max(right, left + 4)), round(max(bottom, top + 4))


def _tags(
    digits: Sequence[DigitRead], boxes: Sequence[Rect], block: Rect, size: int, *, several: bool
) -> tuple[Tag, ...]:
    """Return the tags of the lines, if there are several, and of the digits.

    The tags of a line form a row if they fit. If the line continues on the next section of a strip,
    a new row begins there. The other tags get single places.
    """
    starts = _starts(digits)
    lines = [(k, f"line {digits[k].line + 1}") for k in starts] if several else []
    small = max(_SMALLEST_TAG, size - 3)
    widths = [(text_width(text, small) + 10.0, small + 6.0) for _, text in lines]
    firsts = [boxes[k] for k, _ in lines]
    named = place_tags(firsts, widths, block, boxes, left_first=True)
    tags = [
        Tag(place, text, small, -1)
        for (_, text), place in zip(lines, named, strict=True)
        if place is not None
    ]
    texts = [f"{k}|{d.digit}{'?' if d.unsure else ''}" for k, d in enumerate(digits, 1)]
    widths = [(_tag_width(text.replace("|", ""), size), size + 6.0) for text in texts]
    taken = [tag.place for tag in tags]
    places: dict[int, Rect | None] = {}
    folds = [k for k in range(1, len(digits)) if boxes[k][0] < boxes[k - 1][0]]
    for start, stop in pairwise(sorted({*starts, *folds, len(digits)})):
        others = [*boxes[:start], *boxes[stop:], *taken]
        row = row_of_tags(boxes[start:stop], widths[start:stop], block, others) or []
        places |= dict(enumerate(row, start))
        taken += row
    rest = [k for k in range(len(digits)) if k not in places]
    single = place_tags([boxes[k] for k in rest], [widths[k] for k in rest], block, boxes, taken)
    places |= dict(zip(rest, single, strict=True))
    tags += [Tag(place, texts[k], size, k) for k in range(len(digits)) if (place := places[k])]
    return tuple(tags)


def _starts(digits: Sequence[DigitRead]) -> list[int]:
    """Return the index of the first digit of each line."""
    return [k for k, digit in enumerate(digits) if k == 0 or digit.line != digits[k - 1].line]
