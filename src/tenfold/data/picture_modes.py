"""Pictures of any mode as RGB or grey.

Pictures are converted in strips, so that no temporary copy of a whole picture is made.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from tenfold.nn.array import Array

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["to_grey", "to_rgb"]

_STRIP = 1_000_000  # pixels of a strip


def to_rgb(picture: "Image", enough: int | None = None) -> "Image":
    """Return a picture of any mode as RGB, with 16 bits reduced to 8 and no transparency.

    A transparent background becomes black or white, whichever gives more contrast to the ink.

    Args:
        picture: The picture.
        enough: Number of pixels that suffice. In a larger picture, squares of n x n pixels are
            averaged, with the largest n that leaves at least this number. Default: all pixels.
    """
    from PIL import Image

    width, height = picture.size
    factor = 1 if enough is None else max(1, int((width * height / enough) ** 0.5))
    if factor == 1 and picture.mode == "RGB" and not picture.has_transparency_data:
        return picture
    background = _background_level(picture)
    divisor = _level_divisor(picture)
    result = Image.new("RGB", (-(-width // factor), -(-height // factor)))
    for row, strip in _strips(picture, factor):
        rgb = _strip_to_rgb(strip, background, divisor)
        result.paste(rgb.reduce(factor) if factor > 1 else rgb, (0, row // factor))
    return result


def to_grey(picture: "Image") -> Array:
    """Return the brightness (H, W) uint8 of a picture of any mode.

    Colours are weighted by ITU-R 601; 16 bits and transparency as in ``to_rgb``.
    """
    background = _background_level(picture)
    divisor = _level_divisor(picture)
    result = np.empty((picture.height, picture.width), np.uint8)
    for row, strip in _strips(picture, 1):
        result[row : row + strip.height] = _strip_to_grey(strip, background, divisor)
    return result


def _strips(picture: "Image", factor: int) -> Iterator[tuple[int, "Image"]]:
    """Yield (first row, strip); all heights but the last are multiples of ``factor``."""
    height = max(1, _STRIP // (picture.width * factor)) * factor
    for row in range(0, picture.height, height):
        yield row, picture.crop((0, row, picture.width, min(row + height, picture.height)))


def _strip_to_rgb(strip: "Image", background: int | None, divisor: int | None) -> "Image":
    from PIL import Image

    if divisor is not None:
        return Image.fromarray(_strip_to_grey(strip, background, divisor)).convert("RGB")
    if background is None:
        return strip.convert("RGB")
    behind = Image.new("RGBA", strip.size, (background, background, background, 255))
    return Image.alpha_composite(behind, strip.convert("RGBA")).convert("RGB")


def _strip_to_grey(strip: "Image", background: int | None, divisor: int | None) -> Array:
    if divisor is not None:
        return np.clip(np.asarray(strip, np.float64) / divisor, 0, 255).round().astype(np.uint8)
    if background is None:
        return np.asarray(strip.convert("L"))
    layers = np.asarray(strip.convert("RGBA").convert("LA"), np.float64)
    grey, opacity = layers[..., 0], layers[..., 1] / 255
    return np.rint(grey * opacity + background * (1 - opacity)).astype(np.uint8)


def _level_divisor(picture: "Image") -> int | None:
    """Return the number that levels of more than 8 bits are divided by; None for 8 bits."""
    if picture.mode == "F":
        raise ValueError("its pixels are floating-point numbers of unknown scale")
    if not picture.mode.startswith("I"):
        return None
    # 16 bits, or 8 bits in a wider type
    return 257 if max(np.asarray(strip).max() for _, strip in _strips(picture, 1)) > 255 else 1


def _background_level(picture: "Image") -> int | None:
    """Return the grey level behind a transparent picture, 0 or 255; None for an opaque picture.

    It is 0 (black) if the visible part is bright: if sum(grey * opacity) > 127 sum(opacity).
    """
    if not picture.has_transparency_data or picture.mode.startswith("I"):
        return None
    bright = visible = 0.0
    for _, strip in _strips(picture, 1):
        layers = np.asarray(strip.convert("RGBA").convert("LA"), np.float64).reshape(-1, 2)
        bright += float(layers[:, 0] @ layers[:, 1])
        visible += float(layers[:, 1].sum())
    return 0 if bright > 127 * visible else 255
