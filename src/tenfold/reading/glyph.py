"""Glyphs: a piece of ink as the image that the network reads.

The ink is cut out, enlarged or reduced to a fixed height, made about as thick as MNIST's strokes,
and normalised as MNIST's digits were (``tenfold.images.normalize``). Thin strokes must be thickened
before they are reduced: averaged down, a stroke of one pixel would fade to grey. Grey levels are
kept: in small and in blurred pictures, they show loops and gaps that a threshold would remove.
"""

from dataclasses import dataclass

import numpy as np

from tenfold.images import normalize
from tenfold.nn.array import Array
from tenfold.reading.disk import disk_maximum
from tenfold.reading.sliding import sliding_maximum

__all__ = ["Glyph", "make_glyph", "stroke_width"]

_SIDE = 60  # longer side of the cut-out, in pixels: three for each of the 20 pixels of MNIST's box
_MARGIN = 12  # background around the cut-out, in pixels, which leaves room for thickening
_THIN, _THICK = 0.105, 0.20  # strokes of these widths stay as they are, in longer sides of the ink
_THINNEST = 2.5  # pixels of the reduced cut-out: thinner strokes are thickened before reduction
_LARGEST = 8  # times _SIDE: a larger cut-out is first reduced
_EPSILON = 1e-6
_EDGE = 0.5  # pixels from the middle of a pixel to its edge
_HALO = 0.35  # how far the soft edge of a stroke reaches, in widths of the stroke
_FLOOR, _FULL = 0.25, 0.75  # contrasts that become 0 and 1, as shares of the contrast of strong ink


@dataclass(frozen=True)
class Glyph:
    """The image of a candidate, as the network reads it.

    Attributes:
        image: (28, 28, 1) uint8.
        stroke: Stroke width before it was changed, divided by the longer side of the ink.
        aspect: Width of the ink, divided by its height.
    """

    image: Array
    stroke: float
    aspect: float


def make_glyph(contrast: Array, mask: Array) -> Glyph:
    """Return the glyph of a cut-out.

    Args:
        contrast: (h, w) float32, contrast of the cut-out.
        mask: (h, w) bool, which pixels are ink of this candidate.
    """
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    place = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
    mask, contrast = _reduced(contrast[place], mask[place])
    stroke = stroke_width(mask)
    shape = _resample(contrast, mask, stroke)
    image = normalize(_cropped(_change_width(shape, stroke_width(shape > 0.5))))
    return Glyph(image, stroke / max(mask.shape), mask.shape[1] / mask.shape[0])


def _cropped(ink: Array) -> Array:
    """Return the part of the ink in the box of its strong ink, without soft edges around it."""
    strong = ink > 0.5
    rows, columns = np.flatnonzero(strong.any(axis=1)), np.flatnonzero(strong.any(axis=0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] if len(rows) else ink


def _reduced(contrast: Array, mask: Array) -> tuple[Array, Array]:
    """Return a large cut-out reduced by a whole factor, so that its memory is bounded."""
    step = max(mask.shape) // (_LARGEST * _SIDE)
    if step < 2:
        return mask, contrast
    height, width = (-(-length // step) * step for length in mask.shape)
    room = ((0, height - mask.shape[0]), (0, width - mask.shape[1]))
    blocks = (height // step, step, width // step, step)
    values = np.pad(contrast, room).reshape(blocks).max(axis=(1, 3))
    return np.asarray(np.pad(mask, room).reshape(blocks).any(axis=(1, 3))), values


def stroke_width(mask: Array) -> float:
    """Return the mean stroke width of a mask, in pixels: 2 area / perimeter."""
    edges = np.count_nonzero(mask[1:] ^ mask[:-1]) + np.count_nonzero(mask[:, 1:] ^ mask[:, :-1])
    edges += sum(map(np.count_nonzero, (mask[0], mask[-1], mask[:, 0], mask[:, -1])))
    return float(2 * np.count_nonzero(mask) / max(edges * np.pi / 4, 1))


def _resample(contrast: Array, mask: Array, stroke: float) -> Array:
    """Return the ink, (h, w) float32 from 0 to 1, at a longer side of ``_SIDE``, with a margin."""
    from PIL import Image

    height, width = mask.shape
    pad = max(2, round(_MARGIN * max(height, width) / _SIDE))
    peak = max(_strong(contrast[mask]), _EPSILON)
    values = _with_edges(contrast, pad) * np.float32(1 / peak / (_FULL - _FLOOR))
    values -= np.float32(_FLOOR / (_FULL - _FLOOR))
    values *= _near(mask, pad, stroke)
    np.clip(values, 0, 1, out=values)
    scale = _SIDE / max(height, width)
    if scale < 1 and stroke * scale < _THINNEST:
        values = sliding_maximum(values, int(_THINNEST / scale) | 1)
    new = tuple(max(1, round(length * scale)) for length in (values.shape[1], values.shape[0]))
    filter_ = Image.Resampling.BICUBIC if scale > 1 else Image.Resampling.BOX
    return np.clip(np.asarray(Image.fromarray(values).resize(new, filter_)), 0, 1)


def _strong(values: Array) -> float:
    """Return the quantile 0.9 of values (n,), faster than ``np.quantile``."""
    place = 0.9 * (len(values) - 1)
    low = int(place)
    high = min(low + 1, len(values) - 1)
    ordered = np.partition(values, (low, high))
    return float(ordered[low]) + (place - low) * float(ordered[high] - ordered[low])


def _with_edges(values: Array, pad: int) -> Array:
    """Return values (h, w) continued by ``pad`` pixels, faster than ``np.pad`` with "edge"."""
    height, width = values.shape
    wide = np.empty((height + 2 * pad, width + 2 * pad), values.dtype)
    wide[pad:-pad, pad:-pad] = values
    wide[pad:-pad, :pad], wide[pad:-pad, -pad:] = values[:, :1], values[:, -1:]
    wide[:pad], wide[-pad:] = wide[pad], wide[-pad - 1]
    return wide


def _near(mask: Array, pad: int, stroke: float) -> Array:
    """Return which pixels, also of a margin, are ink or the soft edge of its strokes: bool."""
    near = np.zeros((mask.shape[0] + 2 * pad, mask.shape[1] + 2 * pad), bool)
    near[pad:-pad, pad:-pad] = mask
    radius, reach = max(1, round(_HALO * stroke)), 0
    while reach < radius:  # each step is about twice as long as the growth so far
        step = min(radius - reach, 2 * reach + 1)
        near = _with_shifted(_with_shifted(near, step).T, step).T
        reach += step
    return near


def _with_shifted(mask: Array, step: int) -> Array:
    """Return which pixels are in a mask, or ``step`` rows above or below a pixel in it."""
    both = mask.copy(order="K")
    both[step:] |= mask[:-step]
    both[:-step] |= mask[step:]
    return both


def _change_width(ink: Array, width: float) -> Array:
    """Return the ink with strokes grown or shrunk to MNIST's range of widths.

    To grow strokes, each pixel gets the largest value within a radius, which keeps the grey levels.
    Strokes that are shrunk are thick. Their edges are sharp enough for a threshold.
    """
    low, high = _THIN * _SIDE, _THICK * _SIDE
    wanted = min(max(width, low), high)
    change = (wanted - width) / 2
    if change > 0.25:
        return disk_maximum(ink, change + _EDGE)
    if change < -0.25:
        thinner = ~disk_maximum(ink <= 0.5, min(-change, width / 3))
        return thinner.astype(np.float32) if thinner.any() else ink
    return ink
