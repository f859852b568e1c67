"""A recogniser that remembers the probabilities of the images that it has recognised.

The same image is often recognised again: if several hypotheses find the same ink, if the mean
probability of a digit over the views is computed twice, or if the picture is also read as a single
digit.
"""

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.line_lattices import Recogniser

__all__ = ["remembered"]


def remembered(recognise: Recogniser) -> Recogniser:
    """Return a function that recognises each different image only once.

    As long as this function exists, it keeps about a kilobyte for each different image.

    Args:
        recognise: Function that recognises images.
    """
    rows: dict[bytes, Array] = {}

    def recognise_new(images: Array) -> Array:
        if len(images) == 0:
            return recognise(images)
        keys = [image.tobytes() for image in images]
        new = {key: image for key, image in zip(keys, images, strict=True) if key not in rows}
        if new:
            rows.update(zip(new, recognise(np.stack(list(new.values()))), strict=True))
        return np.stack([rows[key] for key in keys])

    return recognise_new
