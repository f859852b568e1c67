"""Normalisation of many images at once: as MNIST's digits were, or as the reader cuts them out."""

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.glyph import make_glyph

__all__ = ["cut_or_normalize_all", "normalize_all"]

# Sides in pixels: of an image, of the digit in it, and least side of the square around the ink.
_SIZE, _BOX, _MIN_SQUARE = 28, 20, 10
_CUT = 0.6  # share of the images that are made as the reader makes them
_HALF = 0.5  # least grey level of ink, as a share of that of strong ink (as in ``reading.mask``)
_STRONG = 0.9  # strong ink is this quantile of all ink, since its maximum may be a dark speck


def cut_or_normalize_all(ink: Array, rng: np.random.Generator) -> Array:
    """Return ink as normalised images, three in five of them as the reader cuts them out.

    The network meets both: MNIST's own images, and glyphs with the stroke width that the reader
    gives them (``tenfold.reading.glyph``).

    Args:
        ink: (N, H, W) float32 from 0 to 1; 0 is background.
        rng: Random generator, which chooses the images.

    Returns:
        (N, 28, 28, 1) uint8; all 0 where there is no ink.
    """
    images = normalize_all(ink)
    for index in np.flatnonzero(rng.random(len(ink)) < _CUT):
        used = ink[index][ink[index] > 0]
        if len(used):
            mask = ink[index] > _HALF * np.quantile(used, _STRONG)
            images[index] = make_glyph(ink[index], mask).image
    return images


def normalize_all(ink: Array) -> Array:
    """Return ink as normalised images; see ``tenfold.images.normalize`` for the steps.

    Computed in float32, so that a pixel may differ from the result of ``normalize`` by a grey level
    or two.

    Args:
        ink: (N, H, W), at least 0; 0 is background.

    Returns:
        (N, 28, 28, 1) uint8; all 0 where there is no ink.
    """
    ink = ink.astype(np.float32)
    tops, heights = _extent(np.any(ink, axis=2))
    lefts, widths = _extent(np.any(ink, axis=1))
    sides = np.maximum(np.maximum(heights, widths), _MIN_SQUARE)
    down = _resampling(tops - (sides - heights) // 2, sides, ink.shape[1])
    across = _resampling(lefts - (sides - widths) // 2, sides, ink.shape[2])
    boxes = down @ ink @ across.transpose(0, 2, 1)
    peak = boxes.max(axis=(1, 2), keepdims=True)
    boxes = np.floor(255 * boxes / np.where(peak > 0, peak, 1) + np.float32(0.5))
    return _paste(boxes)


def _extent(used: Array) -> tuple[Array, Array]:
    """Return the first used position of each row and the length up to the last one: (N,) each."""
    first = used.argmax(axis=1)
    last = used.shape[1] - used[:, ::-1].argmax(axis=1)
    return first, last - first


def _resampling(first: Array, sides: Array, length: int) -> Array:
    """Return R (N, 20, length): the share of each pixel in each of 20 cells of the square."""
    edges = first[:, None] + np.arange(_BOX + 1) * (sides[:, None] / _BOX)
    pixels = np.arange(length)
    low = np.maximum(edges[:, :-1, None], pixels)
    high = np.minimum(edges[:, 1:, None], pixels + 1)
    shares: Array = np.maximum(high - low, 0) * (_BOX / sides)[:, None, None]
    return shares.astype(np.float32)


def _paste(boxes: Array) -> Array:
    """Return the boxes in images of 28 x 28, with their centre of mass in pixel 14."""
    positions = np.arange(_BOX, dtype=np.float64) + 0.5
    mass = np.maximum(boxes.sum(axis=(1, 2), dtype=np.float64), 1e-9)
    top, left = (
        (_SIZE // 2 + 1 - boxes.sum(axis=axis, dtype=np.float64) @ positions / mass).astype(int)
        for axis in (2, 1)
    )
    canvas = np.zeros((len(boxes), _SIZE + 2 * _BOX, _SIZE + 2 * _BOX), np.uint8)
    cells = np.arange(_BOX)
    rows = (_BOX + top)[:, None, None] + cells[:, None]
    columns = (_BOX + left)[:, None, None] + cells
    canvas[np.arange(len(boxes))[:, None, None], rows, columns] = boxes
    return canvas[:, _BOX : _BOX + _SIZE, _BOX : _BOX + _SIZE, None]
