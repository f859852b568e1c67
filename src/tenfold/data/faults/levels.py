"""Levels of the pixels: a scale below 255, a background that is not black, and light paper.

Networks expect light ink, up to 255, on a background of 0. Faults of the levels have one correction
(``to_ink``), so only one of them is reported: light paper, else a background that is not black,
else a scale below 255.
"""

from dataclasses import dataclass

import numpy as np

from tenfold.data.faults.finding import Finding
from tenfold.images import background_level, has_light_background
from tenfold.nn.array import Array

__all__ = ["LEVEL_FAULTS", "Levels", "find_level_fault"]

LEVEL_FAULTS = frozenset({"pixel-scale", "grey-background", "inverted-images"})
"""Names of the findings that ``to_ink`` corrects."""

_DIM = 128  # in any larger sample of MNIST the brightest pixel is 255
_GREY = 0.04  # of the strongest ink: 10 on the scale to 255
_MANY = 0.01  # of all images


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
        """Return the levels of images (N, H, W, C) uint8, of which some are blank, (N,) bool."""
        light, shown = has_light_background(images), ~blank
        pixels = tuple(range(1, images.ndim))
        ink = np.where(light, images.min(axis=pixels), images.max(axis=pixels))
        levels = (background_level(images), ink)
        return cls(*(level[shown].astype(np.int64) for level in levels))

    @property
    def light(self) -> Array:
        """Whether the background of each image is lighter than its ink, (M,) bool."""
        return self.background > self.ink

    @property
    def grey(self) -> Array:
        """Whether each background is darker than the ink, but not black, (M,) bool."""
        strongest = int(np.abs(self.ink - self.background).max(initial=0))
        return ~self.light & (self.background > _GREY * strongest)

    @property
    def common(self) -> tuple[int, int] | None:
        """Background and strongest ink if all images have nearly the same background, else None."""
        background = int(np.median(self.background))
        light = bool(self.light.all())
        ink = int(self.ink.min() if light else self.ink.max())
        spread = int(np.abs(self.background - background).max())
        same = light or not self.light.any()
        near = spread <= _GREY / 2 * abs(ink - background)
        return (background, ink) if same and near else None


def find_level_fault(images: Array, levels: Levels, where: str) -> Finding | None:
    """Return a finding if images are not light ink on black up to 255.

    Args:
        images: (N, H, W, C) uint8. Blank images do not count.
        levels: Their levels.
        where: How the finding calls the images.
    """
    if not len(levels.ink):
        return None
    if levels.light.any():
        return _light_paper(images, levels, where)
    if levels.grey.sum() > _MANY * len(images):
        return _grey_background(images, levels, where)
    if levels.ink.max() < _DIM:
        return _low_scale(images, levels, where)
    return None


def _light_paper(images: Array, levels: Levels, where: str) -> Finding:
    n, count = len(images), int(levels.light.sum())
    return Finding(
        "inverted-images",
        "serious" if count > _MANY * n else "warning",
        f"{count:,} of the {where} are inverted, with dark ink on a light background",
        f"in {count:,} of {n:,} images ({count / n:.1%}) the background, "
        f"{_range(levels.background[levels.light])}, is lighter than the ink, "
        f"{levels.ink[levels.light].min()} (MNIST: a background of 0 and ink of 255)",
        "scans and photographs of paper, or a conversion in which 0 means black ink",
        _remedy(images, levels),
    )


def _grey_background(images: Array, levels: Levels, where: str) -> Finding:
    n, count = len(images), int(levels.grey.sum())
    which = "the" if count == n else f"{count:,} of the"
    return Finding(
        "grey-background",
        "serious",
        f"the background of {which} {where} is not black",
        f"in {count:,} of {n:,} images ({count / n:.1%}) the background is at "
        f"{_range(levels.background[levels.grey])}, and the ink reaches {levels.ink.max()} "
        "(MNIST: a background of 0 and ink of 255)",
        "an offset of the scanner or camera, or pixels that were mapped to another range",
        _remedy(images, levels),
    )


def _low_scale(images: Array, levels: Levels, where: str) -> Finding:
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
        f"the pixels of the {where} are not on the scale from 0 to 255",
        f"the brightest ink in {len(images):,} images is {brightest}; the mean of their pixels is "
        f"{images.mean():.3g}, that of MNIST 33.3",
        cause,
        _remedy(images, levels),
    )


def _remedy(images: Array, levels: Levels) -> str:
    """Return lines of Python that map the background to 0 and the strongest ink to 255."""
    if levels.common is None:
        return "from tenfold.images import to_ink; images = to_ink(images)"
    background, ink = levels.common
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
