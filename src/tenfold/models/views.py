"""Shifted views of an image, for test-time augmentation."""

from collections.abc import Iterator

import numpy as np

from tenfold.nn.array import Array

__all__ = ["MAX_SHIFT", "shifted_views"]

MAX_SHIFT = 4
"""Largest shift in pixels: the width of the margin of MNIST's images."""


def shifted_views(images: Array, shift: int) -> Iterator[Array]:
    """Yield the images and, unless ``shift`` is 0, the images moved up, down, left and right.

    Pixels that move into the image are background, 0.

    Args:
        images: Array of shape (N, H, W, C).
        shift: Distance in pixels, at least 0.
    """
    yield images
    if not shift:
        return
    height, width = images.shape[1:3]
    margin = ((0, 0), (shift, shift), (shift, shift), (0, 0))
    padded = np.pad(images, margin)
    for row, column in ((0, 1), (2, 1), (1, 0), (1, 2)):  # corner of the window, in shifts
        top, left = row * shift, column * shift
        yield padded[:, top : top + height, left : left + width]
