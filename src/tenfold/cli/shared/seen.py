"""Evaluation images that a model was trained on: a warning, and the images that it has not seen."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tenfold.data import Dataset
    from tenfold.models import Model
    from tenfold.nn.array import Array

__all__ = ["seen_by", "seen_warning", "unseen_part"]


def seen_by(paths: "Sequence[Path]", models: "Sequence[Model]", dataset: "Dataset") -> "Array":
    """Return which images at least one of the models was trained on: (N,) bool.

    Models whose training images are unknown, missing or changed count as having seen none.

    Args:
        paths: Where the models come from, as given by the user.
        models: The models themselves.
        dataset: The images.
    """
    import numpy as np

    from tenfold.errors import TenfoldError
    from tenfold.runs import Origin, origin_of, seen_images

    seen = np.zeros(len(dataset), bool)
    for path, model in zip(paths, models, strict=True):
        try:
            origin = origin_of(path)
        except TenfoldError:  # other files of the run are damaged; its model is not
            origin = Origin()
        found = seen_images(dataset.images, model.provenance, origin)
        if found is not None:
            seen |= found
    return seen


def seen_warning(seen: "Array") -> str | None:
    """Return the sentence about images that were used for training; None if there are none."""
    count, n = int(seen.sum()), len(seen)
    if not count:
        return None
    if count == n:
        return (
            f"all {n:,} images were used to train the model, so the result says nothing about new "
            "images; use --data with other images"
        )
    return (
        f"{count:,} of the {n:,} images were used to train the model, so the result on all of them "
        "is too good"
    )


def unseen_part(dataset: "Dataset", seen: "Array") -> "tuple[Dataset, str | None]":
    """Return the images that were not used for training, and a note if some were left out.

    If all were used, all are returned, with the warning that the result says nothing.
    """
    warning = seen_warning(seen)
    if warning is None or seen.all():
        return dataset, warning
    count, n = int(seen.sum()), len(seen)
    return dataset.subset(~seen), (
        f"{count:,} of the {n:,} images were used to train the model and are left out"
    )
