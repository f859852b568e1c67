"""Gaussian blur, computed as two matrix products."""

from functools import cache

import numpy as np

from tenfold.nn.array import Array

__all__ = ["gaussian_blur", "gaussian_matrix"]

_REACH = 4.0  # standard deviations; beyond them the Gaussian is taken as 0


def gaussian_blur(images: Array, sigma: float) -> Array:
    r"""Return images smoothed along both axes with weights proportional to exp(-d^2 / (2 sigma^2)).

    Outside the image the nearest edge pixel is used. The Gaussian is separable, so the smoothed
    image is :math:`G I G^T`.

    Args:
        images: (N, H, W, 1), floating-point or uint8. Not modified.
        sigma: Standard deviation in pixels, at least 0; 0 does not change the images.

    Returns:
        float32, of the same shape and on the same scale.

    Raises:
        ValueError: If sigma is negative or NaN.
    """
    down, across = (gaussian_matrix(size, sigma) for size in images.shape[1:3])
    smooth: Array = down @ images[..., 0].astype(np.float32) @ across.T
    return smooth[..., None]


@cache
def gaussian_matrix(size: int, sigma: float) -> Array:
    """Return G, (size, size) float32: row i has the weight of each pixel in smoothed pixel i.

    Raises:
        ValueError: If sigma is negative or NaN.
    """
    if not sigma >= 0:
        raise ValueError(f"sigma must be at least 0, got {sigma}")
    reach = int(_REACH * sigma + 0.5)
    offsets = np.arange(-reach, reach + 1)
    weights = np.exp(-(offsets**2) / (2 * sigma**2)) if reach else np.ones(1)
    matrix = np.zeros((size, size))
    positions = np.arange(size)
    for offset, weight in zip(offsets, weights / weights.sum(), strict=True):
        matrix[positions, np.clip(positions + offset, 0, size - 1)] += weight
    result = matrix.astype(np.float32)
    result.setflags(write=False)  # it is cached
    return result
