"""Warnings about images with another background or scale than MNIST's.

A model that was trained on MNIST would classify such images wrongly, without an error.
"""

import warnings

import numpy as np

from tenfold.errors import InputWarning
from tenfold.images import (
    Preprocessing,
    background_level,
    has_light_background,
    is_blank,
    normalize_like_mnist,
)
from tenfold.nn.array import Array

__all__ = ["warn_of_unusual_images"]

_SAMPLE = 256  # number of images that are checked
_LOW_SCALE_MAX = 16  # the scale is low (0 to 1, 0 to 16) if the brightest pixel is at most this
_GREY_SHARE = 0.04  # a background above this share of the strongest ink is grey
_STACK_LEVEL = 4  # _warn is 1, warn_of_unusual_images 2, predict 3, the program that calls it 4


def warn_of_unusual_images(images: Array, preprocessing: Preprocessing | None) -> None:
    """Give an ``InputWarning`` if images have another background or scale than MNIST's.

    A warning is given if the backgrounds of most images are grey, if the backgrounds of all images
    are light, or if all pixels are dark. Only the first 256 images are checked. Without the
    warning, the mistake could stay unnoticed: such images are predicted with high confidence, and
    nearly always wrongly.

    Args:
        images: Images on the scale 0 to 255, (N, H, W, C).
        preprocessing: The preprocessing of the model. If it is not MNIST's, nothing is checked.
    """
    if preprocessing != normalize_like_mnist or not len(images):
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
    elif (level := _grey_level(pixels)) is not None:
        _warn(
            f"the background of the images is grey (its median is {level}, not 0), but the model "
            "reads white ink on black: use tenfold.images.to_light_on_black(images), with images "
            "in uint8"
        )


def _grey_level(pixels: Array) -> int | None:
    """Return the median background of images uint8 if most backgrounds are grey, else None."""
    level = background_level(pixels)
    strongest = np.abs(pixels.astype(np.int16) - level[:, None, None, None]).max()
    grey = level > _GREY_SHARE * strongest
    return int(np.median(level)) if 2 * grey.sum() > len(grey) else None


def _warn(message: str) -> None:
    warnings.warn(message, InputWarning, stacklevel=_STACK_LEVEL)
