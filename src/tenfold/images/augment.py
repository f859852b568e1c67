"""Augmentation: each epoch sees the digits anew, as other hands might have written them.

Shift, rotation, scale, shear and elastic deformation all say the same kind of thing: from where in
the image each pixel takes its value. They are added up, and the image is sampled once, so that it
is blurred once. Everything acts on a whole batch of images.

Simard, Steinkraus and Platt, "Best practices for convolutional neural networks applied to visual
document analysis" (ICDAR 2003), gave elastic deformation and the bar that it set.
"""

import math
from dataclasses import dataclass, fields
from functools import cache

import numpy as np

from tenfold.nn import Describable
from tenfold.nn.array import Array

__all__ = ["Augment", "sample", "thickened"]

_BLOCK = 32  # images at a time: their coordinates then stay in the processor's cache
_NEGLIGIBLE = 1e-2  # parts of a smooth field weaker than this, beside the strongest


@dataclass(frozen=True)
class Augment(Describable):
    r"""Random distortions of images, others for each.

    An output pixel at p takes the value of the image at

    .. math:: s(p) = c + A^{-1} (p - c - t) + e(p), \qquad A = R(\theta)\, H(\phi)\, S

    bilinearly interpolated, 0 outside the image; c is the middle of the image. Every range is
    symmetric about no change, and uniform within it; 0 leaves out what it belongs to.

    Args:
        shift: t, up to so many pixels along each axis.
        rotation: theta, up to so many degrees either way.
        scale: each axis on its own grows by up to this share, or shrinks by as much: the factor is
            between 1 / (1 + scale) and 1 + scale, its logarithm uniform.
        shear: phi, up to so many degrees; positive slants to the left at the bottom.
        elastic: e, a smooth random field with this root mean square along each axis, in pixels.
            Digits stand up to about 1.5.
        smoothness: sigma, in pixels, of the Gaussian that makes that field smooth.
        thickness: strokes grow or thin by up to this share of a pixel on each side, 0 to 1.
        noise: standard deviation of what is added to every pixel, in grey levels.
        cutout: side, in pixels, of a square that is erased at a random place.

    Raises:
        ValueError: if a number is out of its range.
    """

    shift: float = 0.0
    rotation: float = 0.0
    scale: float = 0.0
    shear: float = 0.0
    elastic: float = 0.0
    smoothness: float = 5.0
    thickness: float = 0.0
    noise: float = 0.0
    cutout: int = 0

    def __post_init__(self) -> None:
        most = {"rotation": 180, "shear": 60, "scale": 3, "thickness": 1, "noise": 255}
        for name in (field.name for field in fields(self)):
            value, limit = getattr(self, name), most.get(name, 28)
            if not 0 <= value <= limit:
                raise ValueError(f"{name} is from 0 to {limit}, not {value}")
        if self.smoothness < 1 or self.cutout != int(self.cutout):
            raise ValueError(
                "smoothness is at least 1 pixel and cutout a whole number of them, "
                f"not {self.smoothness} and {self.cutout}"
            )

    def __call__(self, images: Array, rng: np.random.Generator) -> Array:
        """Return other images, drawn from these.

        Args:
            images: (N, H, W, 1), uint8 or floats on the 0..255 scale; only read.
            rng: where the randomness comes from.

        Returns:
            float32 on the 0..255 scale, of the same shape.
        """
        count, height, width, _ = images.shape
        basis = _basis(height, width, self.smoothness if self.elastic else 0.0)
        weights = self._weights(count, len(basis) - 3, rng)
        out = np.empty(images.shape, np.float32)
        for start in range(0, count, _BLOCK):
            block = slice(start, start + _BLOCK)
            places = (weights[:, block] @ basis).reshape(2, -1, height, width)
            out[block] = sample(images[block], places[0], places[1])
        if self.thickness:
            out = thickened(out, rng.uniform(-self.thickness, self.thickness, (count, 1, 1, 1)))
        if self.noise:
            out += np.float32(self.noise) * rng.standard_normal(out.shape, np.float32)
            np.clip(out, 0, 255, out=out)
        if self.cutout:
            _cut(out, int(self.cutout), rng)
        return out

    def _weights(self, count: int, waves: int, rng: np.random.Generator) -> Array:
        """Return how much of each field of the basis goes into s(p): (2, N, 3 + waves).

        The first three are those of 1, y and x, counted from the middle of the image.
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
        y, x = (cos, sin), (-sin, cos)  # R^-1 turns back, clockwise
        x = (x[0] + slant * y[0], x[1] + slant * y[1])
        return np.array([[row * shrink[0] for row in y], [row * shrink[1] for row in x]])


def sample(images: Array, rows: Array, columns: Array) -> Array:
    """Return what the images show at the given places, bilinearly interpolated, 0 outside.

    Args:
        images: (N, H, W, 1).
        rows: where, counted from the middle of the image downwards, (N, H', W').
        columns: likewise, to the right.

    Returns:
        float32 (N, H', W', 1).
    """
    count, height, width, _ = images.shape
    padded = np.zeros((count, height + 3, width + 3), np.float32)
    padded[:, 1 : height + 1, 1 : width + 1] = images[..., 0]
    row, below = _split(rows, height)
    column, right = _split(columns, width)
    first = np.arange(count, dtype=np.int32) * ((height + 3) * (width + 3))
    index = first[:, None, None] + row * np.int32(width + 3) + column
    flat = padded.ravel()
    upper = _between(flat, index, right)
    index += np.int32(width + 3)
    lower = _between(flat, index, right)
    lower -= upper
    lower *= below
    upper += lower
    return upper[..., None]


def _split(places: Array, size: int) -> tuple[Array, Array]:
    """Return the pixel of the padded image at or before each place, and how far beyond it."""
    inside = np.clip(places + np.float32((size - 1) / 2 + 1), 0, size + 1)
    whole = inside.astype(np.int32)
    inside -= whole
    return whole, inside


def _between(flat: Array, index: Array, right: Array) -> Array:
    """Return the value at ``index``, moved towards its right neighbour's by ``right``, 0 to 1."""
    here = flat.take(index)
    there = flat[1:].take(index)
    there -= here
    there *= right
    there += here
    return there


