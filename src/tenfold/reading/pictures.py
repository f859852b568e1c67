"""Reading the digits of one picture, or of many on all cores."""

import math
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

import numpy as np

from tenfold.errors import TenfoldError
from tenfold.models import Model, find_model
from tenfold.nn.array import Array
from tenfold.reading.picture import WorkingPicture, load_picture
from tenfold.reading.reader import Found, Result, read_lines, read_one
from tenfold.reading.remarks import digit_remarks, picture_warnings
from tenfold.reading.result import DigitRead, Reading
from tenfold.reading.thresholds import ERROR_RATE, unsure_below
from tenfold.threads import cores

__all__ = ["READER_MODEL", "read", "read_many"]

READER_MODEL = "reader-digit"
"""Name of the bundled model that recognises the digits."""

_CLASSES = 11


def read(
    source: "str | Path | Array",
    *,
    single: bool = False,
    error_rate: float = ERROR_RATE,
    model: "str | Path | Model" = READER_MODEL,
) -> Reading:
    """Return the digits in a picture: a photo, scan, screenshot or drawing.

    Args:
        source: Path of a picture file, or an array (H, W), (H, W, 3) or (H, W, 4) of uint8, bool,
            or floats from 0 to 1. Ink and paper may have any colour.
        single: Whether the picture is known to show exactly one digit.
        error_rate: Wanted share of wrong digits among those that are not unsure, 0 to 1.
        model: Model of 11 classes: the ten digits and "not a digit".

    Raises:
        TenfoldError: If the file cannot be read as a picture, or the model has other classes.
        ValueError: If the array is not a picture, or ``error_rate`` is out of its range.

    Example:
        >>> tenfold.read("page.jpg").lines
        ['0413', '27']
    """
    found = model if isinstance(model, Model) else _load(str(model))
    threshold = unsure_below(error_rate)
    picture = load_picture(source)

    def recognise(images: Array) -> Array:
        return found.predict_probabilities(images, threads=1)

    result = (read_one if single else read_lines)(picture.rgb, recognise)
    name = "" if isinstance(source, np.ndarray) else str(source)
    if result is None or not result.digits:
        return Reading((), tuple(picture_warnings(picture, result)), picture.size, name)
    digits = tuple(_digit(digit, result, picture, threshold) for digit in result.digits)
    return Reading(digits, tuple(picture_warnings(picture, result)), picture.size, name)


def read_many(
    paths: Sequence[Path], *, single: bool = False, error_rate: float = ERROR_RATE
) -> Iterator[tuple[Path, Reading | TenfoldError]]:
    """Yield each path with its reading, or with the error if it cannot be read, in their order.

    Args:
        paths: Picture files.
        single: As in ``read``.
        error_rate: As in ``read``.
    """

    def one(path: Path) -> Reading | TenfoldError:
        try:
            return read(path, single=single, error_rate=error_rate)
        except TenfoldError as error:
            return error

    with ThreadPoolExecutor(min(cores(), max(1, len(paths)))) as pool:
        yield from zip(paths, pool.map(one, paths), strict=True)


@lru_cache(maxsize=4)
def _load(name: str) -> Model:
    model = find_model(name)
    if len(model.classes) != _CLASSES:
        raise TenfoldError(
            f"{name} has {len(model.classes)} classes; read needs a model with the ten digits and "
            "an eleventh class for what is not a digit, such as reader-digit"
        )
    return model


def _digit(found: Found, result: Result, picture: WorkingPicture, threshold: float) -> DigitRead:
    confidence = found.arc.confidence
    return DigitRead(
        digit=found.arc.digit,
        confidence=confidence,
        box=_to_picture(found.candidate.box, result, picture),
        line=found.line,
        unsure=confidence < threshold,
        image=found.candidate.glyph.image,
        remarks=tuple(digit_remarks(found, result)),
    )


def _to_picture(
    box: tuple[int, int, int, int], result: Result, picture: WorkingPicture
) -> tuple[int, int, int, int]:
    """Return left, top, width and height in the picture of a box in the turned ink."""
    top, left, bottom, right = box
    corners = np.array([(left, top), (right, top), (left, bottom), (right, bottom)], np.float64)
    if result.angle:
        turned = np.array(result.ink.contrast.shape[::-1]) / 2
        middle = np.array(picture.rgb.shape[1::-1]) / 2
        angle = math.radians(result.angle)
        cos, sin = math.cos(angle), math.sin(angle)
        corners = (corners - turned) @ np.array([[cos, sin], [-sin, cos]]) + middle
    corners /= picture.scale
    low = np.clip(np.floor(corners.min(axis=0)), 0, np.array(picture.size) - 1)
    high = np.clip(np.ceil(corners.max(axis=0)), low + 1, picture.size)
    x, y, width, height = (int(v) for v in (*low, *(high - low)))
    return x, y, width, height
