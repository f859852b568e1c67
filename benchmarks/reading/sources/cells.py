"""scikit-learn's digits of 8 x 8 cells: even indices for development, odd ones for the score."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.reading.brush import Floats
from benchmarks.reading.sources.source import Half, Source

__all__ = ["Cells"]


class Cells(Source):
    """The 1,797 images of ``sklearn.datasets.load_digits``: counts of ink, 0 to 16, in 8 x 8 cells.

    They are the UCI test set of optical digits, of 13 writers who are not in its training set.
    """

    def __init__(self) -> None:
        from sklearn.datasets import load_digits

        images, labels = load_digits(return_X_y=True)
        self.name = "cells"
        self.labels = np.asarray(labels, np.int64)
        self.images = np.asarray(images, np.float32).reshape(-1, 8, 8) / 16

    def members(self, half: Half) -> NDArray[np.int64]:
        """Return the even or the odd indices."""
        return np.arange(half == "final", len(self.labels), 2)

    def mask(
        self, index: int, height: int, rng: np.random.Generator, pen: float | None = None
    ) -> Floats:
        """Return the whole cell, enlarged smoothly to ``height``; the pen has no influence."""
        small = Image.fromarray((255 * self.images[index]).astype(np.uint8))
        large = small.resize((height, height), Image.Resampling.BICUBIC)
        return np.asarray(large, np.float32) / 255
