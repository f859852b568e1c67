"""MNIST's test images as they are stored: 28 x 28 pixels and nothing else."""

from collections.abc import Iterator

import numpy as np

from benchmarks.reading.compose.canvas import Mark, Truth
from benchmarks.reading.compose.scene import Picture
from benchmarks.reading.sources import Half
from tenfold.data import load_mnist

__all__ = ["STORED", "stored"]

STORED = ("light on dark", "dark on light")
"""The pixels of the file, and the inverted pixels, which look like ink on paper."""


def stored(
    condition: str, seed: int, n: int, half: Half = "dev", source: str = "mnist"
) -> Iterator[tuple[Picture, Truth]]:
    """Yield stored images, those of a half in a random order.

    The arguments and results are those of ``singles``; the conditions are those of ``STORED``.
    """
    if condition not in STORED:
        raise ValueError(f"condition must be one of {', '.join(STORED)}, got {condition}")
    data = load_mnist("test")
    labels = np.asarray(data.labels)
    order = np.random.default_rng(seed).permutation(np.arange(half == "final", len(labels), 2))
    for i in range(n):
        index = int(order[i % len(order)])
        grey = data.images[index].reshape(28, 28)
        rows, columns = (np.flatnonzero((grey > 0).any(axis=axis)) for axis in (1, 0))
        x, y = float(columns[0]), float(rows[0])
        text = str(labels[index])
        mark = Mark(text, (x, y, columns[-1] + 1 - x, rows[-1] + 1 - y))
        grey = 255 - grey if condition.startswith("dark") else grey
        yield (
            np.repeat(grey[..., np.newaxis], 3, 2),
            Truth((text,), (mark,), condition, source, index),
        )
