"""Drawings that are not digits: scribbles, faces, houses, arrows, flowers, bars of a barcode."""

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw

from benchmarks.reading.brush import Floats, Path, draw_paths

__all__ = ["DRAWINGS", "barcode", "draw", "face", "scribble"]


def scribble(height: int, rng: np.random.Generator) -> Floats:
    """Return a long line that crosses itself many times."""
    count = int(rng.integers(14, 40))
    kind = rng.integers(3)
    if kind == 0:  # here and there
        path = rng.uniform(0, height, (count, 2))
    elif kind == 1:  # to and fro, to cross something out
        x = np.linspace(0, rng.uniform(1, 3) * height, count)
        y = height * (np.arange(count) % 2) + rng.normal(0, 0.1 * height, count)
        path = np.stack([x, y], axis=1)
    else:  # loops that move on
        t = np.linspace(0, rng.uniform(5, 10) * 2 * np.pi, 6 * count)
        drift = rng.uniform(0.04, 0.09) * height
        path = np.stack([np.cos(t) * height / 3 + drift * t, np.sin(t) * height / 2], axis=1)
    return draw_paths([path], height * rng.uniform(0.02, 0.08), rng)


def draw(height: int, rng: np.random.Generator) -> Floats:
    """Return one of ``DRAWINGS``, drawn by hand."""
    paths = DRAWINGS[str(rng.choice(sorted(DRAWINGS)))](rng)
    shaken = [(path + rng.normal(0, 0.012, path.shape)) * height for path in paths]
    return draw_paths(shaken, height * rng.uniform(0.02, 0.07), rng)


def face(height: int, rng: np.random.Generator) -> Floats:
    """Return a face: an outline, eyes, mouth, and some of nose, hair and ears."""
    paths = [_arc(0.5, 0.5, rng.uniform(0.36, 0.46), 0.48)]
    for side in (-1, 1):
        x = 0.5 + side * rng.uniform(0.14, 0.2)
        size = rng.uniform(0.02, 0.06)
        paths.append(_arc(x, 0.38, size, size))
    smile = rng.uniform(-0.12, 0.18)
    mouth = np.linspace(-0.2, 0.2, 7)
    paths.append(np.stack([0.5 + mouth, 0.72 - smile * ((mouth / 0.2) ** 2 - 0.5)], axis=1))
    if rng.random() < 0.7:
        paths.append(np.array([[0.5, 0.45], [0.46, 0.58], [0.53, 0.58]]))
    hairs = np.linspace(0.25, 0.75, int(rng.integers(0, 12)))
    tips = zip(hairs + rng.uniform(-0.05, 0.05, len(hairs)), hairs, strict=True)
    paths += [_shape((x, 0.12), (tip, rng.uniform(-0.1, 0.02))) for tip, x in tips]
    shaken = [(path + rng.normal(0, 0.008, path.shape)) * height for path in paths]
    return draw_paths(shaken, height * rng.uniform(0.02, 0.05), rng)


