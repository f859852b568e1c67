"""A cell that was cut out of a form or table: borders at the edges, and ink of its neighbours."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from benchmarks.reading.brush import Floats
from benchmarks.reading.compose.canvas import Canvas
from benchmarks.reading.sources import Source

__all__ = ["draw_borders", "write_neighbours"]

_HUES = ((0.05, 0.05, 0.05), (0.3, 0.3, 0.35), (0.1, 0.15, 0.45), (0.55, 0.15, 0.15))


def draw_borders(paper: Floats, canvas: Canvas, rng: np.random.Generator) -> Floats:
    """Return paper with the borders of a cell around the first mark, near some of the edges.

    A border is a line through the whole picture, slightly slanted, sometimes double, or partly
    outside the picture. It does not cross the mark.

    Args:
        paper: (H, W, 3), of the whole canvas.
        canvas: What is written.
        rng: Random numbers.
    """
    h, w = canvas.shape
    cover = Image.new("L", (w, h))
    draw = ImageDraw.Draw(cover)
    thick = max(1, round(canvas.unit * rng.uniform(0.015, 0.06)))
    sides = rng.permutation(4)[: rng.choice([1, 2, 3, 4, 4])]
    for axis, edge, room in (_edge(canvas, int(side)) for side in sides):
        at = edge + room * rng.uniform(-0.15, 0.6)
        slant = rng.uniform(-0.01, 0.01) * canvas.unit
        _draw_line(draw, axis, at, slant, (w, h), thick)
        if rng.random() < 0.15:
            _draw_line(draw, axis, at - np.sign(room) * 2.5 * thick, slant, (w, h), thick)
    share = rng.uniform(0.45, 1) * (np.asarray(cover, np.float32) / 255)[..., np.newaxis]
    hue = np.array(_HUES[rng.integers(len(_HUES))], np.float32)
    return paper * (1 - share * (1 - hue))


def _edge(canvas: Canvas, side: int) -> tuple[int, float, float]:
    """Return the axis of an edge of the picture, its position, and the signed distance to the mark.

    Args:
        canvas: A sheet with a mark; without a mark, the distance is that to the middle.
        side: 0 to 3: left, top, right, bottom.
    """
    axis, far = side % 2, side >= 2
    length = (canvas.width, canvas.height)[axis]
    position = float(canvas.margin + far * length)
    middle = canvas.margin + length / 2
    box = canvas.marks[0].box if canvas.marks else (middle, middle, 0.0, 0.0)
    return axis, position, box[axis] + far * box[axis + 2] - position


def _draw_line(
    draw: ImageDraw.ImageDraw,
    axis: int,
    at: float,
    slant: float,
    size: tuple[int, int],
    thick: int,
) -> None:
    start, end = (at - slant, 0.0), (at + slant, float(size[1 - axis]))
    ends = [start, end] if axis == 0 else [start[::-1], end[::-1]]
    draw.line(ends, fill=255, width=thick)


def write_neighbours(
    canvas: Canvas,
    origin: Source,
    members: NDArray[np.int64],
    rng: np.random.Generator,
    pen: float | None = None,
) -> None:
    """Write digits beside the first mark, of which only a small part is inside the picture.

    They have no marks, since they are not to be read.

    Args:
        canvas: A sheet with a digit.
        origin: Where the digits come from.
        members: Indices of the digits, one for each neighbour.
        rng: Random numbers.
        pen: Width of the pen in pixels; random if None.
    """
    x, y, w, h = canvas.marks[0].box
    x, y = x - canvas.margin, y - canvas.margin
    sides = rng.permutation(4)
    for member, side in zip(members, sides, strict=False):
        height = max(8, round(canvas.unit * rng.uniform(0.85, 1.1)))
        mask = origin.mask(int(member), height, rng, pen)
        tall, wide = mask.shape
        room = (x, y, canvas.width - x - w, canvas.height - y - h)[side]
        seen = round(min(0.6 * room, (0.3 * wide, 0.2 * tall)[side % 2]) * rng.uniform(0.2, 1))
        along = round(canvas.unit * rng.uniform(-0.25, 0.25))
        corners = (
            (seen - wide, y + along),
            (x + along, seen - tall),
            (canvas.width - seen, y + along),
            (x + along, canvas.height - seen),
        )
        canvas.write(mask, int(corners[side][0]), int(corners[side][1]))
