"""Steadiness: whether a digit is recognised as the same in several views of its image."""

from dataclasses import replace

import numpy as np

from tenfold.reading.found import Result
from tenfold.reading.line_lattices import Recogniser
from tenfold.reading.views import views

__all__ = ["with_steadiness"]


def with_steadiness(result: Result, recognise: Recogniser) -> Result:
    """Return the reading, with the steadiness of each digit."""
    if not result.digits:
        return result
    images = views(np.stack([found.candidate.glyph.image for found in result.digits]))
    count, number = images.shape[:2]
    probabilities = recognise(images.reshape(count * number, *images.shape[2:]))
    means = probabilities.reshape(count, number, -1).mean(axis=1)
    digits = [
        replace(found, steadiness=float(mean[found.arc.digit]))
        for found, mean in zip(result.digits, means, strict=True)
    ]
    return replace(result, digits=digits)
