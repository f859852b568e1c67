"""Shuffled labels: wrong labels that follow no rule."""

import numpy as np

from tenfold.data import CLASSES
from tenfold.doctor.data.labels import LabelCheck
from tenfold.doctor.data.reference_model import ReferencePredictions
from tenfold.doctor.finding import Finding
from tenfold.evaluation import wilson_interval
from tenfold.nn.array import Array

__all__ = ["ShuffledLabels"]

_WARNING, _SERIOUS = 0.03, 0.1  # least shares of wrong labels for a warning, a serious finding
_ALL = 0.9  # if a larger share of the labels is shuffled, all count as shuffled


class ShuffledLabels(LabelCheck):
    """Check for wrong labels that follow no rule."""

    name = "labels-shuffled"
    looks_for = "wrong labels"
    explained_by = LabelCheck.explained_by | {
        "labels-shifted",
        "labels-swapped",
        "labels-misaligned",
    }

    def compare(
        self, predictions: ReferencePredictions, labels: Array, where: str
    ) -> Finding | None:
        """Return a finding if the 95% interval of the share of wrong labels is above 3%."""
        confident = predictions.confident
        labelled, predicted = labels[predictions.indices][confident], predictions.digits[confident]
        n, wrong = len(labelled), int((labelled != predicted).sum())
        low, high = wilson_interval(wrong, n)
        if low < _WARNING:
            return None
        shuffled = _shuffled_share(labelled, predicted)
        unrelated = shuffled > _ALL
        return Finding(
            self.name,
            "serious" if low > _SERIOUS else "warning",
            f"the labels of the {where} are unrelated to the images"
            if unrelated
            else f"about {wrong / n:.0%} of the labels of the {where} are wrong",
            f"{wrong:,} of {n:,} labels ({low:.1%} to {high:.1%}) contradict confident predictions "
            f"of the bundled model (MNIST: below 0.1%), as many as if {shuffled:.0%} of all labels "
            "had been shuffled; neither a shift nor swapped labels explain it",
            "images were put in another order than their labels"
            if unrelated
            else "part of the labels was typed, joined or shuffled separately from the images",
            "from tenfold.doctor import label_agreement; keep = label_agreement(images, labels); "
            "images, labels = images[keep], labels[keep]",
        )


def _shuffled_share(labelled: Array, predicted: Array) -> float:
    """Return the share s of all labels that must be shuffled to give this many wrong ones.

    Of shuffled labels, the share c is correct by chance (a tenth if all digits are equally
    frequent), so that s * (1 - c) of all labels are wrong.
    """
    n = len(labelled)
    counts = (np.bincount(digits, minlength=CLASSES) for digits in (labelled, predicted))
    chance = float(np.dot(*counts) / n**2)
    return min(1.0, float((labelled != predicted).mean()) / max(1 - chance, 0.1))
