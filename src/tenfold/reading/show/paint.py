"""Painting: boxes, tags and cards."""

from typing import TYPE_CHECKING

import numpy as np

from tenfold.reading.answer import DigitRead, percent
from tenfold.reading.show.cards import Card, Grid
from tenfold.reading.show.folding import Rect
from tenfold.reading.show.fonts import font, text_width
from tenfold.reading.show.header import Kind, Text
from tenfold.reading.show.layout import Layout, Tag
from tenfold.reading.show.nearest import Neighbour

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

    from tenfold.nn.array import Array

__all__ = ["paint_box", "paint_card", "paint_picture", "paint_tag", "paint_text"]

_INK, _MUTED, _FRAME, _PAPER = "#1d2129", "#5b6370", "#c9ced6", "#ffffff"
_ACCEPTED, _UNSURE = "#0b7a4b", "#c2410c"
_LINE_NUMBER = "#2f4b8f"  # colour of the number of a text line
_TEXT_COLOURS = {
    Kind.ACCEPTED: _INK,
    Kind.UNSURE: _UNSURE,
    Kind.WARNING: _INK,
    Kind.NOTE: _MUTED,
}
_DASH, _PAUSE = 7, 4  # pixels of a dashed line
_TEXTS = 112  # width of the texts of a card


def paint_picture(figure: "Image", draw: "ImageDraw", picture: "Image", layout: Layout) -> None:
    """Paint the sections of the picture, each in a frame, and the overview with marked sections."""
    overview = [layout.overview] if layout.overview else []
    for section in (*layout.sections, *overview):
        left, top, right, bottom = (int(v) for v in section.place)
        part = picture.resize((right - left, bottom - top), box=section.crop)
        figure.paste(part, (left, top))
        draw.rectangle((left - 1, top - 1, right, bottom), outline=_FRAME)
    for whole in overview:
        scale = (whole.place[2] - whole.place[0]) / (whole.crop[2] - whole.crop[0])
        for section in layout.sections:
            corner = np.array(whole.place[:2] * 2)
            marked = tuple(float(v) for v in corner + np.array(section.crop) * scale)
            draw.rectangle(marked, outline=_PAPER, width=4)
            draw.rectangle(marked, outline=_LINE_NUMBER, width=2)


def paint_text(draw: "ImageDraw", text: Text) -> None:
    """Paint one line of a title or note."""
    draw.text(text.place[:2], text.text, _TEXT_COLOURS[text.kind], font(text.size))


def paint_box(draw: "ImageDraw", box: Rect, digit: DigitRead) -> None:
    """Paint the box of a digit, dashed if unsure; a wider white box makes it visible on black."""
    left, top, right, bottom = box
    draw.rectangle((left - 1, top - 1, right + 1, bottom + 1), outline=_PAPER, width=4)
    if not digit.unsure:
        draw.rectangle(box, outline=_ACCEPTED, width=2)
        return
    for x in np.arange(left, right, _DASH + _PAUSE):
        for y in (top, bottom - 1):
            draw.rectangle((x, y, min(x + _DASH, right), y + 1), _UNSURE)
    for y in np.arange(top, bottom, _DASH + _PAUSE):
        for x in (left, right - 1):
            draw.rectangle((x, y, x + 1, min(y + _DASH, bottom)), _UNSURE)


def paint_tag(draw: "ImageDraw", tag: Tag, digit: DigitRead | None, box: Rect | None) -> None:
    """Paint the tag of a digit or of a text line, connected with its box if the box is not near.

    A white outline makes it visible on a dark picture.
    """
    if box is not None:
        _connect(draw, tag.place, box, _UNSURE if digit and digit.unsure else _ACCEPTED)
    left, top, right, bottom = tag.place
    if digit is None:
        draw.rectangle(tag.place, _LINE_NUMBER, _PAPER)
        _centred(draw, tag.place, tag.text, _PAPER, tag.size)
        return
    number, _, answer = tag.text.rpartition("|")
    colour, middle = _UNSURE if digit.unsure else _ACCEPTED, left
    draw.rectangle((left - 1, top - 1, right + 1, bottom + 1), outline=_PAPER)
    draw.rectangle((left, top, right, bottom), _PAPER if digit.unsure else colour, colour)
    if number:
        middle = left + round(text_width(number, tag.size)) + 9
        draw.rectangle((left, top, middle, bottom), _INK, _INK)
        _centred(draw, (left, top, middle, bottom), number, _PAPER, tag.size)
    place = (middle, top, right, bottom)
    _centred(draw, place, answer, colour if digit.unsure else _PAPER, tag.size, bold=True)


