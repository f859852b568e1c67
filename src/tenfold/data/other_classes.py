"""Data sets in MNIST's format whose classes are not the digits 0 to 9 of MNIST.

Their labels are 0 to 9, too, so the files have the same form as those of MNIST. They are read, with
a note if the name is known or the images do not resemble MNIST's digits of the same labels.
"""

import numpy as np

from tenfold.data.arrays import SIDE
from tenfold.data.dataset import Dataset
from tenfold.data.orientation import UPRIGHT, agreement
from tenfold.images import to_light_on_black

__all__ = ["note_other_classes"]

_NAMES = {
    "fashion": "Fashion-MNIST, whose labels are kinds of clothes",
    "kmnist": "Kuzushiji-MNIST, whose labels are Japanese characters",
    "kuzushiji": "Kuzushiji-MNIST, whose labels are Japanese characters",
    "kannada": "Kannada-MNIST, whose digits are of the Kannada script",
    "dig-mnist": "Kannada-MNIST, whose digits are of the Kannada script",
    "notmnist": "notMNIST, whose labels are the letters A to J",
}
_FEWEST = 50  # images needed for a decision
_AGREEMENT = 0.35  # least ``agreement``; MNIST: 0.67, with random labels: 0.45; noise: 0
_SAMPLE = 2000  # largest number of images that are compared


def note_other_classes(dataset: Dataset, path_names: str) -> Dataset:
    """Return the data, with a note if its classes are probably not MNIST's digits.

    Args:
        dataset: The data.
        path_names: Names of the file and of its folder, as one text.
    """
    known = next((what for name, what in _NAMES.items() if name in path_names.lower()), None)
    if known is not None:
        note = f"by its name this is {known}: models trained on MNIST cannot read it"
    elif _differs(dataset):
        note = (
            "the images do not resemble MNIST's digits of the same labels: check that the labels "
            "belong to the images and are digits (tenfold doctor examines this)"
        )
    else:
        return dataset
    return dataset.with_notes((*dataset.notes, note))


def _differs(dataset: Dataset) -> bool:
    """Return whether the images do not resemble MNIST's digits of the same labels."""
    images, labels = dataset.images, dataset.labels
    if len(images) < _FEWEST or labels is None or images.shape[1:3] != (SIDE, SIDE):
        return False
    chosen = np.linspace(0, len(images) - 1, min(_SAMPLE, len(images))).astype(np.intp)
    ink = to_light_on_black(images[chosen])  # wrong grey levels get another warning
    return float(agreement(ink, labels[chosen])[UPRIGHT].mean()) < _AGREEMENT
