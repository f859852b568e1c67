"""Kinds of paper: RGB (H, W, 3) float32, 0 to 1, for a sheet that is already written on."""

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw

from benchmarks.reading.brush import Floats
from benchmarks.reading.compose.canvas import Canvas, noise_field
from benchmarks.reading.compose.form_cells import draw_borders
from benchmarks.reading.compose.tables import on_table

__all__ = ["PAPERS", "Paper"]

Paper = Callable[[Canvas, np.random.Generator], Floats]

_COLOURS = (
    *((0.98, 0.93, 0.55), (0.97, 0.75, 0.80), (0.70, 0.87, 0.72), (0.66, 0.82, 0.95)),
    *((0.96, 0.72, 0.45), (0.76, 0.62, 0.46), (0.93, 0.88, 0.76), (0.80, 0.74, 0.90)),
)


def _flat(canvas: Canvas, colour: object) -> Floats:
    return np.ones((*canvas.shape, 3), np.float32) * np.asarray(colour, np.float32)


def _white(canvas: Canvas, rng: np.random.Generator) -> Floats:
    return _flat(canvas, rng.uniform(0.93, 1.0) * np.array([1, 1, rng.uniform(0.95, 1)]))


def _grey(canvas: Canvas, rng: np.random.Generator) -> Floats:
    return _flat(canvas, rng.uniform(0.5, 0.82) * (1 + rng.uniform(-0.04, 0.04, 3)))


def _coloured(canvas: Canvas, rng: np.random.Generator) -> Floats:
    colour = np.array(_COLOURS[rng.integers(len(_COLOURS))])
    paper = _flat(canvas, colour * rng.uniform(0.8, 1.02))
    return paper * (1 + 0.01 * noise_field(canvas.shape, 40, rng))[..., np.newaxis]


