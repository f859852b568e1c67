"""Read: the digits in a picture: a photo, a scan, a drawing, or a generated page."""

from typing import Any

import numpy as np

from tenfold.data.picture import PictureBytes
from tenfold.nn.array import Array
from tenfold.reading import Reading, read
from tenfold.reading.sentences import as_sentence
from tenfold.reading.synthetic.pages import generate_page
from tenfold.studio.server.messages import Message, MessageError, encode, read_field
from tenfold.studio.views.base import Page, View
from tenfold.threads import limit_threads

__all__ = ["READ"]

_PAGE_WIDTH = 900  # largest width of an example page, in pixels
_MOST_PAGES = 1_000_000  # number of example pages


def _upload(content: bytes) -> str | bytes:
    """Answer an uploaded picture with what is read in it."""
    if not content:
        raise ValueError("the file is empty: choose another one")
    with limit_threads(1):
        reading = read(PictureBytes("the picture", content))
    return encode({"type": "reading", **_fields(reading)}, _arrays(reading))


def _example(page: Page, message: Message) -> None:
    """Answer ``example {number}``: generate a page of handwriting, and read it."""
    number = read_field(message, "number", int)
    if not 0 <= number < _MOST_PAGES:
        raise MessageError(f"number must be from 0 to {_MOST_PAGES - 1}, got {number}")
    with limit_threads(1):
        made = generate_page(0, number, size=_PAGE_WIDTH)
        reading = read(made.image)
    fields = {"number": number, "written": list(made.lines), **_fields(reading)}
    page.connection.post("example", fields, {"picture": made.image, **_arrays(reading)})


def _fields(reading: Reading) -> dict[str, Any]:
    digits = [
        digit.to_dict() | {"remarks": [as_sentence(remark) for remark in digit.remarks]}
        for digit in reading.digits
    ]
    return {
        "verdict": reading.verdict,
        "lines": reading.lines,
        "confidences": reading.line_confidences(),
        "warnings": list(reading.warnings),
        "size": list(reading.size),
        "digits": digits,
    }


def _arrays(reading: Reading) -> dict[str, Array]:
    images = [digit.image for digit in reading.digits]
    return {"images": np.stack(images) if images else np.empty((0, 28, 28, 1), np.uint8)}


READ = View(
    name="read",
    title="Read",
    hint="Read the digits in a photo, a scan or a drawing",
    handlers={"example": _example},
    only_newest_of=frozenset({"example"}),
    upload=_upload,
)
"""The view."""
