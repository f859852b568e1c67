"""Tables that a sheet of paper lies on: wood, cloth and other patterns, RGB (H, W, 3), 0 to 1."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from benchmarks.reading.brush import Floats
from benchmarks.reading.compose.canvas import Canvas, noise_field
from benchmarks.reading.compose.textures import material

__all__ = ["on_table"]

_WOODS = (
    *((0.76, 0.60, 0.42), (0.55, 0.37, 0.24), (0.36, 0.23, 0.16), (0.86, 0.76, 0.60)),
    *((0.62, 0.42, 0.30), (0.45, 0.40, 0.35)),
)


def on_table(paper: Floats, canvas: Canvas, rng: np.random.Generator) -> Floats:
    """Return a sheet of paper around what is written, on a table, with its shadow.

    The sheet is nearly a rectangle; one or more of its edges may be outside the picture.

    Args:
        paper: (H, W, 3), of the whole canvas.
        canvas: What is written.
        rng: Random numbers.
    """
    h, w = canvas.shape
    wooden = rng.random() < 0.6
    table = _wood(canvas, rng) if wooden else material(w, h, rng).astype(np.float32) / 255
    corners = _corners(canvas, rng)
    cover = Image.new("L", (w, h))
    ImageDraw.Draw(cover).polygon([tuple(corner) for corner in corners], fill=255)
    away = rng.uniform(-0.03, 0.03, 2) * min(h, w)
    shadow = Image.new("L", (w, h))
    ImageDraw.Draw(shadow).polygon([tuple(corner) for corner in corners + away], fill=255)
    shadow = shadow.filter(ImageFilter.GaussianBlur(rng.uniform(0.005, 0.02) * min(h, w)))
    table *= 1 - rng.uniform(0.1, 0.5) * (np.asarray(shadow, np.float32) / 255)[..., np.newaxis]
    share = (np.asarray(cover, np.float32) / 255)[..., np.newaxis]
    return table * (1 - share) + paper * share


def _wood(canvas: Canvas, rng: np.random.Generator) -> Floats:
    """Boards with grain along them, each of a slightly different colour, with gaps between them."""
    h, w = canvas.shape
    size = max(h, w)
    y = np.arange(h, dtype=np.float32)[:, np.newaxis]
    pitch = size * rng.uniform(0.15, 0.6)
    board = np.floor((y + rng.uniform(0, pitch)) / pitch).astype(int)
    offsets = rng.uniform(0, 50, board.max() + 1)[board]
    bend = noise_field((h, w), size * rng.uniform(0.3, 0.8), rng, 3)
    rings = np.sin(y / size * rng.uniform(40, 160) + rng.uniform(1, 4) * bend + offsets)
    flat = noise_field((h, max(2, w // 40)), 2, rng, 2)
    fibres = Image.fromarray(flat).resize((w, h), Image.Resampling.BICUBIC)
    shade = 1 + rng.uniform(0.03, 0.14) * rings + rng.uniform(0.02, 0.06) * np.asarray(fibres)
    shade = shade * (1 + 0.06 * np.sin(7 * offsets))
    gap = np.abs(np.diff(board, axis=0, append=board[-1:])) > 0
    shade[gap[:, 0]] *= rng.uniform(0.2, 0.8)
    colour = np.array(_WOODS[rng.integers(len(_WOODS))], np.float32) * rng.uniform(0.8, 1.1)
    wood = np.clip(shade[..., np.newaxis] * colour, 0, 1).astype(np.float32)
    if h == w or rng.random() < 0.5:
        return wood
    turned = Image.fromarray((255 * wood).astype(np.uint8)).transpose(Image.Transpose.ROTATE_90)
    return np.asarray(turned.resize((w, h)), np.float32) / 255


def _corners(canvas: Canvas, rng: np.random.Generator) -> Floats:
    """Return the corners (4, 2) of a sheet, turned a little, around the marks or in the middle."""
    h, w = canvas.shape
    middle = [(0.4 * w, 0.4 * h, 0.2 * w, 0.2 * h)]
    boxes = np.array([mark.box for mark in canvas.marks] or middle)
    low, high = boxes[:, :2].min(axis=0), (boxes[:, :2] + boxes[:, 2:]).max(axis=0)
    x0, y0 = low - canvas.unit * rng.uniform(0.35, 2.5, 2)
    x1, y1 = high + canvas.unit * rng.uniform(0.35, 2.5, 2)
    corners = np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)])
    corners = corners + 0.02 * canvas.unit * rng.uniform(-1, 1, (4, 2))
    angle = rng.uniform(-0.07, 0.07)
    cos, sin = np.cos(angle), np.sin(angle)
    centre = (low + high) / 2
    return (corners - centre) @ np.array([[cos, sin], [-sin, cos]]) + centre
