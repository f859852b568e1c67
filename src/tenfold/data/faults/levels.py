"""Faults of the grey levels: inverted images, a background that is not black, a low scale.

A level is the grey value of the background or of the ink, 0 to 255. Networks expect light ink, up
to 255, on a background of 0. One function (``to_light_on_black``) corrects all three faults, so
only one of them is reported: inverted images (dark ink on a light background), else a background
that is not black, else a scale on which no ink reaches 128.
"""

from dataclasses import dataclass

import numpy as np

from tenfold.data.faults.finding import Finding
from tenfold.images import background_level, has_light_background
from tenfold.nn.array import Array

__all__ = ["LEVEL_FAULTS", "Levels", "find_level_fault"]

LEVEL_FAULTS = frozenset({"pixel-scale", "grey-background", "inverted-images"})
"""Names of the findings that ``to_light_on_black`` corrects."""

_LOW_MAXIMUM = 128  # a scale is low if no ink is this bright; in MNIST, the ink reaches 255
_GREY_SHARE = 0.04  # a background above this share of the largest contrast is grey (10 of 255)
_SERIOUS_SHARE = 0.01  # share of the images above which the fault is serious


@dataclass(frozen=True, eq=False)
class Levels:
    """Levels of the images that are not blank.

    Attributes:
        background: Level of the background of each image, (M,) int64.
        ink: Level of the strongest ink of each image, (M,) int64.
    """

    background: Array
    ink: Array

    @classmethod
    def of(cls, images: Array, blank: Array) -> "Levels":
        """Return the levels of the images (N, H, W, C) uint8 that are not blank.

        Args:
            images: The images.
            blank: Whether each image is blank, (N,) bool.
        """
        is_inverted, not_blank = has_light_background(images), ~blank
        axes = tuple(range(1, images.ndim))
        ink = np.where(is_inverted, images.min(axis=axes), images.max(axis=axes))
        levels = (background_level(images), ink)
        return cls(*(level[not_blank].astype(np.int64) for level in levels))

    @property
    def is_inverted(self) -> Array:
        """Whether the background of each image is lighter than its ink, (M,) bool."""
        return self.background > self.ink

    @property
    def is_grey(self) -> Array:
        """Whether the background of each image is darker than the ink, but not black, (M,) bool."""
        contrast = int(np.abs(self.ink - self.background).max(initial=0))
        return ~self.is_inverted & (self.background > _GREY_SHARE * contrast)

    @property
    def common_levels(self) -> tuple[int, int] | None:
        """Level of the background and of the strongest ink; None if the backgrounds differ."""
        background = int(np.median(self.background))
        all_inverted = bool(self.is_inverted.all())
        ink = int(self.ink.min() if all_inverted else self.ink.max())
        spread = int(np.abs(self.background - background).max())
        same_side = all_inverted or not self.is_inverted.any()
        is_similar = spread <= _GREY_SHARE / 2 * abs(ink - background)
        return (background, ink) if same_side and is_similar else None


def find_level_fault(images: Array, levels: Levels, images_name: str) -> Finding | None:
    """Return a finding if images are inverted, or have a grey background or a low scale.

    Args:
        images: All images, (N, H, W, C) uint8. Blank ones have no fault of the levels, but the
            message includes them in the number of all images.
        levels: Levels of the images that are not blank.
        images_name: Name of the images in the message, such as "training images".
    """
    if not len(levels.ink):
        return None
    if levels.is_inverted.any():
        return _inverted(images, levels, images_name)
    if levels.is_grey.sum() > _SERIOUS_SHARE * len(images):
        return _grey_background(images, levels, images_name)
    if levels.ink.max() < _LOW_MAXIMUM:
        return _low_scale(images, levels, images_name)
    return None


def _inverted(images: Array, levels: Levels, images_name: str) -> Finding:
    n, count = len(images), int(levels.is_inverted.sum())
    return Finding(
        "inverted-images",
        "serious" if count > _SERIOUS_SHARE * n else "warning",
        f"{count:,} of the {images_name} are inverted, with dark ink on a light background",
        f"in {count:,} of {n:,} images ({count / n:.1%}) the background, "
        f"{_range(levels.background[levels.is_inverted])}, is lighter than the ink, "
        f"{levels.ink[levels.is_inverted].min()} (MNIST: a background of 0 and ink of 255)",
        "scans and photographs of paper, or a conversion in which 0 means black ink",
        _fix(images, levels),
    )


def _grey_background(images: Array, levels: Levels, images_name: str) -> Finding:
    n, count = len(images), int(levels.is_grey.sum())
    which = "the" if count == n else f"{count:,} of the"
    return Finding(
        "grey-background",
        "serious",
        f"the background of {which} {images_name} is not black",
        f"in {count:,} of {n:,} images ({count / n:.1%}) the background is at "
        f"{_range(levels.background[levels.is_grey])}, and the ink reaches {levels.ink.max()} "
        "(MNIST: a background of 0 and ink of 255)",
        "an offset of the scanner or camera, or pixels that were mapped to another range",
        _fix(images, levels),
    )


def _low_scale(images: Array, levels: Levels, images_name: str) -> Finding:
    brightest = int(levels.ink.max())
    cause = f"the pixels are on a scale from 0 to {brightest}, not from 0 to 255"
    if brightest == 1:
        cause = (
            "the pixels were compared with a threshold, or divided by 255, and then stored as "
            "integers; if they were divided, the grey levels are lost: read the original images "
            "again"
        )
    return Finding(
        "pixel-scale",
        "serious",
        f"the pixels of the {images_name} are not on the scale from 0 to 255",
        f"the brightest ink in {len(images):,} images is {brightest}; the mean of their pixels is "
        f"{images.mean():.3g}, that of MNIST 33.3",
        cause,
        _fix(images, levels),
    )


def _fix(images: Array, levels: Levels) -> str:
    """Return lines of Python that map the background to 0 and the strongest ink to 255."""
    if levels.common_levels is None:
        return "from tenfold.images import to_light_on_black; images = to_light_on_black(images)"
    background, ink = levels.common_levels
    if (background, ink) == (255, 0):
        return "images = 255 - images"
    low, high = min(background, ink), max(background, ink)
    within = low <= images.min() and images.max() <= high  # blank images may exceed both
    pixels = "images" if within else f"np.clip(images, {low}, {high})"
    if (background, ink) == (0, 1):
        return f"images = {pixels} * 255"
    distance = f"({high}.0 - {pixels})" if background > ink else f"({pixels} - {low}.0)"
    return (
        f"images = np.uint8(np.rint({distance if background else pixels} * (255 / {high - low})))"
    )


def _range(values: Array) -> str:
    low, high = values.min(), values.max()
    return f"{low}" if low == high else f"{low} to {high}"
