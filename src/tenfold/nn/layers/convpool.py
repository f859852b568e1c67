"""ConvMaxPool: a convolution and the max-pooling after it as one layer, for speed."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from tenfold.nn.arguments import checked
from tenfold.nn.array import Array, DTypeLike
from tenfold.nn.constraints import Size
from tenfold.nn.initializers import HeNormal, Initializer, Zeros
from tenfold.nn.layers.base import Layer, Shape
from tenfold.nn.layers.conv import Conv2D, Padding, as_matrix
from tenfold.nn.layers.pooling import largest, mark_first
from tenfold.nn.patches import in_patch_order

__all__ = ["ConvMaxPool"]

Memory = Callable[[str, Shape, DTypeLike], Array]


class ConvMaxPool(Layer):
    """``Conv2D`` followed by ``MaxPool(2)``: the same numbers in less time and memory.

    y_nijf = b_f + max over k, l in {0, 1} of (x * w)_{n, 2i + k, 2j + l, f}

    The layer applies the steps of a ``Conv2D`` and of a max-pooling to one block of images after
    another::

        for block in blocks of images:
            positions = the convolution at the four positions of each pooling window, as four arrays
            best = largest(positions)
            winners[block] = where each of the four arrays is the first that equals best
            y[block] = best + bias

    Each of the four arrays is the result of a convolution with stride 2, and is contiguous, so that
    the maximum runs over long rows of memory. The output of the convolution, four times as large as
    y, exists only for one block at a time. ``backward`` assigns dy to the winners and continues as
    ``Conv2D`` does. If OH or OW is odd, the last row or column is ignored; its gradient is 0.

    Shapes: x (N, H, W, C), weight (K, K, C, F), bias (F,), y (N, OH // 2, OW // 2, F), where OH and
    OW are as in ``Conv2D``.

    Args:
        inputs: Number of input channels C, at least 1.
        outputs: Number of output channels F, at least 1.
        kernel: Size K of the square kernel, at least 1; 3 by default.
        padding: ``"valid"``, ``"same"`` or the number of zeros on each side, as for ``Conv2D``;
            ``"valid"`` by default.
        initializer: Initializer of the weight; HeNormal by default.
        bias_initializer: Initializer of the bias; zeros by default.
        with_bias: True, the default, to add a bias.

    Attributes:
        convolution: The ``Conv2D`` whose parameters and steps the layer uses.

    Raises:
        ValueError: If an argument has a wrong type or is out of its range.
    """

    @checked
    def __init__(
        self,
        inputs: Size,
        outputs: Size,
        kernel: Size = 3,
        *,
        padding: Padding = "valid",
        initializer: Initializer = HeNormal(),  # noqa: B008 - frozen, so it may be shared
        bias_initializer: Initializer = Zeros(),  # noqa: B008
        with_bias: bool = True,
    ) -> None:
        super().__init__()
        self.inputs, self.outputs, self.kernel = inputs, outputs, kernel
        self.padding = padding
        self.initializer = initializer
        self.bias_initializer = bias_initializer
        self.with_bias = with_bias
        self.convolution = Conv2D(
            inputs,
            outputs,
            kernel,
            padding=padding,
            initializer=initializer,
            bias_initializer=bias_initializer,
            with_bias=with_bias,
        )
        self.weight, self.bias = self.convolution.weight, self.convolution.bias
        self.parameters = self.convolution.parameters

    def output_shape(self, shape: Shape) -> Shape:
        """Return (OH // 2, OW // 2, F) for an image of (H, W, C)."""
        height, width, features = self.convolution.output_shape(shape)
        if min(height, width) < 2:
            raise ValueError(
                "the output of the convolution must be at least 2 x 2 pixels to be pooled, got "
                f"{height} x {width} for an image of {shape[0]} x {shape[1]}: choose a smaller "
                "kernel or more padding"
            )
        return (height // 2, width // 2, features)

    def multiply_adds(self, shape: Shape) -> int:
        """Return the multiply-adds of the convolution at the positions that are pooled."""
        height, width, _ = self.output_shape(shape)
        return 4 * height * width * self.weight.size

    def forward(self, x: Array, training: bool = False) -> Array:
        """Return the pooled convolution, shape (N, OH // 2, OW // 2, F)."""
        shape = (len(x), *self.output_shape(x.shape[1:]))
        memory: Memory = self.buffer if training else _new
        y = memory("y", shape, self.weight.value.dtype)
        matrix = as_matrix(self.weight.value)
        if training:
            self.save_for_backward(x)
        for images, rows in self._blocks(x, memory):
            products = self._by_window(memory, len(y[images]), y)
            for patches, row in zip(rows, products, strict=True):
                np.matmul(patches, matrix, out=self._in_columns(row))
            positions = [row[:, side] for row in products for side in (0, 1)]
            best = largest(positions, out=memory("best", positions[0].shape, y.dtype))
            if training:
                scratch = self.buffer("scratch", best.shape, np.bool_)
                mark_first(positions, best, self._winners(images, y), scratch)
            if self.with_bias:
                best += self.bias.value
            in_patch_order(y[images])[...] = best
        return y

    def backward(self, dy: Array) -> Array:
        """Assign dweight and dbias; return dx, shape (N, H, W, C)."""
        (x,) = self.pop_saved()
        height, width, features = self.convolution.output_shape(x.shape[1:])
        unpooled = self.buffer("unpooled", (len(x), height, width, features), dy.dtype)
        if height % 2 or width % 2:
            unpooled[...] = 0
        self._assign_gradients(x, dy, unpooled)
        dx = self.buffer("dx", x.shape, dy.dtype)
        self.convolution.gather_gradient(unpooled, dx)
        return dx

    def backward_parameters(self, dy: Array) -> None:
        """Assign dweight, and dbias = dy summed over images and positions."""
        (x,) = self.pop_saved()
        self._assign_gradients(x, dy, None)

    def _assign_gradients(self, x: Array, dy: Array, unpooled: Array | None) -> None:
        """Assign dweight and dbias; write dy at the winners, 0 elsewhere, into ``unpooled``."""
        total = self.convolution.zero_total()
        for images, rows in self._blocks(x, self.buffer):
            part = in_patch_order(dy[images])
            gradient = self.buffer("best", part.shape, dy.dtype)
            gradient[...] = part
            spread = self._by_window(self.buffer, len(dy[images]), dy)
            for index, winner in enumerate(self._winners(images, dy)):
                np.multiply(gradient, winner, out=spread[index // 2][:, index % 2])
            for down, (patches, row) in enumerate(zip(rows, spread, strict=True)):
                flat = self._in_columns(row)
                self.convolution.add_products(total, patches, flat)
                if unpooled is not None:
                    height, width = 2 * dy.shape[1], 2 * dy.shape[2]
                    by_image = flat.reshape(width, -1, dy.shape[1], self.outputs)
                    unpooled[images, down:height:2, :width] = by_image.transpose(1, 2, 0, 3)
        self.convolution.assign_gradients(total, dy)

    def _blocks(self, x: Array, memory: Memory) -> Iterator[tuple[slice, tuple[Array, Array]]]:
        """Yield (images, (patches of the upper positions, patches of the lower positions))."""
        height, width, _ = self.output_shape(x.shape[1:])
        window, (zeros, _) = self.convolution.window(x.shape[1:]), self.convolution.zeros_around
        size = (height, 2 * width)
        windows = [
            replace(window, stride=(2, 1), padding=(zeros - down, zeros), output_size=size)
            for down in (0, 1)
        ]
        upper_blocks, lower_blocks = (
            window.patches(x, memory(f"rows {down}", (window.scratch_size(x.shape),), x.dtype))
            for down, window in enumerate(windows)
        )
        for (images, upper), (_, lower) in zip(upper_blocks, lower_blocks, strict=True):
            yield images, (upper, lower)

    def _by_window(self, memory: Memory, count: int, y: Array) -> Array:
        """Return memory for the positions to pool: (2 down, OW // 2, 2 right, n * OH // 2, F)."""
        _, height, width, features = y.shape
        return memory("positions", (2, width, 2, count * height, features), y.dtype)

    def _in_columns(self, row: Array) -> Array:
        """View the upper or lower positions in the order of patches: (OW, n * OH // 2, F)."""
        return row.reshape(-1, *row.shape[2:])

    def _winners(self, images: slice, y: Array) -> Array:
        """View the stored winners among the four positions: (4, OW // 2, n * OH // 2, F)."""
        _, height, width, features = y.shape
        size, count = 4 * height * width * features, images.stop - images.start
        winners = self.buffer("winners", (len(y) * size,), np.bool_)
        part = winners[images.start * size : images.stop * size]
        return part.reshape(4, width, count * height, features)


def _new(name: str, shape: Shape, dtype: DTypeLike) -> Array:
    """Return new memory. In inference no memory is shared, since several threads may predict."""
    return np.empty(shape, dtype)
