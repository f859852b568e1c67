"""Optimizers: how a gradient becomes a step. Simplest first.

Each acts on theta, all parameters of a network as one vector w, with gradient g (``parameter.py``).
The update is the paper's, written as it stands there; ``learning_rate`` is data, given per step.
"""

import math
from abc import ABC, abstractmethod
from copy import copy
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from tenfold.nn.array import Array
from tenfold.nn.description import Describable
from tenfold.nn.parameter import ParameterVector

__all__ = [
    "SGD",
    "AdaGrad",
    "Adam",
    "AdamW",
    "DampedMomentum",
    "Momentum",
    "Nesterov",
    "Optimizer",
    "RMSprop",
    "adam_step",
]

_FLUSH_EVERY = 128
_FLUSH_BELOW = 1e-30


@dataclass
class Optimizer(Describable, ABC):
    """A rule that turns gradients into steps.

    Attributes:
        state: what the rule remembers between steps, one vector of shape (P,) per name.
        steps: how many steps were taken.
        elementwise: whether each entry of theta moves by its own gradient alone.
    """

    state_names: ClassVar[tuple[str, ...]] = ("state", "steps")  # what a checkpoint keeps

    state: dict[str, Array] = field(default_factory=dict, init=False, repr=False, compare=False)
    steps: int = field(default=0, init=False, repr=False, compare=False)

    _scratch: Array | None = field(default=None, init=False, repr=False, compare=False)

    names: ClassVar[tuple[str, ...]] = ()
    elementwise: ClassVar[bool] = True

    def __post_init__(self) -> None:
        for name in ("momentum", "decay", "beta1", "beta2"):
            if not 0 <= getattr(self, name, 0) < 1:
                raise ValueError(f"{name} is from 0 to below 1, not {getattr(self, name)}")
        if not 0 < getattr(self, "epsilon", 1) < math.inf:
            raise ValueError(f"epsilon is above 0 and finite, not {getattr(self, 'epsilon', 1)}")
        if not 0 <= getattr(self, "weight_decay", 0) < math.inf:
            weight_decay = getattr(self, "weight_decay", 0)
            raise ValueError(f"weight_decay is at least 0 and finite, not {weight_decay}")

    def step(self, theta: ParameterVector, learning_rate: float) -> None:
        """Move ``theta.value`` by one step, in place, from ``theta.grad``, which is only read."""
        if self.steps == 0 and not self.state:
            self.state = {name: np.zeros_like(theta.value) for name in self.names}
        self.steps += 1
        self.update(theta, learning_rate)
        if self.steps % _FLUSH_EVERY == 0:
            self._flush_denormals()

    def part(self, where: slice) -> "Optimizer":
        """Return the same rule for a part of theta, its state a view of this one's.

        For rules that are ``elementwise``; whoever steps all parts adds to ``steps`` once.
        """
        twin = copy(self)
        twin.state = {name: array[where] for name, array in self.state.items()}
        twin._scratch = None if self._scratch is None else self._scratch[where]
        return twin

    def scratch(self, like: Array) -> Array:
        """Return memory as large as ``like`` that is used again at every step."""
        if self._scratch is None or self._scratch.shape != like.shape:
            self._scratch = np.empty_like(like)
        return self._scratch

    @abstractmethod
    def update(self, theta: ParameterVector, learning_rate: float) -> None:
        """The paper's update."""

    def _flush_denormals(self) -> None:
        # Averages of gradients that have become zero decay into denormal numbers, on which each
        # operation of the processor costs a hundred times as much. They mean nothing: drop them.
        for array in self.state.values():
            array[np.abs(array) < _FLUSH_BELOW] = 0


@dataclass
class SGD(Optimizer):
    """Gradient descent: w <- w - lr * g. Robbins and Monro (1951)."""

    def update(self, theta: ParameterVector, learning_rate: float) -> None:
        """w <- w - lr * g."""
        theta.value -= learning_rate * theta.grad


@dataclass
class Momentum(Optimizer):
    """Classical momentum: v <- mu * v + g; w <- w - lr * v. Polyak (1964).

    A constant gradient ends in steps of lr / (1 - mu).
    """

    momentum: float = 0.9
    names: ClassVar[tuple[str, ...]] = ("velocity",)

    def update(self, theta: ParameterVector, learning_rate: float) -> None:
        """v <- mu * v + g; w <- w - lr * v."""
        v = self.state["velocity"]
        v *= self.momentum
        v += theta.grad
        theta.value -= learning_rate * v


