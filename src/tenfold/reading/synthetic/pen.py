"""Pens: half the width of the line at each point of a drawing."""

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.synthetic.hand import Drawing
from tenfold.reading.synthetic.shapes.notation import SPACING

__all__ = ["pen_radii", "pen_widths"]

_WIDTHS = (
    (0.46, 0.105, 0.20),  # as in MNIST
    (0.20, 0.05, 0.11),  # ball-point
    (0.08, 0.016, 0.045),  # hairline
    (0.18, 0.17, 0.25),  # marker
    (0.08, 0.22, 0.30),  # very thick marker
)
"""For each pen: share of the drawings; smallest and largest width, in heights of a digit."""

_WIDE_PEN = 0.1  # a wider pen needs only every other point for a smooth edge


def pen_radii(drawing: Drawing, width: Array, rng: np.random.Generator) -> Array:
    """Return the radius of the pen at each point, in heights of a digit; 0 where it does not write.

    Args:
        drawing: N drawings.
        width: Width of the pen for each drawing: (N,).
        rng: Random generator.

    Returns:
        (N, Q) float32, with Q the number of points of a drawing.
    """
    radii = (width / 2)[:, np.newaxis] * _pressure(drawing, rng) * _nib(drawing, rng)
    left_out = _breaks(drawing, width, rng) | ~drawing.used
    left_out[:, 1::2] |= (width > _WIDE_PEN)[:, np.newaxis]
    return np.where(left_out, 0, radii).astype(np.float32)


def pen_widths(widest: Array, rng: np.random.Generator) -> Array:
    """Return the width of a random pen for each drawing, in heights of a digit: (N,).

    Args:
        widest: Greatest width for each drawing: (N,).
        rng: Random generator.
    """
    count = len(widest)
    shares, least, greatest = np.array(_WIDTHS).T
    pen = rng.choice(len(_WIDTHS), count, p=shares)
    width = least[pen] * (greatest[pen] / least[pen]) ** rng.random(count)
    return np.minimum(width, widest * rng.uniform(0.8, 1, count))


def _pressure(drawing: Drawing, rng: np.random.Generator) -> Array:
    """Return the factor by which the pressure of the hand changes the width: (N, Q)."""
    count, length = drawing.strokes.shape
    amplitude = np.where(rng.random(count) < 0.5, rng.uniform(0, 0.35, count), 0)
    frequency = rng.uniform(0.01, 0.07, (count, 1))
    phase = rng.uniform(0, 2 * np.pi, (count, 1))
    positions = np.arange(length, dtype=np.float32)
    waves = np.sin(frequency.astype(np.float32) * positions + phase.astype(np.float32))
    pressure = 1 + amplitude[:, np.newaxis].astype(np.float32) * waves
    last = drawing.used.sum(axis=1, keepdims=True) - 1
    tapered = rng.random((count, 1)) < 0.2
    ends = np.clip(0.4 + (last.astype(np.float32) - positions) / 14, 0.4, 1)
    factor: Array = pressure * np.where(tapered, ends, np.float32(1))
    return factor


def _nib(drawing: Drawing, rng: np.random.Generator) -> Array:
    """Return the factor by which the direction of a stroke changes the width of a broad nib."""
    count = len(drawing.points)
    rows = np.flatnonzero(rng.random(count) < 0.14)
    narrow = rng.uniform(0.35, 0.7, count)[rows, np.newaxis]
    nib = rng.uniform(-0.3, 1.6, count)[rows, np.newaxis]
    points = drawing.points[rows]
    step = np.diff(points, axis=1, append=points[:, -1:])
    angle = np.arctan2(step[..., 1], step[..., 0]) - nib
    factor = np.ones(drawing.strokes.shape, np.float32)
    factor[rows] = np.sqrt(np.sin(angle) ** 2 + (narrow * np.cos(angle)) ** 2)
    return factor


def _breaks(drawing: Drawing, width: Array, rng: np.random.Generator) -> Array:
    """Return where the pen leaves a gap: (N, Q) bool.

    About 9% of the drawings whose pen is thinner than 0.12 heights of a digit have a gap.
    """
    count, length = drawing.strokes.shape
    gap = (width + rng.uniform(0.02, 0.05, count)) / SPACING
    gap = np.where((rng.random(count) < 0.09) & (width < 0.12), gap, 0)
    middle = rng.uniform(0.1, 0.9, count) * drawing.used.sum(axis=1)
    broken: Array = np.abs(np.arange(length) - middle[:, np.newaxis]) < gap[:, np.newaxis] / 2
    return broken
