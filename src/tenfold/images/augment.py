"""Augmentation: random changes of training images, different in each epoch.

Shift, rotation, scale, shear and elastic deformation are all displacements: they state from which
position in the image each pixel takes its value. They are combined, and the image is sampled once,
so that it is blurred only once. All operations act on a whole batch of images.

References:
    Simard, Steinkraus and Platt, "Best practices for convolutional neural networks applied to
    visual document analysis" (ICDAR 2003), for the elastic deformation.
"""

import math
from dataclasses import dataclass
from functools import cache
from typing import Annotated

import numpy as np

from tenfold.nn import Describable
from tenfold.nn.arguments import check_fields
from tenfold.nn.array import Array
from tenfold.nn.constraints import Number, Whole, invalid, wrong_type

__all__ = ["Augment", "change_thickness", "sample", "sample_at"]

_BLOCK = 32  # images at a time, so that their coordinates stay in the processor's cache
_NEGLIGIBLE = 1e-2  # components of a smooth field below this share of the largest are left out
_Pixels = Annotated[float, Number("[0, 28]")]


@dataclass(frozen=True, kw_only=True)
class Augment(Describable):
    r"""Random distortions of images, drawn for each image.

    An output pixel at p takes the value of the input image at

    .. math:: s(p) = c + A^{-1} (p - c - t) + e(p), \qquad A = R(\theta)\, H(\phi)\, S

    with bilinear interpolation, and 0 outside the image; c is the centre of the image. A value with
    a "largest absolute value" is drawn uniformly between minus and plus this number. A setting of 0
    switches a distortion off. By default all are off.

    Args:
        shift: Largest absolute value of t along each axis, in pixels, 0 to 28.
        rotation: Largest absolute value of theta, in degrees, 0 to 180. Positive angles rotate
            counterclockwise.
        scale: Largest scaling, 0 to 3. The factor of each axis is drawn independently between
            1 / (1 + scale) and 1 + scale, with a uniform logarithm.
        shear: Largest absolute value of phi, in degrees, 0 to 60. Positive angles move the bottom
            to the left.
        elastic: Root mean square of e, a smooth random field, along each axis, in pixels, 0 to 28.
            Digits stay readable up to about 1.5.
        smoothness: Standard deviation of the Gaussian that smooths e, in pixels, 1 to 28.
        thickness: Largest change of the strokes on each side, thicker or thinner, in pixels, 0 to
            1.
        noise: Standard deviation of normal noise that is added to each pixel, in grey levels, 0 to
            255.
        cutout: Side of a square that is erased at a random position, in pixels, a whole number, 0
            to 28.

    Raises:
        ValueError: If a number is out of its range.
    """

    shift: _Pixels = 0.0
    rotation: Annotated[float, Number("[0, 180]")] = 0.0
    scale: Annotated[float, Number("[0, 3]")] = 0.0
    shear: Annotated[float, Number("[0, 60]")] = 0.0
    elastic: _Pixels = 0.0
    smoothness: Annotated[float, Number("[1, 28]")] = 5.0
    thickness: Annotated[float, Number("[0, 1]")] = 0.0
    noise: Annotated[float, Number("[0, 255]")] = 0.0
    cutout: Annotated[int, Whole(0, 28)] = 0

    def __post_init__(self) -> None:
        check_fields(self)

    def __call__(self, images: Array, rng: np.random.Generator) -> Array:
        """Return randomly distorted copies of images.

        Args:
            images: (N, H, W, 1), uint8 or floating-point on the scale 0 to 255. Not modified.
            rng: Random generator.

        Returns:
            float32 on the scale 0 to 255, of the same shape.
        """
        if not isinstance(images, np.ndarray):
            raise wrong_type("images", "a NumPy array", images)
        if images.ndim != 4 or images.shape[3] != 1:
            raise invalid("images", "of shape (N, H, W, 1)", images.shape)
        count, height, width, _ = images.shape
        basis = _basis(height, width, self.smoothness if self.elastic else 0.0)
        weights = self._weights(count, len(basis) - 3, rng)
        out = np.empty(images.shape, np.float32)
        for start in range(0, count, _BLOCK):
            block = slice(start, start + _BLOCK)
            positions = (weights[:, block] @ basis).reshape(2, -1, height, width)
            out[block] = sample_at(images[block], positions[0], positions[1])
        if self.thickness:
            out = change_thickness(
                out, rng.uniform(-self.thickness, self.thickness, (count, 1, 1, 1))
            )
        if self.noise:
            out += np.float32(self.noise) * rng.standard_normal(out.shape, np.float32)
            np.clip(out, 0, 255, out=out)
        if self.cutout:
            _cut(out, self.cutout, rng)
        return out

    def _weights(self, count: int, waves: int, rng: np.random.Generator) -> Array:
        """Return the coefficients of s(p) with respect to ``_basis``: (2, N, 3 + waves).

        The first three belong to the fields 1, y and x, measured from the centre of the image.
        """
        inverse = self._inverse(count, rng)
        shift = rng.uniform(-self.shift, self.shift, (2, count))
        weights = np.empty((2, count, 3 + waves), np.float32)
        weights[..., 0] = -np.einsum("abn,bn->an", inverse, shift)
        weights[..., 1:3] = inverse.transpose(0, 2, 1)
        if waves:
            weights[..., 3:] = self.elastic * rng.standard_normal((2, count, waves), np.float32)
        return weights

    def _inverse(self, count: int, rng: np.random.Generator) -> Array:
        """Return A^-1 = S^-1 H^-1 R^-1 for (y, x), y downwards: shape (2, 2, N)."""
        angle = math.radians(self.rotation) * rng.uniform(-1, 1, count)
        slant = np.tan(math.radians(self.shear) * rng.uniform(-1, 1, count))
        shrink = np.exp(-math.log1p(self.scale) * rng.uniform(-1, 1, (2, count)))
        cos, sin = np.cos(angle), np.sin(angle)
        y, x = (cos, sin), (-sin, cos)  # R^-1 rotates clockwise
        x = (x[0] + slant * y[0], x[1] + slant * y[1])
        return np.array([[row * shrink[0] for row in y], [row * shrink[1] for row in x]])


