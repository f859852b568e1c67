"""Weather: fog in front of the digit and mud on it."""

import numpy as np

from tenfold.images.blur import gaussian_blur
from tenfold.images.corruptions.corruption import SIDE
from tenfold.images.per_image_random import PerImageRandom
from tenfold.nn.array import Array

__all__ = ["fog", "spatter"]

_DENSITY = 3.0  # factor of the cloud
_DECAY = 1.4  # its square divides the range of the random numbers at each doubling
# Numbers of doublings: 6 give every fourth pixel of the 256 x 256 map, and 2 more give one corner
# of it at full resolution.
_COARSE, _FINE = 6, 2
# Rows and columns around the corner that are computed, too, and cut off afterwards: the outermost
# ones lack neighbours when the corner is refined.
_AROUND = 2
_LIQUID_MEAN, _LIQUID_STD, _LIQUID_THRESHOLD = 0.65, 0.3, 0.65
_FINE_BLUR, _EDGE_BLUR = 1.0, 1.5  # pixels
_LEAST_OPACITY, _MUD = 0.8, 63 / 255  # a smaller opacity becomes 0; brightness of the mud


def fog(images: Array, random: PerImageRandom) -> Array:
    """Add three times a random cloud, then scale so that the brightest pixel keeps its brightness.

    The cloud is the top left corner of a map of 256 x 256 pixels. The map is made by the
    diamond-square algorithm (Fournier, Fussell and Carpenter, "Computer rendering of stochastic
    models", 1982): a point midway between known points gets their mean plus a random number. The
    range of the random numbers is divided by 1.4^2 each time the distance between points is halved.
    The map is scaled to 0 to 1.

    The result is as in MNIST-C, except for this scaling: its minimum and maximum are taken over
    every fourth pixel of the map and over the corner, since only the corner is computed at full
    resolution.
    """
    coarse = np.zeros((len(images), 1, 1), np.float32)
    for step in range(_COARSE):
        coarse = _refined(coarse, _DECAY ** (-2 * step), random)
    needed = SIDE >> _FINE
    near = np.arange(-_AROUND, needed + _AROUND)  # the map is periodic
    corner = coarse[:, near[:, None], near]
    for step in range(_COARSE, _COARSE + _FINE):
        corner = _refined(corner, _DECAY ** (-2 * step), random)
    inside = slice(_AROUND << _FINE, (_AROUND + needed) << _FINE)
    corner = corner[:, inside, inside]
    values = [part.reshape(len(part), -1) for part in (coarse, corner)]
    low = np.min([part.min(axis=1) for part in values], axis=0)[:, None, None]
    high = np.max([part.max(axis=1) for part in values], axis=0)[:, None, None]
    cloud = ((corner - low) / (high - low))[..., None]
    brightest = images.max(axis=(1, 2, 3), keepdims=True)
    return (images + np.float32(_DENSITY) * cloud) * brightest / (brightest + _DENSITY)


def _refined(cloud: Array, amplitude: float, random: PerImageRandom) -> Array:
    """Return a cloud with twice the side length.

    The centres of the squares are computed first, and then the centres of their edges.

    Args:
        cloud: (N, S, S), which continues periodically.
        amplitude: Largest distance of a new value from the mean of its neighbours.
        random: Random numbers for each image.
    """
    size = cloud.shape[1]
    noise = random.sample(lambda rng: rng.random((3, size, size), np.float32))
    noise = np.float32(amplitude) * (2 * noise - 1)
    right, below = np.roll(cloud, -1, axis=2), np.roll(cloud, -1, axis=1)
    middle = (cloud + right + below + np.roll(right, -1, axis=1)) / 4 + noise[:, 0]
    fine = np.empty((len(cloud), size, 2, size, 2), np.float32)
    fine[:, :, 0, :, 0], fine[:, :, 1, :, 1] = cloud, middle
    fine[:, :, 0, :, 1] = (cloud + right + middle + np.roll(middle, 1, axis=1)) / 4 + noise[:, 1]
    fine[:, :, 1, :, 0] = (cloud + below + middle + np.roll(middle, 1, axis=2)) / 4 + noise[:, 2]
    return fine.reshape(len(cloud), 2 * size, 2 * size)


def spatter(images: Array, random: PerImageRandom) -> Array:
    """Add blots of mud with a grey level of 63, over about a tenth of the image, as in MNIST-C.

    Normal noise with mean 0.65 and standard deviation 0.3 is blurred by one pixel. The mask of
    values above 0.65 is blurred by 1.5 pixels, and set to 0 below 0.8. The result is the opacity of
    the mud.
    """
    noise = random.sample(lambda rng: rng.standard_normal(images.shape[1:], np.float32))
    liquid = gaussian_blur(_LIQUID_MEAN + _LIQUID_STD * noise, _FINE_BLUR)
    mud = gaussian_blur(liquid > _LIQUID_THRESHOLD, _EDGE_BLUR)
    mud[mud < _LEAST_OPACITY] = 0
    return images * (1 - mud) + np.float32(_MUD) * mud
