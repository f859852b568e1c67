"""A sheet before it is photographed: its size, what is written on it, and random fields."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.reading.brush import Floats

__all__ = ["Box", "Canvas", "Mark", "Truth", "noise_field"]

Box = tuple[float, float, float, float]
"""x, y, width and height in pixels."""


@dataclass(frozen=True)
class Mark:
    """A digit (or another glyph, with an empty text) on the sheet."""

    text: str
    box: Box
    line: int = 0


@dataclass(frozen=True)
class Truth:
    """What a picture contains.

    Attributes:
        lines: The numbers in reading order; empty for a picture without digits.
        marks: Each digit with its box in the picture.
        condition: Name of the condition.
        source: Name of the source of the digits.
        member: Index of the first digit in its source, -1 without digits.
    """

    lines: tuple[str, ...]
    marks: tuple[Mark, ...]
    condition: str
    source: str
    member: int = -1


@dataclass
class Canvas:
    """A sheet that is larger than the picture by ``margin`` on each side.

    Attributes:
        width: Width of the picture, in pixels.
        height: Height of the picture, in pixels.
        margin: What the sheet has on each side beyond the picture, for rotation and perspective,
            in pixels.
        unit: Height of the digits, in pixels.
        ink: (H, W), 0 to 1, of the whole sheet.
        marks: What is written, with boxes on the sheet.
    """

    width: int
    height: int
    margin: int
    unit: int
    marks: list[Mark] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ink: Floats = np.zeros(self.shape, np.float32)

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width of the sheet."""
        return (self.height + 2 * self.margin, self.width + 2 * self.margin)

    def write(self, mask: Floats, x: int, y: int, text: str = "", line: int = 0) -> None:
        """Add ink with its upper left corner at (x, y) of the picture.

        Ink outside the sheet is cut off.
        """
        h, w = mask.shape
        left, top = x + self.margin, y + self.margin
        rows = slice(max(0, top), max(0, min(self.shape[0], top + h)))
        columns = slice(max(0, left), max(0, min(self.shape[1], left + w)))
        part = mask[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left]
        self.ink[rows, columns] = np.maximum(self.ink[rows, columns], part)
        if text:
            self.marks.append(Mark(text, (left, top, w, h), line))


def noise_field(
    shape: tuple[int, int], scale: float, rng: np.random.Generator, octaves: int = 1
) -> Floats:
    """Return smooth noise with mean 0 and standard deviation near 1.

    Args:
        shape: H and W.
        scale: Size of the largest spots, in pixels, at least 1.
        rng: Random numbers.
        octaves: Number of scales; each is half of the one before, with half its strength.
    """
    total = np.zeros(shape, np.float32)
    for octave in range(octaves):
        step = max(1.0, scale / 2**octave)
        small = (max(2, int(shape[0] / step) + 2), max(2, int(shape[1] / step) + 2))
        values: NDArray[np.float32] = rng.standard_normal(small, np.float32)
        if step > 1:
            size = (shape[1], shape[0])
            values = np.asarray(Image.fromarray(values).resize(size, Image.Resampling.BICUBIC))
        else:
            values = values[: shape[0], : shape[1]]
        total += values / 2**octave
    return total
