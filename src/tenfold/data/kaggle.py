"""MNIST as files of Kaggle's Digit Recognizer competition.

The images of the competition are MNIST's 70,000, shuffled and split into 42,000 with labels and
28,000 without. So MNIST can be written as files of the same form, with the labels of the test
images in a third file, to estimate a score before submitting.
"""

from pathlib import Path

import numpy as np

from tenfold.data.dataset import Dataset
from tenfold.data.input_files import PathLike
from tenfold.data.kaggle_csv import write_kaggle_csv
from tenfold.data.mnist import load_mnist
from tenfold.data.submission import write_submission
from tenfold.files import make_folder
from tenfold.nn import stream
from tenfold.nn.arguments import checked

__all__ = ["KAGGLE_FILES", "kaggle_split", "write_kaggle"]

_TRAINING_ROWS = 42_000

KAGGLE_FILES = ("train.csv", "test.csv", "test-labels.csv")
"""Names of the files that ``write_kaggle`` writes."""


@checked
def kaggle_split(seed: int = 0) -> tuple[Dataset, Dataset]:
    """Return MNIST's 70,000 images, shuffled and split as in the competition.

    Args:
        seed: Random seed of the shuffle. The competition's own order is not known.

    Returns:
        42,000 training images and 28,000 test images, both with labels.
    """
    parts = load_mnist("train"), load_mnist("test")
    images = np.concatenate([part.images for part in parts])
    labels = np.concatenate([part.require_labels() for part in parts])
    order = stream(seed, "kaggle").permutation(len(images))
    whole = Dataset(images, labels, "MNIST, as on Kaggle")
    return whole.subset(order[:_TRAINING_ROWS]), whole.subset(order[_TRAINING_ROWS:])


@checked
def write_kaggle(folder: PathLike, seed: int = 0) -> tuple[Path, Path, Path]:
    """Write MNIST in the competition's format and return the paths of the three files.

    ``train.csv`` has 42,000 rows with labels, ``test.csv`` 28,000 rows without labels, and
    ``test-labels.csv`` the labels of the test images as (ImageId, Label), which the competition
    keeps secret.

    Args:
        folder: Folder for the files, created if missing. Files of the same names are replaced.
        seed: Random seed of the shuffle of all 70,000 images.

    Raises:
        TenfoldError: If the files cannot be written.
    """
    target = make_folder(folder)
    train, test = kaggle_split(seed)
    labelled, unlabelled, labels = (target / name for name in KAGGLE_FILES)
    write_kaggle_csv(labelled, train)
    write_kaggle_csv(unlabelled, Dataset(test.images))
    write_submission(labels, test.require_labels())
    return labelled, unlabelled, labels
