"""Warnings of images that a model of MNIST reads, but wrongly: dark ink, or nearly black pixels."""

import warnings

import numpy as np

from tenfold.errors import InputWarning
from tenfold.images import MNIST, Preprocessing, has_light_background, is_blank
from tenfold.nn.array import Array

__all__ = ["warn_of_unusual_images"]

_SAMPLE = 256  # images that are looked at
_LOW_SCALE_MAX = 16  # brightest pixel of other scales, such as 0 to 1 and 0 to 16
_CALLERS = 3  # this function, predict, and the program that calls predict


def warn_of_unusual_images(images: Array, preprocessing: Preprocessing | None) -> None:
    """Give an ``InputWarning`` if no image is white ink, up to 255, on a black background.

    Such images are predicted without an error, with high confidence, and nearly always wrongly.

    Args:
        images: Images on the scale 0 to 255, (N, H, W, C).
        preprocessing: How the model expects its images; nothing is known about others than MNIST's.
    """
    if preprocessing != MNIST or not len(images):
        return
    pixels = np.clip(np.rint(images[:_SAMPLE]), 0, 255).astype(np.uint8)
    pixels = pixels[~is_blank(pixels)]
    if not len(pixels):
        return
    if pixels.max() <= _LOW_SCALE_MAX:
        _warn(
            f"the brightest pixel of the images is {pixels.max()}, not 255, so the model reads "
            f"them as nearly blank: multiply them by 255 / {pixels.max()}"
        )
    elif has_light_background(pixels).all():
        _warn(
            "the images have dark ink on a light background, but the model reads white ink on "
            "black: use 255 - images"
        )


def _warn(message: str) -> None:
    warnings.warn(message, InputWarning, stacklevel=_CALLERS + 1)
