"""Checks of the predictions for held-out images: one digit for most images, and a weak digit."""

import numpy as np

from tenfold.doctor.check import Check
from tenfold.doctor.finding import Finding
from tenfold.doctor.fix import DISTORTIONS, with_settings
from tenfold.doctor.run.case import RECIPE_FAULTS, RunCase
from tenfold.evaluation import confusion_matrix, metrics_per_class, wilson_interval

__all__ = ["OneDigit", "WeakDigit"]

_HALF = 0.5  # largest normal share of one digit among the predictions
_WORSE = 0.05  # a digit is weak if its accuracy is lower than the others' by more than this


class OneDigit(Check[RunCase]):
    """Check for one digit that is predicted for more than half of the images."""

    name = "one-answer"
    looks_for = "one digit predicted for more than half of the images"
    explained_by = RECIPE_FAULTS

    def run(self, case: RunCase) -> Finding | None:
        """Return a finding if one digit is more than half of the predictions.

        It must also be predicted more than twice as often as it occurs among the labels.
        """
        if case.predictions is None or not len(case.predictions.predicted):
            return None
        labels, predicted = case.predictions.labels, case.predictions.predicted
        n, counts = len(predicted), np.bincount(predicted, minlength=case.predictions.classes)
        index, share = int(counts.argmax()), counts.max() / n
        digit, label_share = (
            case.predictions.class_name_in_text(index),
            float((labels == index).mean()),
        )
        if share <= max(_HALF, 2 * label_share):
            return None
        return Finding(
            self.name,
            "serious",
            f"the network predicts {digit} for more than half of the images",
            f"{counts[index]:,} of {n:,} predictions are {digit}, and {label_share:.1%} of the "
            f"labels; the predictions include {np.count_nonzero(counts)} of the "
            f"{len(counts)} classes",
            "the network is dead or its learning rate was too high, so that only the biases of the "
            f"last layer learned; or most training images are labelled {digit}",
            with_settings(case.command, "activation=LeakyReLU", "max_norm=1"),
        )


class WeakDigit(Check[RunCase]):
    """Check for one digit that is recognised far worse than the others."""

    name = "weak-digit"
    looks_for = "a digit that is recognised far worse than the others"
    explained_by = RECIPE_FAULTS | {"one-answer"}

    def run(self, case: RunCase) -> Finding | None:
        """Return a finding if one digit's accuracy is over 5 percentage points below the others'.

        The 95% intervals of the two accuracies must not overlap.
        """
        if case.predictions is None:
            return None
        predictions = case.predictions
        matrix = confusion_matrix(predictions.labels, predictions.predicted, predictions.classes)
        counts, correct = matrix.sum(axis=1), np.diag(matrix)
        present = np.flatnonzero(counts)
        if len(present) < 2:
            return None
        digit = int(present[metrics_per_class(matrix).recall[present].argmin()])
        rest = int(correct.sum() - correct[digit]), int(counts.sum() - counts[digit])
        accuracy, others = correct[digit] / counts[digit], rest[0] / rest[1]
        _, high = wilson_interval(int(correct[digit]), int(counts[digit]))
        low, _ = wilson_interval(*rest)
        if high >= low or others - accuracy <= _WORSE:
            return None
        mistakes = np.where(np.arange(len(counts)) == digit, 0, matrix[digit])
        confused, name = (
            predictions.class_name_in_text(int(mistakes.argmax())),
            predictions.class_name_in_text(digit),
        )
        return Finding(
            self.name,
            "warning",
            f"{'digit ' if name.isdigit() else ''}{name} is recognised far worse than the others",
            f"{accuracy:.1%} of {counts[digit]:,} images are predicted correctly, {others:.1%} of "
            f"the others; most often it is predicted as {confused} ({mistakes.max():,} times)",
            f"there are few training images of {name}, some have a wrong label, or some look like "
            f"{confused}",
            with_settings(case.command, *DISTORTIONS),
        )
