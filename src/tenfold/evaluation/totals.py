"""Accuracy and loss on any number of images, without all probabilities in memory."""

from typing import Any

import numpy as np

from tenfold.data.labelled import LabelledData
from tenfold.evaluation.intervals import accuracy_with_interval
from tenfold.evaluation.metrics import mean_surprise, ranked
from tenfold.evaluation.scoring import predicted_parts
from tenfold.models import Classifier
from tenfold.nn.array import Array

__all__ = ["totals"]


def totals(
    classifier: Classifier, dataset: LabelledData, threads: int | None = None
) -> dict[str, Any]:
    """Return ``score(classifier, dataset).to_dict()``, with only about 4 bytes of memory per image.

    Args:
        classifier: A network, a model or an ensemble.
        dataset: Labelled data.
        threads: As for ``score``.

    Raises:
        TenfoldError: As from ``score``.
        ValueError: As from ``score``.
    """
    labels = dataset.require_labels()
    true_class_probabilities: list[Array] = []
    start = correct = 0
    for probabilities in predicted_parts(classifier, dataset, threads):
        digits = labels[start : start + len(probabilities)]
        true_class_probabilities.append(probabilities[np.arange(len(digits)), digits])
        start += len(digits)
        correct += int((ranked(probabilities, 1)[:, 0] == digits).sum())
    loss = mean_surprise(np.concatenate(true_class_probabilities))
    return accuracy_with_interval(correct, len(labels)) | {"loss": loss}
