"""Pictures for the tests: digits of MNIST's test set on paper."""

from collections.abc import Sequence

import numpy as np
from PIL import Image

from tenfold.data import load_mnist
from tenfold.nn.array import Array

__all__ = ["digit_mask", "page", "truth"]


def digit_mask(index: int, height: int) -> Array:
    """Return the ink of a test digit, 0 to 1, with the given height of its box of 28."""
    image = load_mnist("test").images[index, :, :, 0]
    big = Image.fromarray(image).resize((height, height), Image.Resampling.BICUBIC)
    return np.asarray(big, np.float64) / 255


def truth(rows: Sequence[Sequence[int]]) -> list[str]:
    """Return the numbers of lines of indices of test digits."""
    labels = load_mnist("test").require_labels()
    return ["".join(str(labels[index]) for index in row) for row in rows]


def page(
    rows: Sequence[Sequence[int]],
    paper: float = 230,
    ink: float = 40,
    height: int = 56,
    noise: float = 3,
) -> Array:
    """Return a grey page (H, W) uint8 with lines of test digits."""
    columns = max(map(len, rows))
    grey = np.full((40 + len(rows) * (height + 30), 40 + columns * (height + 6)), float(paper))
    for y, row in enumerate(rows):
        for x, index in enumerate(row):
            top, left = 20 + y * (height + 30), 20 + x * (height + 6)
            place = (slice(top, top + height), slice(left, left + height))
            mask = digit_mask(index, height)
            grey[place] = grey[place] * (1 - mask) + ink * mask
    grey += np.random.default_rng(0).normal(0, noise, grey.shape)
    return np.clip(np.rint(grey), 0, 255).astype(np.uint8)
