"""From a canvas with digits to a finished picture with its truth."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from benchmarks.reading.brush import Floats
from benchmarks.reading.compose.camera import Matrix, develop, moved, view, warp
from benchmarks.reading.compose.canvas import Canvas, Mark
from benchmarks.reading.compose.conditions import Look
from benchmarks.reading.compose.inks import lay
from benchmarks.reading.compose.papers import PAPERS

__all__ = ["Picture", "blank_canvas", "photograph"]

Picture = NDArray[np.uint8]
"""(H, W, 3), RGB."""


def blank_canvas(look: Look) -> Canvas:
    """Return an empty sheet for a look, with a margin as large as its rotation needs."""
    turned = abs(np.sin(np.radians(look.rotation))) + look.tilt
    margin = 8 + int(max(look.width, look.height) * min(0.5, 0.75 * turned))
    return Canvas(look.width, look.height, margin, look.unit)


def photograph(
    canvas: Canvas, look: Look, rng: np.random.Generator
) -> tuple[Picture, tuple[Mark, ...]]:
    """Return the picture of a sheet, and its marks with their boxes in the picture.

    Args:
        canvas: What is written.
        look: How it looks.
        rng: Random numbers.
    """
    sheet = PAPERS[look.paper](canvas, rng)
    if look.extra == "show-through":
        _show_through(sheet, canvas.ink, rng)
    sheet = lay(sheet, canvas.ink, look.ink, canvas.unit, rng)
    matrix = view(canvas, look.rotation, look.tilt, rng)
    stored = (255 * sheet.clip(0, 1)).astype(np.uint8)
    del sheet
    picture = warp(stored, matrix, (look.width, look.height))
    if look.extra == "edge line":
        picture = _edge_lines(picture, _room_at_edges(canvas, matrix), rng)
    if look.extra == "scanner":
        picture = _scan_edges(picture, _room_at_edges(canvas, matrix), rng)
    picture = develop(picture, look.light, look.blur, look.noise, look.jpeg, rng)
    marks = tuple(replace(mark, box=moved(mark.box, matrix)) for mark in canvas.marks)
    return picture, marks


def _show_through(sheet: Floats, ink: Floats, rng: np.random.Generator) -> None:
    """Darken the sheet where writing on its back shows through: ``ink``, mirrored and moved."""
    h, w = ink.shape
    back = Image.fromarray((255 * ink[:, ::-1]).astype(np.uint8))
    shown = np.zeros((h, w), np.float32)
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    unit = rows[-1] - rows[0] + 1 if len(rows) else h // 4
    step = columns[-1] - columns[0] + 1 if len(columns) else w // 4
    for _ in range(3):
        dx = int(rng.choice([-1, 1]) * step * rng.uniform(0.4, 1.5))
        dy = int(unit * rng.uniform(-1.2, 1.2))
        turned = back.rotate(rng.uniform(-8, 8), translate=(dx, dy))
        shown = np.maximum(shown, np.asarray(turned, np.float32) / 255)
    strength = rng.uniform(0.1, 0.28)
    sheet *= 1 - strength * shown[..., np.newaxis]


def _room_at_edges(canvas: Canvas, matrix: Matrix) -> dict[str, float]:
    """Return the room between the digits and each edge of the picture, in pixels."""
    boxes = np.array([moved(mark.box, matrix) for mark in canvas.marks])
    if not len(boxes):
        room = min(canvas.width, canvas.height) / 4
        return dict.fromkeys(("left", "top", "right", "bottom"), room)
    return {
        "left": boxes[:, 0].min(),
        "top": boxes[:, 1].min(),
        "right": canvas.width - (boxes[:, 0] + boxes[:, 2]).max(),
        "bottom": canvas.height - (boxes[:, 1] + boxes[:, 3]).max(),
    }


def _edge_lines(picture: Picture, room: dict[str, float], rng: np.random.Generator) -> Picture:
    """Draw the dark line of a table along one, two or four edges, not quite parallel to them."""
    image = Image.fromarray(picture)
    draw = ImageDraw.Draw(image)
    h, w = picture.shape[:2]
    count = int(rng.choice([1, 2, 2, 4]))
    shade = int(rng.integers(0, 60))
    for side in rng.permutation(sorted(room))[:count]:
        width = max(1, round(min(0.5 * room[side], 0.03 * min(h, w)) * rng.uniform(0.4, 1)))
        a, b = rng.uniform(-0.3, 0.8, 2) * width
        ends = {
            "left": [(a, 0), (b, h)],
            "right": [(w - 1 - a, 0), (w - 1 - b, h)],
            "top": [(0, a), (w, b)],
            "bottom": [(0, h - 1 - a), (w, h - 1 - b)],
        }[side]
        draw.line(ends, fill=(shade, shade, shade), width=width)
    return np.asarray(image)


def _scan_edges(picture: Picture, room: dict[str, float], rng: np.random.Generator) -> Picture:
    """Blacken what lies outside the paper: strips, slightly slanted, along some edges."""
    image = Image.fromarray(picture)
    draw = ImageDraw.Draw(image)
    h, w = picture.shape[:2]
    shade = int(rng.integers(0, 50))
    for side in rng.permutation(sorted(room))[: int(rng.integers(1, 4))]:
        a, b = rng.uniform(0.05, 0.6, 2) * min(room[side], 0.25 * min(h, w))
        corners = {
            "left": [(0, 0), (a, 0), (b, h), (0, h)],
            "right": [(w, 0), (w - a, 0), (w - b, h), (w, h)],
            "top": [(0, 0), (0, a), (w, b), (w, 0)],
            "bottom": [(0, h), (0, h - a), (w, h - b), (w, h)],
        }[side]
        draw.polygon(corners, fill=(shade, shade, shade))
    return np.asarray(image)
