"""Polarity of images: light ink on a dark background, as in MNIST, or dark ink on light paper."""

import numpy as np

from tenfold.nn.array import Array

__all__ = ["has_light_background"]


def has_light_background(images: Array) -> Array:
    """Return whether more than half of the border pixels of each image are above 127: (N,) bool.

    The border shows the background, since a digit seldom touches it and never covers most of it.

    Args:
        images: (N, H, W, 1) uint8.
    """
    border = np.concatenate(
        [images[:, 0], images[:, -1], images[:, 1:-1, 0], images[:, 1:-1, -1]], axis=1
    )
    return (border > 127).mean(axis=(1, 2)) > 0.5
