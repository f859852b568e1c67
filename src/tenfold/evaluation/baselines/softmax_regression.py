"""Softmax regression: a weight for each pixel and class, found by plain gradient descent."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from tenfold.data import CLASSES, Dataset
from tenfold.evaluation.baselines.base import Baseline, as_rows, training_arrays
from tenfold.nn import SoftmaxCrossEntropy, stream
from tenfold.nn.array import Array
from tenfold.threads import limit_threads

__all__ = ["SoftmaxRegression"]


@dataclass
class SoftmaxRegression(Baseline):
    r"""Answers with the class of the largest z = x W + b, the smallest digit among equals.

    .. math:: W \leftarrow W - \eta\, x^T dz, \qquad b \leftarrow b - \eta \sum_n dz_n, \qquad
              dz = \frac{softmax(z) - t}{N}

    for batches of N images x with pixels from 0 to 1, in an order that is drawn anew for each
    epoch. The rate falls in a straight line to 0 over all updates, so that the last ones settle. W
    and b begin at 0: the problem is convex, and there is no symmetry to break.

    Args:
        epochs: passes over the images.
        batch_size: images per update; all of them if there are fewer.
        learning_rate: of the first update.
        seed: of the order.

    Attributes:
        weight: (F, classes) float32. ``bias``: (classes,) float32.

    Bishop, "Pattern Recognition and Machine Learning" (2006), 4.3.4.
    """

    epochs: int = 20
    batch_size: int = 100
    learning_rate: float = 0.5
    seed: int = 0

    def fit(self, dataset: Dataset) -> Self:
        """Descend the mean cross-entropy."""
        pixels, labels, _ = training_arrays(dataset)
        loss, n = SoftmaxCrossEntropy(), len(labels)
        self.weight = np.zeros((pixels.shape[1], CLASSES), np.float32)
        self.bias = np.zeros(CLASSES, np.float32)
        starts = range(0, n, self.batch_size)
        step, steps = 0, self.epochs * len(starts)
        with limit_threads(1):  # for small products one thread is the right number
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