def barcode(height: int, rng: np.random.Generator) -> Floats:
    """Return vertical bars of four widths, or a square of black and white cells."""
    if rng.random() < 0.3:
        cells = (rng.random((21, 21)) < 0.5).astype(np.float32)
        side = max(1, height // 21)
        return np.kron(cells, np.ones((side, side), np.float32))
    module = max(1, height // 30)
    image = Image.new("L", (module * 100, height))
    bars = ImageDraw.Draw(image)
    x = 0
    while x < 95:
        width, gap = int(rng.integers(1, 5)), int(rng.integers(1, 4))
        bars.rectangle((x * module, 0, (x + width) * module - 1, height), fill=255)
        x += width + gap
    return np.asarray(image, np.float32) / 255


def _arc(x: float, y: float, a: float, b: float, start: float = 0, end: float = 6.4) -> Path:
    t = np.linspace(start, end, 24)
    return np.stack([x + a * np.cos(t), y + b * np.sin(t)], axis=1)


def _shape(*points: tuple[float, float]) -> Path:
    return np.array(points, np.float64)


def _house(_: np.random.Generator) -> list[Path]:
    walls = _shape((0.1, 0.45), (0.1, 1), (0.9, 1), (0.9, 0.45), (0.1, 0.45), (0.5, 0), (0.9, 0.45))
    door = _shape((0.4, 1), (0.4, 0.7), (0.58, 0.7), (0.58, 1))
    return [walls, door, _shape((0.2, 0.55), (0.32, 0.55), (0.32, 0.68), (0.2, 0.68), (0.2, 0.55))]


def _star(_: np.random.Generator) -> list[Path]:
    turns = np.arange(6) * 4 * np.pi / 5 - np.pi / 2
    return [np.stack([0.5 + 0.5 * np.cos(turns), 0.5 + 0.5 * np.sin(turns)], axis=1)]


def _arrow(rng: np.random.Generator) -> list[Path]:
    paths = [_shape((0, 0.5), (1.2, 0.5)), _shape((0.85, 0.2), (1.2, 0.5), (0.85, 0.8))]
    return [path[:, ::-1] for path in paths] if rng.random() < 0.5 else paths


def _flower(rng: np.random.Generator) -> list[Path]:
    petals = int(rng.integers(5, 8))
    turns = np.arange(petals) * 2 * np.pi / petals
    blossoms = [_arc(0.5 + 0.2 * np.cos(t), 0.3 + 0.2 * np.sin(t), 0.1, 0.1) for t in turns]
    return [*blossoms, _arc(0.5, 0.3, 0.09, 0.09), _shape((0.5, 0.5), (0.48, 0.8), (0.5, 1.2))]


def _heart(_: np.random.Generator) -> list[Path]:
    t = np.linspace(0, 2 * np.pi, 40)
    x = 16 * np.sin(t) ** 3
    y = -13 * np.cos(t) + 5 * np.cos(2 * t) + 2 * np.cos(3 * t) + np.cos(4 * t)
    return [np.stack([0.5 + x / 34, 0.45 + y / 34], axis=1)]


def _tree(rng: np.random.Generator) -> list[Path]:
    trunk = _shape((0.5, 1), (0.5, 0.2))
    places = rng.uniform(0.25, 0.85, 6)
    sides = rng.choice([-1, 1], 6)
    pairs = zip(places, sides, strict=True)
    return [trunk, *(_shape((0.5, y), (0.5 + 0.4 * s, y - 0.25)) for y, s in pairs)]


def _curve(rng: np.random.Generator) -> list[Path]:
    """The axes of a chart with a curve."""
    x = np.linspace(0.05, 1.5, 12)
    curve = np.stack([x, 0.9 - 0.6 * np.abs(np.sin(x * rng.uniform(2, 5)))], axis=1)
    return [_shape((0, 0), (0, 1), (1.6, 1)), curve]


def _boxes(_: np.random.Generator) -> list[Path]:
    """Two joined boxes of a diagram."""
    box = _shape((0, 0.2), (0.6, 0.2), (0.6, 0.7), (0, 0.7), (0, 0.2))
    return [box, box + np.array([1.0, 0.1]), _shape((0.6, 0.45), (1.0, 0.5))]


def _table(rng: np.random.Generator) -> list[Path]:
    rows = np.linspace(0, 1, int(rng.integers(3, 6)))
    columns = np.linspace(0, 1.4, int(rng.integers(3, 6)))
    flat = [_shape((0, y), (1.4, y)) for y in rows]
    return [*flat, *(_shape((x, 0), (x, 1)) for x in columns)]


def _sun(_: np.random.Generator) -> list[Path]:
    turns = np.arange(10) * 2 * np.pi / 10
    places = np.stack([np.cos(turns), np.sin(turns)], axis=1)
    return [_arc(0.5, 0.5, 0.22, 0.22), *(0.5 + np.outer([0.3, 0.48], p) for p in places)]


DRAWINGS: dict[str, Callable[[np.random.Generator], list[Path]]] = {
    "house": _house,
    "star": _star,
    "arrow": _arrow,
    "flower": _flower,
    "heart": _heart,
    "tree": _tree,
    "curve": _curve,
    "boxes": _boxes,
    "table": _table,
    "sun": _sun,
}
"""The drawings by name: paths in a square of side 1."""
