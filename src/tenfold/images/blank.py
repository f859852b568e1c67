"""Blank images: images without any ink."""

from tenfold.nn.arguments import checked
from tenfold.nn.array import Array

__all__ = ["is_blank"]


@checked
def is_blank(images: Array) -> Array:
    """Return whether all values of each image are equal: (N,) bool.

    Args:
        images: (N, H, W, C) of any dtype.
    """
    values = tuple(range(1, images.ndim))
    return images.min(axis=values) == images.max(axis=values)
