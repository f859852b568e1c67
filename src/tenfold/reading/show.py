"""Show: a drawing of what was read, and from which images.

The picture with a box around each digit stands at the left. Beside it, in up to three columns, each
digit has a row with its confidence, the 28 x 28 image that the network read, the three nearest
training digits, and what was odd about it.
"""

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tenfold.data import load_mnist
from tenfold.files import write_bytes
from tenfold.nn.array import Array
from tenfold.reading.picture import load_picture
from tenfold.reading.result import DigitRead, Reading

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont, ImageFont

__all__ = ["draw_reading", "nearest_digits", "save_drawing"]

_PICTURE = 900  # longest side of the picture in the drawing
_ROW, _THUMB, _GAP = 76, 60, 10
_COLUMN = 560  # width of a column of rows
_INK, _MUTED, _FRAME, _PAPER = "#1d2129", "#6a7280", "#c9ced6", "#ffffff"
_SURE, _UNSURE = "#0b7a4b", "#c2410c"
_NEAREST = 3
_MOST_COLUMNS = 3


@dataclass(frozen=True)
class _Neighbour:
    image: Array
    label: int


def save_drawing(reading: Reading, source: str | Path | Array, path: str | Path) -> Path:
    """Write the drawing of a reading as a PNG file.

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


def nearest_digits(images: Array) -> list[list[_Neighbour]]:
    """Return the three training digits of MNIST that are nearest to each image (N, 28, 28, 1).

    The distance is the Euclidean distance of the pixels: |x - t|^2 = |x|^2 - 2 x t + |t|^2.
    """
    train, squares, labels = _training_digits()
    queries = images.reshape(len(images), -1).astype(np.float32)
    order = np.argsort(squares - 2 * queries @ train.T, axis=1)[:, :_NEAREST]
    return [[_Neighbour(train[i].reshape(28, 28), int(labels[i])) for i in row] for row in order]


@lru_cache(maxsize=1)
def _training_digits() -> tuple[Array, Array, Array]:
    data = load_mnist("train")
    train = data.images.reshape(len(data.images), -1).astype(np.float32)
    return train, (train**2).sum(axis=1), data.require_labels()


def draw_reading(reading: Reading, source: str | Path | Array) -> "Image":
    """Return the drawing of a reading as a picture; see ``save_drawing``."""
    from PIL import Image, ImageDraw

    picture = Image.fromarray(load_picture(source).rgb)
    scale = _PICTURE / max(picture.size)
    picture = picture.resize([max(1, round(side * scale)) for side in picture.size])
    rows = max(1, min(len(reading.digits), max(8, picture.height // _ROW)))
    columns = min(_MOST_COLUMNS, -(-len(reading.digits) // rows)) if reading.digits else 1
    shown = reading.digits[: rows * columns]
    height = max(picture.height, rows * _ROW) + 2 * _GAP + 70
    sheet = Image.new("RGB", (picture.width + columns * _COLUMN + 3 * _GAP, height), _PAPER)
    sheet.paste(picture, (_GAP, _GAP + 60))
    draw = ImageDraw.Draw(sheet)
    corner = (_GAP + picture.width, _GAP + 60 + picture.height)
    draw.rectangle((_GAP - 1, _GAP + 59, *corner), outline=_FRAME)
    _write_title(draw, reading)
    ratio = picture.width / max(1, reading.size[0])
    for digit in reading.digits:
        _draw_box(draw, digit, ratio)
    if len(shown) < len(reading.digits):
        left_out = f"and {len(reading.digits) - len(shown)} more digits"
        draw.text((sheet.width - 200, sheet.height - 26), left_out, _MUTED, _font(15))
    neighbours = nearest_digits(np.stack([d.image for d in shown])) if shown else []
    for index, (digit, near) in enumerate(zip(shown, neighbours, strict=True)):
        column, row = divmod(index, rows)
        left = picture.width + 2 * _GAP + column * _COLUMN
        _draw_row(sheet, draw, digit, near, left, _GAP + 60 + row * _ROW)
    return sheet


def _font(size: int) -> "FreeTypeFont | ImageFont":
    from PIL.ImageFont import load_default

    return load_default(size)


def _write_title(draw: "ImageDraw", reading: Reading) -> None:
    text = " / ".join(reading.lines) or "no digits"
    draw.text((_GAP, _GAP), _shortened(text, 80), _INK, _font(26))
    unsure = sum(digit.unsure for digit in reading.digits)
    state = f"{unsure} of {len(reading.digits)} digits are unsure." if unsure else ""
    notes = " ".join(filter(None, [state, *reading.warnings]))
    draw.text((_GAP, _GAP + 34), _shortened(notes, 150), _MUTED, _font(15))


def _shortened(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


def _draw_box(draw: "ImageDraw", digit: DigitRead, ratio: float) -> None:
    left, top, width, height = (v * ratio for v in digit.box)
    left, top = left + _GAP, top + _GAP + 60
    colour = _UNSURE if digit.unsure else _SURE
    draw.rectangle((left - 2, top - 2, left + width + 2, top + height + 2), outline=colour, width=2)
    size = int(np.clip(height / 3, 12, 26))
    label = f"{digit.digit}{'?' if digit.unsure else ''}"
    draw.text((left, max(0, top - size - 6)), label, colour, _font(size))


def _draw_row(
    sheet: "Image",
    draw: "ImageDraw",
    digit: DigitRead,
    near: list[_Neighbour],
    left: int,
    top: int,
) -> None:
    from PIL import Image

    colour = _UNSURE if digit.unsure else _SURE
    draw.text((left, top + 8), str(digit.digit), colour, _font(40))
    draw.text((left + 36, top + 6), f"{digit.confidence:.1%}", _INK, _font(18))
    draw.text((left + 36, top + 32), "unsure" if digit.unsure else "", colour, _font(15))
    images = [digit.image[..., 0], *(n.image for n in near)]
    for index, image in enumerate(images):
        x = left + 120 + index * (_THUMB + 8) + (12 if index else 0)
        thumb = Image.fromarray(255 - image.astype(np.uint8)).resize((_THUMB, _THUMB), 0)
        sheet.paste(thumb.convert("RGB"), (x, top))
        draw.rectangle((x - 1, top - 1, x + _THUMB, top + _THUMB), outline=_FRAME)
        if index:
            draw.text((x + 2, top), str(near[index - 1].label), _MUTED, _font(13))
    x = left + 120 + 4 * (_THUMB + 8) + 20
    for row, remark in enumerate(digit.remarks[:4]):
        draw.text((x, top + 15 * row), remark, _MUTED, _font(13))
