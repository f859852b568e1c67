r"""From points with a radius to grey levels: the union of discs, exact to a fraction of a pixel.

A pixel at p is inside a disc of centre c and radius r if the power distance |p - c|^2 - r^2 is
below 0. The smallest power distance over all discs, m(p), is negative inside their union, and near
its edge the distance to the edge is about m / (2 r). So the grey level is

.. math:: g(p) = \mathrm{clip}(1/2 - m(p) / (2 r s), 0, 1)

with the typical radius r and the softness s of the edge, in pixels. Power distances are sums of a
term in x and a term in y, so each disc costs one addition and one minimum per pixel.
"""

import numpy as np

from tenfold.nn.array import Array

__all__ = ["neighbour_extreme", "outlines", "segment_cover", "union_of_discs"]

_CHUNK = 16  # images at a time, so that their pixels stay in the processor's cache
_FAR = np.float32(1e6)  # power distance where no disc is near


def union_of_discs(points: Array, radii: Array, softness: Array, size: int) -> Array:
    """Return grey levels of discs.

    Args:
        points: Centres as (x, y) in pixels; the first pixel covers [0, 1): (N, Q, 2) float32.
        radii: Radii in pixels; discs with a radius of 0 or less are left out: (N, Q).
        softness: Width of the edges, in pixels: (N,).
        size: Side of the images.

    Returns:
        (N, size, size) float32 from 0 to 1.
    """
    used = radii > 0
    counts = used.sum(axis=1)
    typical = np.where(used, radii, 0).sum(axis=1) / np.maximum(counts, 1)
    # Discs that are left out come last, so that they can be cut off together.
    order = np.argsort(~used, axis=1, kind="stable")
    points = np.take_along_axis(points, order[..., np.newaxis], axis=1)
    radii = np.take_along_axis(radii, order, axis=1)
    least = np.empty((len(points), size, size), np.float32)
    by_count = np.argsort(counts, kind="stable")
    for start in range(0, len(points), _CHUNK):
        rows = by_count[start : start + _CHUNK]
        most_discs = max(1, int(counts[rows].max()))
        least[rows] = _least_power(points[rows, :most_discs], radii[rows, :most_discs], size)
    edge = 2 * np.maximum(typical, 0.5) * softness
    grey: Array = np.clip(0.5 - least / edge[:, None, None].astype(np.float32), 0, 1)
    return grey


def _least_power(points: Array, radii: Array, size: int) -> Array:
    """Return the smallest power distance of each pixel, m(p): (N, size, size)."""
    centres = (np.arange(size, dtype=np.float32) + np.float32(0.5))[:, np.newaxis, np.newaxis]
    x, y = ((centres - points[np.newaxis, ..., axis]) ** 2 for axis in (0, 1))
    y = y - np.where(radii > 0, radii**2, -_FAR).astype(np.float32)
    x, y = (np.ascontiguousarray(term.transpose(2, 1, 0)) for term in (x, y))
    least = np.full((len(points), size, size), _FAR, np.float32)
    power = np.empty_like(least)
    for column, row in zip(x, y, strict=True):
        np.add(row[:, :, np.newaxis], column[:, np.newaxis, :], out=power)
        np.minimum(least, power, out=least)
    return least


def segment_cover(start: Array, end: Array, radius: Array, size: int) -> Array:
    """Return grey levels of one thick line per image, with round ends and edges of one pixel.

    Args:
        start: First end as (x, y) in pixels: (N, 2).
        end: Last end: (N, 2).
        radius: Half the width, in pixels: (N,).
        size: Side of the images.

    Returns:
        (N, size, size) float32 from 0 to 1.
    """
    pixels = np.arange(size, dtype=np.float32) + np.float32(0.5)
    start, end, radius = (a.astype(np.float32) for a in (start, end, radius))
    direction = end - start
    squared = np.maximum((direction**2).sum(axis=1), np.float32(1e-6))
    x = (pixels - start[:, :1])[:, np.newaxis, :]
    y = (pixels - start[:, 1:])[:, :, np.newaxis]
    dx, dy = direction[:, 0, None, None], direction[:, 1, None, None]
    along = np.clip((x * dx + y * dy) / squared[:, None, None], 0, 1)
    distance = np.sqrt((x - along * dx) ** 2 + (y - along * dy) ** 2)
    cover: Array = np.clip(0.5 + radius[:, None, None] - distance, 0, 1)
    return cover


def outlines(ink: Array, rng: np.random.Generator) -> Array:
    """Return drawings as outlines, such as hollow digits; the outlines are 2 to 4 pixels wide.

    An outline is, at each pixel, the difference between the largest and the smallest value of the
    pixel and its neighbours.

    Args:
        ink: (N, S, S) float32 from 0 to 1. Not modified.
        rng: Random generator.
    """
    line = np.minimum(
        1.3 * (neighbour_extreme(ink, np.maximum) - neighbour_extreme(ink, np.minimum)), 1
    )
    wide = rng.random(len(ink)) < 0.5
    line[wide] = np.maximum(line[wide], 0.8 * neighbour_extreme(line[wide], np.maximum))
    return line.astype(np.float32)


def neighbour_extreme(ink: Array, pick: np.ufunc) -> Array:
    """Return the maximum or minimum of each pixel and its four neighbours: (N, S, S).

    Args:
        ink: (N, S, S). Not modified.
        pick: ``np.maximum`` or ``np.minimum``.
    """
    near = ink.copy()
    pick(near[:, 1:], ink[:, :-1], out=near[:, 1:])
    pick(near[:, :-1], ink[:, 1:], out=near[:, :-1])
    pick(near[:, :, 1:], ink[:, :, :-1], out=near[:, :, 1:])
    pick(near[:, :, :-1], ink[:, :, 1:], out=near[:, :, :-1])
    return near
