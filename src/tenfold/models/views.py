"""Views: the same image, moved a little. What a network says of all is surer than of one."""

from collections.abc import Iterator

import numpy as np

from tenfold.nn.array import Array

__all__ = ["MAX_SHIFT", "shifted_views"]

MAX_SHIFT = 4
"""Pixels that a view may be moved: the margin of MNIST's images."""


def shifted_views(images: Array, shift: int) -> Iterator[Array]:
    """Yield the images themselves and, if ``shift`` is not 0, moved by it up, down, left and right.

    What is laid open is background, 0.

    Args:
        images: (N, H, W, C).
        shift: in pixels, 0 or more.
    """
    yield images
    if not shift:
        return
    height, width = images.shape[1:3]
    around = ((0, 0), (shift, shift), (shift, shift), (0, 0))
    wide = np.pad(images, around)
    for down, right in ((0, 1), (2, 1), (1, 0), (1, 2)):
        top, left = down * shift, right * shift
        yield wide[:, top : top + height, left : left + width]
