"""Strokes of the pad, and how they become ink."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.synthetic.raster import segment_cover
from tenfold.studio.server.messages import Message, MessageError, read_field

__all__ = ["PAD", "SIDE", "Stroke", "rasterise", "strokes_of"]

PAD = 1000
"""Width and height of the pad, in the units of the coordinates that the page sends."""

SIDE = 320
"""Width and height of the ink, in pixels."""

_SCALE = SIDE / PAD
_MOST_POINTS = 6000  # of all strokes of a drawing
_LONGEST = 10.0  # pixels: longer pieces of a stroke are divided
_CHUNK = 64  # pieces at a time
_PEN_WIDTH = (5.0, 300.0)  # least and greatest, in units of the pad


@dataclass(frozen=True)
class Stroke:
    """One line of the pen, or of the eraser.

    Attributes:
        points: (P, 2) float32 as (x, y), in units of the pad; at least one point.
        width: Width of the pen, in units of the pad.
        erases: Whether it removes ink.
    """

    points: Array
    width: float
    erases: bool = False


def strokes_of(message: Message) -> list[Stroke]:
    """Return the strokes in a message: ``strokes`` is a list of ``[width, erases, x, y, x, y...]``.

    Raises:
        MessageError: If a stroke has another form, or there are more than 6000 points.
    """
    strokes = [_stroke(entry) for entry in read_field(message, "strokes", list)]
    if sum(len(stroke.points) for stroke in strokes) > _MOST_POINTS:
        raise MessageError(f"a drawing must have at most {_MOST_POINTS} points")
    return strokes


def _stroke(entry: Any) -> Stroke:
    are_numbers = isinstance(entry, list) and all(type(value) in (int, float) for value in entry)
    if not are_numbers or len(entry) < 4 or len(entry) % 2:
        raise MessageError("a stroke must be a list [width, erases, x, y, x, y, ...] of numbers")
    width, erases, *coordinates = entry
    if not _PEN_WIDTH[0] <= width <= _PEN_WIDTH[1]:
        raise MessageError(f"the width of a stroke must be in {list(_PEN_WIDTH)}, got {width:g}")
    points = np.array(coordinates, np.float64).reshape(-1, 2)
    if not (np.abs(points) <= 2 * PAD).all():  # a stroke may leave the pad; also false for NaN
        raise MessageError(f"the points of a stroke must be from {-2 * PAD} to {2 * PAD}")
    return Stroke(points.astype(np.float32), float(width), bool(erases))


def rasterise(strokes: list[Stroke]) -> Array:
    """Return the ink of strokes, drawn one after the other: (SIDE, SIDE) float32 from 0 to 1.

    The ink of a pixel is approximately the share of the pixel that the pen covers:
    clip(1/2 + r - d, 0, 1), with the radius r of the pen and the distance d of the pixel from the
    stroke.
    """
    ink = np.zeros((SIDE, SIDE), np.float32)
    for stroke in strokes:
        cover = _cover(stroke)
        ink = ink * (1 - cover) if stroke.erases else np.maximum(ink, cover)
    return ink


def _cover(stroke: Stroke) -> Array:
    """Return what one stroke covers: (SIDE, SIDE) float32 from 0 to 1."""
    radius = stroke.width * _SCALE / 2
    starts, ends = _pieces(stroke.points * np.float32(_SCALE))
    reach = int(np.ceil(radius + _LONGEST / 2)) + 2  # pixels from the middle of a piece
    corners = np.floor((starts + ends) / 2).astype(int) - reach
    on_pad = ((corners > -2 * reach) & (corners < SIDE)).all(axis=1)
    starts, ends, corners = starts[on_pad], ends[on_pad], corners[on_pad]
    side = 2 * reach
    canvas = np.zeros((SIDE + 2 * side, SIDE + 2 * side), np.float32)  # with a margin
    for first in range(0, len(starts), _CHUNK):
        part = slice(first, first + _CHUNK)
        origin = corners[part].astype(np.float32)
        radii = np.full(len(origin), radius, np.float32)
        windows = segment_cover(starts[part] - origin, ends[part] - origin, radii, side)
        for (x, y), window in zip(corners[part] + side, windows, strict=True):
            region = canvas[y : y + side, x : x + side]
            np.maximum(region, window, out=region)
    return canvas[side:-side, side:-side]


def _pieces(points: Array) -> tuple[Array, Array]:
    """Return starts and ends of the pieces of a polyline, each of limited length: (Q, 2) each."""
    if len(points) == 1:
        return points, points
    steps = np.diff(points, axis=0)
    counts = np.maximum(1, np.ceil(np.hypot(*steps.T) / _LONGEST)).astype(int)
    index = np.repeat(np.arange(len(steps)), counts)
    within = np.arange(len(index)) - np.repeat(np.cumsum(counts) - counts, counts)
    unit = steps[index] / counts[index, np.newaxis]
    starts = points[index] + unit * within[:, np.newaxis]
    return starts.astype(np.float32), (starts + unit).astype(np.float32)
