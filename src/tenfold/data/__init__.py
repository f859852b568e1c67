"""Images and labels: loading all formats, dividing a data set into splits, and checking the data.

In reading order: ``dataset`` (images of digits), ``labelled`` (labelled arrays of any shape, as
training needs them), ``mnist`` (bundled), then the formats ``idx`` and ``idx_files``;
``csv_images`` with ``csv_dialect``, ``csv_roles``, ``csv_text``, ``csv_table`` and
``csv_fractions``; ``npz`` and ``npy_files``; ``picture`` and ``picture_folders``,
``picture_labels`` and ``picture_names``. Each of these modules defines its ``Format`` (``format``);
``other_formats`` defines the formats that are recognised but not read. ``load`` tries the formats
one after the other, also inside archives (``archives``). ``kaggle``, ``kaggle_csv`` and
``submission`` write and read the files of the competition. ``arrays`` converts arrays of other
shapes and dtypes, ``input_files`` opens files, ``orientation`` detects transposed digits, and
``other_classes`` detects classes that are not MNIST's. ``splits`` divides a data set, ``faults``
finds what is wrong with it, ``examination`` describes it, and ``overlaps`` finds images that two
data sets share. ``streams`` and ``mapped`` are for data larger than memory.
"""

from typing import TYPE_CHECKING

from tenfold import lazy

if TYPE_CHECKING:
    from tenfold.data.dataset import CLASSES, Dataset, MissingPartError, Part
    from tenfold.data.examination import DataReport, examine
    from tenfold.data.idx import read_idx
    from tenfold.data.kaggle import KAGGLE_FILES, kaggle_split, write_kaggle
    from tenfold.data.kaggle_csv import read_kaggle_csv
    from tenfold.data.labelled import Examples, LabelledData
    from tenfold.data.load import load_dataset, load_parts, load_validation, recognise_file
    from tenfold.data.mnist import load_mnist
    from tenfold.data.npz import read_npz
    from tenfold.data.overlaps import overlap, overlapping
    from tenfold.data.picture import read_image
    from tenfold.data.picture_folders import read_folder
    from tenfold.data.splits import folds, hold_out
    from tenfold.data.submission import read_submission, write_submission
else:
    __getattr__, __dir__ = lazy.lazy_names(
        __name__,
        {
            "dataset": ["CLASSES", "Dataset", "MissingPartError", "Part"],
            "overlaps": ["overlap", "overlapping"],
            "examination": ["DataReport", "examine"],
            "idx": ["read_idx"],
            "kaggle": ["KAGGLE_FILES", "kaggle_split", "write_kaggle"],
            "kaggle_csv": ["read_kaggle_csv"],
            "labelled": ["Examples", "LabelledData"],
            "load": ["load_dataset", "load_parts", "load_validation", "recognise_file"],
            "mnist": ["load_mnist"],
            "npz": ["read_npz"],
            "picture": ["read_image"],
            "picture_folders": ["read_folder"],
            "splits": ["folds", "hold_out"],
            "submission": ["read_submission", "write_submission"],
        },
    )

__all__ = [
    "CLASSES",
    "KAGGLE_FILES",
    "DataReport",
    "Dataset",
    "Examples",
    "LabelledData",
    "MissingPartError",
    "Part",
    "examine",
    "folds",
    "hold_out",
    "kaggle_split",
    "load_dataset",
    "load_mnist",
    "load_parts",
    "load_validation",
    "overlap",
    "overlapping",
    "read_folder",
    "read_idx",
    "read_image",
    "read_kaggle_csv",
    "read_npz",
    "read_submission",
    "recognise_file",
    "write_kaggle",
    "write_submission",
]
