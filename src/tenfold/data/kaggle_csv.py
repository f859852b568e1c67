"""The files of Kaggle's Digit Recognizer competition: train.csv and test.csv."""

from pathlib import Path

import numpy as np

from tenfold.data.archives import is_archive, unpacked
from tenfold.data.arrays import SIDE
from tenfold.data.csv_images import find_csv, read_csv
from tenfold.data.csv_table import format_table
from tenfold.data.dataset import Dataset, MissingPartError, Part
from tenfold.data.format import Source
from tenfold.data.input_files import PathLike
from tenfold.data.other_formats import OTHER_FORMATS
from tenfold.files import atomic_file
from tenfold.nn.arguments import checked

__all__ = ["read_kaggle_csv", "write_kaggle_csv"]

_PIXELS = SIDE * SIDE
_NAMES = [f"pixel{i}" for i in range(_PIXELS)]


@checked
def read_kaggle_csv(path: PathLike, part: Part = "train") -> Dataset:
    """Return the images of a train.csv (with labels) or test.csv (without labels).

    The header is ``label,pixel0,...,pixel783`` or ``pixel0,...,pixel783``. ``read_csv`` lists the
    other dialects that are read. 42,000 rows take less than a second.

    Args:
        path: Path of the file, which may be gzipped, or of a folder or the competition's zip
            archive that contains it.
        part: The file to read from an archive or a folder that has both.

    Raises:
        TenfoldError: If the file is missing, if its columns are not those of 28 x 28 images, or if
            it has no rows or a wrong cell; the message gives the line and column of the first one.
    """
    source = Source(Path(path))
    if source.is_folder:
        return _read_from(source, part)
    if source.exists and is_archive(source):
        with unpacked(source.path) as folder:
            return _read_from(Source(folder), part)
    for other in OTHER_FORMATS if source.exists else ():
        if other.recognise(source, part):
            raise other.refusal(source.path)
    return read_csv(path)


def _read_from(source: Source, part: Part) -> Dataset:
    found = find_csv(source, part)
    if found is None:
        raise MissingPartError(f"{source.path} contains no {part}.csv: give the path of the file.")
    return read_csv(found)


def write_kaggle_csv(path: PathLike, dataset: Dataset) -> None:
    """Write images as a train.csv, or as a test.csv if the data set is unlabelled.

    Args:
        path: Path of the file.
        dataset: Images (N, 28, 28, 1) with or without labels.

    Raises:
        TenfoldError: If the file cannot be written.
    """
    names, table = _NAMES, dataset.images.reshape(len(dataset), _PIXELS)
    if dataset.labels is not None:
        names = ["label", *names]
        table = np.column_stack([dataset.labels.astype(np.uint8), table])
    with atomic_file(path) as file:
        file.write(f"{','.join(names)}\n".encode())
        for piece in format_table(table):
            file.write(piece)
