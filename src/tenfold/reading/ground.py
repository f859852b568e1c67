"""Contrast: how much each pixel differs from the paper around it.

Ink is judged by its contrast with the local ground (the background of the ink), not by its
brightness, so that grey paper, shadows and uneven light do not matter. With the grey level g, from
0 (black) to 1, and the ground B, which is g without everything that is darker and narrower than a
window,

    contrast r = 1 - g / B.

r is 0 on paper and does not change if the light on the paper changes by a factor. B is the grey
closing of g (a maximum filter, then a minimum filter), at reduced size. Light ink on a dark ground
is the same with 1 - g in place of g.

The three colour channels are first weighted by how much the ink stands out in each: red ink on
white paper is invisible in the red channel.

References:
    Serra, "Image Analysis and Mathematical Morphology" (1982): closing and top-hat transforms.
"""

import numpy as np
from scipy import ndimage

from tenfold.nn.array import Array

__all__ = ["contrast", "ink_channel"]

_SMALL = 320  # longer side, in pixels, to which the picture is reduced to measure the ink's colour
_DARKEST = 0.04  # smallest ground level, so that black areas do not amplify noise


def ink_channel(rgb: Array, light: bool) -> Array:
    """Return one grey channel (H, W) float32, 0 to 1, in which the ink is dark.

    Args:
        rgb: (H, W, 3) uint8.
        light: Whether the ink is lighter than the ground; the channel is inverted then.
    """
    step = max(1, max(rgb.shape[:2]) // _SMALL)
    small = _reduce(rgb, step).astype(np.float32) / 255
    small = 1 - small if light else small
    window = _odd(min(small.shape[:2]) // 2)
    difference = np.stack(
        [_ratio(small[..., c], _closing(small[..., c], window)) for c in range(3)], axis=-1
    )
    strength = difference.max(axis=-1)
    strong = strength >= np.quantile(strength, 0.97)
    weight = difference[strong].mean(axis=0) + 1e-6
    weight = (weight / weight.sum()).astype(np.float32)
    grey = np.zeros(rgb.shape[:2], np.float32)
    for channel in range(3):
        grey += rgb[..., channel] * (weight[channel] / 255)
    return 1 - grey if light else grey


def contrast(grey: Array, window: float) -> Array:
    """Return the contrast r (H, W) float32, 0 to 1, of dark ink on lighter ground.

    Args:
        grey: (H, W) float32, 0 to 1.
        window: Side of the window, in pixels. Dark areas at least as wide are ground.
    """
    step = int(np.clip(window // 12, 1, max(1, max(grey.shape) // 200)))
    small = _reduce(grey[..., np.newaxis], step)[..., 0]
    ground = _closing(small, _odd(window / step))
    return np.clip(_ratio(grey, _enlarge(ground, grey.shape)), 0, 1)


def _odd(window: float) -> int:
    return max(3, int(window) | 1)


def _closing(grey: Array, window: int) -> Array:
    smooth = ndimage.uniform_filter(grey, 3, mode="nearest")
    highest = ndimage.maximum_filter(smooth, window, mode="nearest")
    lowest = ndimage.minimum_filter(highest, window, mode="nearest")
    return np.asarray(ndimage.uniform_filter(lowest, max(3, window // 3), mode="nearest"))


def _ratio(grey: Array, ground: Array) -> Array:
    return 1 - grey / np.maximum(ground, _DARKEST)


def _reduce(image: Array, step: int) -> Array:
    """Return the means of squares of step x step pixels; incomplete squares are left out.

    If the picture is narrower than a square, the squares are as narrow as the picture.
    """
    if step == 1:
        return image
    height, width = image.shape[:2]
    down, right = min(step, height), min(step, width)
    cut = image[: height // down * down, : width // right * right]
    rows = np.add.reduceat(cut, np.arange(0, len(cut), down), axis=0, dtype=np.float32)
    both = np.add.reduceat(rows, np.arange(0, cut.shape[1], right), axis=1)
    return np.asarray(both / (down * right))


def _enlarge(image: Array, shape: tuple[int, ...]) -> Array:
    from PIL import Image

    if image.shape == shape:
        return image
    big = Image.fromarray(image.astype(np.float32)).resize(
        (shape[1], shape[0]), Image.Resampling.BILINEAR
    )
    return np.asarray(big)
