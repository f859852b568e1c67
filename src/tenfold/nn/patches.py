"""Patches: the windows of a convolution, in a memory layout that a BLAS library can multiply.

The usual method, im2col, copies every patch of K x K pixels into a row of a matrix, which takes
K * K times the memory of the image. Here only the rows of a patch are gathered, which takes K times
the memory of the image. For N padded images x of H x W pixels and C channels, and OH x OW outputs
with stride s, these rows are

    rows[n, i, w] = x[n, s*i : s*i + K, w]           shape (N, OH, W, K, C)

Patches that overlap along w also overlap in memory: the patch of output (i, j) is the contiguous
range that starts at w = s*j. For each output column j the N * OH patches are therefore a matrix, a
view with K * K * C columns, and nothing else is copied.

Images are processed in blocks, so that the gathered rows stay in the processor's cache. If the
weight matrix does not fit into the cache, blocks are larger, so that a weight, once loaded, is
used for many patches.

References:
    Cho and Brand, "MEC: memory-efficient convolution for deep neural network" (ICML 2017).
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tenfold.nn.array import Array

__all__ = ["Window", "in_patch_order"]

_BLOCK_BYTES = 640 * 1024  # gathered rows of a block; much less than the second-level cache
_SMALL_PRODUCT = 1_000_000  # multiply-adds; OpenBLAS does not copy the factors of smaller products
_LARGE_WEIGHT = 100_000  # entries; a larger weight does not fit into the cache
_ROWS_PER_WEIGHT = 4  # entries in gathered rows for each entry of a large weight

Pair = tuple[int, int]
Index = tuple[slice | int, ...]


@dataclass(frozen=True)
class Window:
    """A window that moves over images.

    Window (i, j) starts at row stride[0] * i - padding[0] and column stride[1] * j - padding[1].
    Beyond the edges of the image the pixels are 0.

    Attributes:
        kernel: Size of the window, (KH, KW).
        stride: Distance between neighbouring windows, (down, right).
        padding: Number of zeros above and to the left of the image, (top, left). If a number is
            negative, the first window starts that many pixels inside the image.
        output_size: Number of windows, (OH, OW).
        outputs: Number of columns of the weight matrix that the patches are multiplied by; 0 if
            they are not multiplied.
        small_blocks: True to use blocks of so few images that each product of patches and weight
            has at most ``_SMALL_PRODUCT`` multiply-adds, which is faster. Without effect if the
            weight is large.
    """

    kernel: Pair
    stride: Pair
    padding: Pair
    output_size: Pair
    outputs: int = 0
    small_blocks: bool = False

    def patches(self, x: Array, scratch: Array) -> Iterator[tuple[slice, Array]]:
        """Yield (images, patches) for one block of images after another.

        Args:
            x: Images, shape (N, H, W, C), any strides.
            scratch: Memory for gathered rows, shape (``scratch_size``,).

        Yields:
            A slice of the images, and their patches as a read-only view (OW, n * OH, KW * KH * C).
            For each output column it is a matrix with one patch per row; the entries of a row are
            in the order (kx, ky, c). The view is valid until the next block.
        """
        block_size, row_entries = self._block_images(x.shape), self._row_entries(x.shape)
        copies = self._copy_indices(x.shape)
        scratch[: block_size * row_entries] = 0  # zeros beyond the edges remain in every block
        for start in range(0, len(x), block_size):
            images = slice(start, min(start + block_size, len(x)))
            count = images.stop - images.start
            rows = self._rows(scratch[: count * row_entries], count, x.shape[-1])
            for target, source in copies:
                rows[target] = x[images][source]
            yield images, self._overlapping(rows)

    def scratch_size(self, shape: tuple[int, ...]) -> int:
        """Return the number of entries of scratch memory for images of ``shape`` (N, H, W, C)."""
        return self._block_images(shape) * self._row_entries(shape)

    def _rows(self, scratch: Array, count: int, channels: int) -> Array:
        """View memory as gathered rows: (n, OH, W, KH, C)."""
        shape = (count, self.output_size[0], self._width(), self.kernel[0], channels)
        return scratch.reshape(shape)

    def _copy_indices(self, shape: tuple[int, ...]) -> list[tuple[Index, Index]]:
        """Return pairs (index of rows, index of x) to copy, one pair for each row k of the kernel.

        rows[n, i, w, k] = x[n, stride[0] * i + k - top, w - left] for pixels in the image.
        """
        (top, left), (height, width), step = self.padding, shape[1:3], self.stride[0]
        start = min(max(left, 0), self._width())
        stop = max(min(left + width, self._width()), start)  # the window may be outside the image
        across = slice(start - left, stop - left)
        copies: list[tuple[Index, Index]] = []
        for k in range(self.kernel[0]):
            inside = [i for i in range(self.output_size[0]) if 0 <= step * i + k - top < height]
            if inside and start < stop:
                upper, lower = (step * i + k - top for i in (inside[0], inside[-1]))
                target = (slice(None), slice(inside[0], inside[-1] + 1), slice(start, stop), k)
                copies.append((target, (slice(None), slice(upper, lower + 1, step), across)))
        return copies

    def _overlapping(self, rows: Array) -> Array:
        """View gathered rows as patches, which overlap in memory: (OW, n * OH, KW * KH * C)."""
        n, height, width, kernel, channels = rows.shape
        pixel = kernel * channels  # distance between neighbours along w, in entries
        shape = (self.output_size[1], n * height, self.kernel[1] * pixel)
        strides = (self.stride[1] * pixel, width * pixel, 1)
        in_bytes = tuple(step * rows.itemsize for step in strides)
        # Created directly: NumPy's as_strided takes ten times as long and creates reference cycles.
        patches: Array = np.ndarray(shape, rows.dtype, rows, 0, in_bytes)
        patches.setflags(write=False)
        return patches

    def _width(self) -> int:
        """Return the number of image columns from the first window to the last."""
        return self.stride[1] * (self.output_size[1] - 1) + self.kernel[1]

    def _row_entries(self, shape: tuple[int, ...]) -> int:
        """Return the number of entries in the gathered rows of one image."""
        return self.output_size[0] * self._width() * self.kernel[0] * shape[-1]

    def _block_images(self, shape: tuple[int, ...]) -> int:
        """Return the number of images in a block."""
        row_entries = max(self._row_entries(shape), 1)
        weight_entries = math.prod(self.kernel) * shape[-1] * self.outputs
        fitting = _BLOCK_BYTES // (4 * row_entries)  # for float32
        if weight_entries > _LARGE_WEIGHT:
            fitting = max(fitting, _ROWS_PER_WEIGHT * weight_entries // row_entries)
        elif self.small_blocks:
            fitting = min(fitting, _SMALL_PRODUCT // max(self.output_size[0] * weight_entries, 1))
        return max(1, min(fitting, shape[0]))


def in_patch_order(y: Array) -> Array:
    """View outputs (n, OH, OW, F) in the order of patches: (OW, n * OH, F)."""
    return y.reshape(len(y) * y.shape[1], *y.shape[2:]).transpose(1, 0, 2)
