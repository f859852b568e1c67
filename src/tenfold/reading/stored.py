"""MNIST-like pictures: their pixels are passed to the networks unchanged.

A picture is MNIST-like if it looks like an image of MNIST already. Details are lost if a digit is
cut out, its strokes are changed, and it is normalised again. An MNIST-like picture does not need
this, since it was made in this way before. Two networks recognise it. The network of the reader
knows many writing styles, but takes some digits for non-digits. The default model was trained only
on MNIST's images. The mean of both networks' probabilities is wrong less often than the
probabilities of one network alone.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from tenfold.images.normalization import is_normalized
from tenfold.nn.array import Array
from tenfold.reading.candidates import Candidate, whole_candidate
from tenfold.reading.digit_pieces import digit_sized
from tenfold.reading.glyph import Glyph, make_glyph
from tenfold.reading.lattice import Arc
from tenfold.reading.line_digits import CERTAIN
from tenfold.reading.line_lattices import Recogniser
from tenfold.reading.pieces import with_small_pieces
from tenfold.reading.result import Found, Result
from tenfold.reading.steadiness import with_steadiness

__all__ = ["recognised_as_stored"]

_NO_DIGIT = 0.5  # with at least this probability of "not a digit", the reading is not changed


def recognised_as_stored(
    result: Result | None,
    image: Array,
    recognise: Recogniser,
    second: Callable[[Array], Array] | None = None,
    *,
    single: bool = False,
) -> Result | None:
    """Return the reading of a picture; if it is MNIST-like, with the digit of its unchanged pixels.

    The digits of the reading are replaced by the digit that the networks recognise in the unchanged
    picture. If the reading has no digits, a digit is added only if it is certain.

    Args:
        result: The reading of the picture.
        image: The picture (28, 28, 1) uint8, light ink on black.
        recognise: Function that recognises images.
        second: Function that returns the probabilities (N, 10) of a second network, or None.
        single: Whether the picture is known to show exactly one digit.
    """
    if result is None or not is_normalized(image):
        return result
    row = recognise(image[np.newaxis])[0]
    mean = row[:10]
    if second is not None:
        mean = (mean + (1 - row[10]) * second(image[np.newaxis])[0]) / 2
    arc = Arc(0, int(mean.argmax()), float(mean.max()))
    if not single and (row[10] >= _NO_DIGIT or (not result.digits and mean.max() < CERTAIN)):
        return result
    digits = [Found(_stored(result, image), arc, 0)]
    whole = replace(result, digits=digits, missing=(0.0,), stored=True, reread=False)
    return with_steadiness(whole, recognise)


@dataclass(frozen=True)
class _Stored(Candidate):
    """A candidate whose image is given.

    Attributes:
        image: (28, 28, 1) uint8.
    """

    image: Array = field(kw_only=True)

    @cached_property
    def glyph(self) -> Glyph:
        """The image that the network reads."""
        return replace(make_glyph(self.contrast, self.mask), image=self.image)


def _stored(result: Result, image: Array) -> _Stored:
    """Return a candidate with a given image: the only digit of a reading, otherwise all ink."""
    if len(result.digits) == 1:
        found = result.digits[0].candidate
    else:
        ink = result.ink
        found = whole_candidate(ink, with_small_pieces(ink, [int(i) for i in digit_sized(ink)]))
    return _Stored(0, found.stop - found.start, found.contrast, found.mask, found.box, image=image)
