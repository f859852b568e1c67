"""Faults: what the five classics do that the textbook does not, each in a few lines.

They exist so that the classics can run exactly as they were written, beside their corrected
forms, and the difference be measured. Nothing else uses them.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tenfold.nn import Loss, Optimizer, ParameterVector, softmax
from tenfold.nn.array import Array
from tenfold.nn.losses import check_batch

__all__ = [
    "AdamWithoutCorrection",
    "OneBiasPerLayer",
    "SquaredProbabilityError",
    "WrittenCrossEntropy",
]


@dataclass
class AdamWithoutCorrection(Optimizer):
    """Adam whose bias correction uses t = 1 for ever: constants 1/(1 - b1) and 1/(1 - b2).

    m <- b1 * m + (1 - b1) * g, v <- b2 * v + (1 - b2) * g^2,
    w <- w - lr * (m / (1 - b1)) / (sqrt(v / (1 - b2)) + eps).

    With b1 = 0.9 and b2 = 0.99 the two constants cancel (10 / sqrt(100) = 1): what is left is
    Adam without any correction. For a constant gradient its step is lr times 1.0 at t = 1, 2.13
    at its largest (t = 13), and 1.07 at t = 200. Fault of classic-adam.
    """

    beta1: float = 0.9
    beta2: float = 0.99
    epsilon: float = 1e-8
    names: ClassVar[tuple[str, ...]] = ("mean", "squares")

    def update(self, theta: ParameterVector, learning_rate: float) -> None:
        """The update above."""
        g, m, v = theta.grad, self.state["mean"], self.state["squares"]
        m += (1 - self.beta1) * (g - m)
        v += (1 - self.beta2) * (g * g - v)
        corrected_m = m / (1 - self.beta1)
        corrected_v = v / (1 - self.beta2)
        theta.value -= learning_rate * corrected_m / (np.sqrt(corrected_v) + self.epsilon)


@dataclass
class OneBiasPerLayer(Optimizer):
    """An optimizer that gives all biases of a layer the same gradient: one number.

    dbias_j = sum over n and k of dy_nk, divided by the number of units if ``per_unit``. So the
    hidden biases of a layer move together. In the output layer that sum is zero but for rounding
    (each row of p - t sums to 0), so the output biases never learn. Fault of classic-adam (divided
    by the units), and of classic-gd and classic-layers (not divided).

    Part of the fault: an optimizer only reads the gradient, and this one writes into it. Whoever
    looks at ``theta.grad`` after a step sees the spoilt one, which is the one that was used.

    Args:
        rule: what is done with the gradient then.
        per_unit: whether the sum is divided by the number of units.
    """

    rule: Optimizer
    per_unit: bool = False
    elementwise: ClassVar[bool] = False

    def update(self, theta: ParameterVector, learning_rate: float) -> None:
        """Spoil the bias gradients (the sum over k of dbias_k is that one number), then step."""
        for parameter in theta.parameters:
            if parameter.name.endswith("bias"):
                units = parameter.size if self.per_unit else 1
                parameter.grad[...] = parameter.grad.sum() / units
        self.rule.state, self.rule.steps = self.state, self.steps - 1
        self.rule.step(theta, learning_rate)
        self.state = self.rule.state


@dataclass(frozen=True)
class WrittenCrossEntropy(Loss):
    """Softmax cross-entropy as the classics compute it: (p - t) / divisor, p not always stable.

    Args:
        shift: what is subtracted from the logits before exp: ``"none"`` (overflows above 709 in
            float64), ``"batch"``, the maximum of the whole batch (rows far below it underflow to
            0/0), or ``"row"``, each row's own maximum, as it should be.
        divisor: the gradient is divided by this; 1 gives the sum over the batch, None its mean.
    """

    shift: str = "none"
    divisor: int | None = None

    def __post_init__(self) -> None:
        if self.shift not in ("none", "batch", "row"):
            raise ValueError(f"shift is one of none, batch and row, not {self.shift!r}")
        if self.divisor is not None and not self.divisor >= 1:
            raise ValueError(f"divisor is at least 1, or none for the mean, not {self.divisor}")

    def __call__(self, logits: Array, labels: Array) -> tuple[float, Array]:
        """Return (mean loss, (p - t) / divisor)."""
        check_batch(logits, labels)
        shifts = {"none": 0.0, "batch": logits.max(), "row": logits.max(axis=1, keepdims=True)}
        exponentials = np.exp(logits - shifts[self.shift])
        p = exponentials / exponentials.sum(axis=1, keepdims=True)
        right = (np.arange(len(labels)), labels)
        loss = float(-np.log(np.maximum(p[right], np.finfo(p.dtype).tiny)).mean())
        p[right] -= 1
        return loss, p / (self.divisor or len(labels))


@dataclass(frozen=True)
class SquaredProbabilityError(Loss):
    """What classic-adam and classic-gd say that they minimise, and do not: E = mean (p - t)^2.

    With dp = 2 (p - t) / (N C), dz = p * (dp - sum over c of p_c dp_c). The factor p in front
    leaves hardly any gradient where the network is surely wrong. It is here so that the
    difference can be measured; no project computes it.
    """

    def __call__(self, logits: Array, labels: Array) -> tuple[float, Array]:
        """Return (E, dz)."""
        check_batch(logits, labels)
        p = softmax(logits)
        error = p.copy()
        error[np.arange(len(labels)), labels] -= 1
        dp = error * (2 / error.size)
        dz = p * (dp - (p * dp).sum(axis=1, keepdims=True))
        return float(np.mean(error * error)), dz
