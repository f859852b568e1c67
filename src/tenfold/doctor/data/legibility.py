"""Legibility: images on which nobody would see a digit."""

import numpy as np

from tenfold.doctor.data.reference_model import Opinion
from tenfold.doctor.finding import Finding
from tenfold.nn.array import Array

__all__ = ["illegible_images"]

_LEGIBLE = 0.5  # share of images on which the witness must be sure
_MONOTONOUS = 0.8  # share of one answer from which on it is no answer
_FEWEST = 30


def illegible_images(
    opinion: Opinion, labels: Array | None = None, where: str = "images"
) -> Finding | None:
    """Return a finding if the witness is unsure of most images, or sees the same in all of them.

    On noise it is as sure as on digits, but then it always gives the same answer.

    Args:
        opinion: on at least 30 images; on fewer nothing is said.
        labels: (N,) of all images, or None.
        where: what the sentences call them.
    """
    n = len(opinion.answers)
    if n < _FEWEST:
        return None
    counts = np.bincount(opinion.answers)
    commonest, share = int(counts.argmax()), counts.max() / n
    labelled = None if labels is None else labels[opinion.places]
    same = labelled is None or float((labelled == commonest).mean()) < share / 2
    if opinion.sure.mean() >= _LEGIBLE and not (share > _MONOTONOUS and same):
        return None
    return Finding(
        "no-digits",
        "serious",
        f"most of the {where} show no digit as MNIST has them",
        f"the model that comes along is sure of {opinion.sure.mean():.0%} of {n:,} (of MNIST's: "
        f"98 %) and takes {share:.0%} for a {commonest}",
        "other things than digits, digits that are cut, tiny or beside the middle, or rows of "
        "pixels that were reshaped in another order than they were written in",
        "images = images.reshape(-1, 28, 28, 1)  # from the originals: rows first, the digit 20 "
        "pixels large, its centre of mass in the middle",
    )
