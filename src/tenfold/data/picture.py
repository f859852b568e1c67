"""One picture file becomes one image: grey, bright ink on dark ground, 28x28.

This is for pictures that are digits already, cut out and centred. What a photo of a page needs
(finding the digits, setting them into MNIST's box) is done in the room for reading.
"""

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tenfold.data.arrays import SIDE
from tenfold.data.opening import PathLike, opened
from tenfold.errors import TenfoldError
from tenfold.images import has_light_background
from tenfold.nn.array import Array

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Picture", "read_image", "read_picture"]

# Formats are listed because Pillow knows others that start foreign programs.
_FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF", "PPM")
_MAX_PIXELS = 100_000_000


@dataclass(frozen=True)
class Picture:
    """An image (28, 28, 1) uint8 and what was done to the picture to get it."""

    image: Array
    inverted: bool
    resized: bool


def read_image(path: PathLike) -> Array:
    """Return the image (28, 28, 1) uint8 of a picture file: PNG, JPEG, BMP, GIF, WebP, TIFF, PNM.

    Colours become grey (ITU-R 601), 16 bits become 8, a transparent ground becomes the one against
    which the ink stands out, a turned photo is set upright by its EXIF tag. If most of the border
    is light, the picture is inverted: ink is bright here. A picture of another size is scaled,
    keeping its proportions, so that its longer side has 28 pixels, averaging over all pixels
    covered; then it is centred on a square of its border's shade. A grey 28x28 picture with a
    dark border is taken exactly as it is.

    Raises:
        TenfoldError: naming the file, if it cannot be read as a picture.
    """
    return read_picture(path).image


def read_picture(path: PathLike) -> Picture:
    """Return what ``read_image`` returns, and which changes were needed."""
    with opened(path) as file:
        try:
            from PIL import Image, ImageOps

            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of odd metadata, and of sizes: see below
                with Image.open(file, formats=_FORMATS) as picture:
                    if picture.width * picture.height > _MAX_PIXELS:
                        raise ValueError(f"{picture.width}x{picture.height} is too large")
                    grey = _to_grey(ImageOps.exif_transpose(picture))
        except Exception as error:  # decoders of damaged files raise every kind there is
            raise TenfoldError(
                f"{path} is not a readable picture ({error}). Save it again as PNG, or remove it."
            ) from error
    inverted = bool(has_light_background(grey[np.newaxis, :, :, np.newaxis])[0])
    if inverted:
        grey = 255 - grey
    resized = grey.shape != (SIDE, SIDE)
    image = _fit(grey) if resized else grey
    return Picture(image[:, :, np.newaxis], inverted, resized)


def _to_grey(picture: "Image") -> Array:
    """Return the brightness (H, W) uint8 of a picture of any mode."""
    if picture.mode == "F":
        raise ValueError("its pixels are floating-point numbers of unknown scale")
    if picture.mode.startswith("I"):
        deep = np.asarray(picture, np.float64)
        scale = 257 if deep.max(initial=0) > 255 else 1  # 16 bits, or 8 in more room than they need
        return np.clip(deep / scale, 0, 255).round().astype(np.uint8)
    if picture.has_transparency_data:
        return _on_ground(np.asarray(picture.convert("RGBA").convert("LA"), np.float64))
    return np.asarray(picture.convert("L"))


def _on_ground(layers: Array) -> Array:
    """Lay grey with opacity, (H, W, 2), on black or white: whichever the ink stands out against."""
    grey, opacity = layers[..., 0], layers[..., 1] / 255
    bright = (grey * opacity).sum() > 127 * opacity.sum()
    ground = 0 if bright else 255
    return np.rint(grey * opacity + ground * (1 - opacity)).astype(np.uint8)


def _fit(grey: Array) -> Array:
    """Scale (H, W) so that the longer side is 28, and centre it on a square of its border."""
    from PIL import Image

    height, width = grey.shape
    scale = SIDE / max(height, width)
    h, w = max(1, round(height * scale)), max(1, round(width * scale))
    # Pillow's bilinear filter widens as it shrinks, so that no pixel is left out.
    small = np.asarray(Image.fromarray(grey).resize((w, h), Image.Resampling.BILINEAR))
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    square = np.full((SIDE, SIDE), np.uint8(np.median(border)))
    top, left = (SIDE - h) // 2, (SIDE - w) // 2
    square[top : top + h, left : left + w] = small
    return square
