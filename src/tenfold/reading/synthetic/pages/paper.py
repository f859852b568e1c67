"""Paper: colour, grain, ruled lines, folds and stains; and the colour of ink that suits it."""

from dataclasses import dataclass

import numpy as np

from tenfold.nn.array import Array

__all__ = ["Paper", "blank_paper", "random_paper", "smooth_noise"]

# Colours, red, green and blue from 0 to 1: of light and dark paper, of ink, chalk and ruled lines.
_LIGHT = ((1.0, 1.0, 1.0), (0.97, 0.97, 0.95), (0.96, 0.94, 0.86), (0.85, 0.85, 0.85),
          (0.72, 0.72, 0.7), (0.98, 0.95, 0.62), (0.72, 0.86, 0.96), (0.97, 0.78, 0.82),
          (0.76, 0.92, 0.74), (0.8, 0.66, 0.5), (0.9, 0.87, 0.8))  # fmt: skip
_DARK = ((0.12, 0.22, 0.17), (0.1, 0.1, 0.11), (0.14, 0.17, 0.28), (0.35, 0.22, 0.15))
_PENS = ((0.05, 0.05, 0.06), (0.1, 0.14, 0.45), (0.12, 0.2, 0.62), (0.6, 0.1, 0.1),
         (0.05, 0.35, 0.2), (0.3, 0.3, 0.32))  # fmt: skip
_CHALKS = ((0.95, 0.95, 0.92), (0.95, 0.88, 0.5), (0.75, 0.88, 0.95))
_RULES = ((0.6, 0.72, 0.88), (0.75, 0.75, 0.78), (0.55, 0.6, 0.65), (0.85, 0.6, 0.6),
          (0.6, 0.8, 0.65))  # fmt: skip


@dataclass(frozen=True, eq=False)
class Paper:
    """A sheet of paper and what is used to write on it.

    Attributes:
        colours: (H, W, 3) float32 from 0 to 1.
        ink: Colour of the ink: (3,).
        print: Colour of what is printed: (3,).
        strength: How much of the paper the ink covers, 0 to 1.
        grainy: How much of the ink the grain of the paper leaves out, 0 to 1, as with pencil.
    """

    colours: Array
    ink: Array
    print: Array
    strength: float = 1.0
    grainy: float = 0.0


def blank_paper(width: int, height: int) -> Paper:
    """Return white paper and black ink."""
    white = np.ones((height, width, 3), np.float32)
    return Paper(white, np.zeros(3, np.float32), np.full(3, 0.5, np.float32))


def random_paper(width: int, height: int, pitch: float, rng: np.random.Generator) -> Paper:
    """Return random paper.

    Args:
        width: Width, in pixels.
        height: Height, in pixels.
        pitch: Height of the digits in pixels; ruled lines are about as far apart.
        rng: Random generator.
    """
    dark = rng.random() < 0.1
    # Of the light sheets, at least half are white or grey: the first five colours.
    sheets = _DARK if dark else _LIGHT[: 5 if rng.random() < 0.5 else None]
    base = np.array(sheets[rng.integers(0, len(sheets))])
    base = np.clip(base + rng.normal(0, 0.02, 3), 0, 1)
    colours: Array = base.astype(np.float32) + _grain(width, height, rng)
    printed = np.array(_RULES[rng.integers(0, len(_RULES))])
    printed = printed * 0.4 + base * 0.5 + 0.1 if dark else printed * np.minimum(base + 0.1, 1)
    if rng.random() < 0.4:
        cover = _rules(width, height, pitch, rng)[..., np.newaxis]
        colours = colours + cover * (printed - colours)
    if rng.random() < 0.15:
        colours = colours * _folds(width, height, rng)[..., np.newaxis]
    if rng.random() < 0.1:
        stain = np.clip(smooth_noise(width, height, 3, rng) - 0.8, 0, 0.5)
        colours = colours * (1 - 0.4 * stain[..., np.newaxis] * (1 - np.array([0.6, 0.4, 0.1])))
    inks = _CHALKS if dark else _PENS
    ink = np.clip(np.array(inks[rng.integers(0, len(inks))]) + rng.normal(0, 0.03, 3), 0, 1)
    pencil = rng.random() < (0.5 if dark else 0.2)
    return Paper(
        np.clip(colours, 0, 1).astype(np.float32),
        ink.astype(np.float32),
        np.clip(printed, 0, 1).astype(np.float32),
        strength=rng.uniform(0.55, 0.9) if pencil else rng.uniform(0.8, 1),
        grainy=rng.uniform(0.2, 0.6) if pencil else 0.0,
    )


