"""Distortions by degrees: the same trouble, weaker and stronger, to see where a network gives up.

Unlike ``augment``, which draws how much at random, each image gets as much as was asked for.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tenfold.images.augment import thickened
from tenfold.images.blur import gaussian_blur
from tenfold.images.per_image_random import Lanes, change_images
from tenfold.images.warp import rotation, warp
from tenfold.nn.array import Array

__all__ = ["DISTORTIONS", "Distortion"]


@dataclass(frozen=True)
class Distortion:
    """One kind of trouble, in several strengths.

    Attributes:
        name: what it is called.
        unit: what its strengths are numbers of.
        strengths: from one end to the other; the weakest is ``none``, or lies between the ends.
        change: ink from 0 to 1, a strength and random numbers for each image, to other ink.
        none: the strength that leaves an image as it is.
    """

    name: str
    unit: str
    strengths: tuple[float, ...]
    change: Callable[[Array, float, Lanes], Array]
    none: float = 0.0

    def __call__(self, images: Array, strength: float, seed: int = 0, first: int = 0) -> Array:
        """Return distorted images, uint8 of the same shape.

        Image i of a set has the random numbers of (seed, name, i), the same at each strength: its
        noise grows, and it is turned further in the same direction.

        Args:
            images: (N, H, W, 1) uint8, ink bright; only read.
            strength: in ``unit``.
            seed: 0 <= seed < 2**64.
            first: the place of ``images[0]`` in its set, if they are a part of one.

        Raises:
            ValueError: if these are no such images, or the strength is not a finite number.
        """
        if images.dtype != np.uint8 or images.ndim != 4 or images.shape[3] != 1:
            raise ValueError(
                f"{self.name} takes uint8 images of shape (N, H, W, 1), not {images.dtype} of "
                f"shape {images.shape}"
            )
        if not np.isfinite(strength):
            raise ValueError(f"{self.name} takes a finite number, {self.unit}, not {strength}")
        if strength == self.none:
            return images.copy()

        def change(ink: Array, lanes: Lanes) -> Array:
            return self.change(ink, strength, lanes)

        return change_images(images, change, f"distortion {self.name}", seed, first)


def _rotate(ink: Array, degrees: float, lanes: Lanes) -> Array:
    return warp(ink, rotation(np.radians(degrees) * lanes.signs(1)[:, 0]))


def _shift(ink: Array, pixels: float, lanes: Lanes) -> Array:
    ways = np.array([(0, 1), (0, -1), (1, 0), (-1, 0)])
    return warp(ink, np.eye(2), pixels * ways[lanes.draw(lambda rng: rng.integers(0, 4))])


def _noise(ink: Array, levels: float, lanes: Lanes) -> Array:
    noise = lanes.draw(lambda rng: rng.standard_normal(ink.shape[1:], np.float32))
    return ink + np.float32(levels / 255) * noise


def _blur(ink: Array, sigma: float, lanes: Lanes) -> Array:
    return gaussian_blur(ink, sigma)


def _thickness(ink: Array, pixels: float, lanes: Lanes) -> Array:
    """Grow or thin strokes by whole pixels first, then by what is left."""
    steps = [np.sign(pixels)] * int(abs(pixels)) + [np.fmod(pixels, 1)]
    for step in steps:
        ink = thickened(ink, np.full((1, 1, 1, 1), step))
    return ink


def _contrast(ink: Array, factor: float, lanes: Lanes) -> Array:
    mean = ink.mean(axis=(1, 2, 3), keepdims=True)
    return mean + np.float32(factor) * (ink - mean)


DISTORTIONS: dict[str, Distortion] = {
    distortion.name: distortion
    for distortion in (
        Distortion("rotation", "degrees, either way", (0, 10, 20, 30, 45, 60, 90), _rotate),
        Distortion("shift", "pixels, in one of four directions", (0, 1, 2, 3, 4, 6, 8), _shift),
        Distortion(
            "noise", "standard deviation, in grey levels", (0, 20, 40, 60, 80, 100, 130), _noise
        ),
        Distortion("blur", "sigma, in pixels", (0, 0.5, 1, 1.5, 2, 2.5, 3), _blur),
        Distortion(
            "stroke thickness",
            "pixels more on each side",
            (-1, -0.75, -0.5, -0.25, 0, 0.5, 1, 1.5, 2),
            _thickness,
        ),
        Distortion(
            "contrast",
            "share of the contrast that is left",
            (1, 0.7, 0.5, 0.35, 0.2, 0.1, 0.05),
            _contrast,
            none=1.0,
        ),
    )
}
"""Six of them, by name."""
