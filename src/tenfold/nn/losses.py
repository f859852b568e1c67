"""Losses: a number that says how wrong the predictions of a network are, and its gradient.

A loss is called with (logits, labels) and returns (mean loss, dlogits). Softmax is a part of the
loss, since the gradient of both together is simple, stable and fast. There is therefore no Softmax
layer; for probabilities there is the function ``softmax``.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np

from tenfold.nn.arguments import check_fields
from tenfold.nn.array import Array
from tenfold.nn.constraints import FractionBelowOne, InstanceOf, invalid
from tenfold.nn.description import Describable

__all__ = [
    "Loss",
    "MeanSquaredError",
    "SoftmaxCrossEntropy",
    "check_batch",
    "log_softmax",
    "one_hot",
    "softmax",
]

_ARRAY_RULE = InstanceOf(np.ndarray)


class Loss(Describable, ABC):
    """Base class: a number to minimise, averaged over the batch.

    Raises:
        ValueError: If a number is out of its range.
    """

    def __post_init__(self) -> None:
        check_fields(self)

    @staticmethod
    def advice_on(value: object) -> str:
        """Return the advice of an error message: what to give as a loss."""
        return "write an object, such as SoftmaxCrossEntropy()"

    @abstractmethod
    def __call__(self, logits: Array, labels: Array) -> tuple[float, Array]:
        """Return the mean loss and its gradient.

        Args:
            logits: Outputs of the network, shape (N, C).
            labels: Integers from 0 to C - 1, shape (N,).

        Returns:
            The mean loss, and dlogits, shape (N, C), in the dtype of the logits.

        Raises:
            ValueError: If the batch is empty, or the labels are not N integers from 0 to C - 1.
        """


def check_batch(logits: Array, labels: Array) -> None:
    """Raise ValueError unless there is at least one row of logits and a valid label for each.

    The check takes microseconds. Without it, labels of a wrong shape would broadcast and negative
    labels would count from the end, and the loss would be wrong without an error.
    """
    _ARRAY_RULE.check("logits", logits)
    if logits.ndim != 2 or not logits.size:
        raise invalid("logits", "of shape (N, C) with at least one image", logits.shape)
    _ARRAY_RULE.check("labels", labels)
    if labels.shape != logits.shape[:1]:
        raise invalid("labels", f"of shape ({len(logits)},), one for each image", labels.shape)
    _check_labels(labels, logits.shape[1])


def _check_labels(labels: Array, classes: int) -> None:
    if labels.dtype.kind not in "iu":
        raise ValueError(f"labels must be whole numbers, got {labels.dtype}")
    if labels.size and not 0 <= labels.min() <= labels.max() < classes:
        raise ValueError(
            f"labels must be from 0 to {classes - 1}, got {labels.min()} to {labels.max()}"
        )


def log_softmax(logits: Array) -> Array:
    """Return log(softmax(logits)) over the last axis: z - max - log(sum(exp(z - max))).

    Subtracting the maximum of each row leaves the result unchanged and keeps exp from overflowing.
    """
    _ARRAY_RULE.check("logits", logits)
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def softmax(logits: Array) -> Array:
    """Return exp(z) / sum(exp(z)) over the last axis: probabilities that sum to 1."""
    _ARRAY_RULE.check("logits", logits)
    exponentials = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


def one_hot(labels: Array, classes: int, dtype: np.dtype | type = np.float32) -> Array:
    """Return an array (N, classes) whose row n is 0 except for a 1 at labels[n].

    Raises:
        ValueError: If a label is not an integer from 0 to classes - 1.
    """
    _ARRAY_RULE.check("labels", labels)
    _check_labels(labels, classes)
    return np.eye(classes, dtype=dtype)[labels]


@dataclass(frozen=True)
class SoftmaxCrossEntropy(Loss):
    r"""The negative log-likelihood of the correct class, with optional label smoothing.

    .. math:: L = -\frac1N \sum_n \sum_c t_{nc} \log p_{nc}, \quad p = softmax(z), \quad
              dz = \frac{p - t}{N}

    where t is one-hot or, with smoothing s, 1 - s + s/C for the correct class and s/C elsewhere.

    Args:
        label_smoothing: Smoothing s, 0 <= s < 1; 0 by default.

    References:
        Szegedy et al., "Rethinking the Inception architecture" (CVPR 2016), for the smoothing.
    """

    label_smoothing: FractionBelowOne = 0.0

    def __call__(self, logits: Array, labels: Array) -> tuple[float, Array]:
        """Return (L, dz)."""
        check_batch(logits, labels)
        n, classes = logits.shape
        log_p = log_softmax(logits)
        correct = (np.arange(n), labels)
        s = self.label_smoothing
        loss = -(1 - s) * log_p[correct].mean()
        dlogits = np.exp(log_p)
        dlogits[correct] -= 1 - s
        if s:  # not for s = 0, since log_p may contain -inf, and 0 * inf is NaN
            loss -= s * log_p.mean()
            dlogits -= s / classes
        dlogits *= 1 / n
        return float(loss), dlogits


@dataclass(frozen=True)
class MeanSquaredError(Loss):
    r"""The mean squared difference between the outputs and the one-hot labels.

    .. math:: L = \frac{1}{NC} \sum_{nc} (z_{nc} - t_{nc})^2, \quad dz = \frac{2}{NC}(z - t)

    The outputs are compared directly; no softmax is applied.
    """

    def __call__(self, logits: Array, labels: Array) -> tuple[float, Array]:
        """Return (L, dz)."""
        check_batch(logits, labels)
        error = logits.copy()
        error[np.arange(len(logits)), labels] -= 1
        return float(np.mean(error * error)), error * (2 / error.size)
