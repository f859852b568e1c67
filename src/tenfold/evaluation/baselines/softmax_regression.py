"""Softmax regression: a linear classifier, trained by gradient descent."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from tenfold.data import CLASSES, Dataset
from tenfold.evaluation.baselines.base import Baseline, as_rows, training_arrays
from tenfold.nn import SoftmaxCrossEntropy, stream
from tenfold.nn.arguments import check_fields
from tenfold.nn.array import Array
from tenfold.nn.constraints import Positive, Size
from tenfold.threads import limit_threads

__all__ = ["SoftmaxRegression"]


@dataclass
class SoftmaxRegression(Baseline):
    r"""Predicts the class with the largest z = x W + b; of equal ones, the smallest digit.

    .. math:: W \leftarrow W - \eta\, x^T dz, \qquad b \leftarrow b - \eta \sum_n dz_n, \qquad
              dz = \frac{softmax(z) - t}{N}

    for batches of N images x with pixels from 0 to 1, in a new random order in each epoch. The
    learning rate falls linearly to 0 over all steps, so that W and b converge. They start at 0:
    the problem is convex, and there is no symmetry to break.

    Args:
        epochs: Number of passes over the images, at least 1. Default 20.
        batch_size: Number of images per step, at least 1; all if there are fewer. Default
            100.
        learning_rate: Learning rate of the first step, above 0. Default 0.5.
        seed: Random seed of the order, 0 to 2**64 - 1. Default 0.

    Raises:
        ValueError: If an argument is out of its range.

    Attributes:
        weight: W, (F, classes) float32.
        bias: b, (classes,) float32.

    References:
        Bishop, "Pattern Recognition and Machine Learning" (2006), 4.3.4.
    """

    epochs: Size = 20
    batch_size: Size = 100
    learning_rate: Positive = 0.5
    seed: int = 0

    def __post_init__(self) -> None:
        check_fields(self)

    def fit(self, dataset: Dataset) -> Self:
        """Minimise the mean cross-entropy."""
        pixels, labels, _ = training_arrays(dataset)
        loss, n = SoftmaxCrossEntropy(), len(labels)
        self.weight = np.zeros((pixels.shape[1], CLASSES), np.float32)
        self.bias = np.zeros(CLASSES, np.float32)
        starts = range(0, n, self.batch_size)
        step, steps = 0, self.epochs * len(starts)
        with limit_threads(1):  # for products so small, more threads are slower
            for epoch in range(self.epochs):
                order = stream(self.seed, "softmax regression", epoch).permutation(n)
                for start in starts:
                    chosen = order[start : start + self.batch_size]
                    x = pixels[chosen] * np.float32(1 / 255)
                    _, dz = loss(x @ self.weight + self.bias, labels[chosen])
                    rate = np.float32(self.learning_rate * (1 - step / steps))
                    self.weight -= rate * (x.T @ dz)
                    self.bias -= rate * dz.sum(axis=0)
                    step += 1
        return self

    def predict(self, images: Array) -> Array:
        """Return the class with the largest z."""
        x = as_rows(images) * np.float32(1 / 255)
        return (x @ self.weight + self.bias).argmax(axis=1)
