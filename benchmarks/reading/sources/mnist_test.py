"""MNIST's test images: even indices for development, odd ones for the published numbers."""

import numpy as np
from numpy.typing import NDArray

from benchmarks.reading.brush import Floats
from benchmarks.reading.sources.source import Half, Source, enlarge
from tenfold.data import load_mnist

__all__ = ["MnistTest"]


class MnistTest(Source):
    """The 10,000 test images of MNIST, with smooth edges in any size."""

    def __init__(self) -> None:
        data = load_mnist("test")
        self.name = "mnist"
        self.labels = np.asarray(data.labels, np.int64)
        self._images = data.images.reshape(-1, 28, 28)

    def members(self, half: Half) -> NDArray[np.int64]:
        """Return the even or the odd indices."""
        return np.arange(half == "final", len(self.labels), 2)

    def mask(
        self, index: int, height: int, rng: np.random.Generator, pen: float | None = None
    ) -> Floats:
        """Return an enlarged digit.

        A pen that is thinner or wider than MNIST's makes the strokes a little thinner or wider.
        """
        image = self._images[index]
        rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
        ink = image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        relative = 0.0 if pen is None else float(np.clip(np.log2(pen / (0.12 * height)), -1, 1))
        # Strokes that become much thinner fall to pieces.
        return enlarge(ink, height, rng, 0.5 + (0.22 if relative > 0 else 0.06) * relative)
