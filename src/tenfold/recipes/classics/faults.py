"""Faults of the five projects: where their computation differs from the textbook.

They let the classics run exactly as written, so that the difference from the corrected forms can be
measured. Nothing else uses them. ``SquaredProbabilityError`` is not a fault, but the loss that two
classics report without minimising it.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from tenfold.nn import Loss, Optimizer, ParameterVector, softmax
from tenfold.nn.arguments import check_fields
from tenfold.nn.array import Array
from tenfold.nn.constraints import FractionBelowOne, Positive, Size
from tenfold.nn.losses import check_batch

__all__ = [
    "AdamWithoutCorrection",
    "CrossEntropyAsWritten",
    "OneBiasPerLayer",
    "SquaredProbabilityError",
]


@dataclass(kw_only=True)
class AdamWithoutCorrection(Optimizer):
    """Adam whose bias correction always uses t = 1: the constants 1/(1 - b1) and 1/(1 - b2).

    m <- b1 * m + (1 - b1) * g, v <- b2 * v + (1 - b2) * g^2,
    w <- w - lr * (m / (1 - b1)) / (sqrt(v / (1 - b2)) + eps).

    With b1 = 0.9 and b2 = 0.99 the two constants cancel (10 / sqrt(100) = 1), so this is Adam
    without bias correction. For a constant gradient the step is lr times 1.0 at t = 1, at most 2.13
    (t = 13), and 1.07 at t = 200. Fault of classic-adam.

    Args:
        beta1: b1, decay of the mean, 0 to below 1.
        beta2: b2, decay of the mean square, 0 to below 1.
        epsilon: eps, above 0.
    """

    beta1: FractionBelowOne = 0.9
    beta2: FractionBelowOne = 0.99
    epsilon: Positive = 1e-8
    names: ClassVar[tuple[str, ...]] = ("mean", "squares")

    def update(self, theta: ParameterVector, learning_rate: float) -> None:
        """Apply the update above, in place."""
        g, m, v = theta.grad, self.state["mean"], self.state["squares"]
        m += (1 - self.beta1) * (g - m)
        v += (1 - self.beta2) * (g * g - v)
        corrected_m = m / (1 - self.beta1)
        corrected_v = v / (1 - self.beta2)
        theta.value -= learning_rate * corrected_m / (np.sqrt(corrected_v) + self.epsilon)


@dataclass
class OneBiasPerLayer(Optimizer):
    """An optimizer that uses one gradient for all biases of a layer.

    dbias_j = sum over n and k of dy_nk, divided by the number of units if ``per_unit``. So all
    biases of a hidden layer move together. In the output layer the sum is zero up to rounding
    (each row of p - t sums to 0), so the output biases never learn. Fault of classic-adam (divided
    by the number of units), and of classic-gd and classic-layers (not divided).

    Unlike other optimizers, this one writes into ``theta.grad``, which contains the faulty gradient
    after a step.

    Args:
        rule: The optimizer that then makes the step.
        per_unit: Whether the sum is divided by the number of units.
    """

    rule: Optimizer
    per_unit: bool = False
    elementwise: ClassVar[bool] = False

    def update(self, theta: ParameterVector, learning_rate: float) -> None:
        """Replace the gradients of the biases by their sum, then step."""
        for parameter in theta.parameters:
            if parameter.name.endswith("bias"):
                units = parameter.size if self.per_unit else 1
                parameter.grad[...] = parameter.grad.sum() / units
        self.rule.state, self.rule.steps = self.state, self.steps - 1
        self.rule.step(theta, learning_rate)
        self.state = self.rule.state


@dataclass(frozen=True)
class CrossEntropyAsWritten(Loss):
    """Softmax cross-entropy as the classics compute it; exp may overflow, depending on ``shift``.

    The gradient is (p - t) / divisor.

    Args:
        shift: What is subtracted from the logits before exp: ``"none"`` for nothing (overflows
            above 709 in float64), ``"batch"`` for the maximum of the whole batch (rows far below it
            underflow to 0/0), or ``"row"`` for the maximum of each row, which is correct.
        divisor: Divisor of the gradient; 1 gives the sum over the batch, None the mean.

    Raises:
        ValueError: If a value is out of its range.
    """

    shift: Literal["none", "batch", "row"] = "none"
    divisor: Size | None = None

    def __post_init__(self) -> None:
        check_fields(self)

    def __call__(self, logits: Array, labels: Array) -> tuple[float, Array]:
        """Return (mean loss, (p - t) / divisor)."""
        check_batch(logits, labels)
        shifts = {"none": 0.0, "batch": logits.max(), "row": logits.max(axis=1, keepdims=True)}
        exponentials = np.exp(logits - shifts[self.shift])
        p = exponentials / exponentials.sum(axis=1, keepdims=True)
        correct = (np.arange(len(labels)), labels)
        loss = float(-np.log(np.maximum(p[correct], np.finfo(p.dtype).tiny)).mean())
        p[correct] -= 1
        return loss, p / (self.divisor or len(labels))


@dataclass(frozen=True)
class SquaredProbabilityError(Loss):
    """Mean squared error of probabilities, E = mean (p - t)^2, with its true gradient.

    classic-adam and classic-gd name this loss, but use the gradient of the cross-entropy; no
    project computes the gradient of this loss. With dp = 2 (p - t) / (N C),
    dz = p * (dp - sum over c of p_c dp_c). The factor p makes the gradient very small where the
    network is confidently wrong. This class is for measuring the difference.
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
