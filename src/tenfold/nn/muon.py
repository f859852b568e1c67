"""Muon: steps for matrices in which every direction counts alike, and Adam for all the rest."""

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tenfold.nn.array import Array
from tenfold.nn.optimizers import Optimizer, adam_step
from tenfold.nn.parameter import Parameter, ParameterVector

__all__ = ["Muon", "orthogonalised"]

# The odd polynomial a x + b x^3 + c x^5 that Jordan chose: it lifts small singular values fast,
# and brings those above 0.1 to between 0.68 and 1.14 in three steps, which is near enough to 1.
_A, _B, _C = 3.4445, -4.7750, 2.0315


@dataclass
class Muon(Optimizer):
    r"""Momentum, orthogonalised, for the weights of all layers but the last; Adam for the rest.

    For a weight with gradient G, as a matrix with a column per output:

    .. math:: V \leftarrow \mu V + G, \quad
              W \leftarrow W - \eta \sqrt{\max(1, n / m)}\; O(G + \mu V)

    where O makes the singular values about 1 (``orthogonalised``), and W is m inputs by n outputs.
    Last weight, biases, scales and shifts move by Adam at ``adam_rate`` times the learning rate.

    Args:
        momentum: mu.
        iterations: of the orthogonalisation; 3 to 5.
        adam_rate: Adam's learning rate as a share of the schedule's.
        beta1, beta2, epsilon: Adam's.

    Raises:
        ValueError: by a step, if a parameter that decays is no matrix.

    Jordan et al., "Muon: an optimizer for hidden layers in neural networks" (2024).
    """

    momentum: float = 0.6
    iterations: int = 3
    adam_rate: float = 0.2
    beta1: float = 0.9
    beta2: float = 0.99
    epsilon: float = 1e-8
    names: ClassVar[tuple[str, ...]] = ("velocity", "gradients", "squares")
    elementwise: ClassVar[bool] = False

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.iterations < 1 or not 0 < self.adam_rate < math.inf:
            raise ValueError(
                "Muon needs iterations of at least 1 and an adam_rate above 0 and finite, "
                f"not {self.iterations} and {self.adam_rate}"
            )

    def update(self, theta: ParameterVector, learning_rate: float) -> None:
        """The updates above."""
        v, start = self.state["velocity"], 0
        decayed = [p for p in theta.parameters if p.decay]
        if odd := [p.name for p in decayed if len(p.shape) < 2]:
            raise ValueError(
                f"Muon turns matrices, and {odd[0]} is none: make it a Parameter with decay=False"
            )
        hidden = decayed[:-1]
        v *= self.momentum
        v += theta.grad
        look_ahead = np.multiply(v, self.momentum, out=self.scratch(v))
        look_ahead += theta.grad
        for parameter in hidden:
            self._turn(parameter, look_ahead[start : start + parameter.size], learning_rate)
            start += parameter.size
        rest = slice(start, None)  # the hidden weights are the first in theta
        adam = self.part(rest)
        theta.value[rest] -= adam_step(adam, theta.grad[rest], self.adam_rate * learning_rate)

    def _turn(self, parameter: Parameter, direction: Array, learning_rate: float) -> None:
        matrix = direction.reshape(-1, parameter.shape[-1])
        inputs, outputs = matrix.shape
        size = learning_rate * math.sqrt(max(1.0, outputs / inputs))
        parameter.value -= (size * orthogonalised(matrix, self.iterations)).reshape(parameter.shape)


def orthogonalised(matrix: Array, iterations: int) -> Array:
    """Return a matrix with the same singular vectors and singular values near 1.

    By Newton-Schulz iterations X <- a X + (b X X^T + c (X X^T)^2) X, from X scaled to a norm of 1:
    each applies the polynomial a x + b x^3 + c x^5 to every singular value.
    """
    x = matrix if matrix.shape[0] <= matrix.shape[1] else matrix.T
    x = x / (np.linalg.norm(x) + 1e-30)
    for _ in range(iterations):
        square = x @ x.T
        x = _A * x + (_B * square + _C * (square @ square)) @ x
    result: Array = x if matrix.shape[0] <= matrix.shape[1] else x.T
    return result
