"""Ink without strokes: blobs, bars, edges of shadows, specks, and the grain of paper."""

import numpy as np

from tenfold.nn.array import Array

__all__ = ["solids"]


def solids(count: int, size: int, rng: np.random.Generator) -> Array:
    """Return images of blobs, rectangles, edges of shadows, spots, and grain of paper.

    The kind of each image is random. Each kind has a field f(x, y), which is positive inside the
    ink: a hill with smooth noise, the distance to the sides of a rectangle, a ramp with smooth
    noise, and noise minus a constant (smooth noise for spots, fine noise for grain). The ink is
    0.5 + s f, clipped to [0, 1]. The positions, sizes and angles are random, and so is s, which
    determines how sharp the edges are.

    Args:
        count: Number of images.
        size: Height and width of an image, in pixels.
        rng: Random generator.

    Returns:
        (count, size, size) float32 from 0 to 1.
    """
    positions = (np.arange(size, dtype=np.float32) + np.float32(0.5)) / size - np.float32(0.5)
    kind = rng.integers(0, 5, count)
    angle = rng.uniform(0, np.pi, count)
    cos, sin = _per_image(np.cos(angle)), _per_image(np.sin(angle))
    x, y = positions[np.newaxis, np.newaxis], positions[np.newaxis, :, np.newaxis]
    u, v = x * cos + y * sin, y * cos - x * sin
    half = rng.uniform(0.08, 0.45, (2, count))
    # A rectangle that is more than twice as long along u as along v becomes a square. One that is
    # long along v stays, also as a thin bar that looks like a 1. From the training images, the
    # recipe ``reader-digit`` removes such bars if they are upright.
    half[1] = np.where(half[1] < half[0] / 2, half[0], half[1])
    hill = 0.35 - np.hypot(u, v * _per_image(rng.uniform(1, 1.8, count)))
    box = np.minimum(_per_image(half[0]) - abs(u), _per_image(half[1]) - abs(v))
    ramp = u - _per_image(rng.uniform(-0.3, 0.3, count))
    coarse, fine = _noise(count, size, 7, rng), _noise(count, size, size // 2, rng)
    choices = [
        0.6 * hill + 0.1 * coarse,  # a blob
        box,  # a rectangle
        ramp + 0.04 * coarse,  # the edge of a shadow
        0.12 * (coarse - _per_image(rng.uniform(0.6, 1.4, count))),  # spots
        0.12 * (fine - _per_image(rng.uniform(0.4, 2.2, count))),  # the grain of paper, specks
    ]
    field = np.choose(kind[:, None, None], choices)
    ink: Array = np.clip(0.5 + field * size * _per_image(rng.uniform(0.3, 1, count)), 0, 1)
    return ink.astype(np.float32)


def _noise(count: int, size: int, cells: int, rng: np.random.Generator) -> Array:
    """Return noise of mean 0 and variance about 1, smooth over ``size / cells`` pixels."""
    grid = rng.standard_normal((count, cells + 1, cells + 1), np.float32)
    positions = np.linspace(0, cells, size, dtype=np.float32)
    grid_positions = np.arange(cells + 1, dtype=np.float32)
    weights = np.maximum(0, 1 - abs(positions[:, np.newaxis] - grid_positions))
    noise: Array = 1.5 * (weights @ grid @ weights.T)
    return noise


def _per_image(values: Array) -> Array:
    """Return a value for each image, (N,), as (N, 1, 1) float32."""
    return values[:, None, None].astype(np.float32)
