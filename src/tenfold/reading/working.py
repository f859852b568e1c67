"""Reading one working picture, at several sizes if it is large.

``tenfold predict`` needs no more than this of the subpackage: no warnings, remarks or figures.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from tenfold.errors import TenfoldError
from tenfold.models import DEFAULT_MODEL, Model, find_model
from tenfold.nn.array import Array
from tenfold.reading.all_hypotheses import Hypotheses
from tenfold.reading.line_lattices import Recogniser
from tenfold.reading.picture import WorkingPicture, load_first
from tenfold.reading.result import LARGE_DIGIT, LARGE_INK, Result
from tenfold.reading.sheet_reader import read_single_with_sheets, read_with_sheets
from tenfold.reading.steadiness import with_steadiness

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "READER_MODEL",
    "REDUCED_PIXELS",
    "bundled_recogniser",
    "prepare",
    "prepare_picture",
    "read_working",
    "recogniser",
    "second_opinion",
]

READER_MODEL = "reader-digit"
"""Name of the bundled model that recognises the digits."""

_Read = tuple[WorkingPicture, Result | None]  # a picture that was read, and its reading

_CLASSES = 11
REDUCED_PIXELS = (100_000, 500_000)
"""Numbers of pixels to which a picture is first reduced."""

_MIN_REDUCTION = 2.0  # least factor by which the number of pixels is reduced
_LARGE_UNCERTAIN = 60  # replaces LARGE_DIGIT in the smallest copy if some ink is no certain digit


def prepare(source: "str | Path | Array") -> Array:
    """Return the digit of a picture as MNIST's images were made: (28, 28, 1) uint8.

    The digit with the most evidence is cut out, its strokes are made about as thick as MNIST's, and
    it is normalised. A picture without ink gives a blank image.

    Args:
        source: As in ``read``. The picture must show one digit.

    Raises:
        TenfoldError, ValueError: As in ``read``.
    """
    return prepare_picture(load_first(source))


def prepare_picture(picture: WorkingPicture) -> Array:
    """Return the digit of a working picture, as ``prepare`` does."""
    _, result = read_working(picture, bundled_recogniser(), single=True)
    if result is None:
        return np.zeros((28, 28, 1), np.uint8)
    return result.digits[0].candidate.glyph.image


def read_working(
    picture: WorkingPicture, recognise: Recogniser, single: bool = False
) -> tuple[WorkingPicture, Result | None]:
    """Return the reading of a working picture, and the picture that was read.

    A large picture is first read at a tenth and at half of a megapixel, which takes a fraction of
    the time. This reading is the answer if it is clear, and its smallest digit has at least 40
    pixels. Otherwise the picture is read at the next size, and the best of the readings is the
    answer. No larger size is read if it would show nothing new:

    - the reading is convincing, and its smallest digit has at least 40 pixels (at a tenth of a
      megapixel: 60 pixels)
    - it is complete, and its smallest digit has at least 80 pixels
    - the median size of the pieces of ink is at least 40 pixels; this counts only at half of a
      megapixel, and only if the search was not ended by ``cut_short`` or ``too_small``
    - no digit is promising (``hopeless``), and this median is at least 20 pixels.

    With ``single``, only a clear reading ends the search. ``Result`` defines clear, convincing and
    complete.

    Args:
        picture: The working picture.
        recognise: Function that recognises images.
        single: Whether the picture is known to show exactly one digit.
    """
    best: _Read = picture, None
    for each, last in _sizes(picture):
        hypotheses = Hypotheses(each.rgb, each.margin)
        if single:
            result = read_single_with_sheets(hypotheses, recognise)
        else:
            result = read_with_sheets(hypotheses, recognise, reduced=not last)
        if result is not None and _is_small(each):
            result = replace(result, hypotheses=hypotheses)
        if result is not None and result.clear and (last or result.smallest >= LARGE_DIGIT):
            return each, result
        best = _better(best, (each, result), recognise)
        if result is not None and result.hopeless and (last or result.typical >= LARGE_INK):
            break
        if result is not None and not single and _shows_enough(result, each):
            break
    return best


def _better(small: _Read, large: _Read, recognise: Recogniser) -> _Read:
    """Return the better of the readings of a picture at two sizes.

    The steadiness of digits that are too small is computed only here, since a reading of the larger
    picture may be the answer at once.
    """
    if small[1] is None:
        return large
    one, other = (
        with_steadiness(result, recognise) if result is not None and result.too_small else result
        for result in (small[1], large[1])
    )
    assert one is not None
    # A score is proportional to the size of the digits in pixels, so both are brought to one scale.
    if (
        other is not None
        and other.steady_score / large[0].scale >= one.steady_score / small[0].scale
    ):
        return large[0], other
    return small[0], one


def _sizes(picture: WorkingPicture) -> Iterator[tuple[WorkingPicture, bool]]:
    """Yield the picture at each size at which it is read, and whether it is the last one."""
    for pixels in REDUCED_PIXELS:
        if picture.pixels >= _MIN_REDUCTION * pixels:
            yield picture.reduced(pixels), False
    yield picture if picture.larger is None else picture.larger(), True


def _shows_enough(result: Result, picture: WorkingPicture) -> bool:
    """Return whether a picture of more pixels would show nothing new."""
    least = _LARGE_UNCERTAIN if _is_small(picture) else LARGE_DIGIT
    if result.convincing and result.smallest >= least:
        return True
    if result.complete and result.smallest >= 2 * LARGE_DIGIT:
        return True
    searched = not _is_small(picture) and not result.cut_short and not result.too_small
    return searched and result.typical >= LARGE_DIGIT


def _is_small(picture: WorkingPicture) -> bool:
    """Return whether a picture has at most 0.2 megapixels, like the smallest copy of a picture."""
    return bool(picture.rgb[..., 0].size <= _MIN_REDUCTION * REDUCED_PIXELS[0])


def bundled_recogniser() -> Recogniser:
    """Return the function with which the bundled model recognises digits."""
    return recogniser(READER_MODEL)


def recogniser(model: "str | Path | Model") -> Recogniser:
    """Return the function with which a model recognises digits.

    Args:
        model: Model of 11 classes: the ten digits and "not a digit".

    Raises:
        TenfoldError: If the model has other classes, or cannot be loaded.
    """
    found = _bundled(READER_MODEL) if model == READER_MODEL else model
    if not isinstance(found, Model):
        found = find_model(found)
    if len(found.classes) != _CLASSES:
        raise TenfoldError(
            f"read needs a model of {_CLASSES} classes: the ten digits, and one for what is not a "
            f"digit, got a model of {len(found.classes)}. Train one with: tenfold train "
            "reader-digit"
        )
    return lambda images: found.predict_probabilities(images, threads=1)


def second_opinion() -> Recogniser:
    """Return the function with which the default model recognises digits: (N, 10)."""
    found = _bundled(DEFAULT_MODEL)
    return lambda images: found.predict_probabilities(images, threads=1)


@lru_cache(maxsize=2)
def _bundled(name: str) -> Model:
    return find_model(name)
