"""Glyphs: a piece of ink as the image that the network reads.

The ink is cut out, enlarged or reduced to a fixed height, made about as thick as MNIST's strokes,
and normalised as MNIST's digits were (``tenfold.images.normalize``). Thin strokes must be thickened
before they are reduced: averaged down, a stroke of one pixel would fade to grey. Grey levels are
kept: in small and in blurred pictures, they show loops and gaps that a threshold would remove.
"""

from dataclasses import dataclass

import numpy as np

from tenfold.images.normalization import bounding_box, normalize, normalize_box
from tenfold.nn.array import Array
from tenfold.reading.disk import disk_maximum
from tenfold.reading.enlarge import enlarge
from tenfold.reading.quantiles import quantile
from tenfold.reading.sliding import sliding_maximum

__all__ = ["Glyph", "make_glyph", "stroke_width"]

_SIDE = 60  # longer side of the cut-out, in pixels: three for each of the 20 pixels of MNIST's box
_MARGIN = 12  # background around the cut-out, in pixels, which leaves room for thickening
_THIN, _THICK = 0.105, 0.20  # thinnest and thickest stroke, as shares of the ink's longer side
_THINNEST = 2.5  # pixels of the reduced cut-out: thinner strokes are thickened before reduction
_LARGEST = 3  # a large cut-out is first reduced, but not below this multiple of _SIDE
_EPSILON = 1e-6
_STRONG = 0.9  # the contrast of strong ink is this quantile of the contrast of all ink
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
    box = bounding_box(mask)
    mask, contrast = _reduced(contrast[box], mask[box])
    stroke = stroke_width(mask)
    image = _normalized(_resample(contrast, mask, stroke))
    return Glyph(image, stroke / max(mask.shape), mask.shape[1] / mask.shape[0])


def _reduced(contrast: Array, mask: Array) -> tuple[Array, Array]:
    """Return the mask and the contrast of a large cut-out, reduced by a whole factor.

    A reduced pixel has the mean contrast of its pixels, and is ink if one of them is.
    """
    from PIL import Image

    step = max(mask.shape) // (_LARGEST * _SIDE)
    if step < 2:
        return mask, contrast
    ink = Image.fromarray(np.where(mask, np.float32(1), np.float32(0))).reduce(step)
    values = Image.fromarray(np.ascontiguousarray(contrast)).reduce(step)
    return np.asarray(ink) > 0, np.asarray(values)


def stroke_width(mask: Array) -> float:
    """Return the mean stroke width of a mask, in pixels: 2 area / perimeter."""
    height, width = mask.shape
    room = np.zeros((height + 2, width + 1), bool)  # in ``flat``, one column separates two rows
    room[1:-1, :-1] = mask
    flat = room.reshape(-1)
    edges = np.count_nonzero(flat[1:] != flat[:-1])
    edges += np.count_nonzero(flat[width + 1 :] != flat[: -width - 1])
    return 2 * np.count_nonzero(flat) / max(edges * np.pi / 4, 1)


def _resample(contrast: Array, mask: Array, stroke: float) -> Array:
    """Return the ink, (h, w) float32 from 0 to 1, at a longer side of ``_SIDE``, with a margin."""
    from PIL import Image

    height, width = mask.shape
    pad = max(2, round(_MARGIN * max(height, width) / _SIDE))
    peak = max(quantile(_inside(contrast, mask), _STRONG), _EPSILON)
    values = _with_edges(contrast, pad)
    values *= np.float32(1 / peak / (_FULL - _FLOOR))
    values -= np.float32(_FLOOR / (_FULL - _FLOOR))
    values *= _near(mask, pad, stroke)
    _clip(values)
    scale = _SIDE / max(height, width)
    if scale < 1 and stroke * scale < _THINNEST:
        values = sliding_maximum(values, int(_THINNEST / scale) | 1)
    new_height, new_width = (max(1, round(length * scale)) for length in values.shape)
    if scale > 1:
        return _clip(enlarge(values, (new_height, new_width)))
    small = Image.fromarray(values).resize((new_width, new_height), Image.Resampling.BOX)
    return np.clip(np.asarray(small), 0, 1)


