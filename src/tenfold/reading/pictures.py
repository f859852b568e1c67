"""Reading the digits of one picture, or of many on all cores."""

import math
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from tenfold.data.picture import PictureBytes
from tenfold.errors import TenfoldError
from tenfold.models import Model
from tenfold.nn.array import Array
from tenfold.reading.answer import DigitRead, Reading
from tenfold.reading.candidates import Candidate
from tenfold.reading.confidence import ERROR_RATE, digit_features, load_calibration
from tenfold.reading.doubtful import without_doubtful
from tenfold.reading.doubts import why_unsure
from tenfold.reading.helpers import Helpers
from tenfold.reading.one_digit import or_one_digit
from tenfold.reading.picture import WorkingPicture, load_first
from tenfold.reading.remarks import digit_remarks, picture_warnings
from tenfold.reading.remembered import remembered
from tenfold.reading.result import Found, Result
from tenfold.reading.stored import recognised_as_stored
from tenfold.reading.working import READER_MODEL, read_working, recogniser, second_opinion
from tenfold.threads import cores, limit_threads

__all__ = ["read", "read_loaded", "read_many", "read_or_error", "to_picture"]


def read(
    source: "str | Path | PictureBytes | Array",
    *,
    single: bool = False,
    error_rate: float = ERROR_RATE,
    model: "str | Path | Model" = READER_MODEL,
) -> Reading:
    """Return the digits in a picture: a photo, scan, screenshot or drawing.

    Args:
        source: Path or content (``PictureBytes``) of a picture file, or an array (H, W), (H, W, 3)
            or (H, W, 4) of uint8, bool, or floats from 0 to 1. Ink and paper may have any colour.
        single: Whether the picture is known to show exactly one digit.
        error_rate: Target share of wrong digits among the accepted digits, above 0 and below 1. The
            digits that are not accepted are marked as unsure. Below the smallest calibrated rate,
            all digits are unsure.
        model: Model of 11 classes: the ten digits and "not a digit".

    Raises:
        TenfoldError: If the file cannot be read as a picture, or the model has other classes.
        ValueError: If the array is not a picture, or ``error_rate`` is out of its range.

    Example:
        >>> tenfold.read("page.jpg").lines
        ['0413', '27']
    """
    calibration = load_calibration()
    threshold = calibration.unsure_below(error_rate)
    loaded = load_first(source)
    picture, result = read_loaded(loaded, model, single=single)
    name = "" if isinstance(source, np.ndarray) else str(source)
    digits: tuple[DigitRead, ...] = ()
    if result is not None:
        if single:
            confidences = calibration.confidence(digit_features(result))
        else:
            result, confidences = without_doubtful(result, calibration)
        reasons = why_unsure(result, confidences, threshold, single=single)
        digits = tuple(
            _digit(digit, float(confidence), result, picture, each)
            for digit, confidence, each in zip(result.digits, confidences, reasons, strict=True)
        )
    warnings = picture_warnings(loaded, result)
    if digits and math.isinf(threshold):
        warnings.append(
            f"No threshold was found for the error rate {error_rate:g}, so all digits are unsure."
        )
    return Reading(digits, tuple(warnings), picture.size, name)


def read_loaded(
    loaded: WorkingPicture, model: "str | Path | Model" = READER_MODEL, *, single: bool = False
) -> tuple[WorkingPicture, Result | None]:
    """Return the picture that was read, and its reading with all digits, also doubtful ones.

    Args:
        loaded: The picture, from ``load_first`` or ``load_picture``.
        model: As in ``read``.
        single: As in ``read``.
    """
    recognise = remembered(recogniser(model))
    picture, result = read_working(loaded, recognise, single)
    if not single:
        picture, result = or_one_digit(picture, result, recognise)
    if loaded.mnist is not None:
        second = second_opinion() if model == READER_MODEL else None
        result = recognised_as_stored(result, loaded.mnist, recognise, second, single=single)
    return picture, result


def read_many(
    paths: Sequence[Path], *, single: bool = False, error_rate: float = ERROR_RATE
) -> Generator[tuple[Path, Reading | TenfoldError], None, None]:
    """Yield each path with its reading, or with the error if it cannot be read, in their order.

    All cores are used: after a second, helper processes are started if many pictures are left.

    Args:
        paths: Picture files.
        single: As in ``read``.
        error_rate: As in ``read``.
    """
    workers = min(cores(), max(1, len(paths)))
    options = {"single": single, "error_rate": error_rate}
    with (
        limit_threads(1),
        ThreadPoolExecutor(workers) as pool,
        Helpers(workers - 1, len(paths), read_or_error, options) as helpers,
    ):
        yield from zip(paths, pool.map(helpers.read, paths), strict=True)


def read_or_error(path: Path, *, single: bool, error_rate: float) -> Reading | TenfoldError:
    """Return the reading of a picture file, or the error if it cannot be read."""
    try:
        return read(path, single=single, error_rate=error_rate)
    except TenfoldError as error:
        return error


def _digit(
    found: Found,
    confidence: float,
    result: Result,
    picture: WorkingPicture,
    reasons: tuple[str, ...],
) -> DigitRead:
    return DigitRead(
        digit=found.arc.digit,
        confidence=confidence,
        box=to_picture(found.candidate, result, picture),
        line=found.line,
        unsure=bool(reasons),
        image=found.candidate.glyph.image,
        remarks=(*reasons, *digit_remarks(found, result)),
    )


def to_picture(
    candidate: Candidate, result: Result, picture: WorkingPicture
) -> tuple[int, int, int, int]:
    """Return the box of some ink in pixels of the picture: left, top, width and height.

    Args:
        candidate: The ink, in working pixels of the turned picture.
        result: The reading, with the angle of the ink.
        picture: The working picture.
    """
    top, left, bottom, right = candidate.box
    corners = np.array([[left, top], [right, bottom]], np.float64)
    if result.angle:
        corners = _corners(candidate)
        turned_middle = np.array(result.ink.contrast.shape[::-1]) / 2
        middle = np.array(picture.rgb.shape[1::-1]) / 2
        angle = math.radians(result.angle)
        cos, sin = math.cos(angle), math.sin(angle)
        corners = (corners - turned_middle) @ np.array([[cos, sin], [-sin, cos]]) + middle
    corners = (corners - picture.margin) / picture.scale
    low = np.clip(np.floor(corners.min(axis=0)), 0, np.array(picture.size) - 1)
    high = np.clip(np.ceil(corners.max(axis=0)), low + 1, picture.size)
    x, y, width, height = (int(v) for v in (*low, *(high - low)))
    return x, y, width, height


def _corners(candidate: Candidate) -> Array:
    """Return x and y of the corners of the first and the last pixel of each row of ink: (N, 2).

    After they are turned, the box around them is smaller than a box around the four turned corners
    of the candidate's box.
    """
    rows, columns = np.nonzero(candidate.mask)
    rows, first = np.unique(rows, return_index=True)
    ends = np.append(first[1:], len(columns)) - 1
    top, left = candidate.box[:2]
    rows = rows - rows.min() + top
    low = columns[first] - columns.min() + left
    high = columns[ends] - columns.min() + left + 1
    return np.concatenate(
        [np.stack(pair, axis=1) for x in (low, high) for pair in ((x, rows), (x, rows + 1))]
    ).astype(np.float64)
