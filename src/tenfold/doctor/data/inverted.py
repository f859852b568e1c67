"""Inverted images: dark ink on a light ground, where ink is bright on dark here."""

import numpy as np

from tenfold.doctor.finding import Finding
from tenfold.images.background import has_light_background, is_blank
from tenfold.nn.array import Array

__all__ = ["darkened", "inverted_images"]

_MANY = 0.01  # of all images


def inverted_images(images: Array, where: str = "images") -> Finding | None:
    """Return a finding if images (N, H, W, C) have a light background; blank ones are no case."""
    inverted = _inverted(images)
    count = int(inverted.sum())
    if not count:
        return None
    remedy = "images = 255 - images"
    if count < (~is_blank(images)).sum():
        remedy = (
            "from tenfold.images.background import has_light_background; "
            "light = has_light_background(images); images = images.copy(); "
            "images[light] = 255 - images[light]"
        )
    return Finding(
        "inverted-images",
        "serious" if count > _MANY * len(images) else "warning",
        f"{count:,} of the {where} are inverted: dark ink on a light ground",
        f"in {count:,} of {len(images):,} ({count / len(images):.1%}) most of the border is above "
        f"127; their mean pixel is {images[inverted].mean():.0f}, MNIST's 33",
        "scans and photographs of paper, or a conversion that counts 0 as black ink",
        remedy,
    )


def darkened(images: Array) -> Array:
    """Return the images with those turned round that ``inverted_images`` finds fault with."""
    inverted = _inverted(images)
    if not inverted.any():
        return images
    return np.where(inverted[:, np.newaxis, np.newaxis, np.newaxis], 255 - images, images)


def _inverted(images: Array) -> Array:
    light: Array = has_light_background(images) & ~is_blank(images)
    return light