def sample_at(images: Array, rows: Array, columns: Array) -> Array:
    """Return the values of images at given positions, with bilinear interpolation, 0 outside.

    Args:
        images: (N, H, W, 1).
        rows: Row positions, measured from the centre of the image, downwards positive:
            (N, H', W').
        columns: Column positions, measured from the centre, to the right positive: (N, H', W').

    Returns:
        float32 (N, H', W', 1).
    """
    count, height, width, _ = images.shape
    padded = np.zeros((count, height + 3, width + 3), np.float32)
    padded[:, 1 : height + 1, 1 : width + 1] = images[..., 0]
    row, below = _split(rows, height)
    column, right = _split(columns, width)
    starts = np.arange(count, dtype=np.int32) * ((height + 3) * (width + 3))
    index = starts[:, None, None] + row * np.int32(width + 3) + column
    flat = padded.ravel()
    upper = _between(flat, index, right)
    index += np.int32(width + 3)
    lower = _between(flat, index, right)
    lower -= upper
    lower *= below
    upper += lower
    return upper[..., None]


sample = sample_at  # the name in version 0.2


def _split(positions: Array, size: int) -> tuple[Array, Array]:
    """Return the index of the pixel at or before each position, and the distance from it, 0 to 1.

    The index is that in the padded image, which has one more pixel on the left and on top.
    """
    inside = np.clip(positions + np.float32((size - 1) / 2 + 1), 0, size + 1)
    whole = inside.astype(np.int32)
    inside -= whole
    return whole, inside


def _between(flat: Array, index: Array, right: Array) -> Array:
    """Interpolate between the value at ``index`` and the next value, whose weight is ``right``."""
    left_value = flat.take(index)
    result = flat[1:].take(index)
    result -= left_value
    result *= right
    result += left_value
    return result


@cache
def _basis(height: int, width: int, sigma: float) -> Array:
    """Return a basis of fields over the image, (3 + waves, H * W): 1, y, x and smooth waves.

    White noise W smoothed along both axes is G W G^T. With G = U S V^T this equals
    U S (V^T W V) S U^T, where V^T W V is white noise, too. Most entries of S are nearly 0. So a sum
    of a few dozen fixed waves with random coefficients has nearly the same distribution as smoothed
    noise. The rows of G are scaled so that the variance is 1 at each pixel, also near
    the edges. With sigma = 0 there are no waves.
    """
    y, x = np.arange(height) - (height - 1) / 2, np.arange(width) - (width - 1) / 2
    basis = [np.ones((height, width)), np.broadcast_to(y[:, None], (height, width))]
    basis.append(np.broadcast_to(x, (height, width)))
    if sigma:
        down, across = _smooth(height, sigma), _smooth(width, sigma)
        basis += [np.outer(a, b) for a in down.T for b in across.T]
    return np.array(basis, np.float32).reshape(len(basis), -1)


def _smooth(size: int, sigma: float) -> Array:
    """Return smooth waves along one axis, (size, number of waves).

    They are the singular vectors of a Gaussian filter, times their singular values: U S. Each row
    is scaled to norm 1.
    """
    positions = np.arange(size)
    gaussian = np.exp(-((positions[:, None] - positions) ** 2) / (2 * sigma**2))
    u, s, _ = np.linalg.svd(gaussian / np.linalg.norm(gaussian, axis=1, keepdims=True))
    kept = s > _NEGLIGIBLE * s[0]
    waves: Array = u[:, kept] * s[kept]
    return waves / np.linalg.norm(waves, axis=1, keepdims=True)


def change_thickness(images: Array, share: Array) -> Array:
    """Return images with strokes that are thicker (share > 0) or thinner (share < 0).

    Each image is blended with its dilation or erosion by one pixel: the maximum or the minimum of a
    pixel and its four neighbours.

    Args:
        images: (N, H, W, 1) floating-point. The outermost pixels do not change.
        share: Weight of the dilated or eroded image, -1 to 1: (N, 1, 1, 1) or (1, 1, 1, 1).
    """
    share = share.astype(np.float32)
    inner, neighbours = images[:, 1:-1, 1:-1], []
    for down, right in ((0, 1), (2, 1), (1, 0), (1, 2)):
        neighbours.append(images[:, down : down + inner.shape[1], right : right + inner.shape[2]])
    grown, thinned = inner.copy(), inner.copy()
    for neighbour in neighbours:
        np.maximum(grown, neighbour, out=grown)
        np.minimum(thinned, neighbour, out=thinned)
    out = images.copy()
    out[:, 1:-1, 1:-1] += np.where(share > 0, share * (grown - inner), share * (inner - thinned))
    return out


def _cut(images: Array, side: int, rng: np.random.Generator) -> None:
    """Set a square of each image to 0, in place. Its centre is anywhere in the image."""
    count, height, width, _ = images.shape
    top = rng.integers(0, height, (count, 1)) - side // 2
    left = rng.integers(0, width, (count, 1)) - side // 2
    y, x = np.arange(height), np.arange(width)
    rows = (y >= top) & (y < top + side)
    columns = (x >= left) & (x < left + side)
    images[rows[:, :, None] & columns[:, None, :]] = 0
