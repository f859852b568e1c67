"""Views: a digit image slightly rotated, narrower or flatter, to see if its prediction changes.

The network's probability for one image is often near 1, even if the prediction is wrong. A wrong
prediction usually changes when the image changes a little, and a correct prediction does not. So
the mean probability over several views is a better sign of whether a digit is correct.
"""

import math

import numpy as np

from tenfold.nn.array import Array

__all__ = ["VIEWS", "views"]

_TURN = 0.12  # angle of the rotated views, in radians
_FACTOR = 1.13  # by which a view is compressed along an axis
_COS, _SIN = math.cos(_TURN), math.sin(_TURN)

VIEWS = (
    ((_COS, -_SIN), (_SIN, _COS)),
    ((_COS, _SIN), (-_SIN, _COS)),
    ((_FACTOR, 0.0), (0.0, 1.0)),
    ((1.0, 0.0), (0.0, _FACTOR)),
)
"""For each view, the matrix from its coordinates (x, y) to those of the image.

Both are relative to the centre. There are two rotations, a narrower view and a flatter one.
"""

_CENTRE = 14.0  # pixels


def views(images: Array) -> Array:
    """Return the views of images: (N, V, 28, 28, 1) uint8, V = ``len(VIEWS)``.

    Args:
        images: (N, 28, 28, 1) uint8.
    """
    from PIL import Image

    out = np.empty((len(images), len(VIEWS), *images.shape[1:]), np.uint8)
    for index, image in enumerate(images):
        picture = Image.fromarray(image[..., 0])
        for number, ((a, b), (d, e)) in enumerate(VIEWS):
            x, y = _CENTRE * (1 - a - b), _CENTRE * (1 - d - e)
            changed = picture.transform(
                picture.size, Image.Transform.AFFINE, (a, b, x, d, e, y), Image.Resampling.BILINEAR
            )
            out[index, number, ..., 0] = np.asarray(changed)
    return out
