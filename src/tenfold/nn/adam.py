"""Adam and AdamW, with Adam's step both as in the paper and in the faster form that they use."""

from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np

from tenfold.nn.array import Array
from tenfold.nn.constraints import FractionBelowOne, NonNegative, Positive
from tenfold.nn.optimizers import Optimizer
from tenfold.nn.parameter import ParameterVector

__all__ = ["Adam", "AdamW", "adam_step", "reference_adam_step"]


@dataclass(kw_only=True)
class Adam(Optimizer):
    """Adaptive moment estimation: momentum and RMSprop, both corrected for starting at zero.

    ::

        m = v = 0
        for t = 1, 2, ...:
            m = beta1 * m + (1 - beta1) * g
            v = beta2 * v + (1 - beta2) * g^2
            m_hat = m / (1 - beta1^t)
            v_hat = v / (1 - beta2^t)
            w = w - learning_rate * m_hat / (sqrt(v_hat) + epsilon)

    Args:
        beta1: Share of m, the average of gradients, that each step keeps, 0 <= beta1 < 1; 0.9 by
            default.
        beta2: Share of v, the average of squared gradients, that each step keeps, 0 <= beta2 < 1;
            0.999 by default.
        epsilon: Keeps the division finite, above 0; 1e-8 by default.

    References:
        Kingma and Ba, "Adam: a method for stochastic optimization" (ICLR 2015), algorithm 1.
    """

    beta1: FractionBelowOne = 0.9
    beta2: FractionBelowOne = 0.999
    epsilon: Positive = 1e-8
    names: ClassVar[tuple[str, ...]] = ("gradients", "squares")  # sums for m, v: see adam_step

    def update(self, theta: ParameterVector, learning_rate: float) -> None:
        """w <- w - Adam's step."""
        theta.value -= adam_step(self, theta.grad, learning_rate)


@dataclass(kw_only=True)
class AdamW(Optimizer):
    """Adam with decoupled weight decay.

    ::

        w = w - learning_rate * weight_decay * w        weights only; not biases, scales, shifts
        w = w - Adam's step

    Args:
        beta1: As for ``Adam``, 0 <= beta1 < 1; 0.9 by default.
        beta2: As for ``Adam``, 0 <= beta2 < 1; 0.999 by default.
        epsilon: As for ``Adam``, above 0; 1e-8 by default.
        weight_decay: Strength of the decay, at least 0; it is multiplied by the learning rate. 0.01
            by default.

    References:
        Loshchilov and Hutter, "Decoupled weight decay regularization" (ICLR 2019).
    """

    beta1: FractionBelowOne = 0.9
    beta2: FractionBelowOne = 0.999
    epsilon: Positive = 1e-8
    weight_decay: NonNegative = 0.01
    names: ClassVar[tuple[str, ...]] = ("gradients", "squares")  # sums for m, v: see adam_step

    def update(self, theta: ParameterVector, learning_rate: float) -> None:
        """w <- w - learning_rate * weight_decay * w, then w <- w - Adam's step."""
        theta.value[theta.decayed] *= 1 - learning_rate * self.weight_decay
        theta.value -= adam_step(self, theta.grad, learning_rate)


def reference_adam_step(
    m: Array, v: Array, g: Array, t: int, learning_rate: float, optimizer: "AdamLike"
) -> tuple[Array, Array, Array]:
    """Return the new m, the new v and the step, as in the paper; ``adam_step`` is faster.

    Args:
        m: Average of gradients before this step, 0 at first.
        v: Average of squared gradients before this step, 0 at first.
        g: Gradient.
        t: Index of this step, from 1.
        learning_rate: Learning rate.
        optimizer: It has beta1, beta2 and epsilon.
    """
    m = optimizer.beta1 * m + (1 - optimizer.beta1) * g
    v = optimizer.beta2 * v + (1 - optimizer.beta2) * g**2
    m_hat = m / (1 - optimizer.beta1**t)
    v_hat = v / (1 - optimizer.beta2**t)
    return m, v, learning_rate * m_hat / (np.sqrt(v_hat) + optimizer.epsilon)


class AdamLike(Protocol):
    """What Adam's step needs from an optimizer: its constants, its state and its memory."""

    beta1: FractionBelowOne
    beta2: FractionBelowOne
    epsilon: Positive
    state: dict[str, Array]
    steps: int

    def scratch(self, like: Array) -> Array:
        """Return memory of the shape of ``like``."""


def adam_step(optimizer: AdamLike, g: Array, learning_rate: float) -> Array:
    """Update the state of an optimizer, and return the step of ``reference_adam_step``.

    In place of the averages m and v, the state holds the sums m / (1 - beta1) and v / (1 - beta2).
    The factors 1 - beta1 and 1 - beta2 and the corrections for starting at zero are combined into
    two scalars, which saves five passes over memory. The result differs by rounding only.
    """
    beta1, beta2, t = optimizer.beta1, optimizer.beta2, optimizer.steps
    m, v = optimizer.state["gradients"], optimizer.state["squares"]
    step = optimizer.scratch(g)
    m *= beta1
    m += g
    v *= beta2
    v += np.multiply(g, g, out=step)
    root = ((1 - beta2) / (1 - beta2**t)) ** 0.5  # sqrt(v_hat) = root * sqrt(v)
    np.sqrt(v, out=step)
    step += optimizer.epsilon / root
    np.divide(m, step, out=step)
    step *= learning_rate * (1 - beta1) / (1 - beta1**t) / root
    return step
