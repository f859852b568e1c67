"""Muon: for weight matrices, steps of about equal length in every direction; Adam for the rest."""

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tenfold.nn.adam import adam_step
from tenfold.nn.array import Array
from tenfold.nn.constraints import FractionBelowOne, Positive, Size
from tenfold.nn.optimizers import Optimizer
from tenfold.nn.parameter import Parameter, ParameterVector

__all__ = ["Muon", "orthogonalised"]

# Jordan's odd polynomial a x + b x^3 + c x^5. It raises small singular values quickly: three
# iterations bring all those above 0.1 to between 0.68 and 1.14, which is close enough to 1.
_A, _B, _C = 3.4445, -4.7750, 2.0315


@dataclass(kw_only=True)
class Muon(Optimizer):
    r"""Orthogonalised momentum for all weights except those of the last layer; Adam for the rest.

    For a weight W of m inputs and n outputs, as a matrix with a column per output, and its
    gradient G:

    .. math:: V \leftarrow \mu V + G, \quad
              W \leftarrow W - \eta \sqrt{\max(1, n / m)}\; O(G + \mu V)

    where O makes the singular values about 1 (``orthogonalised``). The last weight, the biases,
    scales and shifts are updated by Adam with ``adam_rate`` times the learning rate.

    Args:
        momentum: Momentum mu, 0 <= momentum < 1; 0.6 by default.
        iterations: Iterations of the orthogonalisation, at least 1; 3 by default, and 3 to 5 are
            usual.
        adam_rate: Learning rate of Adam as a share of the learning rate, above 0; 0.2 by default.
        beta1: As for ``Adam``, 0 <= beta1 < 1; 0.9 by default.
        beta2: As for ``Adam``, 0 <= beta2 < 1; 0.99 by default.
        epsilon: As for ``Adam``, above 0; 1e-8 by default.

    Raises:
        ValueError: If a number is out of its range. From ``step``, if a parameter with weight
            decay has fewer than two dimensions.

    References:
        Jordan et al., "Muon: an optimizer for hidden layers in neural networks" (2024).
    """

    momentum: FractionBelowOne = 0.6
    iterations: Size = 3
    adam_rate: Positive = 0.2
    beta1: FractionBelowOne = 0.9
    beta2: FractionBelowOne = 0.99
    epsilon: Positive = 1e-8
    names: ClassVar[tuple[str, ...]] = ("velocity", "gradients", "squares")
    elementwise: ClassVar[bool] = False

    def update(self, theta: ParameterVector, learning_rate: float) -> None:
        """Update the hidden weights by orthogonalised momentum, everything else by Adam."""
        v, start = self.state["velocity"], 0
        decayed = [p for p in theta.parameters if p.decay]
        for p in decayed:
            if len(p.shape) < 2:
                raise ValueError(
                    "Muon needs parameters of at least 2 dimensions; "
                    f"{p.name} has {len(p.shape)}: create it with decay=False"
                )
        hidden = decayed[:-1]
        v *= self.momentum
        v += theta.grad
        look_ahead = np.multiply(v, self.momentum, out=self.scratch(v))
        look_ahead += theta.grad
        for parameter in hidden:
            direction = look_ahead[start : start + parameter.size]
            self._step_matrix(parameter, direction, learning_rate)
            start += parameter.size
        rest = slice(start, None)  # the hidden weights come first in theta
        adam = self.part(rest)
        theta.value[rest] -= adam_step(adam, theta.grad[rest], self.adam_rate * learning_rate)

    def _step_matrix(self, parameter: Parameter, direction: Array, learning_rate: float) -> None:
        """Change a weight by one step, given G + mu V as ``direction``."""
        matrix = direction.reshape(-1, parameter.shape[-1])
        inputs, outputs = matrix.shape
        rate = learning_rate * math.sqrt(max(1.0, outputs / inputs))
        parameter.value -= (rate * orthogonalised(matrix, self.iterations)).reshape(parameter.shape)


def orthogonalised(matrix: Array, iterations: int) -> Array:
    """Return a matrix with the same singular vectors, whose singular values are near 1.

    The method is the Newton-Schulz iteration

    ::

        X = X / ||X||
        repeat: X = a X + (b X X^T + c (X X^T)^2) X

    Each iteration applies the polynomial a x + b x^3 + c x^5 to every singular value.
    """
    x = matrix if matrix.shape[0] <= matrix.shape[1] else matrix.T
    x = x / (np.linalg.norm(x) + 1e-30)
    for _ in range(iterations):
        square = x @ x.T
        x = _A * x + (_B * square + _C * (square @ square)) @ x
    result: Array = x if matrix.shape[0] <= matrix.shape[1] else x.T
    return result
