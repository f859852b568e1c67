"""Answers: what a trained network says to held-out images, digit by digit."""

import numpy as np

from tenfold.doctor.finding import Finding
from tenfold.doctor.remedy import DISTORT, with_settings
from tenfold.evaluation import confusion_matrix, wilson_interval
from tenfold.nn.array import Array

__all__ = ["one_answer", "weak_digit"]

_ONE = 0.5  # share of one answer from which on it is suspicious
_WORSE = 0.05  # accuracy that a digit must lack, beyond the intervals


def one_answer(labels: Array, predicted: Array, command: str) -> Finding | None:
    """Return a finding if more than half of the answers are one digit, and the labels are not.

    Args:
        labels: (N,). ``predicted``: (N,).
        command: what trains the network; the remedy adds to it.
    """
    n = len(predicted)
    counts = np.bincount(predicted, minlength=10)
    digit, share = int(counts.argmax()), counts.max() / max(n, 1)
    right = float((labels == digit).mean()) if n else 0.0
    if share <= max(_ONE, 2 * right):
        return None
    return Finding(
        "one-answer",
        "serious",
        f"the network answers {digit} to nearly everything",
        f"{counts[digit]:,} of {n:,} answers are {digit}, and {right:.1%} of the labels; "
        f"{np.count_nonzero(counts)} different answers were given",
        "the network is dead or its learning rate was too high, so that only the biases of the "
        "last layer learned; or one digit makes up nearly all that it learned from",
        with_settings(command, "activation=LeakyReLU", "max_norm=1"),
    )


def weak_digit(labels: Array, predicted: Array, command: str) -> Finding | None:
    """Return a finding if one digit is read far worse than the others together.

    By more than five points, and so that the 95 % intervals do not meet. Arguments as above.
    """
    matrix = confusion_matrix(labels.astype(np.int64), predicted.astype(np.int64))
    right, counts = np.diag(matrix), matrix.sum(axis=1)
    present = np.flatnonzero(counts)
    if len(present) < 2:
        return None
    digit = int(min(present, key=lambda d: right[d] / counts[d]))
    rest = int(right.sum() - right[digit]), int(counts.sum() - counts[digit])
    own, others = right[digit] / counts[digit], rest[0] / rest[1]
    _, high = wilson_interval(int(right[digit]), int(counts[digit]))
    low, _ = wilson_interval(*rest)
    if high >= low or others - own <= _WORSE:
        return None
    mistakes = matrix[digit].copy()
    mistakes[digit] = 0
    return Finding(
        "weak-digit",
        "warning",
        f"digit {digit} is read far worse than the others",
        f"{own:.1%} of {counts[digit]:,} images, {others:.1%} of the others; it is taken for "
        f"{int(mistakes.argmax())} {int(mistakes.max()):,} times",
        f"there are few images of {digit} to learn from, some bear a wrong label, or it is written "
        f"in ways that come close to {int(mistakes.argmax())}",
        with_settings(command, *DISTORT),
    )
