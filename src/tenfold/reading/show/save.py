"""The figure of a reading, as an image of Pillow and as a file."""

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tenfold.files import write_bytes
from tenfold.nn.array import Array
from tenfold.reading.answer import Reading
from tenfold.reading.picture import load_picture
from tenfold.reading.show import paint
from tenfold.reading.show.layout import lay_out
from tenfold.reading.show.nearest import nearest_digits

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["draw_reading", "save_drawing"]


def save_drawing(reading: Reading, source: str | Path | Array, path: str | Path) -> Path:
    """Write the figure of a reading as a PNG file.

    Args:
        reading: What was read.
        source: The picture that it was read from.
        path: Path of the PNG.

    Raises:
        TenfoldError: If the file cannot be written.
    """
    from PIL.PngImagePlugin import PngInfo

    note = PngInfo()
    note.add_text("Software", "tenfold")
    buffer = BytesIO()
    draw_reading(reading, source).save(buffer, "PNG", pnginfo=note)
    write_bytes(path, buffer.getvalue())
    return Path(path)


def draw_reading(reading: Reading, source: str | Path | Array) -> "Image":
    """Return the figure of a reading as an image of Pillow; see ``save_drawing``."""
    from PIL import Image, ImageDraw

    picture = Image.fromarray(load_picture(source).without_margin())
    layout = lay_out(reading, picture.size)
    figure = Image.new("RGB", layout.size, "white")
    draw = ImageDraw.Draw(figure)
    for text in layout.texts:
        paint.paint_text(draw, text)
    paint.paint_picture(figure, draw, picture, layout)
    for box, digit in zip(layout.boxes, reading.digits, strict=True):
        paint.paint_box(draw, box, digit)
    for tag in layout.tags:
        digit_box = (reading.digits[tag.digit], layout.boxes[tag.digit])
        paint.paint_tag(draw, tag, *(digit_box if tag.digit >= 0 else (None, None)))
    digits = [reading.digits[card.digit] for card in layout.cards]
    near = nearest_digits(np.stack([digit.image for digit in digits])) if digits else []
    several = len(reading.lines) > 1
    for card, digit, neighbours in zip(layout.cards, digits, near, strict=True):
        paint.paint_card(figure, draw, card, layout.grid, digit, neighbours, line=several)
    return figure
