"""Ink without strokes: blobs, bars, edges of shadows, crumbs, and the grain of paper."""

import numpy as np

from tenfold.nn.array import Array

__all__ = ["solids"]


def solids(count: int, size: int, rng: np.random.Generator) -> Array:
    """Return images of blobs, rectangles, shadow edges, crumbs and texture.

    Each is a field that is cut at a level: the sum of smooth noise, of a ramp, of a hill or of the
    distance to a rectangle, with random weights.

    Returns:
        (count, size, size) float32 from 0 to 1.
    """
    places = (np.arange(size, dtype=np.float32) + np.float32(0.5)) / size - np.float32(0.5)
    kind = rng.integers(0, 5, count)
    angle = rng.uniform(0, np.pi, count)
    cos, sin = _wide(np.cos(angle)), _wide(np.sin(angle))
    x, y = places[np.newaxis, np.newaxis], places[np.newaxis, :, np.newaxis]
    u, v = x * cos + y * sin, y * cos - x * sin
    half = rng.uniform(0.08, 0.45, (2, count))
    half[1] = np.where(half[1] < half[0] / 2, half[0], half[1])  # a thin bar would be a 1
    hill = 0.35 - np.hypot(u, v * _wide(rng.uniform(1, 1.8, count)))
    box = np.minimum(_wide(half[0]) - abs(u), _wide(half[1]) - abs(v))
    ramp = u - _wide(rng.uniform(-0.3, 0.3, count))
    coarse, fine = _noise(count, size, 7, rng), _noise(count, size, size // 2, rng)
    choices = [
        0.6 * hill + 0.1 * coarse,  # a blob
        box,  # a rectangle
        ramp + 0.04 * coarse,  # the edge of a shadow
        0.12 * (coarse - _wide(rng.uniform(0.6, 1.4, count))),  # spots
        0.12 * (fine - _wide(rng.uniform(0.4, 2.2, count))),  # the grain of paper, crumbs
    ]
    field = np.choose(kind[:, None, None], choices)
    ink: Array = np.clip(0.5 + field * size * _wide(rng.uniform(0.3, 1, count)), 0, 1)
    return ink.astype(np.float32)


def _noise(count: int, size: int, cells: int, rng: np.random.Generator) -> Array:
    """Return noise of mean 0 and variance about 1, smooth over ``size / cells`` pixels."""
    grid = rng.standard_normal((count, cells + 1, cells + 1), np.float32)
    places = np.linspace(0, cells, size, dtype=np.float32)
    weights = np.maximum(0, 1 - abs(places[:, np.newaxis] - np.arange(cells + 1, dtype=np.float32)))
    noise: Array = 1.5 * (weights @ grid @ weights.T)
    return noise


def _wide(values: Array) -> Array:
    return values[:, None, None].astype(np.float32)
