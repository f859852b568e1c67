"""From marks to the ink on a page of any size."""

from collections.abc import Sequence

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.synthetic.pages.marks import Mark, extent

__all__ = ["page_ink"]


def page_ink(marks: Sequence[Mark], width: int, height: int, softness: float = 1.0) -> Array:
    """Return the ink of marks; ink outside the page is cut off.

    Args:
        marks: What is written.
        width: Width of the page, in pixels.
        height: Height of the page, in pixels.
        softness: Width of the edges of strokes, in pixels.

    Returns:
        (height, width) float32 from 0 to 1.
    """
    page = np.zeros((height, width), np.float32)
    for one in marks:
        low, high = extent([one])
        first = np.clip(np.floor(low - softness).astype(int), 0, [width, height])
        last = np.clip(np.ceil(high + softness).astype(int), 0, [width, height])
        if (first < last).all():
            part = page[first[1] : last[1], first[0] : last[0]]
            np.maximum(part, _cover(one, first, part.shape, softness), out=part)
    return page


def _cover(one: Mark, corner: Array, shape: tuple[int, ...], softness: float) -> Array:
    """Return the grey levels of one mark in the window that begins at ``corner``.

    The union of discs by the smallest power distance, as in ``raster``, but each disc is computed
    in its own neighbourhood only.
    """
    points, radii = _dense(one)
    points = points - corner
    typical = max(float(radii.mean()), 0.5)
    least = np.full(shape, 2 * typical * softness, np.float32)  # no ink beyond this
    reach = np.sqrt(radii**2 + 2 * typical * softness) + 1
    rows, columns = np.arange(shape[0]) + 0.5, np.arange(shape[1]) + 0.5
    low = np.maximum(np.floor(points - reach[:, np.newaxis]), 0).astype(int)
    high = np.maximum(np.ceil(points + reach[:, np.newaxis]), 0).astype(int)
    for (x, y), radius, (left, top), (right, bottom) in zip(points, radii, low, high, strict=True):
        part = least[top:bottom, left:right]
        across = (columns[left:right] - x) ** 2
        down = (rows[top:bottom] - y) ** 2 - radius**2
        np.minimum(part, down[:, np.newaxis] + across, out=part, casting="same_kind")
    cover: Array = np.clip(0.5 - least / (2 * typical * softness), 0, 1)
    return cover


def _dense(one: Mark) -> tuple[Array, Array]:
    """Return points along the strokes, at most half a radius (or half a pixel) apart."""
    if len(one.points) == 1:
        return one.points, one.radii
    step, joined = np.diff(one.points, axis=0), np.diff(one.stroke_of) == 0
    distance = np.linalg.norm(step, axis=1)
    wanted = np.ceil(distance / np.maximum(0.5, 0.5 * one.radii[:-1])).astype(int)
    counts = np.where(joined, np.maximum(wanted, 1), 1)
    owner = np.repeat(np.arange(len(step)), counts)
    first = np.cumsum(counts) - counts
    share = ((np.arange(len(owner)) - first[owner]) / counts[owner])[:, np.newaxis]
    points = one.points[owner] + share * step[owner]
    radii = one.radii[owner] + share[:, 0] * np.diff(one.radii)[owner]
    return np.concatenate([points, one.points[-1:]]), np.append(radii, one.radii[-1])
