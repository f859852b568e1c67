"""Random numbers for each image of a data set, which do not depend on the batch it is in."""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from tenfold.nn import stream
from tenfold.nn.array import Array

__all__ = ["Change", "PerImageRandom", "change_images"]

_BLOCK = 256  # images at a time, to limit memory; the results do not depend on it


class PerImageRandom:
    """One random generator for each image: the one of (seed, purpose, position of the image).

    So the result for an image does not depend on the rest of its batch.

    Args:
        seed: Random seed, 0 to 2**64 - 1.
        purpose: Name of what the numbers are used for.
        count: Number of images.
        first: Position of the first image in its data set.
    """

    def __init__(self, seed: int, purpose: str, count: int, first: int = 0) -> None:
        self.generators = [stream(seed, purpose, index=first + i) for i in range(count)]

    def sample(self, draw: Callable[[np.random.Generator], Any]) -> Array:
        """Return what ``draw`` returns for the generator of each image: (N, ...)."""
        return np.array([draw(rng) for rng in self.generators])

    def signs(self, size: int) -> Array:
        """Return ``size`` numbers for each image, -1 or 1 with equal probability: (N, size)."""
        return 2 * self.sample(lambda rng: rng.integers(0, 2, size)) - 1


Change: TypeAlias = Callable[[Array, PerImageRandom], Array]
"""Function of ink (N, H, W, 1), float32 from 0 to 1, and random numbers; returns changed ink."""


def change_images(
    images: Array, change: Change, purpose: str, seed: int = 0, first: int = 0
) -> Array:
    """Return changed images; the result of ``change`` is clipped to 0 to 1 and rounded to uint8.

    Args:
        images: (N, H, W, 1) uint8, with light ink. Not modified.
        change: The change.
        purpose: Name of what the random numbers are used for. Image i uses only those of
            (seed, purpose, i).
        seed: Random seed, 0 to 2**64 - 1.
        first: Position of ``images[0]`` in its data set.

    Returns:
        uint8, of the same shape.
    """
    out = np.empty(images.shape, np.uint8)
    for start in range(0, len(images), _BLOCK):
        block = images[start : start + _BLOCK]
        random = PerImageRandom(seed, purpose, len(block), first + start)
        ink = change(block / np.float32(255), random)
        out[start : start + _BLOCK] = np.rint(255 * np.clip(ink, 0, 1))
    return out
