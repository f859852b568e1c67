"""Background and ink: light ink on a dark background, as in MNIST, the inverse, or no ink."""

from math import prod

import numpy as np

from tenfold.nn.arguments import checked
from tenfold.nn.array import Array
from tenfold.nn.constraints import invalid

__all__ = ["background_level", "has_light_background", "is_blank", "to_light_on_black"]


@checked
def is_blank(images: Array) -> Array:
    """Return whether all values of each image are equal: (N,) bool.

    Args:
        images: (N, H, W, C) of any dtype.
    """
    axes = tuple(range(1, images.ndim))
    return images.min(axis=axes) == images.max(axis=axes)


@checked
def background_level(images: Array) -> Array:
    """Return the lower median of the border pixels of each image: (N,), of the same dtype.

    The border shows the background, since a digit seldom touches it and never covers most of it.

    Args:
        images: (N, H, W, C).

    Raises:
        ValueError: If the images have another number of axes.
    """
    if images.ndim != 4:
        raise invalid("images", "of shape (N, H, W, C)", images.shape)
    sides = (images[:, 0], images[:, -1], images[:, 1:-1, 0], images[:, 1:-1, -1])
    border = np.concatenate(
        [side.reshape(len(images), prod(side.shape[1:])) for side in sides], axis=1
    )
    middle = (border.shape[1] - 1) // 2
    level: Array = np.partition(border, middle, axis=1)[:, middle]
    return level


@checked
def has_light_background(images: Array) -> Array:
    """Return whether the background of each image is lighter than its ink: (N,) bool.

    The background is lighter if it differs more from the darkest pixel of the image than from the
    brightest one. If both differences are equal, as in a blank image, it counts as lighter if it is
    above 127.

    Args:
        images: (N, H, W, C) uint8.

    Raises:
        ValueError: If the images have another dtype or number of axes.
    """
    check_bytes("images", images)
    pixels = tuple(range(1, images.ndim))
    level = background_level(images).astype(np.int16)
    below, above = level - images.min(axis=pixels), images.max(axis=pixels) - level
    return (below > above) | ((below == above) & (level > 127))


@checked
def to_light_on_black(images: Array) -> Array:
    """Return images as light ink on black: (N, H, W, C) uint8.

    Ink is darker than a light background, or lighter than a dark one. A pixel of ink becomes the
    difference between its grey level and the background; all other pixels become 0. Then all images
    are multiplied by one factor so that the strongest ink is 255. Images that already show light
    ink, up to 255, on black are not changed.

    Args:
        images: (N, H, W, C) uint8, with a background and ink of any grey level, which may differ
            between images.

    Raises:
        ValueError: If the images have another dtype or number of axes.
    """
    check_bytes("images", images)
    per_image = (slice(None), *[np.newaxis] * (images.ndim - 1))
    level, light = background_level(images)[per_image], has_light_background(images)[per_image]
    ink = np.where(light, level - np.minimum(images, level), np.maximum(images, level) - level)
    strongest = int(ink.max(initial=0))
    if strongest in (0, 255):
        return ink
    scaled = np.rint(np.arange(strongest + 1) * (255 / strongest)).astype(np.uint8)
    return scaled[ink]


def check_bytes(name: str, images: Array) -> None:
    """Raise ValueError unless images are (N, H, W, C) uint8.

    Args:
        name: Name of the argument in the message.
        images: The images.
    """
    if images.dtype != np.uint8 or images.ndim != 4:
        raise ValueError(
            f"{name} must be uint8 of shape (N, H, W, C), got {images.dtype} of shape "
            f"{images.shape}"
        )
