"""The class of the corruptions."""

from dataclasses import dataclass

import numpy as np

from tenfold.images.per_image_random import Change, change_images
from tenfold.nn.arguments import check_fields
from tenfold.nn.array import Array

__all__ = ["SIDE", "Corruption"]

SIDE = 28
"""Side of the images, in pixels; the parameters of the corruptions are for this size."""


@dataclass(frozen=True)
class Corruption:
    """A corruption of images, with one severity.

    Attributes:
        name: Name in MNIST-C.
        description: Short description for tables.
        change: The function that corrupts images.
    """

    name: str
    description: str
    change: Change

    def __post_init__(self) -> None:
        check_fields(self)

    def __call__(self, images: Array, seed: int = 0, first: int = 0) -> Array:
        """Return corrupted images, uint8 of the same shape.

        Image i of a data set uses only the random numbers of (seed, name, i), so its result does
        not depend on the rest of the batch.

        Args:
            images: (N, 28, 28, 1) uint8, with light ink. Not modified.
            seed: Random seed, 0 to 2**64 - 1.
            first: Position of ``images[0]`` in its data set.

        Raises:
            ValueError: If the images have another shape or dtype.
        """
        if images.dtype != np.uint8 or images.shape[1:] != (SIDE, SIDE, 1):
            raise ValueError(
                f"images must be a uint8 array of shape (N, {SIDE}, {SIDE}, 1), got "
                f"{images.dtype} of shape {images.shape}"
            )
        return change_images(images, self.change, f"corruption {self.name}", seed, first)
