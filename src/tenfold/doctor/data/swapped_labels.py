"""Swapped labels: each label consistently stands for another digit."""

from dataclasses import dataclass

import numpy as np

from tenfold.data import CLASSES
from tenfold.doctor.data.labels import MIN_AGREEMENT, LabelCheck
from tenfold.doctor.data.reference_model import ReferencePredictions
from tenfold.doctor.finding import Finding
from tenfold.nn.array import Array

__all__ = ["ShiftedLabels", "SwappedLabels"]

_MIN_PER_LABEL = 5  # least number of confident predictions to find out what a label stands for


class ShiftedLabels(LabelCheck):
    """Check for labels that are all too high by the same number, such as 1."""

    name = "labels-shifted"
    looks_for = "shifted labels"

    def compare(
        self, predictions: ReferencePredictions, labels: Array, where: str
    ) -> Finding | None:
        """Return a finding if label k + c stands for digit k, with the same c for all k."""
        relabelling = _find_relabelling(predictions, labels)
        if relabelling is None or len(relabelling.offsets) != 1:
            return None
        [offset] = relabelling.offsets
        return Finding(
            self.name,
            "serious",
            f"the labels of the {where} are shifted: label k + {offset} stands for k, modulo 10",
            relabelling.evidence,
            "digits were counted from 1 instead of 0, or from 0 instead of 1",
            f"labels = (labels - {offset}) % 10",
        )


class SwappedLabels(LabelCheck):
    """Check for labels that stand for other digits, such as 3 for 5 and 5 for 3."""

    name = "labels-swapped"
    looks_for = "swapped labels"

    def compare(
        self, predictions: ReferencePredictions, labels: Array, where: str
    ) -> Finding | None:
        """Return a finding if labels consistently stand for other digits, but are not shifted."""
        relabelling = _find_relabelling(predictions, labels)
        if relabelling is None or len(relabelling.offsets) == 1:
            return None
        meaning = relabelling.meaning.tolist()
        rule = ", ".join(f"{k} has the label {i}" for i, k in enumerate(meaning) if k != i)
        return Finding(
            self.name,
            "serious",
            f"the labels of the {where} are swapped: {rule}",
            relabelling.evidence,
            "folders or names of classes were mixed up",
            f"labels = np.array({meaning})[labels]",
        )


@dataclass(frozen=True)
class _Relabelling:
    """A rule that explains the labels.

    Attributes:
        meaning: The digit that each label stands for, (10,).
        offsets: The differences label - digit, modulo 10, of all labels whose meaning is known.
        evidence: Agreement of labels and predictions without and with the rule.
    """

    meaning: Array
    offsets: set[int]
    evidence: str


def _find_relabelling(predictions: ReferencePredictions, labels: Array) -> _Relabelling | None:
    """Return the rule that explains the labels.

    It is None if each label stands for itself, or if the rule explains less than 80% of the labels.
    """
    confident, identity = predictions.confident, np.arange(CLASSES)
    labelled, predicted = labels[predictions.indices][confident], predictions.digits[confident]
    table = np.zeros((CLASSES, CLASSES), int)
    np.add.at(table, (labelled, predicted), 1)
    known = table.sum(axis=1) >= _MIN_PER_LABEL
    clear = known & (2 * table.max(axis=1) > table.sum(axis=1))
    meaning = np.where(clear, table.argmax(axis=1), identity)
    before, after = (
        float((labelled == predicted).mean()),
        float((meaning[labelled] == predicted).mean()),
    )
    # Below 80%, the labels belong to other images, so that ``meaning`` is the result of chance.
    if (meaning == identity).all() or after < MIN_AGREEMENT:
        return None
    evidence = (
        f"{before:.1%} of {len(labelled):,} labels match the bundled model's predictions; with "
        f"this rule, {after:.1%}"
    )
    return _Relabelling(meaning, set(((identity - meaning)[known] % CLASSES).tolist()), evidence)
