"""Runs that are no better than a guess, and the likely cause."""

import math

import numpy as np

from tenfold.data import CLASSES
from tenfold.nn.arguments import checked
from tenfold.runs.predictions import PartPredictions, read_predictions
from tenfold.runs.results import PartMetrics
from tenfold.runs.run import Run

__all__ = ["chance_cause"]

# Even on few images, a run is better if its accuracy is more than this many times that of a guess,
# or if its error rate is less than that of a guess divided by this number.
_MARGIN = 1.5
_SKEWED = 0.5  # if the most common digit has a larger share, the others are hardly learned
_FEW_PER_CLASS = 10  # fewer training images per class, on average, are too few
_ONE_DIGIT = 0.95  # if a larger share of predictions is one digit, the network ignores its images
_LARGE_LOSS = 2.0  # a loss is large if it exceeds that of an untrained network by this factor


@checked
def chance_cause(run: Run) -> str | None:
    """Return the likely cause if a finished run is no better than a guess; None if it is better.

    A guess predicts the most common digit for every image. A run is no better than a guess if the
    95% interval of its accuracy is not above the accuracy of the guess. Both are measured on the
    test images of the run; if it has none, on the validation images; if it has neither, on the
    training images. But a run always counts as better if it has more than 1.5 times the accuracy of
    the guess, or less than two thirds of the errors of the guess.

    Raises:
        TenfoldError: If a file of the run is damaged.
    """
    results, predictions = run.results(), read_predictions(run)
    part = results.test or results.validation or results.train
    guess = _guess(part, predictions)
    if not _is_chance(part, guess):
        return None
    if _SKEWED < guess <= part.interval95[1]:
        return f"{guess:.0%} of the images have the same label, so others are hardly learned"
    if results.train.n < _FEW_PER_CLASS * CLASSES:
        n = results.train.n
        return f"too few training images ({n} image{'s' * (n > 1)})"
    rate = f"the learning rate ({run.recipe.schedule.learning_rate:g})"
    losses = [row["train_loss"] for row in run.records()]
    large = _LARGE_LOSS * math.log(len(run.recipe.class_names))
    if max(losses[-1:], default=0) > large:
        return f"{rate} is too high"
    if _is_one_digit(predictions):
        return f"{rate} is too high or too low: the network gives nearly all images the same digit"
    if not _is_chance(results.train, 1 / CLASSES):
        return "the held-out images have wrong labels, or differ in kind from the training images"
    return f"{rate} or the number of epochs is too low, or the labels do not belong to the images"


def _guess(part: PartMetrics, predictions: PartPredictions | None) -> float:
    """Return the accuracy of a guess; 0.1 if there are no predictions with their labels."""
    if predictions is None or len(predictions.labels) != part.n:
        return 1 / CLASSES
    return float(np.bincount(predictions.labels).max()) / part.n


def _is_chance(part: PartMetrics, guess: float) -> bool:
    few_correct = part.accuracy <= _MARGIN * guess
    many_wrong = _MARGIN * (1 - part.accuracy) >= 1 - guess
    return part.interval95[0] <= guess and few_correct and many_wrong


def _is_one_digit(predictions: PartPredictions | None) -> bool:
    if predictions is None:
        return False
    return bool(np.bincount(predictions.predicted).max() > _ONE_DIGIT * len(predictions.predicted))
