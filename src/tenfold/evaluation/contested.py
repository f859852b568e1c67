"""Disputed labels: images of MNIST's test set whose label most people did not confirm.

Five people checked each of the hundred test images whose label a network doubted most. For fifteen
of these images, fewer than three of the five confirmed the label. A network that predicts such a
label has learned what an annotator wrote down, not what the image shows.

References:
    Northcutt, Athalye and Mueller, "Pervasive label errors in test sets destabilize machine
    learning benchmarks" (NeurIPS 2021), and the answers that they published.
"""

from typing import Any

import numpy as np

from tenfold.data import Dataset
from tenfold.evaluation.intervals import accuracy_with_interval
from tenfold.evaluation.scoring import Score
from tenfold.nn.arguments import checked

__all__ = ["CONTESTED", "uncontested"]

CONTESTED = (
    *(947, 1621, 1901, 2130, 2462, 2597, 2654, 3520),
    *(3558, 5937, 6651, 6783, 8527, 9679, 9729),
)
"""Indices of the images with a disputed label among MNIST's 10,000 test images, from 0."""

# The fingerprint of MNIST's test set, see ``Dataset.fingerprint``.
_MNIST_TEST = "4288dd7ae35407f54eae23da71188f7b737eabce8798cf60c7a2f4bf8f15da1e"


@checked
def uncontested(score: Score, dataset: Dataset) -> dict[str, Any] | None:
    """Return the accuracy on the test images without disputed labels.

    Args:
        score: Score on ``dataset``.
        dataset: Any dataset. MNIST's test set is recognised by its content.

    Returns:
        ``accuracy``, ``n``, ``correct`` and ``interval95`` as plain data; None if the dataset is
        not MNIST's test set.
    """
    if len(dataset) != 10_000 or dataset.fingerprint != _MNIST_TEST:
        return None
    correct = np.delete(score.predicted == score.labels, CONTESTED)
    return accuracy_with_interval(int(correct.sum()), len(correct))
