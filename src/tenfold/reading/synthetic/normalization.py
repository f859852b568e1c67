"""MNIST's normalisation of many images at once: the same result as ``tenfold.images.normalize``."""

import numpy as np

from tenfold.nn.array import Array

__all__ = ["normalize_all"]

_SIZE, _BOX, _MIN_SQUARE = 28, 20, 10


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
    places = np.arange(_BOX, dtype=np.float64) + 0.5
    mass = np.maximum(boxes.sum(axis=(1, 2), dtype=np.float64), 1e-9)
    top, left = (
        (_SIZE // 2 + 1 - boxes.sum(axis=axis, dtype=np.float64) @ places / mass).astype(int)
        for axis in (2, 1)
    )
    canvas = np.zeros((len(boxes), _SIZE + 2 * _BOX, _SIZE + 2 * _BOX), np.uint8)
    cells = np.arange(_BOX)
    rows = (_BOX + top)[:, None, None] + cells[:, None]
    columns = (_BOX + left)[:, None, None] + cells
    canvas[np.arange(len(boxes))[:, None, None], rows, columns] = boxes
    return canvas[:, _BOX : _BOX + _SIZE, _BOX : _BOX + _SIZE, None]