def _connect(draw: "ImageDraw", tag: Rect, box: Rect, colour: str) -> None:
    """Paint a line from a tag to its box, unless the gap between them is at most 8 pixels."""
    x, y = np.clip(((tag[0] + tag[2]) / 2, (tag[1] + tag[3]) / 2), box[:2], box[2:])
    u, v = np.clip((x, y), tag[:2], tag[2:])
    if max(abs(x - u), abs(y - v)) > 8:
        draw.line((u, v, x, y), _PAPER, 4)
        draw.line((u, v, x, y), colour, 2)


def _centred(
    draw: "ImageDraw", place: Rect, text: str, colour: str, size: int, *, bold: bool = False
) -> None:
    x = (place[0] + place[2] - text_width(text, size)) / 2
    y = (place[1] + place[3]) / 2
    draw.text((x, y), text, colour, font(size), anchor="lm", stroke_width=0.4 if bold else 0)


def paint_card(
    figure: "Image",
    draw: "ImageDraw",
    card: Card,
    grid: Grid,
    digit: DigitRead,
    near: list[Neighbour],
    *,
    line: bool,
) -> None:
    """Paint the card of a digit.

    Args:
        figure: The figure that is painted.
        draw: Pillow's object that draws on the figure.
        card: The place and the remarks.
        grid: Size of the card.
        digit: The digit.
        near: The nearest training digits.
        line: Whether to write the number of the digit's text line.
    """
    left, top, right, bottom = card.place
    draw.rectangle((left, top, right, bottom), outline=_FRAME)
    width = text_width(card.tag.replace("|", ""), 20) + (18 if "|" in card.tag else 12)
    place = (left + 8, top + 8, left + 8 + width, top + 34)
    paint_tag(draw, Tag(place, card.tag, 20, card.digit), digit, None)
    colour = _UNSURE if digit.unsure else _INK
    draw.text((left + 8, top + 38), percent(digit.confidence), colour, font(18))
    if line:
        draw.text((left + 8, top + 62), f"line {digit.line + 1}", _MUTED, font(13))
    corner = (left + _TEXTS - 24, top + 8)
    _paint_image(figure, draw, digit.image[..., 0], grid.zoom, corner)
    _caption(draw, "seen", corner, 28 * grid.zoom, _MUTED)
    _paint_near(figure, draw, grid, digit, near, corner)
    for number, remark in enumerate(card.remarks):
        y = top + grid.images_height + 42 + 20 * number
        draw.text((left + 10, y), remark, _UNSURE if digit.unsure else _MUTED, font(15))


def _paint_near(
    figure: "Image",
    draw: "ImageDraw",
    grid: Grid,
    digit: DigitRead,
    near: list[Neighbour],
    corner: tuple[float, float],
) -> None:
    """Paint the training digits, beside or below the image that has this left upper corner."""
    x, y = corner
    zoom = grid.near_zoom or grid.zoom
    side = 28 * zoom
    if grid.near_zoom is None:
        x += side + 16
    else:
        y += grid.images_height - side
    for neighbour in near:
        _paint_image(figure, draw, neighbour.image, zoom, (x, y))
        colour = _MUTED if neighbour.label == digit.digit else _UNSURE
        _caption(draw, str(neighbour.label), (x, y), side, colour)
        x += side + 6


def _paint_image(
    figure: "Image", draw: "ImageDraw", image: "Array", zoom: int, corner: tuple[float, float]
) -> None:
    """Paint an image as dark ink, each of its pixels as a square."""
    from PIL import Image

    x, y = (int(v) for v in corner)
    big = np.kron(255 - image.astype(np.uint8), np.ones((zoom, zoom), np.uint8))
    figure.paste(Image.fromarray(big).convert("RGB"), (x, y))
    draw.rectangle((x - 1, y - 1, x + big.shape[1], y + big.shape[0]), outline=_FRAME)


def _caption(
    draw: "ImageDraw", text: str, corner: tuple[float, float], side: float, colour: str
) -> None:
    """Paint the caption of an image with this left upper corner and side, below it."""
    x = corner[0] + (side - text_width(text, 13)) / 2
    draw.text((x, corner[1] + side + 2), text, colour, font(13))
