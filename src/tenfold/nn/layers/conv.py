"""Conv2D: the same small detector at every place of an image."""

import numpy as np

from tenfold.nn.array import Array
from tenfold.nn.initializers import HeNormal, Initializer, Zeros
from tenfold.nn.layers.base import Layer, Shape, is_size
from tenfold.nn.parameter import Parameter
from tenfold.nn.patches import Window, columns

__all__ = ["Conv2D", "as_matrix"]


class Conv2D(Layer):
    r"""A convolution over images (a cross-correlation, as everywhere in this field).

    .. math:: y_{nijf} = b_f + \sum_{k, l, c} x_{n,\, si + k - p,\, sj + l - p,\, c}\; w_{klcf}

    with stride s and padding p; outside the image x is 0.

    Shapes: x (N, H, W, C), weight (K, K, C, F), bias (F,), y (N, OH, OW, F) with
    OH = (H + padding - K) // s + 1, likewise OW, where padding counts both sides.

    Gradients: dweight sums x's patches times dy over all images and places, dbias sums dy, and
    dx is again a convolution, of dy with the flipped weight: each pixel gathers from the outputs
    that saw it. With a stride, pixels fall into s x s groups that see different weights.

    Args:
        inputs: C, channels that come in.
        outputs: F, detectors.
        kernel: K.
        stride: s.
        padding: ``"valid"`` for none; ``"same"`` for (K - 1) // 2 zeros before and K // 2 after, so
            that with stride 1 the output is as large as the image; or p zeros on each side.
        initializer: of the weight, HeNormal by default.
        bias_initializer: of the bias, zeros by default.
        with_bias: whether there is one; before a batch normalisation it would change nothing.

    Raises:
        ValueError: if a size is not a whole number, or the padding is none of these.

    Reference: LeCun et al., "Gradient-based learning applied to document recognition" (1998).
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        kernel: int = 3,
        stride: int = 1,
        padding: str | int = "valid",
        initializer: Initializer = HeNormal(),  # noqa: B008 - frozen, so it may be shared
        bias_initializer: Initializer = Zeros(),  # noqa: B008
        with_bias: bool = True,
    ) -> None:
        super().__init__()
        sizes = (inputs, outputs, kernel, stride)
        if not all(map(is_size, sizes)):
            raise ValueError(
                "Conv2D needs inputs, outputs, kernel and stride of at least 1, in whole numbers, "
                f"not {', '.join(map(repr, sizes))}"
            )
        self.inputs, self.outputs = int(inputs), int(outputs)
        self.kernel, self.stride = int(kernel), int(stride)
        self._padding = _zeros_around(padding, self.kernel)
        self.padding = padding if isinstance(padding, str) else int(padding)
        self.initializer = initializer
        self.bias_initializer = bias_initializer
        self.with_bias = bool(with_bias)
        shape = (self.kernel, self.kernel, self.inputs, self.outputs)
        self.weight = Parameter("weight", shape, initializer)
        beside = bias_initializer.beside(self.kernel * self.kernel * self.inputs)
        self.bias = Parameter("bias", (self.outputs,), beside, decay=False)
        self.parameters = [self.weight, self.bias] if self.with_bias else [self.weight]

    def output_shape(self, shape: Shape) -> Shape:
        """Return (OH, OW, F) for an image of (H, W, C)."""
        if len(shape) != 3 or shape[-1] != self.inputs:
            raise ValueError(
                f"Conv2D({self.inputs}, {self.outputs}) takes images (H, W, {self.inputs}), "
                f"but receives the shape {shape}"
            )
        window = self._window(shape)
        if min(window.output) < 1:
            raise ValueError(
                f"a {self.kernel} x {self.kernel} kernel does not fit an image of {shape[0]} x "
                f"{shape[1]} with padding {self.padding!r}: choose a smaller kernel or more padding"
            )
        return (*window.output, self.outputs)

    def multiply_adds(self, shape: Shape) -> int:
        """Return OH * OW * K * K * C * F."""
        height, width, _ = self.output_shape(shape)
        return height * width * self.weight.size

    def forward(self, x: Array, training: bool = False) -> Array:
        """Return the convolution of x with the weight, plus bias, shape (N, OH, OW, F)."""
        window = self._window(x.shape[1:], small=True)
        shape, dtype = (len(x), *window.output, self.outputs), self.weight.value.dtype
        if training:
            self.keep(x)
            y = self.buffer("y", shape, dtype)
        else:
            y = np.empty(shape, dtype)
        # A whole row of biases: long inner loops are what makes adding them quick.
        bias = np.tile(self.bias.value, (shape[2], 1)) if self.with_bias else None
        self._convolve(x, self.weight.value, window, y, bias, reuse=training)
        return y

    def backward(self, dy: Array) -> Array:
        """Assign dweight and dbias; return dx, shape (N, H, W, C)."""
        shape = self._assign_gradients(dy)
        dx = self.buffer("dx", shape, dy.dtype)
        for row in range(self.stride):
            for column in range(self.stride):
                self._gather_gradient(dy, dx, (row, column))
        return dx

    def backward_parameters(self, dy: Array) -> None:
        """Assign dweight, and dbias = dy summed over images and places."""
        self._assign_gradients(dy)

    def _assign_gradients(self, dy: Array) -> Shape:
        (x,) = self.kept()
        window, weight = self._window(x.shape[1:]), self.weight.value
        scratch = self.buffer("patches", (window.scratch_size(x.shape),), weight.dtype)
        matrix = (self.kernel * self.kernel * self.inputs, self.outputs)
        total = self.buffer("total", matrix, weight.dtype)
        products = self.buffer("products", (window.output[1], *matrix), weight.dtype)
        total[...] = 0
        for images, patches in window.patches(x, scratch):
            np.matmul(patches.transpose(0, 2, 1), columns(dy[images]), out=products)
            total += products.sum(axis=0)
        self._assign(total, dy)
        return x.shape

    def _assign(self, total: Array, dy: Array) -> None:
        """Assign dweight from a matrix with rows in the order (kx, ky, c), and dbias."""
        kernel = self.kernel
        by_column = total.reshape(kernel, kernel, self.inputs, self.outputs)
        self.weight.grad[...] = by_column.transpose(1, 0, 2, 3)
        if self.with_bias:
            # Whole rows of the image first: long inner loops are what makes a sum quick.
            np.sum(dy.sum(axis=(0, 1)), axis=0, out=self.bias.grad)

    def _gather_gradient(self, dy: Array, dx: Array, phase: tuple[int, int]) -> None:
        """Write dx at the pixels that meet the weights of one phase: w[phase::s].

        Counted from the padded edge, pixel s * q + phase was seen by output q - t through the
        weight s * t + phase, for t = 0, 1, ... So along one axis dx at q is the sum over t of
        dy[q - t] * w[s * t + phase]: dy convolved with those weights in reverse order.
        """
        s, p = self.stride, self._padding[0]
        pixels = tuple((group - p) % s for group in phase)  # the first of the group in the image
        places = dx[:, pixels[0] :: s, pixels[1] :: s]
        weight = self.weight.value[phase[0] :: s, phase[1] :: s]
        if not weight.size or not places.size:  # a stride beyond the kernel skips pixels
            places[...] = 0
            return
        first = tuple((pixel + p - group) // s for pixel, group in zip(pixels, phase, strict=True))
        kernel = weight.shape[:2]
        before = (kernel[0] - 1 - first[0], kernel[1] - 1 - first[1])
        window = Window(kernel, (1, 1), before, places.shape[1:3], self.inputs, small=True)
        flipped = weight[::-1, ::-1].transpose(0, 1, 3, 2)
        out = dx if s == 1 else self.buffer("phase", places.shape, dx.dtype)
        self._convolve(dy, flipped, window, out, None, reuse=True)
        if s > 1:
            places[...] = out

    def _convolve(
        self, x: Array, weight: Array, window: Window, out: Array, bias: Array | None, reuse: bool
    ) -> None:
        """Write the convolution of x with ``weight``, plus bias, into ``out``."""
        size = (window.scratch_size(x.shape),)
        scratch = self.buffer("patches", size, weight.dtype) if reuse else np.empty(size, out.dtype)
        matrix = as_matrix(weight)
        for images, patches in window.patches(x, scratch):
            y = out[images]
            np.matmul(patches, matrix, out=columns(y))
            if bias is not None:
                y += bias

    def _window(self, shape: Shape, small: bool = False) -> Window:
        before, both = self._padding
        height, width = ((size + both - self.kernel) // self.stride + 1 for size in shape[:2])
        kernel, stride = (self.kernel, self.kernel), (self.stride, self.stride)
        return Window(kernel, stride, (before, before), (height, width), self.outputs, small)


def as_matrix(weight: Array) -> Array:
    """Return the weight (K, K, C, F) as a matrix with rows in the order of patches, (kx, ky, c)."""
    return weight.transpose(1, 0, 2, 3).reshape(-1, weight.shape[-1])


def _zeros_around(padding: str | int, kernel: int) -> tuple[int, int]:
    """Return how many zeros stand before an image, and before and after it together."""
    if padding == "same":
        return (kernel - 1) // 2, kernel - 1
    if padding == "valid":
        return 0, 0
    if isinstance(padding, bool) or not isinstance(padding, (int, np.integer)) or padding < 0:
        raise ValueError(f"padding is 'valid', 'same' or a number from 0 on, not {padding!r}")
    return int(padding), 2 * int(padding)