def smooth_noise(width: int, height: int, cells: int, rng: np.random.Generator) -> Array:
    """Return noise of mean 0 and variance about 1 that is smooth over 1 / ``cells`` of the page.

    Returns:
        (height, width) float32.
    """
    grid = rng.standard_normal((cells + 1, cells + 1), np.float32)
    down, across = (_hats(length, cells) for length in (height, width))
    noise: Array = 1.5 * (down @ grid @ across.T)
    return noise


def _hats(length: int, cells: int) -> Array:
    """Return the weights of linear interpolation on a grid: (length, cells + 1)."""
    positions = np.linspace(0, cells, length, dtype=np.float32)
    return np.maximum(0, 1 - abs(positions[:, np.newaxis] - np.arange(cells + 1, dtype=np.float32)))


def _grain(width: int, height: int, rng: np.random.Generator) -> Array:
    """Return fine and coarse noise in grey: (H, W, 1)."""
    fine = rng.standard_normal((height, width), np.float32) * rng.uniform(0, 0.02)
    cells = max(2, min(width, height) // 6)
    coarse = smooth_noise(width, height, cells, rng) * rng.uniform(0, 0.02)
    return (fine + coarse)[..., np.newaxis]


def _rules(width: int, height: int, pitch: float, rng: np.random.Generator) -> Array:
    """Return how much ruled, squared or dotted lines, or one margin line, cover: (H, W)."""
    kind = rng.choice(("ruled", "squared", "dotted", "margin"), p=(0.45, 0.35, 0.1, 0.1))
    step = max(8.0, pitch * rng.uniform(0.5, 2.2)) * (0.6 if kind == "squared" else 1)
    thick = rng.uniform(0.6, max(0.8, step / 24))
    slope = rng.normal(0, 0.006)
    x, y = np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)[:, np.newaxis]
    across = _comb(y + slope * x + rng.uniform(0, step), step, thick)
    down = _comb(x - slope * y + rng.uniform(0, step), step, thick)
    strength = rng.uniform(0.35, 1)
    if kind == "ruled":
        return strength * across
    if kind == "squared":
        return strength * np.maximum(across, down)
    if kind == "dotted":
        return strength * across * down
    return strength * _comb(x - slope * y + rng.uniform(-0.4, 0) * width, 4.0 * width, thick + 1)


def _comb(positions: Array, step: float, thick: float) -> Array:
    """Return how much lines at the multiples of ``step`` cover; ``thick`` is their width."""
    away = abs((positions + step / 2) % step - step / 2)
    cover: Array = np.clip(0.5 + thick / 2 - away, 0, 1).astype(np.float32)
    return cover


def _folds(width: int, height: int, rng: np.random.Generator) -> Array:
    """Return the light on a sheet that was folded once or twice: (H, W)."""
    x, y = np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)[:, np.newaxis]
    light = np.ones((height, width), np.float32)
    for _ in range(int(rng.integers(1, 3))):
        angle = rng.choice((0, np.pi / 2)) + rng.normal(0, 0.02)
        away = (x - width * rng.uniform(0.2, 0.8)) * np.cos(angle) + (
            y - height * rng.uniform(0.2, 0.8)
        ) * np.sin(angle)
        crease = np.exp(-((away / rng.uniform(1.5, 5)) ** 2)) * rng.uniform(-0.12, 0.2)
        light *= 1 - crease - np.where(away > 0, rng.uniform(0, 0.06), 0)
    return light
