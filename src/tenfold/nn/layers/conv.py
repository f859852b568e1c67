"""Conv2D: the same small weights at every position of an image."""

from typing import Annotated

import numpy as np

from tenfold.nn.arguments import checked
from tenfold.nn.array import Array
from tenfold.nn.constraints import Choice, Count, Size
from tenfold.nn.initializers import HeNormal, Initializer, Zeros
from tenfold.nn.layers.base import Layer, Shape, check_images
from tenfold.nn.parameter import Parameter
from tenfold.nn.patches import Window, in_patch_order

__all__ = ["Conv2D", "Padding", "as_matrix", "reference_convolution"]

Padding = Annotated[str, Choice("valid", "same")] | Count


class Conv2D(Layer):
    r"""A convolution of images (a cross-correlation, as in all neural network libraries).

    .. math:: y_{nijf} = b_f + \sum_{k, l, c} x_{n,\, si + k - p,\, sj + l - p,\, c}\; w_{klcf}

    with stride s and p zeros above and to the left of the image; outside the image x is 0.
    ``reference_convolution`` is the formula as code; the layer computes the same as large matrix
    products.

    Shapes: x (N, H, W, C), weight (K, K, C, F), bias (F,), y (N, OH, OW, F) with
    OH = (H + z - K) // s + 1, where z is the number of zeros above and below the image together; OW
    is analogous.

    Gradients: dweight is the sum of x's patches times dy over all images and positions, dbias the
    sum of dy. dx is a convolution of dy with the flipped weight: the gradient of a pixel is a sum
    over the outputs that depend on it. With a stride s > 1, the pixels form s x s groups (phases),
    each with its own part of the weight.

    Args:
        inputs: Number of input channels C, at least 1.
        outputs: Number of output channels F, at least 1.
        kernel: Size K of the square kernel, at least 1; 3 by default.
        stride: Distance s between neighbouring windows, at least 1; 1 by default.
        padding: ``"valid"``, the default, for no zeros; ``"same"`` for (K - 1) // 2 zeros before
            and K // 2 after the image, so that with stride 1 the output has the size of the image;
            or the number of zeros on each side.
        initializer: Initializer of the weight; HeNormal by default.
        bias_initializer: Initializer of the bias; zeros by default.
        with_bias: True, the default, to add a bias, which has no effect before a batch
            normalisation.

    Raises:
        ValueError: If an argument has a wrong type or is out of its range.

    References:
        LeCun et al., "Gradient-based learning applied to document recognition" (1998).
    """

    @checked
    def __init__(
        self,
        inputs: Size,
        outputs: Size,
        kernel: Size = 3,
        stride: Size = 1,
        padding: Padding = "valid",
        initializer: Initializer = HeNormal(),  # noqa: B008 - frozen, so it may be shared
        bias_initializer: Initializer = Zeros(),  # noqa: B008
        with_bias: bool = True,
    ) -> None:
        super().__init__()
        self.inputs, self.outputs = inputs, outputs
        self.kernel, self.stride = kernel, stride
        self.padding = padding
        self.initializer = initializer
        self.bias_initializer = bias_initializer
        self.with_bias = with_bias
        self.weight = Parameter("weight", (kernel, kernel, inputs, outputs), initializer)
        for_bias = bias_initializer.for_bias(kernel * kernel * inputs)
        self.bias = Parameter("bias", (outputs,), for_bias, decay=False)
        self.parameters = [self.weight, self.bias] if with_bias else [self.weight]

    def output_shape(self, shape: Shape) -> Shape:
        """Return (OH, OW, F) for an image of (H, W, C)."""
        check_images(f"Conv2D({self.inputs}, {self.outputs})", shape, self.inputs)
        window = self.window(shape)
        if min(window.output_size) < 1:
            raise ValueError(
                f"kernel must be at most the size of the padded image, got {self.kernel} for an "
                f"image of {shape[0]} x {shape[1]} with padding {self.padding!r}: choose a smaller "
                "kernel or more padding"
            )
        return (*window.output_size, self.outputs)

    def multiply_adds(self, shape: Shape) -> int:
        """Return OH * OW * K * K * C * F."""
        height, width, _ = self.output_shape(shape)
        return height * width * self.weight.size

    def forward(self, x: Array, training: bool = False) -> Array:
        """Return the convolution of x with the weight, plus bias, shape (N, OH, OW, F)."""
        window = self.window(x.shape[1:], small_blocks=True)
        shape, dtype = (len(x), *window.output_size, self.outputs), self.weight.value.dtype
        if training:
            self.save_for_backward(x)
            y = self.buffer("y", shape, dtype)
        else:
            y = np.empty(shape, dtype)
        # Adding the bias to whole rows is fast, because the inner loops are long.
        bias = np.tile(self.bias.value, (shape[2], 1)) if self.with_bias else None
        self._convolve(x, self.weight.value, window, y, bias, reuse=training)
        return y

    def backward(self, dy: Array) -> Array:
        """Assign dweight and dbias; return dx, shape (N, H, W, C)."""
        shape = self._assign_gradients(dy)
        dx = self.buffer("dx", shape, dy.dtype)
        self.gather_gradient(dy, dx)
        return dx

    def backward_parameters(self, dy: Array) -> None:
        """Assign dweight, and dbias = dy summed over images and positions."""
        self._assign_gradients(dy)

    def _assign_gradients(self, dy: Array) -> Shape:
        """Assign dweight and dbias; return the shape of x."""
        (x,) = self.pop_saved()
        window = self.window(x.shape[1:])
        scratch = self.buffer("patches", (window.scratch_size(x.shape),), self.weight.value.dtype)
        total = self.zero_total()
        for images, patches in window.patches(x, scratch):
            self.add_products(total, patches, in_patch_order(dy[images]))
        self.assign_gradients(total, dy)
        return x.shape

    # The steps of a convolution for one block of images. ``ConvMaxPool`` uses them, too.

    def window(self, shape: Shape, small_blocks: bool = False) -> Window:
        """Return the window that moves over an image of ``shape``, (H, W, C)."""
        top, total = self.zeros_around
        height, width = ((size + total - self.kernel) // self.stride + 1 for size in shape[:2])
        kernel, stride, padding = ((n, n) for n in (self.kernel, self.stride, top))
        return Window(kernel, stride, padding, (height, width), self.outputs, small_blocks)

    @property
    def zeros_around(self) -> tuple[int, int]:
        """The number of zeros before an image (above, left), and on both sides together."""
        if self.padding == "same":
            return (self.kernel - 1) // 2, self.kernel - 1
        zeros = self.padding if isinstance(self.padding, int) else 0
        return zeros, 2 * zeros

    def zero_total(self) -> Array:
        """Return zeros, in reused memory, to which ``add_products`` adds."""
        shape = (self.kernel * self.kernel * self.inputs, self.outputs)
        total = self.buffer("total", shape, self.weight.value.dtype)
        total[...] = 0
        return total

    def add_products(self, total: Array, patches: Array, dy: Array) -> None:
        """Add patches^T dy to ``total``.

        Args:
            total: Gradient of the weight as a matrix with rows in the order (kx, ky, c).
            patches: Patches of a block of images as ``Window.patches`` yields them.
            dy: Gradients of the outputs in the same order, (OW, n * OH, F).
        """
        products = self.buffer("products", (len(patches), *total.shape), total.dtype)
        np.matmul(patches.transpose(0, 2, 1), dy, out=products)
        total += products.sum(axis=0)

    def assign_gradients(self, total: Array, dy: Array) -> None:
        """Assign dweight from the sum of ``add_products``, and dbias from all of dy."""
        kernel = self.kernel
        by_column = total.reshape(kernel, kernel, self.inputs, self.outputs)
        self.weight.grad[...] = by_column.transpose(1, 0, 2, 3)
        if self.with_bias:
            # Summing whole rows first is fast, because the inner loops are long.
            np.sum(dy.sum(axis=(0, 1)), axis=0, out=self.bias.grad)

    def gather_gradient(self, dy: Array, dx: Array) -> None:
        """Write dx, shape (N, H, W, C), for dy, shape (N, OH, OW, F)."""
        for row in range(self.stride):
            for column in range(self.stride):
                self._gather_phase(dy, dx, (row, column))

    def _gather_phase(self, dy: Array, dx: Array, phase: tuple[int, int]) -> None:
        """Write dx at the pixels of one phase: those that only the weights w[phase::s] multiply.

        Along one axis, these are the pixels s * q + phase of the padded image, q = 0, 1, ... Output
        q - t multiplies such a pixel by the weight w[s * t + phase], t = 0, 1, ... Therefore dx
        there is the sum over t of dy[q - t] * w[s * t + phase]: a convolution of dy with these
        weights in reverse order.
        """
        s, p = self.stride, self.zeros_around[0]
        pixels = tuple((offset - p) % s for offset in phase)  # the first pixel of the phase
        positions = dx[:, pixels[0] :: s, pixels[1] :: s]
        weight = self.weight.value[phase[0] :: s, phase[1] :: s]
        if not weight.size or not positions.size:  # a stride larger than the kernel skips pixels
            positions[...] = 0
            return
        q = tuple((pixel + p - offset) // s for pixel, offset in zip(pixels, phase, strict=True))
        kernel = weight.shape[:2]
        padding = (kernel[0] - 1 - q[0], kernel[1] - 1 - q[1])
        window = Window(kernel, (1, 1), padding, positions.shape[1:3], self.inputs, True)
        flipped = weight[::-1, ::-1].transpose(0, 1, 3, 2)
        out = dx if s == 1 else self.buffer("phase", positions.shape, dx.dtype)
        self._convolve(dy, flipped, window, out, None, reuse=True)
        if s > 1:
            positions[...] = out

    def _convolve(
        self, x: Array, weight: Array, window: Window, out: Array, bias: Array | None, reuse: bool
    ) -> None:
        """Write the convolution of x with ``weight``, plus bias, into ``out``.

        If ``reuse``, as in training, the patches are in memory that is reused from step to step.
        """
        size = (window.scratch_size(x.shape),)
        scratch = self.buffer("patches", size, weight.dtype) if reuse else np.empty(size, out.dtype)
        matrix = as_matrix(weight)
        for images, patches in window.patches(x, scratch):
            y = out[images]
            np.matmul(patches, matrix, out=in_patch_order(y))
            if bias is not None:
                y += bias


def as_matrix(weight: Array) -> Array:
    """Return the weight (K, K, C, F) as a matrix with rows in the order of patches, (kx, ky, c)."""
    return weight.transpose(1, 0, 2, 3).reshape(-1, weight.shape[-1])


def reference_convolution(
    x: Array, weight: Array, bias: Array, dy: Array, stride: int, zeros: tuple[int, int]
) -> tuple[Array, Array, Array, Array]:
    """Return (y, dx, dweight, dbias) by the formulas of ``Conv2D``, one position at a time.

    Args:
        x: Images, shape (N, H, W, C).
        weight: Shape (K, K, C, F).
        bias: Shape (F,).
        dy: Gradient of the loss with respect to y, shape (N, OH, OW, F).
        stride: Distance between neighbouring windows.
        zeros: Number of zeros before and after the image, in both directions.
    """
    x = np.pad(x, ((0, 0), zeros, zeros, (0, 0)))
    y, dx, dweight = np.empty_like(dy), np.zeros_like(x), np.zeros_like(weight)
    for i, j in np.ndindex(dy.shape[1:3]):
        rows, columns = (slice(stride * n, stride * n + len(weight)) for n in (i, j))
        y[:, i, j] = np.tensordot(x[:, rows, columns], weight, 3) + bias
        dx[:, rows, columns] += np.tensordot(dy[:, i, j], weight, (1, 3))
        dweight += np.tensordot(x[:, rows, columns], dy[:, i, j], (0, 0))
    inside = (slice(zeros[0], side - zeros[1]) for side in x.shape[1:3])
    return y, dx[:, *inside], dweight, dy.sum(axis=(0, 1, 2))
