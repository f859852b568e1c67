"""Blur: images smoothed by a Gaussian, as two products with a matrix."""

from functools import cache

import numpy as np

from tenfold.nn.array import Array

__all__ = ["gaussian_blur", "gaussian_matrix"]

_REACH = 4.0  # deviations, beyond which the Gaussian counts as 0


def gaussian_blur(images: Array, sigma: float) -> Array:
    r"""Return images smoothed along both axes by exp(-d^2 / (2 sigma^2)), normalised.

    Beyond its edge an image goes on as it is there. As the Gaussian separates, the smoothed image
    is :math:`G I G^T`.

    Args:
        images: (N, H, W, 1), floats or uint8; only read.
        sigma: in pixels, 0 or more; 0 smooths nothing.

    Returns:
        float32, of the same shape and on the same scale.

    Raises:
        ValueError: if sigma is negative or not a number.
    """
    down, across = (gaussian_matrix(size, sigma) for size in images.shape[1:3])
    smooth: Array = down @ images[..., 0].astype(np.float32) @ across.T
    return smooth[..., None]


@cache
def gaussian_matrix(size: int, sigma: float) -> Array:
    """Return G, (size, size) float32: row i holds what each pixel gives to the smoothed pixel i."""
    if not sigma >= 0:
        raise ValueError(f"sigma is a number of pixels, 0 or more, not {sigma}")
    reach = int(_REACH * sigma + 0.5)
    offsets = np.arange(-reach, reach + 1)
    weights = np.exp(-(offsets**2) / (2 * sigma**2)) if reach else np.ones(1)
    found = np.zeros((size, size))
    places = np.arange(size)
    for offset, weight in zip(offsets, weights / weights.sum(), strict=True):
        found[places, np.clip(places + offset, 0, size - 1)] += weight
    found.setflags(write=False)
    return found.astype(np.float32)
