"""Misaligned labels: each image has the label of an image some positions before or after it."""

from tenfold.doctor.data.labels import MIN_AGREEMENT, MIN_CONFIDENT, LabelCheck
from tenfold.doctor.data.reference_model import ReferencePredictions
from tenfold.doctor.finding import Finding
from tenfold.nn.array import Array

__all__ = ["MisalignedLabels"]

_FURTHEST = 10  # largest shift that is tried, in both directions
_GAIN = 0.3  # by how much the agreement must increase


class MisalignedLabels(LabelCheck):
    """Check for labels that fit the image k positions before, with the same k from -10 to 10."""

    name = "labels-misaligned"
    looks_for = "misaligned labels"
    explained_by = LabelCheck.explained_by | {"labels-shifted", "labels-swapped"}

    def compare(
        self, predictions: ReferencePredictions, labels: Array, where: str
    ) -> Finding | None:
        """Return a finding if labels agree with predictions after a shift along the file."""
        unshifted = _agreement(predictions, labels, 0)
        shifts = [k for k in range(-_FURTHEST, _FURTHEST + 1) if k and abs(k) < len(labels)]
        agreements = {k: _agreement(predictions, labels, k) for k in shifts}
        k = max(agreements, key=agreements.__getitem__, default=0)
        if not k or agreements[k] < max(MIN_AGREEMENT, unshifted + _GAIN):
            return None
        positions = f"{abs(k)} position{'s' if abs(k) > 1 else ''}"
        rest, head = f"{abs(k)}:", f":-{abs(k)}"
        first, second = (head, rest) if k > 0 else (rest, head)
        return Finding(
            self.name,
            "serious",
            f"the labels of the {where} are misaligned by {abs(k)}: image i has the label of "
            f"image i {'-' if k > 0 else '+'} {abs(k)}",
            f"{unshifted:.1%} of the labels match the bundled model's predictions; moved by "
            f"{positions}, {agreements[k]:.1%}",
            "one of the two files lost or gained a row, such as a header line",
            f"images, labels = images[{first}], labels[{second}]",
        )


def _agreement(predictions: ReferencePredictions, labels: Array, shift: int) -> float:
    """Return the share of confident predictions that equal the label ``shift`` positions later."""
    positions = predictions.indices + shift
    inside = predictions.confident & (positions >= 0) & (positions < len(labels))
    if inside.sum() < MIN_CONFIDENT:
        return 0.0
    return float((labels[positions[inside]] == predictions.digits[inside]).mean())
