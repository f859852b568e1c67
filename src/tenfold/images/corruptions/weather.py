"""Weather: fog before the digit, mud on it."""

import numpy as np

from tenfold.images.blur import gaussian_blur
from tenfold.images.corruptions.corruption import SIDE
from tenfold.images.per_image_random import Lanes
from tenfold.nn.array import Array

__all__ = ["fog", "spatter"]

_DENSITY, _DECAY = 3.0, 1.4
_COARSE, _FINE = 6, 2  # doublings: the map of 256 at every fourth pixel, then its corner in full
_AROUND = 2  # rows and columns about the corner, which spoil as it is refined
_WET, _SPREAD, _DROP = 0.65, 0.3, 0.65  # mean, deviation and threshold of the liquid
_FINE_BLUR, _EDGE_BLUR = 1.0, 1.5  # pixels
_SOLID, _MUD = 0.8, 63 / 255


def fog(images: Array, lanes: Lanes) -> Array:
    """Add three times a random cloud, then dim so that the brightest pixel keeps its brightness.

    The cloud is the top left corner of a plasma of 256 x 256 pixels, made by the diamond-square
    algorithm (Fournier, Fussell and Carpenter, "Computer rendering of stochastic models", 1982):
    midway between known points, their mean and a random number, whose range shrinks by 1.4^2 with
    each halving of the distance; scaled to 0..1.

    As in MNIST-C, but for the scale: the smallest and greatest value are sought at every fourth
    pixel of the whole and in the corner, since only that is made in full.
    """
    coarse = np.zeros((len(images), 1, 1), np.float32)
    for step in range(_COARSE):
        coarse = _refined(coarse, _DECAY ** (-2 * step), lanes)
    needed = SIDE >> _FINE
    near = np.arange(-_AROUND, needed + _AROUND)  # across the edge, where the map goes on
    corner = coarse[:, near[:, None], near]
    for step in range(_COARSE, _COARSE + _FINE):
        corner = _refined(corner, _DECAY ** (-2 * step), lanes)
    inside = slice(_AROUND << _FINE, (_AROUND + needed) << _FINE)
    corner = corner[:, inside, inside]
    ends = [part.reshape(len(part), -1) for part in (coarse, corner)]
    low = np.min([part.min(axis=1) for part in ends], axis=0)[:, None, None]
    high = np.max([part.max(axis=1) for part in ends], axis=0)[:, None, None]
    cloud = ((corner - low) / (high - low))[..., None]
    brightest = images.max(axis=(1, 2, 3), keepdims=True)
    return (images + np.float32(_DENSITY) * cloud) * brightest / (brightest + _DENSITY)


def _refined(plasma: Array, wobble: float, lanes: Lanes) -> Array:
    """Return a map of twice the side: first the middles of squares, then those of their edges.

    Args:
        plasma: (N, S, S), which goes on at its other end.
        wobble: up to how far a new value may be from its neighbours' mean.
    """
    size = plasma.shape[1]
    noise = lanes.draw(lambda rng: rng.random((3, size, size), np.float32))
    noise = np.float32(wobble) * (2 * noise - 1)
    right, below = np.roll(plasma, -1, axis=2), np.roll(plasma, -1, axis=1)
    middle = (plasma + right + below + np.roll(right, -1, axis=1)) / 4 + noise[:, 0]
    fine = np.empty((len(plasma), size, 2, size, 2), np.float32)
    fine[:, :, 0, :, 0], fine[:, :, 1, :, 1] = plasma, middle
    fine[:, :, 0, :, 1] = (plasma + right + middle + np.roll(middle, 1, axis=1)) / 4 + noise[:, 1]
    fine[:, :, 1, :, 0] = (plasma + below + middle + np.roll(middle, 1, axis=2)) / 4 + noise[:, 2]
    return fine.reshape(len(plasma), 2 * size, 2 * size)


def spatter(images: Array, lanes: Lanes) -> Array:
    """Splash mud, a dark grey of 63 levels, in blots over a tenth of the image, more or less.

    Normal noise of mean 0.65 and deviation 0.3, smoothed by one pixel, is wet where it is above
    0.65; smoothed by 1.5 pixels, what is at least 0.8 wet is mud, and covers so much of the digit.
    As in MNIST-C.
    """
    noise = lanes.draw(lambda rng: rng.standard_normal(images.shape[1:], np.float32))
    liquid = gaussian_blur(_WET + _SPREAD * noise, _FINE_BLUR)
    mud = gaussian_blur(liquid > _DROP, _EDGE_BLUR)
    mud[mud < _SOLID] = 0
    return images * (1 - mud) + np.float32(_MUD) * mud