@cache
def _basis(height: int, width: int, sigma: float) -> Array:
    """Return fields over the image, (3 + waves, H * W): 1, y, x, and with a sigma smooth waves.

    White noise W smoothed along both axes is G W G^T. With G = U S V^T that is U S (V^T W V) S
    U^T, and V^T W V is white noise again; all but a few entries of S are nearly 0. So a smooth
    field is a few dozen random numbers times fixed waves, with the same distribution. The rows of
    G are scaled so that its variance is 1 everywhere, near the edges too.
    """
    y, x = np.arange(height) - (height - 1) / 2, np.arange(width) - (width - 1) / 2
    basis = [np.ones((height, width)), np.broadcast_to(y[:, None], (height, width))]
    basis.append(np.broadcast_to(x, (height, width)))
    if sigma:
        down, across = _smooth(height, sigma), _smooth(width, sigma)
        basis += [np.outer(a, b) for a in down.T for b in across.T]
    return np.array(basis, np.float32).reshape(len(basis), -1)


def _smooth(size: int, sigma: float) -> Array:
    """Return U S: the smooth waves along one axis, in columns, with the weights they come in."""
    places = np.arange(size)
    gaussian = np.exp(-((places[:, None] - places) ** 2) / (2 * sigma**2))
    u, s, _ = np.linalg.svd(gaussian / np.linalg.norm(gaussian, axis=1, keepdims=True))
    kept = s > _NEGLIGIBLE * s[0]
    waves: Array = u[:, kept] * s[kept]
    return waves / np.linalg.norm(waves, axis=1, keepdims=True)


def thickened(images: Array, share: Array) -> Array:
    """Return each image blended with itself grown (share > 0) or thinned (share < 0) by one pixel.

    Grown, a pixel is the brightest of itself and its four neighbours, thinned the darkest.

    Args:
        images: (N, H, W, 1) floats; their outermost pixels stay as they are.
        share: -1 to 1, (N, 1, 1, 1), or one for all.
    """
    share = share.astype(np.float32)
    inner, moved = images[:, 1:-1, 1:-1], []
    for down, right in ((0, 1), (2, 1), (1, 0), (1, 2)):
        moved.append(images[:, down : down + inner.shape[1], right : right + inner.shape[2]])
    grown, thinned = inner.copy(), inner.copy()
    for neighbour in moved:
        np.maximum(grown, neighbour, out=grown)
        np.minimum(thinned, neighbour, out=thinned)
    out = images.copy()
    out[:, 1:-1, 1:-1] += np.where(share > 0, share * (grown - inner), share * (inner - thinned))
    return out


def _cut(images: Array, side: int, rng: np.random.Generator) -> None:
    """Erase a square of each image; its middle lies anywhere in the image."""
    count, height, width, _ = images.shape
    top = rng.integers(0, height, (count, 1)) - side // 2
    left = rng.integers(0, width, (count, 1)) - side // 2
    y, x = np.arange(height), np.arange(width)
    rows = (y >= top) & (y < top + side)
    columns = (x >= left) & (x < left + side)
    images[rows[:, :, None] & columns[:, None, :]] = 0