@dataclass
class DampedMomentum(Optimizer):
    """Momentum as an average: v <- beta * v + (1 - beta) * g; w <- w - lr * v.

    The steps are 1 - beta times those of classical momentum: a constant gradient ends in steps
    of lr.
    """

    momentum: float = 0.9
    names: ClassVar[tuple[str, ...]] = ("velocity",)

    def update(self, theta: ParameterVector, learning_rate: float) -> None:
        """v <- beta * v + (1 - beta) * g; w <- w - lr * v."""
        v = self.state["velocity"]
        v += (1 - self.momentum) * (theta.grad - v)
        theta.value -= learning_rate * v


@dataclass
class Nesterov(Optimizer):
    """Momentum that looks ahead: v <- mu * v + g; w <- w - lr * (g + mu * v).

    Nesterov (1983), in the form of Sutskever et al. (ICML 2013) that evaluates g at w.
    """

    momentum: float = 0.9
    names: ClassVar[tuple[str, ...]] = ("velocity",)

    def update(self, theta: ParameterVector, learning_rate: float) -> None:
        """v <- mu * v + g; w <- w - lr * (g + mu * v)."""
        v = self.state["velocity"]
        v *= self.momentum
        v += theta.grad
        theta.value -= learning_rate * (theta.grad + self.momentum * v)


@dataclass
class AdaGrad(Optimizer):
    """Rates shrink where gradients were large: s <- s + g^2; w <- w - lr * g / (sqrt(s) + eps).

    Duchi, Hazan and Singer (JMLR 2011).
    """

    epsilon: float = 1e-10
    names: ClassVar[tuple[str, ...]] = ("squares",)

    def update(self, theta: ParameterVector, learning_rate: float) -> None:
        """s <- s + g^2; w <- w - lr * g / (sqrt(s) + eps)."""
        g, s = theta.grad, self.state["squares"]
        s += g * g
        theta.value -= learning_rate * g / (np.sqrt(s) + self.epsilon)


@dataclass
class RMSprop(Optimizer):
    """AdaGrad that forgets: s <- rho * s + (1 - rho) * g^2; w <- w - lr * g / (sqrt(s) + eps).

    Tieleman and Hinton, Coursera lecture 6.5 (2012).
    """

    decay: float = 0.99
    epsilon: float = 1e-8
    names: ClassVar[tuple[str, ...]] = ("squares",)

    def update(self, theta: ParameterVector, learning_rate: float) -> None:
        """s <- rho * s + (1 - rho) * g^2; w <- w - lr * g / (sqrt(s) + eps)."""
        g, s = theta.grad, self.state["squares"]
        s += (1 - self.decay) * (g * g - s)
        theta.value -= learning_rate * g / (np.sqrt(s) + self.epsilon)


@dataclass
class Adam(Optimizer):
    """Momentum over RMSprop, both corrected for starting at zero.

    m <- b1 * m + (1 - b1) * g, v <- b2 * v + (1 - b2) * g^2,
    w <- w - lr * (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + eps), t = 1, 2, ...

    Kingma and Ba, "Adam: a method for stochastic optimization" (ICLR 2015), algorithm 1.
    """

    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8
    names: ClassVar[tuple[str, ...]] = ("gradients", "squares")

    def update(self, theta: ParameterVector, learning_rate: float) -> None:
        """The update above."""
        theta.value -= adam_step(self, theta.grad, learning_rate)


@dataclass
class AdamW(Optimizer):
    """Adam with decoupled weight decay: w <- w - lr * weight_decay * w before Adam's step.

    The decay acts on weights only, not on biases, scales and shifts, and is multiplied by the
    learning rate. Loshchilov and Hutter, "Decoupled weight decay regularization" (ICLR 2019).
    """

    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8
    weight_decay: float = 0.01
    names: ClassVar[tuple[str, ...]] = ("gradients", "squares")

    def update(self, theta: ParameterVector, learning_rate: float) -> None:
        """w <- w - lr * weight_decay * w, then Adam's step."""
        theta.value[theta.decayed] *= 1 - learning_rate * self.weight_decay
        theta.value -= adam_step(self, theta.grad, learning_rate)


def adam_step(rule: Any, g: Array, learning_rate: float) -> Array:
    """Update m and v; return lr * (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + eps).

    For every rule with Adam's numbers and state.

    The state holds m and v without their factors 1 - b1 and 1 - b2, as sums of gradients and of
    squares that decay. These factors and both corrections then meet in two scalars, which changes
    nothing but rounding and saves five passes over memory.
    """
    m, v, t = rule.state["gradients"], rule.state["squares"], rule.steps
    step = rule.scratch(g)
    m *= rule.beta1
    m += g
    v *= rule.beta2
    v += np.multiply(g, g, out=step)
    root = ((1 - rule.beta2) / (1 - rule.beta2**t)) ** 0.5  # sqrt(v) times this is corrected
    np.sqrt(v, out=step)
    step += rule.epsilon / root
    np.divide(m, step, out=step)
    step *= learning_rate * (1 - rule.beta1) / (1 - rule.beta1**t) / root
    return step
