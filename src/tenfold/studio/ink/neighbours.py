r"""The training digits that are most similar to an image.

The distance is the Euclidean distance of the pixels. To search quickly, all images are first
projected onto 48 principal components, which never increases a distance. The 200 images whose
projections are nearest are then compared pixel by pixel. So the result is exact, unless one of the
most similar images is not among these 200.
"""

from dataclasses import dataclass

import numpy as np

from tenfold.data import Dataset
from tenfold.nn.array import Array

__all__ = ["Neighbours"]

_COMPONENTS = 48  # number of principal components
_CANDIDATES = 200  # number of images that are compared pixel by pixel
_SAMPLE = 10  # the components are computed from every tenth image
_BLOCK = 5000  # images that are projected at a time


@dataclass(frozen=True)
class Neighbours:
    """Training digits that can be searched.

    Attributes:
        images: (N, 784) uint8.
        labels: (N,).
        components: (784, 48) float32: orthonormal columns.
        projected: (N, 48) float32.
    """

    images: Array
    labels: Array
    components: Array
    projected: Array

    @classmethod
    def of(cls, data: Dataset) -> "Neighbours":
        """Return labelled images, prepared for the search."""
        images = data.images.reshape(len(data), -1)
        sample = images[::_SAMPLE].astype(np.float32)
        sample -= sample.mean(axis=0)
        _, vectors = np.linalg.eigh(sample.T @ sample)
        components = np.ascontiguousarray(vectors[:, ::-1][:, :_COMPONENTS])
        parts = [
            images[start : start + _BLOCK].astype(np.float32) @ components
            for start in range(0, len(images), _BLOCK)
        ]
        return cls(images, data.require_labels(), components, np.concatenate(parts))

    def nearest(self, image: Array, count: int = 5) -> Array:
        """Return the indices of the images that are most similar to an image, the nearest first.

        Args:
            image: (28, 28, 1) uint8.
            count: Number of images.
        """
        x = image.reshape(-1).astype(np.float32)
        coarse = ((self.projected - x @ self.components) ** 2).sum(axis=1)
        most = min(_CANDIDATES, len(coarse))
        candidates = np.argpartition(coarse, most - 1)[:most]
        exact = ((self.images[candidates].astype(np.float32) - x) ** 2).sum(axis=1)
        return candidates[np.argsort(exact, kind="stable")[:count]]
