"""Kinds of ink, and how they lie on the paper."""

from dataclasses import dataclass

import numpy as np

from benchmarks.reading.brush import Floats
from benchmarks.reading.compose.canvas import noise_field

__all__ = ["INKS", "Ink", "lay"]


@dataclass(frozen=True)
class Ink:
    """An ink.

    Attributes:
        colour: Its colour, 0 to 1, at full strength.
        cover: Lowest and highest strength.
        grain: Strength of the gaps that rough paper leaves.
        light: Whether it covers a dark background, instead of darkening the paper.
    """

    colour: tuple[float, float, float]
    cover: tuple[float, float] = (0.85, 1.0)
    grain: float = 0.0
    light: bool = False


INKS = {
    "dark": Ink((0.08, 0.08, 0.1)),
    "blue": Ink((0.1, 0.17, 0.6), (0.7, 1.0), 0.04),
    "red": Ink((0.8, 0.1, 0.12), (0.75, 1.0), 0.05),
    "green": Ink((0.05, 0.42, 0.2), (0.8, 1.0), 0.05),
    "pencil": Ink((0.3, 0.3, 0.32), (0.35, 0.7), 0.35),
    "chalk": Ink((0.95, 0.95, 0.9), (0.7, 0.95), 0.5, light=True),
    "light": Ink((1.0, 1.0, 1.0), (0.85, 1.0), light=True),
}
"""The inks by name."""


def lay(paper: Floats, mask: Floats, name: str, unit: int, rng: np.random.Generator) -> Floats:
    """Return paper (H, W, 3) with ink where ``mask`` (H, W) has some.

    Args:
        paper: The sheet; it is changed.
        mask: 0 to 1.
        name: A key of ``INKS``.
        unit: Height of the digits in pixels: the scale of the grain.
        rng: Random numbers.
    """
    ink = INKS[name]
    rows, columns = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return paper
    part = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
    alpha = mask[part] * rng.uniform(*ink.cover)
    if ink.grain:
        spots = noise_field(alpha.shape, max(1.0, unit / 60), rng, 2)
        alpha = alpha * np.clip(1 - ink.grain * np.maximum(spots + 0.2, 0), 0.15, 1)
    colour = np.clip(np.array(ink.colour, np.float32) + rng.uniform(-0.05, 0.05), 0, 1)
    share = alpha[..., np.newaxis]
    if ink.light:
        paper[part] = paper[part] * (1 - share) + colour * share
    else:
        paper[part] *= 1 - share * (1 - colour)
    return paper
