"""What every source of digits offers, and how digits stored as pixels are enlarged."""

from abc import ABC, abstractmethod
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from benchmarks.reading.brush import Floats

__all__ = ["HALVES", "Half", "Source", "cut", "enlarge"]

Half: TypeAlias = Literal["dev", "final"]
HALVES: tuple[Half, Half] = ("dev", "final")
"""The half that choices may be made on, and the half of the published numbers."""


class Source(ABC):
    """Digits of one origin.

    Attributes:
        name: Its name.
        labels: (N,) int, the digit of each member.
    """

    name: str
    labels: NDArray[np.int64]

    @abstractmethod
    def members(self, half: Half) -> NDArray[np.int64]:
        """Return the sorted indices of a half; the halves have no member in common."""

    def writers(self, members: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the number of the writer of each member; 0 for all if they are not known."""
        return np.zeros_like(members)

    @abstractmethod
    def mask(
        self, index: int, height: int, rng: np.random.Generator, pen: float | None = None
    ) -> Floats:
        """Return a digit as a mask (H, W), 0 (paper) to 1 (ink), cut to its ink.

        Args:
            index: Which member.
            height: Height in pixels, of the digit without the width of the pen.
            rng: Source of the random variation.
            pen: Width of the pen in pixels, where the source has paths; its own if None.
        """


def cut(mask: Floats, level: float = 0.05) -> Floats:
    """Return a mask without the empty rows and columns around its ink."""
    rows = np.flatnonzero((mask > level).any(axis=1))
    columns = np.flatnonzero((mask > level).any(axis=0))
    return mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def enlarge(
    ink: NDArray[np.uint8], height: int, rng: np.random.Generator, weight: float = 0.5
) -> Floats:
    """Return stored ink in another size, with the crisp edges of a drawn line.

    The ink is resampled to four times the height, blurred by half a source pixel, and cut at half
    of the strongest ink nearby, so that pale and thin strokes stay whole; then it is reduced. Small
    sizes are only resampled.

    Args:
        ink: (h, w), cut to its ink, 255 is full ink.
        height: Height in pixels.
        rng: Source of a small variation of the level.
        weight: Below 0.5 thinner strokes, above thicker ones.
    """
    width = max(2, round(height * ink.shape[1] / ink.shape[0]))
    picture = Image.fromarray(ink)
    if height <= 1.5 * ink.shape[0]:
        return np.asarray(picture.resize((width, height), Image.Resampling.BOX), np.float32) / 255
    scale = min(4.0, 2400 / height)
    size = (max(2, round(width * scale)), round(height * scale))
    border = 3
    padded = Image.fromarray(np.pad(ink, border))
    step = size[1] / ink.shape[0]
    whole = (size[0] + round(2 * border * step), size[1] + round(2 * border * step))
    large = padded.resize(whole, Image.Resampling.BICUBIC)
    large = large.filter(ImageFilter.GaussianBlur(0.45 * step))
    values = np.asarray(large, np.float32) / _full_ink(padded, whole)
    level = 1 - weight + rng.uniform(-0.04, 0.04)
    ramp = np.clip((values - level) * min(8.0, step) + 0.5, 0, 1)
    crisp = Image.fromarray((255 * ramp).astype(np.uint8))
    back = (max(2, round(whole[0] / scale)), max(2, round(whole[1] / scale)))
    return cut(np.asarray(crisp.resize(back, Image.Resampling.BOX), np.float32) / 255)


def _full_ink(picture: Image.Image, size: tuple[int, int]) -> Floats:
    """Return the strongest ink within two source pixels, at least 40% of full ink."""
    strongest = picture.filter(ImageFilter.MaxFilter(5)).filter(ImageFilter.GaussianBlur(1))
    return np.maximum(np.asarray(strongest.resize(size, Image.Resampling.BICUBIC), np.float32), 100)