def _clip(values: Array) -> Array:
    """Limit values to the range from 0 to 1 in place, faster than ``np.clip``; return them."""
    np.maximum(values, 0, out=values)
    return np.asarray(np.minimum(values, 1, out=values))


def _inside(values: Array, mask: Array) -> Array:
    """Return ``values[mask]``, (n,), faster than NumPy selects by a mask."""
    return np.asarray(values.reshape(-1)[mask.reshape(-1).nonzero()[0]])


def _with_edges(values: Array, pad: int) -> Array:
    """Return values (h, w) continued by ``pad`` pixels, faster than ``np.pad`` with "edge"."""
    height, width = values.shape
    wide = np.empty((height + 2 * pad, width + 2 * pad), values.dtype)
    wide[pad:-pad, pad:-pad] = values
    wide[pad:-pad, :pad], wide[pad:-pad, -pad:] = values[:, :1], values[:, -1:]
    wide[:pad], wide[-pad:] = wide[pad], wide[-pad - 1]
    return wide


def _near(mask: Array, pad: int, stroke: float) -> Array:
    """Return which pixels are ink or the soft edges of its strokes: (h + 2 pad, w + 2 pad) bool.

    Args:
        mask: (h, w) bool, the ink.
        pad: Width of the margin that is added on each side, in pixels.
        stroke: Stroke width, in pixels.
    """
    radius, reach = max(1, round(_HALO * stroke)), 0
    room = max(pad, radius)  # so that nothing grows beyond the end of a row into the next row
    near = np.zeros((mask.shape[0] + 2 * room, mask.shape[1] + 2 * room), bool)
    near[room:-room, room:-room] = mask
    flat = near.reshape(-1)
    while reach < radius:  # each step is about twice as long as the growth so far
        step = min(radius - reach, 2 * reach + 1)
        flat = _with_shifted(_with_shifted(flat, step), step * near.shape[1])
        reach += step
    extra = room - pad
    return flat.reshape(near.shape)[extra : len(near) - extra, extra : near.shape[1] - extra]


def _with_shifted(mask: Array, step: int) -> Array:
    """Return which pixels (N,) are in a mask, or ``step`` before or after a pixel in it."""
    both = mask.copy()
    both[step:] |= mask[:-step]
    both[:-step] |= mask[step:]
    return both


def _normalized(ink: Array) -> Array:
    """Return the normalised image of the ink with strokes of MNIST's range of widths.

    Soft edges around the box of the strong ink are left out.
    """
    strong = ink > 0.5
    width = stroke_width(strong)
    low, high = _THIN * _SIDE, _THICK * _SIDE
    change = (min(max(width, low), high) - width) / 2
    if not strong.any():
        return normalize(disk_maximum(ink, change + _EDGE))
    box = bounding_box(strong)
    if change > 0.25:
        return normalize_box(_grown(ink, box, change + _EDGE))
    if change < -0.25:
        thinner = ~disk_maximum(~strong, min(-change, width / 3))
        if thinner.any():
            return normalize_box(thinner[bounding_box(thinner)])
    return normalize_box(ink[box])


def _grown(ink: Array, box: tuple[slice, slice], radius: float) -> Array:
    """Return the ink in the box of the strong ink, after strokes and box have grown by a radius.

    Each pixel gets the largest value within the radius, which keeps the grey levels. Only the
    pixels that the result depends on are used.

    Args:
        ink: (H, W) float32.
        box: The box of its strong ink.
        radius: In pixels.
    """
    reach = int(radius)
    needed = tuple(slice(max(0, s.start - 2 * reach), s.stop + 2 * reach) for s in box)
    grown = disk_maximum(ink[needed], radius)
    rows, columns = (
        slice(max(0, s.start - reach) - n.start, min(s.stop + reach, length) - n.start)
        for s, n, length in zip(box, needed, ink.shape, strict=True)
    )
    return grown[rows, columns]