def _textured(canvas: Canvas, rng: np.random.Generator) -> Floats:
    base = _coloured(canvas, rng) if rng.random() < 0.5 else _grey(canvas, rng)
    scale = max(canvas.shape) * rng.uniform(0.03, 0.2)
    grain = rng.uniform(0.02, 0.05) * noise_field(canvas.shape, scale, rng, 4)
    fine = rng.uniform(0.01, 0.04) * noise_field(canvas.shape, rng.uniform(1, 3), rng)
    if rng.random() < 0.4:  # the fibres of wood or cloth
        flat = (canvas.shape[0], max(2, canvas.shape[1] // 30))
        fibres = Image.fromarray(noise_field(flat, 3, rng, 2))
        size = (canvas.shape[1], canvas.shape[0])
        fine = fine + 0.03 * np.asarray(fibres.resize(size, Image.Resampling.BICUBIC))
    return np.clip(base * (1 + grain + fine)[..., np.newaxis], 0, 1)


def _patch(canvas: Canvas, rng: np.random.Generator) -> Floats:
    """A piece of grey or coloured paper on a white margin."""
    inner = _grey(canvas, rng) if rng.random() < 0.6 else _coloured(canvas, rng)
    h, w = canvas.shape
    cover = Image.new("L", (w, h))
    boxes = np.array([mark.box for mark in canvas.marks] or [(w / 3, h / 3, w / 3, h / 3)])
    low, high = boxes[:, :2].min(axis=0), (boxes[:, :2] + boxes[:, 2:]).max(axis=0)
    m = canvas.margin
    x0, y0 = (m + (low - m) * rng.uniform(0.15, 0.8, 2)).tolist()
    ends = np.array([w - m, h - m])
    x1, y1 = (high + (ends - high) * rng.uniform(0.2, 0.85, 2)).tolist()
    tilt = rng.uniform(-0.02, 0.02) * (y1 - y0)
    corners = [(x0 + tilt, y0), (x1 + tilt, y0 + tilt), (x1, y1), (x0, y1 + tilt)]
    ImageDraw.Draw(cover).polygon(corners, fill=255)
    share = (np.asarray(cover, np.float32) / 255)[..., np.newaxis]
    return _white(canvas, rng) * (1 - share) + inner * share


def _lines(canvas: Canvas, rng: np.random.Generator, both: bool) -> Floats:
    """Return white paper with printed lines: horizontal ones, and vertical ones for ``both``."""
    h, w = canvas.shape
    pitch = canvas.unit * (rng.uniform(0.5, 1.1) if both else rng.uniform(1.0, 1.7))
    width = max(1, round(pitch * rng.uniform(0.01, 0.045)))
    cover = Image.new("L", (w, h))
    draw = ImageDraw.Draw(cover)
    start = _ruled_line_y(canvas, rng, pitch, both)
    for y in np.arange(start % pitch, h, pitch):
        draw.line([(0, y), (w, y)], fill=255, width=width)
    for x in np.arange(rng.uniform(0, pitch), w, pitch) if both else ():
        draw.line([(x, 0), (x, h)], fill=255, width=width)
    share = rng.uniform(0.3, 0.75) * (np.asarray(cover, np.float32) / 255)[..., np.newaxis]
    hue = ((0.35, 0.5, 0.8), (0.45, 0.45, 0.5), (0.3, 0.6, 0.6))[rng.integers(3)]
    paper = _white(canvas, rng)
    return paper * (1 - share * (1 - np.array(hue, np.float32)))


def _ruled_line_y(canvas: Canvas, rng: np.random.Generator, pitch: float, both: bool) -> float:
    """Return the y of a horizontal line: near the foot of the digits; random on squared paper."""
    if both or not canvas.marks:
        return rng.uniform(0, pitch)
    _, y, _, height = canvas.marks[0].box
    return y + height + rng.uniform(-0.2, 0.15) * canvas.unit


def _ruled(canvas: Canvas, rng: np.random.Generator) -> Floats:
    paper = _lines(canvas, rng, both=False)
    if rng.random() < 0.25:  # the red line beside the margin
        x = int(rng.uniform(0.02, 0.2) * canvas.shape[1])
        paper[:, x : x + max(1, canvas.unit // 40)] *= np.array([0.95, 0.55, 0.55], np.float32)
    return paper


def _squared(canvas: Canvas, rng: np.random.Generator) -> Floats:
    return _lines(canvas, rng, both=True)


def _form(canvas: Canvas, rng: np.random.Generator) -> Floats:
    """A printed dark box close around each digit."""
    paper = _white(canvas, rng) if rng.random() < 0.6 else _coloured(canvas, rng)
    h, w = canvas.shape
    cover = Image.new("L", (w, h))
    draw = ImageDraw.Draw(cover)
    width = max(1, round(canvas.unit * rng.uniform(0.015, 0.05)))
    gap = canvas.unit * rng.uniform(0.08, 0.3)
    for mark in canvas.marks:
        x, y, a, b = mark.box
        side = max(a, 0.6 * b)  # a narrow digit has a box of the usual width
        left = x + (a - side) / 2 - gap
        frame = (left - width, y - gap - width, left + side + 2 * gap + width, y + b + gap + width)
        draw.rectangle(frame, outline=255, width=width)
    share = rng.uniform(0.65, 1) * (np.asarray(cover, np.float32) / 255)[..., np.newaxis]
    hue = ((0.05, 0.05, 0.05), (0.1, 0.1, 0.35), (0.6, 0.1, 0.1))[
        rng.choice(3, p=(0.7, 0.15, 0.15))
    ]
    return paper * (1 - share * (1 - np.array(hue, np.float32)))


def _folded(canvas: Canvas, rng: np.random.Generator) -> Floats:
    """Creases with a bright and a dark side, and planes of different brightness."""
    paper = _white(canvas, rng)
    h, w = canvas.shape
    y, x = np.mgrid[:h, :w].astype(np.float32)
    for _ in range(int(rng.integers(1, 4))):
        angle = rng.choice([0, np.pi / 2]) + rng.uniform(-0.15, 0.15)
        at = rng.uniform(0.2, 0.8, 2) * (w, h)
        away = (x - at[0]) * np.cos(angle) + (y - at[1]) * np.sin(angle)
        sharp = canvas.unit * rng.uniform(0.01, 0.04) + 0.5
        crease = np.exp(-((away / sharp) ** 2)) * np.sign(away + 1e-6)
        plane = np.tanh(away / (4 * sharp))
        paper *= (1 + rng.uniform(0.06, 0.2) * crease)[..., np.newaxis]
        paper *= (1 - rng.uniform(0.03, 0.1) + 0.06 * plane)[..., np.newaxis]
    return np.clip(paper, 0, 1)


def _board(canvas: Canvas, rng: np.random.Generator) -> Floats:
    """A blackboard with the traces of a sponge."""
    colour = ((0.13, 0.26, 0.2), (0.12, 0.13, 0.13), (0.2, 0.3, 0.25))[rng.integers(3)]
    smears = np.maximum(noise_field(canvas.shape, max(canvas.shape) / 3, rng, 3), 0)
    dust = 0.015 * noise_field(canvas.shape, 1.5, rng)
    return np.clip(_flat(canvas, colour) + (0.05 * smears + dust)[..., np.newaxis], 0, 1)


def _screen(canvas: Canvas, rng: np.random.Generator) -> Floats:
    """The dark background of a drawing program or of a dark theme."""
    shade = rng.choice([0.0, rng.uniform(0.02, 0.25)])
    return _flat(canvas, shade * (1 + rng.uniform(-0.3, 0.3, 3)))


def _any(canvas: Canvas, rng: np.random.Generator) -> Floats:
    """White paper more often than grey or coloured paper."""
    return (_white, _white, _grey, _coloured)[rng.integers(4)](canvas, rng)


def _table(canvas: Canvas, rng: np.random.Generator) -> Floats:
    """A sheet that lies on a wooden or patterned table."""
    return on_table(_any(canvas, rng), canvas, rng)


def _cell(canvas: Canvas, rng: np.random.Generator) -> Floats:
    """A cell of a form or table, with its borders near the edges."""
    return draw_borders(_any(canvas, rng), canvas, rng)


PAPERS: dict[str, Paper] = {
    "white": _white,
    "grey": _grey,
    "coloured": _coloured,
    "textured": _textured,
    "patch": _patch,
    "ruled": _ruled,
    "squared": _squared,
    "form": _form,
    "folded": _folded,
    "board": _board,
    "screen": _screen,
    "table": _table,
    "cell": _cell,
}
"""The kinds of paper by name."""
