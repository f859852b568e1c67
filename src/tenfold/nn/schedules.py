"""Schedules: the learning rate as a pure function of the step.

A schedule is called with (step, total): the step counts from 0, and total is the number of steps
of the whole run. Schedules have no state, so that the rate of any step can be computed at any time.
"""

import math
from abc import ABC, abstractmethod
from dataclasses import KW_ONLY, dataclass
from typing import Annotated, ClassVar

from tenfold.nn.arguments import check_fields
from tenfold.nn.constraints import Count, FractionBelowOne, NonNegative, Number, Positive, invalid
from tenfold.nn.description import Describable

__all__ = [
    "Constant",
    "Cosine",
    "Exponential",
    "OneCycle",
    "Schedule",
    "StepDecay",
    "Triangular",
]

_OpenFraction = Annotated[float, Number("(0, 1)")]
_Share = Annotated[float, Number("[0, 1]")]


@dataclass(frozen=True)
class Schedule(Describable, ABC):
    """Base class: a learning rate for every step.

    ::

        warmup_steps = warmup * total
        if step < warmup_steps:
            rate = learning_rate * (step + 1) / (warmup_steps + 1)
        else:
            rate = learning_rate * factor((step - warmup_steps) / (total - warmup_steps))

    Args:
        learning_rate: Peak of the schedule, above 0.
        warmup: Fraction of the run, 0 <= warmup < 1, during which the rate rises linearly to the
            peak before the schedule itself begins; 0 by default. It must be 0 for OneCycle and
            Triangular, which begin with a rise.

    Attributes:
        begins_with_rise: Whether the schedule begins with a rise.

    Raises:
        ValueError: If a number is out of its range.
    """

    learning_rate: Positive
    _: KW_ONLY
    warmup: FractionBelowOne = 0.0
    begins_with_rise: ClassVar[bool] = False

    def __post_init__(self) -> None:
        check_fields(self)
        if self.warmup and self.begins_with_rise:
            name = type(self).__name__
            advice = f"{name} begins with a rise anyway; the argument rise sets its length"
            raise invalid("warmup", f"0 for {name}", self.warmup, advice)

    @staticmethod
    def advice_on(value: object) -> str:
        """Return the advice of an error message: what to give as a schedule."""
        return "write an object, such as OneCycle(0.005) or Constant(0.1)"

    def __call__(self, step: int, total: int) -> float:
        """Return the learning rate of ``step``, 0 <= step <= total.

        The last step of a run is ``total - 1``. The rate of ``total``, the step after it, is
        defined, too.

        Raises:
            ValueError: If the step is out of its range.
        """
        if not 0 <= step <= total:
            raise invalid("step", f"from 0 to {total}, the number of steps", step)
        warmup_steps = self.warmup * total
        if step < warmup_steps:
            return self.learning_rate * (step + 1) / (warmup_steps + 1)
        progress = (step - warmup_steps) / max(total - warmup_steps, 1)
        return self.learning_rate * self.factor(progress)

    @abstractmethod
    def factor(self, progress: float) -> float:
        """Return rate / peak at a point of the run.

        Args:
            progress: Completed fraction of the steps after the warm-up, 0 <= progress <= 1.
        """


@dataclass(frozen=True, kw_only=True)
class Constant(Schedule):
    """A constant learning rate."""

    def factor(self, progress: float) -> float:
        """Return 1."""
        return 1.0


@dataclass(frozen=True, kw_only=True)
class StepDecay(Schedule):
    """A rate that is multiplied by ``decay`` at each of ``drops`` equally spaced points.

    Args:
        learning_rate: Rate before the first drop, above 0.
        warmup: Fraction of the run with a linear rise, 0 <= warmup < 1.
        decay: Factor of each drop, 0 < decay <= 1; 0.1 by default.
        drops: Number of drops, at least 0; 2 by default.
    """

    decay: Annotated[float, Number("(0, 1]")] = 0.1
    drops: Count = 2

    def factor(self, progress: float) -> float:
        """Return decay ** (number of drops so far)."""
        return self.decay ** math.floor(progress * (self.drops + 1))


@dataclass(frozen=True, kw_only=True)
class Exponential(Schedule):
    """A rate that falls by the same factor at every step.

    Args:
        learning_rate: Peak, above 0.
        warmup: Fraction of the run with a linear rise, 0 <= warmup < 1.
        final: Rate at the end of the run as a multiple of the peak, above 0; 0.01 by default.
    """

    final: Positive = 0.01

    def factor(self, progress: float) -> float:
        """Return final ** progress."""
        return self.final**progress


@dataclass(frozen=True, kw_only=True)
class Cosine(Schedule):
    """Half a cosine from the peak down to ``final`` times the peak.

    Args:
        learning_rate: Peak, above 0.
        warmup: Fraction of the run with a linear rise, 0 <= warmup < 1.
        final: Rate at the end of the run as a multiple of the peak, at least 0; 0 by default.

    References:
        Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts" (ICLR 2017).
    """

    final: NonNegative = 0.0

    def factor(self, progress: float) -> float:
        """Return final + (1 - final) * (1 + cos(pi * progress)) / 2."""
        return self.final + (1 - self.final) * (1 + math.cos(math.pi * progress)) / 2


@dataclass(frozen=True, kw_only=True)
class OneCycle(Schedule):
    """One rise and one fall: half a cosine from peak / start up to the peak, then down again.

    Args:
        learning_rate: Peak, above 0.
        warmup: Must be 0.
        rise: Fraction of the run during which the rate rises, 0 < rise < 1; 0.3 by default.
        start: Divisor of the peak: the first rate is peak / start. Above 0; 25 by default. (In
            ``Triangular``, ``start`` is a factor: there the first rate is start * peak.)
        final: Divisor of the peak: the rate falls towards peak / final, which it would reach one
            step after the last step. Above 0; 250,000 by default. (In all other schedules,
            ``final`` is a factor.)

    References:
        Smith and Topin, "Super-convergence" (2018). The cosine and the defaults are PyTorch's.
    """

    begins_with_rise: ClassVar[bool] = True
    rise: _OpenFraction = 0.3
    start: Positive = 25.0
    final: Positive = 250_000.0

    def factor(self, progress: float) -> float:
        """Return the cosine between the two ends of the phase to which ``progress`` belongs."""
        if progress < self.rise:
            first, last, phase = 1 / self.start, 1.0, progress / self.rise
        else:
            first, last = 1.0, 1 / self.final
            phase = (progress - self.rise) / (1 - self.rise)
        return last + (first - last) * (1 + math.cos(math.pi * phase)) / 2


@dataclass(frozen=True, kw_only=True)
class Triangular(Schedule):
    """A straight rise from start * peak to the peak, then a straight fall to final * peak.

    Args:
        learning_rate: Peak, above 0.
        warmup: Must be 0.
        rise: Fraction of the run during which the rate rises, 0 < rise < 1; 0.2 by default.
        start: First rate as a share of the peak, 0 to 1; 0.1 by default.
        final: Rate that would be reached one step after the last step, as a share of the peak, 0 to
            1; 0 by default.

    References:
        Smith, "Cyclical learning rates for training neural networks" (WACV 2017), with a single
        triangle.
    """

    begins_with_rise: ClassVar[bool] = True
    rise: _OpenFraction = 0.2
    start: _Share = 0.1
    final: _Share = 0.0

    def factor(self, progress: float) -> float:
        """Return the rate / peak of the straight line to which ``progress`` belongs."""
        if progress < self.rise:
            return self.start + (1 - self.start) * progress / self.rise
        return 1 - (1 - self.final) * (progress - self.rise) / (1 - self.rise)
