"""Pictures without ink: materials and photographs, RGB (H, W, 3) uint8."""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.reading.compose.canvas import noise_field
from benchmarks.reading.sources import Half

__all__ = ["material", "photograph_part"]


def material(width: int, height: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Return wood, cloth, bricks, spots, clouds or stripes in some colours."""
    y, x = np.mgrid[:height, :width].astype(np.float32)
    size = max(width, height)
    kind = rng.integers(6)
    if kind == 0:  # wood
        bend = noise_field((height, width), size / 2, rng, 3)
        values = np.sin(y / size * rng.uniform(30, 90) + 3 * bend)
    elif kind == 1:  # cloth
        pitch = rng.uniform(3, 9)
        values = np.sign(np.sin(x * 2 * np.pi / pitch) * np.sin(y * 2 * np.pi / pitch))
    elif kind == 2:  # bricks
        h, w = size / rng.uniform(6, 14), size / rng.uniform(3, 6)
        shifted = x + w / 2 * (np.floor(y / h) % 2)
        values = np.where((y % h < 0.12 * h) | (shifted % w < 0.06 * w), 1.0, -0.6)
    elif kind == 3:  # spots
        values = np.tanh(3 * noise_field((height, width), size / rng.uniform(8, 30), rng))
    elif kind == 4:  # clouds
        values = noise_field((height, width), size / 3, rng, 6) * 0.6
    else:  # stripes
        angle, pitch = rng.uniform(0, np.pi), size / rng.uniform(5, 30)
        values = np.tanh(4 * np.sin((x * np.cos(angle) + y * np.sin(angle)) * 2 * np.pi / pitch))
    return _coloured(values + 0.15 * noise_field((height, width), 2, rng), rng)


def _coloured(values: NDArray[np.floating], rng: np.random.Generator) -> NDArray[np.uint8]:
    low, high = rng.uniform(0.05, 0.95, (2, 3)) * (0.4 + 0.6 * rng.random())
    share = (0.5 + 0.5 * values.clip(-1, 1))[..., np.newaxis]
    return (255 * (low + (high - low) * share)).clip(0, 255).astype(np.uint8)


def photograph_part(
    width: int, height: int, half: Half, rng: np.random.Generator
) -> NDArray[np.uint8]:
    """Return a part of a real photograph: its left half for development, its right for the score.

    The photographs are installed with scikit-learn and Matplotlib: a temple, a flower and a
    portrait.
    """
    photos = _photographs()
    whole = photos[rng.integers(len(photos))]
    middle = whole.shape[1] // 2
    side = whole[:, :middle] if half == "dev" else whole[:, middle:]
    share = rng.uniform(0.35, 1.0)
    h = int(share * side.shape[0])
    w = min(side.shape[1], max(8, h * width // height))
    top, left = (int(rng.integers(0, n + 1)) for n in (side.shape[0] - h, side.shape[1] - w))
    part = Image.fromarray(side[top : top + h, left : left + w])
    if rng.random() < 0.3:
        part = part.convert("L").convert("RGB")
    return np.asarray(part.resize((width, height), Image.Resampling.BICUBIC)).copy()


@cache
def _photographs() -> tuple[NDArray[np.uint8], ...]:
    from matplotlib import get_data_path
    from sklearn.datasets import load_sample_images

    with Image.open(f"{get_data_path()}/sample_data/grace_hopper.jpg") as portrait:
        return (*load_sample_images().images, np.asarray(portrait.convert("RGB")))
