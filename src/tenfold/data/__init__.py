"""Images and labels in.

In reading order: ``dataset`` (the shape of all data), ``mnist`` (bundled), then the readers ``idx``
and ``idx_files``, ``kaggle`` and ``csv_table``, ``npz``, ``picture`` and ``folder``, with ``load``
in front of them, which sees from the content what a path holds. ``orientation`` and ``background``
recognise images that lie or look the wrong way, ``splits`` holds a part out, ``augment``
distorts at random, ``distortions`` by degrees and ``corruptions`` as MNIST-C does, ``info``
examines, and ``overlap`` finds images that two data sets share.
"""

from tenfold.data.dataset import CLASSES, Dataset, MissingPartError, Part
from tenfold.data.duplicates import overlap, overlapping
from tenfold.data.examination import DataReport, examine
from tenfold.data.folder import read_folder
from tenfold.data.idx import read_idx
from tenfold.data.kaggle import (
    kaggle_split,
    read_kaggle_csv,
    read_submission,
    write_kaggle,
    write_submission,
)
from tenfold.data.load import load_dataset, load_parts
from tenfold.data.mnist import load_mnist
from tenfold.data.npz import read_npz
from tenfold.data.picture import read_image
from tenfold.data.splits import folds, hold_out

__all__ = [
    "CLASSES",
    "DataReport",
    "Dataset",
    "MissingPartError",
    "Part",
    "examine",
    "folds",
    "hold_out",
    "kaggle_split",
    "load_dataset",
    "load_mnist",
    "load_parts",
    "overlap",
    "overlapping",
    "read_folder",
    "read_idx",
    "read_image",
    "read_kaggle_csv",
    "read_npz",
    "read_submission",
    "write_kaggle",
    "write_submission",
]
