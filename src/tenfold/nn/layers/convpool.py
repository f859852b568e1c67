"""ConvMaxPool: a convolution and the max-pooling after it as one layer, for speed."""

from collections.abc import Callable, Iterator

import numpy as np

from tenfold.nn.array import Array, DTypeLike
from tenfold.nn.initializers import HeNormal, Initializer, Zeros
from tenfold.nn.layers.base import Shape
from tenfold.nn.layers.conv import Conv2D, as_matrix
from tenfold.nn.patches import Window, columns

__all__ = ["ConvMaxPool"]

Memory = Callable[[str, Shape, DTypeLike], Array]


class ConvMaxPool(Conv2D):
    """``Conv2D`` followed by ``MaxPool(2)``: the same numbers, in less time and memory.

    y_nijf = b_f + max over k, l in {0, 1} of (x * w)_{n, 2i + k, 2j + l, f}

    The four places of a pooling window are computed as four convolutions with stride 2, each an
    array of its own, so the maximum runs over long rows of memory; the convolution's output, four
    times as large as y, exists only for a block of images at a time. Which of the four won is kept
    for backward, which gives dy to the winner and goes on as ``Conv2D`` does. Of equal values the
    first counts, row by row; a last odd row or column is left out, its gradient 0.

    Shapes: x (N, H, W, C), weight (K, K, C, F), bias (F,), y (N, OH // 2, OW // 2, F), with OH, OW
    those of ``Conv2D``.

    Args:
        inputs: C, channels that come in.
        outputs: F, detectors.
        kernel: K.
        padding: as of ``Conv2D``.
        initializer: of the weight. ``bias_initializer``: of the bias.
        with_bias: whether there is one.

    Raises:
        ValueError: if a size is not a whole number, or the padding is none of ``Conv2D``'s.
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        kernel: int = 3,
        padding: str | int = "valid",
        initializer: Initializer = HeNormal(),  # noqa: B008 - frozen, so it may be shared
        bias_initializer: Initializer = Zeros(),  # noqa: B008
        with_bias: bool = True,
    ) -> None:
        settings = (padding, initializer, bias_initializer, with_bias)
        super().__init__(inputs, outputs, kernel, 1, *settings)

    def output_shape(self, shape: Shape) -> Shape:
        """Return (OH // 2, OW // 2, F) for an image of (H, W, C)."""
        height, width, features = super().output_shape(shape)
        if min(height, width) < 2:
            raise ValueError(
                f"the convolution leaves {height} x {width} of an image of {shape[0]} x "
                f"{shape[1]}, too little to pool 2 x 2: choose a smaller kernel or more padding"
            )
        return (height // 2, width // 2, features)

    def multiply_adds(self, shape: Shape) -> int:
        """Return those of the convolution, where it is pooled."""
        height, width, _ = self.output_shape(shape)
        return 4 * height * width * self.weight.size

    def forward(self, x: Array, training: bool = False) -> Array:
        """Return the pooled convolution, shape (N, OH // 2, OW // 2, F)."""
        shape = (len(x), *self.output_shape(x.shape[1:]))
        memory: Memory = self.buffer if training else _new
        y = memory("y", shape, self.weight.value.dtype)
        matrix = as_matrix(self.weight.value)
        if training:
            self.keep(x)
        for images, rows in self._blocks(x, memory):
            products = self._by_window(memory, len(y[images]), y)
            for patches, row in zip(rows, products, strict=True):
                np.matmul(patches, matrix, out=row.reshape(*patches.shape[:2], self.outputs))
            places = [row[:, side] for row in products for side in (0, 1)]
            best = np.maximum(places[0], places[1], out=memory("best", places[0].shape, y.dtype))
            for place in places[2:]:
                np.maximum(best, place, out=best)
            if training:
                self._remember_winners(places, best, self._winners(images, y))
            if self.with_bias:
                best += self.bias.value
            columns(y[images])[...] = best
        return y

    def backward(self, dy: Array) -> Array:
        """Assign dweight and dbias; return dx, shape (N, H, W, C)."""
        (x,) = self.kept()
        before = Conv2D.output_shape(self, x.shape[1:])
        unpooled = self.buffer("unpooled", (len(x), *before), dy.dtype)
        if before[0] % 2 or before[1] % 2:
            unpooled[...] = 0
        self._spread(x, dy, unpooled)
        dx = self.buffer("dx", x.shape, dy.dtype)
        self._gather_gradient(unpooled, dx, (0, 0))
        return dx

    def backward_parameters(self, dy: Array) -> None:
        """Assign dweight, and dbias = dy summed over images and places."""
        (x,) = self.kept()
        self._spread(x, dy, None)

    def _spread(self, x: Array, dy: Array, unpooled: Array | None) -> None:
        """Assign dweight and dbias; write dy, given to the winners, into ``unpooled``."""
        matrix = (self.kernel * self.kernel * self.inputs, self.outputs)
        total = self.buffer("total", matrix, dy.dtype)
        total[...] = 0
        for images, rows in self._blocks(x, self.buffer):
            own, winners = columns(dy[images]), self._winners(images, dy)
            gradient = self.buffer("best", own.shape, dy.dtype)
            gradient[...] = own
            spread = self._by_window(self.buffer, len(dy[images]), dy)
            for index, won in enumerate(winners):
                np.multiply(gradient, won, out=spread[index // 2][:, index % 2])
            for top, (patches, row) in enumerate(zip(rows, spread, strict=True)):
                flat = row.reshape(*patches.shape[:2], self.outputs)
                products = self.buffer("products", (len(flat), *matrix), dy.dtype)
                total += np.matmul(patches.transpose(0, 2, 1), flat, out=products).sum(axis=0)
                if unpooled is not None:
                    height, width = 2 * dy.shape[1], 2 * dy.shape[2]
                    places = unpooled[images, top:height:2, :width]
                    places[...] = flat.reshape(width, -1, dy.shape[1], self.outputs).transpose(
                        1, 2, 0, 3
                    )
        self._assign(total, dy)

    def _blocks(self, x: Array, memory: Memory) -> Iterator[tuple[slice, tuple[Array, Array]]]:
        """Yield (images, (patches of the upper places, patches of the lower places)), by block."""
        height, width, _ = self.output_shape(x.shape[1:])
        kernel, (before, _) = (self.kernel, self.kernel), self._padding
        windows = [
            Window(kernel, (2, 1), (before - down, before), (height, 2 * width), self.outputs)
            for down in (0, 1)
        ]
        upper, lower = (
            window.patches(x, memory(f"rows {down}", (window.scratch_size(x.shape),), x.dtype))
            for down, window in enumerate(windows)
        )
        for (images, above), (_, below) in zip(upper, lower, strict=True):
            yield images, (above, below)

    def _by_window(self, memory: Memory, count: int, y: Array) -> Array:
        """Return memory for the places to pool: (2 down, OW // 2, 2 right, n * OH // 2, F)."""
        _, height, width, features = y.shape
        return memory("places", (2, width, 2, count * height, features), y.dtype)

    def _winners(self, images: slice, y: Array) -> Array:
        """Return, for each of the four places, where it won: (4, OW // 2, n * OH // 2, F)."""
        _, height, width, features = y.shape
        size, count = 4 * height * width * features, images.stop - images.start
        won = self.buffer("winners", (len(y) * size,), np.bool_)
        part = won[images.start * size : images.stop * size]
        return part.reshape(4, width, count * height, features)

    def _remember_winners(self, places: list[Array], best: Array, winners: Array) -> None:
        lost = self.buffer("lost", best.shape, np.bool_)  # everybody before has
        lost[...] = True
        for place, won in zip(places, winners, strict=True):
            np.equal(place, best, out=won)
            won &= lost
            lost ^= won


def _new(name: str, shape: Shape, dtype: DTypeLike) -> Array:
    """Return fresh memory: inference shares none."""
    return np.empty(shape, dtype)
