"""Enlarging a small array by bicubic interpolation, as two products of matrices.

Along one axis, n values x become t > n values y. The position of y[i] among the values x is
c = (i + 1/2) n / t, and

    y[i] = sum over a of k(a + 1/2 - c) x[a] / sum over a of k(a + 1/2 - c),

    k(d) = 1.5 |d|^3 - 2.5 |d|^2 + 1                     for |d| < 1
    k(d) = -0.5 |d|^3 + 2.5 |d|^2 - 4 |d| + 2            for 1 <= |d| < 2, else 0.

Pillow computes the same. For an array of tens of pixels, these products take less time than
Pillow's own loop, and less time than to convert the array to a picture and back.

References:
    Keys, "Cubic convolution interpolation for digital image processing" (1981).
"""

from functools import lru_cache

import numpy as np

from tenfold.nn.array import Array

__all__ = ["enlarge"]


def enlarge(values: Array, shape: tuple[int, int]) -> Array:
    """Return values (h, w) float32 enlarged to a shape (H, W) with H >= h and W >= w: float32.

    The values between two pixels may be slightly larger than both of them, or smaller.
    """
    across = values @ _interpolation(values.shape[1], shape[1]).T
    rounded = across.astype(np.float32)  # as Pillow does, so that the results are the same
    return np.asarray((_interpolation(values.shape[0], shape[0]) @ rounded).astype(np.float32))


@lru_cache(maxsize=512)  # about 10 megabytes for glyphs, which are enlarged to 84 pixels
def _interpolation(source: int, target: int) -> Array:
    """Return the matrix (t, n) float64 of the interpolation of n values at t positions."""
    centre = (np.arange(target) + 0.5) * (source / target)
    d = np.abs(np.arange(source) + 0.5 - centre[:, np.newaxis])
    near = (1.5 * d - 2.5) * d**2 + 1
    far = ((-0.5 * d + 2.5) * d - 4) * d + 2
    weights = np.where(d < 1, near, np.where(d < 2, far, 0))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))
