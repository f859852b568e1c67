"""Contrast: how much each pixel differs from the paper around it.

Ink is judged by its contrast with the local background, not by its brightness, so that grey paper,
shadows and uneven light do not matter. Let g be the grey level, from 0 (black) to 1, and B the
background: g without everything that is darker and narrower than a window. Then

    contrast r = 1 - g / B.

r is 0 on paper and does not change if the light on the paper changes by a factor. B is the grey
closing of g (a maximum filter, then a minimum filter), at reduced size. Light ink on a dark
background is the same with 1 - g in place of g.

The three colour channels are first weighted by how much the ink stands out in each: red ink on
white paper is invisible in the red channel.

References:
    Serra, "Image Analysis and Mathematical Morphology" (1982): closing and top-hat transforms.
"""

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.quantiles import quantile
from tenfold.reading.sliding import sliding_maximum, sliding_minimum
from tenfold.reading.sliding_mean import sliding_mean

__all__ = ["contrast", "ink_channel"]

_SMALL = 160  # longest side, in pixels, of the copy in which the colour of the ink is measured
_DARKEST = 0.04  # smallest background level, so that black areas do not amplify noise


def ink_channel(rgb: Array, light_ink: bool) -> Array:
    """Return one grey channel (H, W) float32, 0 to 1, in which the ink is dark.

    Args:
        rgb: (H, W, 3) uint8.
        light_ink: Whether the ink is lighter than the background; the channel is inverted then.
    """
    weight = _channel_weights(rgb, light_ink) / 255
    grey = np.asarray(rgb.reshape(-1, 3).astype(np.float32) @ weight).reshape(rgb.shape[:2])
    return 1 - grey if light_ink else grey


def _channel_weights(rgb: Array, light_ink: bool) -> Array:
    """Return how much the ink stands out in each channel, (3,) float32, with the sum 1."""
    small = _reduce(rgb, -(-max(rgb.shape[:2]) // _SMALL)).astype(np.float32) / 255
    small = 1 - small if light_ink else small
    channels = [np.ascontiguousarray(small[..., c]) for c in range(3)]
    if np.array_equal(channels[0], channels[1]) and np.array_equal(channels[0], channels[2]):
        return np.full(3, 1 / 3, np.float32)
    window = _odd(min(small.shape[:2]) // 2)
    differences = [_ratio(channel, _closing(channel, window)) for channel in channels]
    strength = np.maximum(np.maximum(differences[0], differences[1]), differences[2])
    strong = strength >= quantile(strength, 0.97)
    weight = np.array([difference[strong].mean() for difference in differences]) + 1e-6
    return np.asarray(weight / weight.sum(), np.float32)


def contrast(grey: Array, window: float) -> Array:
    """Return the contrast r (H, W) float32, 0 to 1, of dark ink on lighter background.

    Args:
        grey: (H, W) float32, 0 to 1.
        window: Side of the window, in pixels. Dark areas at least as wide are background.
    """
    step = int(np.clip(window // 12, 1, max(1, max(grey.shape) // 200)))
    small = _reduce(grey, step)
    background = _closing(small, _odd(window / step))
    return np.clip(_ratio(grey, _enlarge(background, grey.shape)), 0, 1)


def _odd(window: float) -> int:
    """Return a window as a whole odd number of pixels, at least 3."""
    return max(3, int(window) | 1)


def _closing(grey: Array, window: int) -> Array:
    """Return the background: the closing of the smoothed image, smoothed again."""
    smooth = sliding_mean(grey, 3)
    lowest = sliding_minimum(sliding_maximum(smooth, window), window)
    smoothed = sliding_mean(lowest, max(3, window // 3))
    return np.asarray(np.minimum(smoothed, lowest))


def _ratio(grey: Array, background: Array) -> Array:
    return 1 - grey / np.maximum(background, _DARKEST)


def _reduce(image: Array, step: int) -> Array:
    """Return the means of squares of step x step pixels, of (H, W) float32 or (H, W, 3) uint8.

    At the right and lower border of the image, the squares may be smaller.
    """
    from PIL import Image

    return image if step == 1 else np.asarray(Image.fromarray(image).reduce(step))


def _enlarge(image: Array, shape: tuple[int, ...]) -> Array:
    from PIL import Image

    if image.shape == shape:
        return image
    big = Image.fromarray(image.astype(np.float32)).resize(
        (shape[1], shape[0]), Image.Resampling.BILINEAR
    )
    return np.asarray(big)
