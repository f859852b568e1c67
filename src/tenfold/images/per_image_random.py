"""Lanes: random numbers that belong to each image of a batch, whatever batch it comes in."""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from tenfold.nn import stream
from tenfold.nn.array import Array

__all__ = ["Change", "Lanes", "change_images"]

_BLOCK = 256  # images at a time, for memory's sake; how many, changes no image


class Lanes:
    """One random generator for each image: that of (seed, purpose, the image's place).

    So an image is treated alike alone, among others, and in whatever blocks the others come.

    Args:
        seed: 0 <= seed < 2**64.
        purpose: what the numbers are for.
        count: how many images there are.
        first: the place of the first of them in the whole set.
    """

    def __init__(self, seed: int, purpose: str, count: int, first: int = 0) -> None:
        self.generators = [stream(seed, purpose, lane=first + i) for i in range(count)]

    def draw(self, number: Callable[[np.random.Generator], Any]) -> Array:
        """Return what ``number`` draws from the generator of each image, (N, ...)."""
        return np.array([number(rng) for rng in self.generators])

    def signs(self, size: int) -> Array:
        """Return ``size`` numbers for each image, each -1 or 1 with equal chances: (N, size)."""
        return 2 * self.draw(lambda rng: rng.integers(0, 2, size)) - 1


Change: TypeAlias = Callable[[Array, Lanes], Array]
"""Ink (N, H, W, 1), float32 from 0 to 1, and random numbers for each image, to other ink."""


def change_images(
    images: Array, change: Change, purpose: str, seed: int = 0, first: int = 0
) -> Array:
    """Return changed images; ink beyond 0 and 1 is cut off, the rest rounded to grey levels.

    Args:
        images: (N, H, W, 1) uint8, ink bright; only read.
        change: what happens to them.
        purpose: of the random numbers. Image i has those of (seed, purpose, i) alone.
        seed: 0 <= seed < 2**64.
        first: the place of ``images[0]`` in its set, if they are a part of one.

    Returns:
        uint8, of the same shape.
    """
    out = np.empty(images.shape, np.uint8)
    for start in range(0, len(images), _BLOCK):
        block = images[start : start + _BLOCK]
        lanes = Lanes(seed, purpose, len(block), first + start)
        ink = change(block / np.float32(255), lanes)
        out[start : start + _BLOCK] = np.rint(255 * np.clip(ink, 0, 1))
    return out
