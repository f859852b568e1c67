"""Folders of pages: pictures, and a file ``truth.json`` that says what is written on them."""

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tenfold.errors import TenfoldError
from tenfold.files import make_folder, write_bytes, write_json
from tenfold.reading.synthetic.pages.compose import generate_page
from tenfold.reading.synthetic.pages.page import Page

__all__ = ["TRUTH", "write_pages"]

TRUTH = "truth.json"
"""Name of the file with the ground truth."""

_JPEG_QUALITY = 90


def write_pages(
    folder: str | Path,
    count: int,
    seed: int = 0,
    kinds: Sequence[str] = (),
    clean: bool = False,
    size: int = 1400,
    jpeg: bool = False,
    progress: Callable[[int], None] = lambda done: None,
) -> list[dict[str, Any]]:
    """Write pages as pictures, and their ground truth as ``truth.json``; return the ground truth.

    ``truth.json`` contains a list with an object for each picture, in the order of the files:
    ``file``, ``kind``, ``size`` (width and height), ``lines`` (strings of digits) and ``digits``,
    each with ``digit``, ``box`` (x, y, width, height of the ink in pixels) and ``line``.

    Args:
        folder: Folder for the files; created if missing. It must not contain other pages.
        count: Number of pages.
        seed: Random seed, 0 to 2**64 - 1.
        kinds: Kinds of pages, in turn; by default all of them.
        clean: Whether to write with black ink on white paper, without a camera.
        size: Largest width of a picture, in pixels, 200 to 10,000.
        jpeg: Whether to write JPEG files instead of PNG.
        progress: Called with the number of finished pages.

    Raises:
        TenfoldError: If the folder already contains a truth.json, or a file cannot be written.
        ValueError: If an argument is out of its range.
    """
    folder = Path(folder)
    make_folder(folder)
    if (folder / TRUTH).exists():
        raise TenfoldError(
            f"{folder} already contains pages and their {TRUTH}: choose another folder"
        )
    truth = []
    index_length = max(4, len(str(count - 1)))
    for index in range(count):
        kind = kinds[index % len(kinds)] if kinds else None
        page = generate_page(seed, index, kind, clean, size)
        name = f"{index:0{index_length}}-{page.kind}.{'jpg' if jpeg else 'png'}"
        write_bytes(folder / name, _encoded(page, jpeg))
        truth.append({"file": name, **page.to_dict()})
        progress(index + 1)
    write_json(folder / TRUTH, truth)
    return truth


def _encoded(page: Page, jpeg: bool) -> bytes:
    from PIL import Image

    file = io.BytesIO()
    picture = Image.fromarray(page.image)
    if jpeg:
        picture.save(file, "JPEG", quality=_JPEG_QUALITY)
    else:
        picture.save(file, "PNG")
    return file.getvalue()
