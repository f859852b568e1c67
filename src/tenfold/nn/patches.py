"""Patches: the windows of a convolution, in a memory layout that a BLAS library can multiply.

The usual method, im2col, copies every patch of K x K pixels into a row of a matrix, which takes
K * K times the memory of the image. Here only the rows of a patch are gathered, K times the image:

    rows[n, i, w] = x[n, s*i : s*i + K, w]           shape (N, OH, W, K, C), x padded

Patches that overlap along w also overlap in memory: the patch of output (i, j) is the contiguous
range from w = s*j on. For each output column j the N * OH patches are therefore a matrix, a view
with K * K * C columns, and nothing else is copied.

Images are processed in blocks, so that the gathered rows stay in the processor's cache. If the
weight itself does not fit, blocks are larger, so that it is loaded for many patches at once.

References:
    Cho and Brand, "MEC: memory-efficient convolution for deep neural network" (ICML 2017).
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tenfold.nn.array import Array

__all__ = ["Window", "columns"]

_BLOCK_BYTES = 640 * 1024  # of gathered rows, well below the size of the second-level cache
_SMALL_PRODUCT = 1_000_000  # multiply-adds; up to here OpenBLAS multiplies without copying first
_LARGE_WEIGHT = 100_000  # numbers; from here on loading them again costs more than gathered rows
_ROWS_FOR_WEIGHT = 4  # largest ratio of gathered rows to such a weight

Pair = tuple[int, int]
Index = tuple[slice | int, ...]


@dataclass(frozen=True)
class Window:
    """A window that moves over images: output (i, j) depends on rows from stride[0] * i - top on.

    Beyond the edges of the image the pixels are 0. With a negative top or left, the first window
    begins inside the image.

    Attributes:
        kernel: Size of the window, (KH, KW).
        stride: Distance between neighbouring windows, (down, right).
        before: Number of zeros above and to the left of the image, (top, left).
        output: Number of windows, (OH, OW).
        features: Number of columns of the weight with which patches are multiplied; 0 for none.
        small: True to keep blocks so small that a product of patches and weight is fast.
    """

    kernel: Pair
    stride: Pair
    before: Pair
    output: Pair
    features: int = 0
    small: bool = False

    def patches(self, x: Array, scratch: Array) -> Iterator[tuple[slice, Array]]:
        """Yield (images, patches) for one block of images after another.

        Args:
            x: Images, shape (N, H, W, C), any strides.
            scratch: Memory for gathered rows, shape (``scratch_size``,).

        Yields:
            A slice of the images and a read-only view (OW, n * OH, KW * KH * C) of their patches:
            for each output column a matrix with a patch per row, whose entries are in the order
            (kx, ky, c). The view is valid until the next block.
        """
        block, per_image = self._block(x.shape), self._per_image(x.shape)
        copies = self._copies(x.shape)
        scratch[: block * per_image] = 0  # zeros beyond the edges remain in every block
        for start in range(0, len(x), block):
            images = slice(start, min(start + block, len(x)))
            count = images.stop - images.start
            rows = self._rows(scratch[: count * per_image], count, x.shape[-1])
            for into, source in copies:
                rows[into] = x[images][source]
            yield images, self._overlapping(rows)

    def scratch_size(self, shape: tuple[int, ...]) -> int:
        """Return how many numbers of scratch memory images of ``shape`` (N, H, W, C) need."""
        return self._block(shape) * self._per_image(shape)

    def _rows(self, scratch: Array, count: int, channels: int) -> Array:
        """View memory as gathered rows: (n, OH, W, KH, C)."""
        shape = (count, self.output[0], self._width(), self.kernel[0], channels)
        return scratch.reshape(shape)

    def _copies(self, shape: tuple[int, ...]) -> list[tuple[Index, Index]]:
        """Return pairs of indices (into rows, into x) to copy, one for each row k of the kernel.

        rows[n, i, w, k] = x[n, stride[0] * i + k - top, w - left], where that is in the image.
        """
        (top, left), (height, width), step = self.before, shape[1:3], self.stride[0]
        first = min(max(left, 0), self._width())
        last = max(min(left + width, self._width()), first)  # the window may be outside the image
        across = slice(first - left, last - left)
        copies: list[tuple[Index, Index]] = []
        for k in range(self.kernel[0]):
            inside = [i for i in range(self.output[0]) if 0 <= step * i + k - top < height]
            if inside and first < last:
                begin, end = (step * i + k - top for i in (inside[0], inside[-1]))
                into = (slice(None), slice(inside[0], inside[-1] + 1), slice(first, last), k)
                copies.append((into, (slice(None), slice(begin, end + 1, step), across)))
        return copies

    def _overlapping(self, rows: Array) -> Array:
        n, height, width, kernel, channels = rows.shape
        pixel = kernel * channels  # distance of neighbours along w, in numbers
        shape = (self.output[1], n * height, self.kernel[1] * pixel)
        strides = (self.stride[1] * pixel, width * pixel, 1)
        in_bytes = tuple(step * rows.itemsize for step in strides)
        # Created directly: NumPy's as_strided takes ten times as long and creates reference cycles.
        patches: Array = np.ndarray(shape, rows.dtype, rows, 0, in_bytes)
        patches.setflags(write=False)
        return patches

    def _width(self) -> int:
        """Number of columns from the first to the last window."""
        return self.stride[1] * (self.output[1] - 1) + self.kernel[1]

    def _per_image(self, shape: tuple[int, ...]) -> int:
        return self.output[0] * self._width() * self.kernel[0] * shape[-1]

    def _block(self, shape: tuple[int, ...]) -> int:
        per_image = max(self._per_image(shape), 1)
        weight = math.prod(self.kernel) * shape[-1] * self.features
        fitting = _BLOCK_BYTES // (4 * per_image)
        if weight > _LARGE_WEIGHT:
            fitting = max(fitting, _ROWS_FOR_WEIGHT * weight // per_image)
        elif self.small:
            fitting = min(fitting, _SMALL_PRODUCT // max(self.output[0] * weight, 1))
        return max(1, min(fitting, shape[0]))


def columns(y: Array) -> Array:
    """View outputs (n, OH, OW, F) in the order of patches: (OW, n * OH, F)."""
    return y.reshape(len(y) * y.shape[1], *y.shape[2:]).transpose(1, 0, 2)
