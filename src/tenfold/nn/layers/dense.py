"""Dense: every output depends on every input."""

import numpy as np

from tenfold.nn.arguments import checked
from tenfold.nn.array import Array
from tenfold.nn.constraints import Size, invalid
from tenfold.nn.initializers import HeNormal, Initializer, Zeros
from tenfold.nn.layers.base import Layer, Shape
from tenfold.nn.parameter import Parameter
from tenfold.nn.products import matmul

__all__ = ["Dense"]


class Dense(Layer):
    r"""A fully connected (affine) layer.

    .. math:: y_{nj} = \sum_i x_{ni} w_{ij} + b_j

    Shapes: x (N, F_in), weight (F_in, F_out), bias (F_out,), y (N, F_out).

    Gradients, with dy = dL/dy: dweight = x^T dy, dbias = sum of dy over n, dx = dy weight^T.

    Args:
        inputs: Number of inputs F_in, at least 1.
        outputs: Number of outputs F_out, at least 1.
        initializer: Initializer of the weight; HeNormal by default.
        bias_initializer: Initializer of the bias; zeros by default.

    Raises:
        ValueError: If an argument has a wrong type or is out of its range.

    References:
        Goodfellow, Bengio and Courville, "Deep Learning" (2016), section 6.5.
    """

    @checked
    def __init__(
        self,
        inputs: Size,
        outputs: Size,
        initializer: Initializer = HeNormal(),  # noqa: B008 - frozen, so it may be shared
        bias_initializer: Initializer = Zeros(),  # noqa: B008
    ) -> None:
        super().__init__()
        self.inputs = inputs
        self.outputs = outputs
        self.initializer = initializer
        self.bias_initializer = bias_initializer
        self.weight = Parameter("weight", (inputs, outputs), initializer)
        self.bias = Parameter("bias", (outputs,), bias_initializer.for_bias(inputs), decay=False)
        self.parameters = [self.weight, self.bias]

    def output_shape(self, shape: Shape) -> Shape:
        """Return (F_out,) for an input of (F_in,)."""
        if shape != (self.inputs,):
            advice = "put a Flatten before it" if len(shape) > 1 else ""
            name = f"the input of Dense({self.inputs}, {self.outputs})"
            raise invalid(name, f"of shape ({self.inputs},)", shape, advice)
        return (self.outputs,)

    def multiply_adds(self, shape: Shape) -> int:
        """Return F_in * F_out."""
        return self.weight.size

    def forward(self, x: Array, training: bool = False) -> Array:
        """Return x @ weight + bias, shape (N, F_out)."""
        if not training:
            return x @ self.weight.value + self.bias.value
        self.save_for_backward(x)
        y = self.buffer("y", (len(x), self.outputs), self.weight.value.dtype)
        matmul(x, self.weight.value, out=y)
        y += self.bias.value
        return y

    def backward(self, dy: Array) -> Array:
        """Assign dweight and dbias; return dx = dy @ weight.T, shape (N, F_in)."""
        self.backward_parameters(dy)
        dx = self.buffer("dx", (len(dy), self.inputs), dy.dtype)
        return matmul(dy, self.weight.value.T, out=dx)

    def backward_parameters(self, dy: Array) -> None:
        """Assign dweight = x.T @ dy and dbias = dy summed over the batch."""
        (x,) = self.pop_saved()
        matmul(x.T, dy, out=self.weight.grad)
        np.sum(dy, axis=0, out=self.bias.grad)
