"""The median filter of images of bytes."""

import numpy as np

from tenfold.nn.array import Array

__all__ = ["median_filter"]

_BITS = (128, 64, 32, 16, 8, 4, 2, 1)


def median_filter(image: Array, side: int) -> Array:
    """Return the median of the square around each pixel: (H, W, C) uint8, for each channel.

    The median of n values, n odd, is the largest value m such that at least (n + 1) / 2 of them are
    m or more. Its bits are found one after the other, from the highest to the lowest. For each bit,
    this takes n comparisons of whole images, which is several times faster than to sort the values
    of each square. Beyond the border, the image continues with its nearest pixel.

    Args:
        image: (H, W, C) uint8.
        side: Side of the square in pixels, odd, 1 to 15.
    """
    reach, (height, width, channels) = side // 2, image.shape
    wide = np.pad(image, ((reach, reach), (reach, reach), (0, 0)), mode="edge")
    flat = wide.reshape(len(wide), -1)  # columns and channels as one axis: longer comparisons
    columns = [
        np.ascontiguousarray(flat[:, start : start + width * channels])
        for start in range(0, side * channels, channels)
    ]
    median = np.zeros((height, width * channels), np.uint8)
    reached, count = np.empty(median.shape, bool), np.empty_like(median)
    for bit in _BITS:
        larger = median | np.uint8(bit)
        count[...] = 0  # it will be at most 15 * 15 = 225, so a byte is enough
        for shifted in columns:
            for top in range(side):
                np.greater_equal(shifted[top : top + height], larger, out=reached)
                np.add(count, reached.view(np.uint8), out=count)  # a bool would be converted first
        np.copyto(median, larger, where=count > side * side // 2)
    return median.reshape(image.shape)
