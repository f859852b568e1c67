"""Distortions of a given strength, to measure how the accuracy of a network falls with strength.

``augment`` draws the strength of a distortion at random; here the caller sets it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tenfold.images.augment import change_thickness
from tenfold.images.blur import gaussian_blur
from tenfold.images.per_image_random import PerImageRandom, change_images
from tenfold.images.warp import rotation, warp
from tenfold.nn.arguments import check_fields
from tenfold.nn.array import Array

__all__ = ["DISTORTIONS", "Distortion"]


@dataclass(frozen=True)
class Distortion:
    """One kind of distortion, with the strengths at which it is measured.

    Attributes:
        name: Name of the distortion.
        unit: Unit of the strengths.
        strengths: The strengths, in order. One of them is ``neutral``.
        change: Function of ink (N, H, W, 1) from 0 to 1, a strength, and random numbers for each
            image. It returns the changed ink.
        neutral: The strength that does not change an image.
    """

    name: str
    unit: str
    strengths: tuple[float, ...]
    change: Callable[[Array, float, PerImageRandom], Array]
    neutral: float = 0.0

    def __post_init__(self) -> None:
        check_fields(self)

    def __call__(self, images: Array, strength: float, seed: int = 0, first: int = 0) -> Array:
        """Return distorted images, uint8 of the same shape.

        Image i of a data set uses the random numbers of (seed, name, i), the same at each strength:
        for example, a stronger rotation has the same direction.

        Args:
            images: (N, H, W, 1) uint8, with light ink. Not modified.
            strength: Strength, in ``unit``.
            seed: Random seed, 0 to 2**64 - 1.
            first: Position of ``images[0]`` in its data set.

        Raises:
            ValueError: If the images are not as described, or the strength is not finite.
        """
        if images.dtype != np.uint8 or images.ndim != 4 or images.shape[3] != 1:
            raise ValueError(
                f"images must be a uint8 array of shape (N, H, W, 1), got {images.dtype} of shape "
                f"{images.shape}"
            )
        if not np.isfinite(strength):
            raise ValueError(f"strength must be finite, got {strength}")
        if strength == self.neutral:
            return images.copy()

        def change(ink: Array, random: PerImageRandom) -> Array:
            return self.change(ink, strength, random)

        return change_images(images, change, f"distortion {self.name}", seed, first)


def _rotate(ink: Array, degrees: float, random: PerImageRandom) -> Array:
    return warp(ink, rotation(np.radians(degrees) * random.signs(1)[:, 0]))


def _shift(ink: Array, pixels: float, random: PerImageRandom) -> Array:
    directions = np.array([(0, 1), (0, -1), (1, 0), (-1, 0)])
    return warp(ink, np.eye(2), pixels * directions[random.sample(lambda rng: rng.integers(0, 4))])


def _noise(ink: Array, levels: float, random: PerImageRandom) -> Array:
    noise = random.sample(lambda rng: rng.standard_normal(ink.shape[1:], np.float32))
    return ink + np.float32(levels / 255) * noise


def _blur(ink: Array, sigma: float, random: PerImageRandom) -> Array:
    return gaussian_blur(ink, sigma)


def _thickness(ink: Array, pixels: float, random: PerImageRandom) -> Array:
    """Thicken or thin strokes, one pixel at a time and then by the remaining fraction."""
    steps = [np.sign(pixels)] * int(abs(pixels)) + [np.fmod(pixels, 1)]
    for step in steps:
        ink = change_thickness(ink, np.full((1, 1, 1, 1), step))
    return ink


def _contrast(ink: Array, factor: float, random: PerImageRandom) -> Array:
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
            neutral=1.0,
        ),
    )
}
"""The distortions by name."""
