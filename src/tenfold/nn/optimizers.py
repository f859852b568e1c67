"""Optimizers: how a gradient becomes a step. The simplest comes first.

Each optimizer changes theta, the vector of all parameters of a network (``parameter.py``). In the
formulas, w is theta and g its gradient. The updates are written as in the papers. The learning rate
is an argument of each step. Adam and Muon have files of their own, ``adam.py`` and ``muon.py``.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field
from typing import ClassVar, Self

import numpy as np

from tenfold.nn.arguments import check_fields
from tenfold.nn.array import Array
from tenfold.nn.constraints import FractionBelowOne, Positive
from tenfold.nn.description import Describable
from tenfold.nn.parameter import ParameterVector

__all__ = [
    "SGD",
    "AdaGrad",
    "DampedMomentum",
    "Momentum",
    "Nesterov",
    "Optimizer",
    "RMSprop",
]

_FLUSH_EVERY = 128  # steps from one ``_flush_denormals`` to the next
_FLUSH_BELOW = 1e-30  # numbers in ``state`` with a smaller absolute value are then set to 0
_RATE_ADVICE = (
    "The learning rate belongs to the schedule: "
    "fit(network, data, optimizer=Adam(), schedule=OneCycle(0.005))"
)
_HINTS = {
    **dict.fromkeys(("", "learning_rate", "lr", "rate"), _RATE_ADVICE),
    "betas": "They are two arguments of Adam: beta1 and beta2",
    "momentum": "Use Momentum(momentum=0.9)",
    "nesterov": "Use Nesterov(momentum=0.9)",
    "weight_decay": "Use AdamW(weight_decay=0.01), or the argument l2 of fit",
}


@dataclass(kw_only=True)
class Optimizer(Describable, ABC):
    """Base class of optimizers, which compute steps from gradients.

    Attributes:
        state: The vectors that the optimizer keeps between steps, each of shape (P,), by name.
        steps: Number of steps taken.
        trained_vector: The ``identity`` of the ``ParameterVector`` that ``fit`` trained with this
            optimizer; None before the first training, or after the state was read from a
            checkpoint.
        names: Names of the vectors in ``state``.
        elementwise: True if the step of an entry of theta depends on the gradient of that entry
            alone.
        state_names: Attributes that a checkpoint stores.

    Raises:
        ValueError: If a number is out of its range.
    """

    state: dict[str, Array] = field(default_factory=dict, init=False, repr=False, compare=False)
    steps: int = field(default=0, init=False, repr=False, compare=False)

    trained_vector: int | None = field(default=None, init=False, repr=False, compare=False)
    _scratch: Array | None = field(default=None, init=False, repr=False, compare=False)

    argument_hints: ClassVar[Mapping[str, str]] = _HINTS
    names: ClassVar[tuple[str, ...]] = ()
    elementwise: ClassVar[bool] = True
    state_names: ClassVar[tuple[str, ...]] = ("state", "steps")

    def __post_init__(self) -> None:
        check_fields(self)

    @staticmethod
    def advice_on(value: object) -> str:
        """Return the advice of an error message: what to give as an optimizer."""
        return "write an object, such as Adam() or Momentum(momentum=0.9)"

    def step(self, theta: ParameterVector, learning_rate: float) -> None:
        """Change ``theta.value`` by one step, in place. ``theta.grad`` is only read."""
        if self.steps == 0 and not self.state:
            self.state = {name: np.zeros_like(theta.value) for name in self.names}
        self.steps += 1
        self.update(theta, learning_rate)
        if self.steps % _FLUSH_EVERY == 0:
            self._flush_denormals()

    def part(self, entries: slice) -> Self:
        """Return a copy for some entries of theta, whose state is a view of this optimizer's state.

        The update of these entries must be elementwise. A caller that updates all slices of theta
        with such copies must increase ``steps`` of this optimizer once per step.
        """
        part = copy(self)
        part.state = {name: array[entries] for name, array in self.state.items()}
        part._scratch = None if self._scratch is None else self._scratch[entries]
        return part

    def scratch(self, like: Array) -> Array:
        """Return uninitialised memory of the shape of ``like``, which is reused at every step."""
        if self._scratch is None or self._scratch.shape != like.shape:
            self._scratch = np.empty_like(like)
        return self._scratch

    @abstractmethod
    def update(self, theta: ParameterVector, learning_rate: float) -> None:
        """Apply the update of the paper, in place."""

    def _flush_denormals(self) -> None:
        # Where gradients have become zero, their averages decay to denormal numbers, with which
        # each operation takes about a hundred times as long. Such averages are set to zero, since
        # they have no effect on the weights.
        for array in self.state.values():
            array[np.abs(array) < _FLUSH_BELOW] = 0


@dataclass(kw_only=True)
class SGD(Optimizer):
    """Stochastic gradient descent.

    ::

        w = w - learning_rate * g

    References:
        Robbins and Monro, "A stochastic approximation method" (1951).
    """

    def update(self, theta: ParameterVector, learning_rate: float) -> None:
        """w <- w - learning_rate * g."""
        theta.value -= learning_rate * theta.grad


@dataclass(kw_only=True)
class Momentum(Optimizer):
    """Classical momentum.

    ::

        v = momentum * v + g
        w = w - learning_rate * v

    For a constant gradient the steps grow up to learning_rate * g / (1 - momentum).

    Args:
        momentum: Share of the velocity v that is kept, 0 <= momentum < 1; 0.9 by default.

    References:
        Polyak, "Some methods of speeding up the convergence of iteration methods" (1964).
    """

    momentum: FractionBelowOne = 0.9
    names: ClassVar[tuple[str, ...]] = ("velocity",)

    def update(self, theta: ParameterVector, learning_rate: float) -> None:
        """v <- momentum * v + g; w <- w - learning_rate * v."""
        v = self.state["velocity"]
        v *= self.momentum
        v += theta.grad
        theta.value -= learning_rate * v


@dataclass(kw_only=True)
class DampedMomentum(Optimizer):
    """Momentum as an average of gradients.

    ::

        v = momentum * v + (1 - momentum) * g
        w = w - learning_rate * v

    The steps are (1 - momentum) times those of ``Momentum``. For a constant gradient, they grow
    up to learning_rate * g.

    Args:
        momentum: Share of the average v that is kept, 0 <= momentum < 1; 0.9 by default.
    """

    momentum: FractionBelowOne = 0.9
    names: ClassVar[tuple[str, ...]] = ("velocity",)

    def update(self, theta: ParameterVector, learning_rate: float) -> None:
        """v <- momentum * v + (1 - momentum) * g; w <- w - learning_rate * v."""
        v = self.state["velocity"]
        v += (1 - self.momentum) * (theta.grad - v)
        theta.value -= learning_rate * v


@dataclass(kw_only=True)
class Nesterov(Optimizer):
    """Nesterov's accelerated gradient, in the form that computes g at w.

    ::

        v = momentum * v + g
        w = w - learning_rate * (g + momentum * v)

    Args:
        momentum: Share of the velocity v that is kept, 0 <= momentum < 1; 0.9 by default.

    References:
        Nesterov, "A method of solving a convex programming problem with convergence rate
        O(1/k^2)" (1983); Sutskever, Martens, Dahl and Hinton, "On the importance of initialization
        and momentum in deep learning" (ICML 2013).
    """

    momentum: FractionBelowOne = 0.9
    names: ClassVar[tuple[str, ...]] = ("velocity",)

    def update(self, theta: ParameterVector, learning_rate: float) -> None:
        """v <- momentum * v + g; w <- w - learning_rate * (g + momentum * v)."""
        v = self.state["velocity"]
        v *= self.momentum
        v += theta.grad
        theta.value -= learning_rate * (theta.grad + self.momentum * v)


@dataclass(kw_only=True)
class AdaGrad(Optimizer):
    """Adaptive gradient: smaller steps for entries whose gradients were large.

    ::

        s = s + g^2
        w = w - learning_rate * g / (sqrt(s) + epsilon)

    Args:
        epsilon: Keeps the division finite, above 0; 1e-10 by default.

    References:
        Duchi, Hazan and Singer, "Adaptive subgradient methods for online learning and stochastic
        optimization" (JMLR 2011).
    """

    epsilon: Positive = 1e-10
    names: ClassVar[tuple[str, ...]] = ("squares",)

    def update(self, theta: ParameterVector, learning_rate: float) -> None:
        """s <- s + g^2; w <- w - learning_rate * g / (sqrt(s) + epsilon)."""
        g, s = theta.grad, self.state["squares"]
        s += g * g
        theta.value -= learning_rate * g / (np.sqrt(s) + self.epsilon)


@dataclass(kw_only=True)
class RMSprop(Optimizer):
    """AdaGrad with an average of the latest squared gradients in place of their sum.

    ::

        s = decay * s + (1 - decay) * g^2
        w = w - learning_rate * g / (sqrt(s) + epsilon)

    Args:
        decay: Share of the average s that is kept, 0 <= decay < 1; 0.99 by default.
        epsilon: Keeps the division finite, above 0; 1e-8 by default.

    References:
        Tieleman and Hinton, "Lecture 6.5: RMSProp", Coursera (2012).
    """

    decay: FractionBelowOne = 0.99
    epsilon: Positive = 1e-8
    names: ClassVar[tuple[str, ...]] = ("squares",)

    def update(self, theta: ParameterVector, learning_rate: float) -> None:
        """s <- decay * s + (1 - decay) * g^2; w <- w - learning_rate * g / (sqrt(s) + epsilon)."""
        g, s = theta.grad, self.state["squares"]
        s += (1 - self.decay) * (g * g - s)
        theta.value -= learning_rate * g / (np.sqrt(s) + self.epsilon)
