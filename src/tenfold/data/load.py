"""Load a data set from any path: a loop over the known formats.

To add a format, write its reader and its ``Format`` in a module of its own, add the ``Format`` to
``FORMATS`` here, and export the reader in ``tenfold/data/__init__.py``.
"""

from pathlib import Path

from tenfold.data.dataset import Dataset, MissingPartError, Part
from tenfold.data.format import Format, Source
from tenfold.data.idx_files import IDX_FILE, IDX_FOLDER
from tenfold.data.input_files import PathLike
from tenfold.data.kaggle_csv import CSV_FILE, KAGGLE_FOLDER
from tenfold.data.mnist import check_part
from tenfold.data.npz import NPZ_FILE
from tenfold.data.orientation import set_upright
from tenfold.data.picture_folders import PICTURE_FILE, PICTURE_FOLDERS
from tenfold.errors import TenfoldError

__all__ = ["FORMATS", "load_dataset", "load_parts"]

FORMATS: tuple[Format, ...] = (
    IDX_FOLDER,
    KAGGLE_FOLDER,
    PICTURE_FOLDERS,
    IDX_FILE,
    NPZ_FILE,
    PICTURE_FILE,
    CSV_FILE,  # last: any other file is read as text
)
"""The known formats. The first that recognises a source reads it."""


def load_dataset(path: PathLike, part: Part = "train") -> Dataset:
    """Return the data set in a file or folder. The format is detected from the content.

    A folder contains MNIST's IDX files (also EMNIST's and QMNIST's), or Kaggle's ``train.csv`` and
    ``test.csv``, or subfolders "0" to "9" of pictures (or ``train`` and ``test`` with such
    subfolders). A file is IDX images (labels are found beside it), a Kaggle CSV or an npz archive.

    Digits that are stored transposed, as in EMNIST, are detected from the images. They are set
    upright if the name of the file or its folder contains ``emnist``, and left unchanged otherwise.
    A note in the data set says which.

    Args:
        path: Path of the file or folder.
        part: The part to load, where a source has two; a source with one part gives that one.

    Raises:
        TenfoldError: If the path does not exist, its format is not supported, or it is damaged.
    """
    check_part(part)
    source = Source(Path(path))
    found = _find_format(source, part)
    if found.read is None:
        raise TenfoldError(f"{source.path} is {found.name}, not a data set. {_supported()}")
    dataset = found.read(source.path, part)
    return set_upright(dataset, f"{source.path.parent.name} {source.path.name} {dataset.name}")


def load_parts(path: PathLike) -> tuple[Dataset, Dataset | None]:
    """Return the training data at ``path``, and the test data if there is such a part.

    The test data may be unlabelled, as Kaggle's is.

    Raises:
        TenfoldError: As ``load_dataset``.
    """
    train = load_dataset(path, "train")
    if not _find_format(Source(Path(path)), "train").has_parts:
        return train, None
    try:
        test = load_dataset(path, "test")
    except MissingPartError:
        return train, None
    return train, None if test.fingerprint == train.fingerprint else test


def _find_format(source: Source, part: Part) -> Format:
    """Return the format of a source.

    Raises:
        TenfoldError: If the path does not exist.
        MissingPartError: If no format recognises this part of the source.
    """
    if not source.exists:
        raise TenfoldError(f"there is nothing at {source.path}. {_supported()}")
    for candidate in FORMATS:
        if candidate.recognise(source, part):
            return candidate
    raise MissingPartError(
        f"the folder {source.path} contains no {part} data in a supported format. {_supported()}"
    )


def _supported() -> str:
    names = "; ".join(known.name for known in FORMATS if known.read is not None)
    return f"Supported are: {names}."
