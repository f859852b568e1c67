"""Orientation: digits that are transposed, rotated or mirrored."""

import numpy as np

from tenfold.data.orientation import TRANSPOSED_POSITION, UPRIGHT, agreement, looks_transposed
from tenfold.doctor.check import Check
from tenfold.doctor.data.case import DataCase
from tenfold.doctor.data.reference_model import recognised_share
from tenfold.doctor.finding import Finding
from tenfold.nn.array import Array

__all__ = ["TransposedImages", "TurnedImages"]

_SAMPLE = 150  # number of images that are tried in other orientations
_RECOGNISED = 0.8  # an orientation is correct if at least this share of the digits is recognised
_GAIN = 0.3  # by how much the share of recognised images must increase

# How to set such images upright: the number of rotations by 90 degrees to the left, and whether to
# mirror the images left to right before the rotation. ``TransposedImages`` checks transposed ones.
_ORIENTATIONS = {
    "rotated by 90 degrees to the right": (1, False),
    "upside down": (2, False),
    "rotated by 90 degrees to the left": (3, False),
    "mirrored left to right": (0, True),
    "mirrored top to bottom": (2, True),
    "mirrored across the diagonal from lower left to upper right": (3, True),
}


class TransposedImages(Check[DataCase]):
    """Check for transposed images, as in EMNIST; they are transposed back for later checks."""

    name = "transposed-images"
    looks_for = "transposed images"

    def run(self, case: DataCase) -> Finding | None:
        """Return a finding if the images are almost certainly transposed (``looks_transposed``)."""
        images, labels = case.images, case.labels
        # The second call ignores the labels, since they may be wrong.
        if not (looks_transposed(images, labels) or looks_transposed(images)):
            return None
        correlations = agreement(images).mean(axis=1)
        given, swapped = correlations[UPRIGHT], correlations[TRANSPOSED_POSITION]
        case.correct_images(images.swapaxes(1, 2))
        return Finding(
            self.name,
            "serious",
            f"the {case.where} are transposed: mirrored across the diagonal",
            f"their correlation with MNIST's mean digits is {given:.2f} as given and "
            f"{swapped:.2f} with rows and columns swapped, the best of all "
            "eight orientations (MNIST itself: 0.67)",
            "the images are EMNIST's, or a program that wrote them swapped x and y",
            "images = np.ascontiguousarray(images.swapaxes(1, 2))",
        )


class TurnedImages(Check[DataCase]):
    """Check for images that are recognised only after a rotation or a reflection."""

    name = "turned-images"
    looks_for = "rotated or mirrored images"

    def run(self, case: DataCase) -> Finding | None:
        """Return a finding if the bundled model recognises the images in another orientation."""
        predictions = case.predictions
        if predictions is None or predictions.recognised(case.labels).mean() >= _RECOGNISED:
            return None
        n = len(case.images)
        sample = np.linspace(0, n - 1, min(_SAMPLE, n)).astype(np.intp)
        labels = None if case.labels is None else case.labels[sample]
        return _turned_finding(case.images[sample], labels, case.where)


def _turned_finding(images: Array, labels: Array | None, where: str) -> Finding | None:
    share = recognised_share(images, labels)
    if share >= _RECOGNISED:
        return None
    shares = {
        name: recognised_share(_upright(images, *turn), labels)
        for name, turn in _ORIENTATIONS.items()
    }
    name = max(shares, key=shares.__getitem__)
    if shares[name] < max(_RECOGNISED, share + _GAIN):
        return None
    turns, mirrored = _ORIENTATIONS[name]
    source = "images[:, :, ::-1]" if mirrored else "images"
    return Finding(
        "turned-images",
        "serious",
        f"the {where} are {name}",
        f"the bundled model recognises {share:.0%} of {len(images):,} images as given, and "
        f"{shares[name]:.0%} after they are set upright",
        "a scanner or a program that counts rows from the bottom, or swaps x and y",
        f"images = np.ascontiguousarray(np.rot90({source}, {turns}, axes=(1, 2)))",
    )


def _upright(images: Array, turns: int, mirrored: bool) -> Array:
    return np.rot90(images[:, :, ::-1] if mirrored else images, turns, axes=(1, 2))
