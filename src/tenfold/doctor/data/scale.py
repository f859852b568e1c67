"""Pixel scale: full ink is 255 here, and whoever divided by 255 left hardly any ink."""

import numpy as np

from tenfold.doctor.finding import Finding
from tenfold.nn.array import Array

__all__ = ["pixel_scale", "rescaled"]

_DIM = 128  # the brightest of many images of MNIST is always 255


def pixel_scale(images: Array, where: str = "images") -> Finding | None:
    """Return a finding if no pixel of all the images reaches half of full ink.

    Args:
        images: (N, H, W, C) uint8.
        where: what the sentences call them.
    """
    brightest = int(images.max(initial=0))
    if not 0 < brightest < _DIM:
        return None
    if brightest == 1:
        cause = (
            "the pixels were divided by 255 or compared with a threshold, and then kept as whole "
            "numbers: if they were divided, the greys are lost, so read the originals again"
        )
        remedy = "images = images * 255"
    else:
        cause = f"the pixels are on a scale from 0 to {brightest}, not from 0 to 255"
        remedy = f"images = np.uint8(np.rint(images * (255 / {brightest})))"
    return Finding(
        "pixel-scale",
        "serious",
        f"the pixels of the {where} are not on the scale from 0 to 255",
        f"the brightest of {images.size:,} pixels is {brightest}; their mean is "
        f"{images.mean():.3g}, MNIST's 33.3",
        cause,
        remedy,
    )


def rescaled(images: Array) -> Array:
    """Return the images with the brightest pixel at 255, if ``pixel_scale`` finds fault."""
    if pixel_scale(images) is None:
        return images
    return np.rint(images * (255 / images.max())).astype(np.uint8)
