"""Layout: the place of everything in the figure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.answer import DigitRead, Reading
from tenfold.reading.show.cards import (
    GAP,
    LARGE,
    MARGIN,
    MEDIUM,
    SMALL,
    Card,
    Grid,
    choose_columns,
    place_cards,
    tag_text,
)
from tenfold.reading.show.folding import FEW_DIGITS, Folded, Rect, fold
from tenfold.reading.show.fonts import text_width
from tenfold.reading.show.header import Text, header_texts, left_out_note
from tenfold.reading.show.rows import row_of_tags
from tenfold.reading.show.tags import place_tags

__all__ = ["MOST_CARDS", "Layout", "Section", "Tag", "lay_out"]

MOST_CARDS = 400
"""Only this many digits, the first ones, get a tag and a card."""

_SPACE = 3  # pixels between a digit and its box
_SMALLEST_TAG = 12  # smallest size of the text of a tag
_FEW_LARGE = 2  # up to this number of digits, the images are larger if there is room for them
_LARGE_CARD = 320  # height of the drawn picture, for each digit, that is room enough
_OVERVIEW = 240  # largest height of the small copy of the picture, if only a part is drawn large


@dataclass(frozen=True)
class Section:
    """A part of the picture, and its place in the figure."""

    crop: Rect
    place: Rect


@dataclass(frozen=True)
class Tag:
    """A tag in the picture: its place and text, and the index of its digit; -1 for a text line.

    The tag of a text line says its number. For that of a digit, see ``tag_text``.
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
    several = len(reading.lines) > 1
    grid = SMALL if len(shown) > FEW_DIGITS else MEDIUM
    folded, tag_size, gutter = _folded(shown, corners, size, grid, several=several)
    grid = LARGE if _has_room(folded, len(shown)) else grid
    columns = choose_columns(folded, grid, shown, tag_size, gutter)
    texts = header_texts(reading, columns.width)
    start = texts[-1].place[3] + 6
    overview = _overview(size, columns.picture_width, start) if folded.part else None
    top = start if overview is None else overview.place[3] + GAP // 2
    above, below = _rooms(corners, folded, tag_size)
    sections = _sections(folded, top + above, tag_size, gutter)
    boxes = tuple(_in_figure(box, sections, folded.scale) for box in corners)
    bottom = max(section.place[3] for section in sections) + below
    block = (MARGIN, top, MARGIN + columns.picture_width, bottom)
    tags = _tags(shown, boxes, block, tag_size, several=several)
    first = sections[0] if overview is None else overview
    cards = place_cards(shown, grid, block, columns, first.place[1])
    places = [*(section.place for section in sections), *boxes, *(tag.place for tag in tags)]
    end = max(place[3] for place in (*places, *(card.place for card in cards)))
    if left_out := len(reading.digits) - len(shown):
        texts.append(left_out_note(left_out, end + GAP // 2))
        end = texts[-1].place[3]
    return Layout(
        (columns.width + 2 * MARGIN, int(end) + MARGIN),
        *(grid, tuple(texts), sections, overview, boxes, tags, cards),
    )


def _folded(
    digits: Sequence[DigitRead],
    corners: Array,
    size: tuple[int, int],
    grid: Grid,
    *,
    several: bool,
) -> tuple[Folded, int, int]:
    """Return how the picture is drawn, the size of the text of tags, and the width of the gutter.

    The gutter, left of the picture, is for the names of the text lines, if there are several.
    """
    columns = 2 if size[0] < 1.3 * size[1] and grid.columns > 3 else grid.columns - 1
    pitch = _pitch(digits, corners)
    spaced = (_tag_width(f"{len(digits)}|8", _SMALLEST_TAG) + 2) / pitch
    width, widest = grid.width(columns), grid.width(grid.columns)
    folded = fold(size, corners, width, widest, spaced)
    tag_size = _tag_size(corners, folded.scale, pitch, len(digits))
    gutter = _gutter(digits, corners, folded, tag_size) if several else 0
    if gutter:
        folded = fold(size, corners, width - gutter, widest - gutter, spaced)
    return folded, tag_size, gutter


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
    while size > _SMALLEST_TAG and _tag_width(f"{count}|8", size) > pitch * scale:
        size -= 1
    return size


def _tag_width(text: str, size: int) -> float:
    return text_width(text.replace("|", ""), size) + (18.0 if "|" in text else 10.0)


def _overview(size: tuple[int, int], width: int, top: float) -> Section:
    scale = min(1.0, width / size[0], _OVERVIEW / size[1])
    right = MARGIN + max(1, round(size[0] * scale))
    place = (MARGIN, top, right, top + max(1, round(size[1] * scale)))
    return Section((0, 0, *size), place)


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


def _has_room(folded: Folded, count: int) -> bool:
    """Return whether the picture is drawn so large that large cards fit beside it."""
    heights = [(bottom - top) * folded.scale for _, top, _, bottom in folded.crops]
    return 0 < count <= _FEW_LARGE and max(heights) >= _LARGE_CARD * count


def _rooms(corners: Array, folded: Folded, tag_size: int) -> tuple[int, int]:
    """Return the room above and below the picture for the tags of digits near its border."""
    row = tag_size + 14
    if len(folded.crops) > 1 or not len(corners):
        return (row, row) if len(corners) else (GAP // 2, GAP)
    _, top, _, bottom = folded.crops[0]
    above = (corners[:, 1].min() - top) * folded.scale < row
    below = (bottom - corners[:, 3].max()) * folded.scale < row and len(corners) > 1
    return row if above else GAP // 2, row if below else GAP


def _sections(folded: Folded, top: float, tag_size: int, gutter: int) -> tuple[Section, ...]:
    """Return the sections in the figure from ``top``, with room for a row of tags between them."""
    x, y = float(MARGIN + gutter), round(top)
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
    texts = [tag_text(digits, k) for k in range(len(digits))]
    widths = [(_tag_width(text, size), size + 6.0) for text in texts]
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
