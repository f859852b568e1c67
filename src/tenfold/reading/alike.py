"""Alike ink: several hypotheses may find nearly the same ink, which is read only once."""

import numpy as np

from tenfold.reading.digit_pieces import digit_sized
from tenfold.reading.mask import Ink

__all__ = ["are_alike"]

_COMMON = 0.97  # least area of the common ink, as a share of the area of the united ink


def are_alike(one: Ink, other: Ink) -> bool:
    """Return whether two inks of a picture have nearly the same pixels, and equally many pieces.

    Args:
        one: Ink of a picture.
        other: Ink of the same picture, not turned.
    """
    if len(digit_sized(one)) != len(digit_sized(other)):
        return False
    a, b = one.labels > 0, other.labels > 0
    return int(np.count_nonzero(a & b)) >= _COMMON * int(np.count_nonzero(a | b))
