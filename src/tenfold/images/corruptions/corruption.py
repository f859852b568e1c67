"""Corruption: one known way in which an image goes wrong."""

from dataclasses import dataclass

import numpy as np

from tenfold.images.per_image_random import Change, change_images
from tenfold.nn.array import Array

__all__ = ["SIDE", "Corruption"]

SIDE = 28
"""The side of the images that corruptions are made for; their sizes are in pixels of these."""


@dataclass(frozen=True)
class Corruption:
    """One way in which images go wrong, at one severity.

    Attributes:
        name: as MNIST-C calls it.
        words: what it does, in a few words.
        change: what it does, in a function.
    """

    name: str
    words: str
    change: Change

    def __call__(self, images: Array, seed: int = 0, first: int = 0) -> Array:
        """Return corrupted images, uint8 of the same shape.

        Image i of a set is corrupted by random numbers of (seed, name, i) alone: the same alone
        and among others.

        Args:
            images: (N, 28, 28, 1) uint8, ink bright; only read.
            seed: 0 <= seed < 2**64.
            first: the place of ``images[0]`` in its set, if they are a part of one.

        Raises:
            ValueError: if the images have another shape or type.
        """
        if images.dtype != np.uint8 or images.shape[1:] != (SIDE, SIDE, 1):
            raise ValueError(
                f"{self.name} takes uint8 images of shape (N, {SIDE}, {SIDE}, 1), not "
                f"{images.dtype} of shape {images.shape}"
            )
        return change_images(images, self.change, f"corruption {self.name}", seed, first)
