"""Losses: how wrong the network is, and in which direction it should move.

A loss is called with (logits, labels) and returns (mean loss, dlogits). It is fused: the softmax
and its gradient are computed together, stably, so there is no Softmax layer with a hidden
contract. ``softmax`` for display is a plain function.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np

from tenfold.nn.array import Array
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


class Loss(Describable, ABC):
    """A scalar to make small, averaged over the batch."""

    @abstractmethod
    def __call__(self, logits: Array, labels: Array) -> tuple[float, Array]:
        """Return (mean loss, dlogits): logits (N, C), labels (N,) integers, dlogits (N, C).

        Raises:
            ValueError: if the batch is empty, or the labels are not N numbers from 0 to C - 1.
        """


def check_batch(logits: Array, labels: Array) -> None:
    """Raise ValueError unless there is at least one row of logits and a label for each.

    It costs microseconds. Without it labels of a wrong shape would broadcast, and negative ones
    count from the end, to a wrong loss that nobody sees.
    """
    if logits.ndim != 2 or not logits.size:
        raise ValueError(
            f"a loss needs logits (N, C) of at least one image, not the shape {logits.shape}"
        )
    if labels.shape != logits.shape[:1]:
        raise ValueError(
            f"logits {logits.shape} need labels of shape ({len(logits)},), not {labels.shape}"
        )
    _check_labels(labels, logits.shape[1])


def _check_labels(labels: Array, classes: int) -> None:
    if labels.dtype.kind not in "iu":
        raise ValueError(f"labels are whole numbers, not {labels.dtype}")
    if labels.size and not 0 <= labels.min() <= labels.max() < classes:
        raise ValueError(
            f"labels of {classes} classes are from 0 to {classes - 1}, "
            f"not {labels.min()} to {labels.max()}"
        )


def log_softmax(logits: Array) -> Array:
    """Return log(softmax(logits)) over the last axis: z - max - log(sum(exp(z - max))).

    Subtracting each row's own maximum changes nothing and keeps exp from overflowing.
    """
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def softmax(logits: Array) -> Array:
    """Return exp(z) / sum(exp(z)) over the last axis: probabilities that sum to 1."""
    exponentials = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


def one_hot(labels: Array, classes: int, dtype: np.dtype | type = np.float32) -> Array:
    """Return (N, classes): row n is 0 but for a 1 at labels[n].

    Raises:
        ValueError: if a label is not a whole number from 0 to classes - 1.
    """
    _check_labels(labels, classes)
    return np.eye(classes, dtype=dtype)[labels]


@dataclass(frozen=True)
class SoftmaxCrossEntropy(Loss):
    r"""The negative log-likelihood of the right class, with optional label smoothing.

    .. math:: L = -\frac1N \sum_n \sum_c t_{nc} \log p_{nc}, \quad p = softmax(z), \quad
              dz = \frac{p - t}{N}

    where t is one-hot, or with smoothing s: 1 - s + s/C for the right class and s/C elsewhere.

    Args:
        label_smoothing: s, 0 <= s < 1. Szegedy et al., "Rethinking the Inception architecture"
            (CVPR 2016).
    """

    label_smoothing: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.label_smoothing < 1:
            raise ValueError(f"label smoothing is from 0 to below 1, not {self.label_smoothing}")

    def __call__(self, logits: Array, labels: Array) -> tuple[float, Array]:
        """Return (L, dz)."""
        check_batch(logits, labels)
        n, classes = logits.shape
        log_p = log_softmax(logits)
        right = (np.arange(n), labels)
        s = self.label_smoothing
        loss = -(1 - s) * log_p[right].mean()
        dlogits = np.exp(log_p)
        dlogits[right] -= 1 - s
        if s:  # a logit may be -inf, and 0 * inf is no number
            loss -= s * log_p.mean()
            dlogits -= s / classes
        dlogits *= 1 / n
        return float(loss), dlogits


@dataclass(frozen=True)
class MeanSquaredError(Loss):
    r"""The mean squared distance between the outputs and the one-hot labels.

    .. math:: L = \frac{1}{NC} \sum_{nc} (z_{nc} - t_{nc})^2, \quad dz = \frac{2}{NC}(z - t)

    The outputs are compared as they are: no softmax is applied.
    """

    def __call__(self, logits: Array, labels: Array) -> tuple[float, Array]:
        """Return (L, dz)."""
        check_batch(logits, labels)
        error = logits.copy()
        error[np.arange(len(logits)), labels] -= 1
        return float(np.mean(error * error)), error * (2 / error.size)
