"""The scale of fractional pixels, decided from the first rows of a source."""

import numpy as np

from tenfold.data.arrays import pixel_factor
from tenfold.nn.array import Array

__all__ = ["usual_factor"]


def usual_factor(sample: Array) -> int:
    """Return the ``pixel_factor`` of most rows, so that a few damaged rows have no influence.

    Args:
        sample: Rows of pixels, (n, ...), at least one.
    """
    if sample.dtype.kind != "f":
        return 1
    peaks = np.fmax.reduce(sample.reshape(len(sample), -1), axis=1)
    known = peaks[np.isfinite(peaks)]
    if not known.size:
        return 1
    return pixel_factor(sample[peaks <= np.median(known)])
