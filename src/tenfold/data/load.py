"""Load a data set from any path: a loop over the known formats.

To add a format, write the function that loads it and its ``Format`` in a module of its own, add the
``Format`` to ``FORMATS`` here, and export the function in ``tenfold/data/__init__.py``.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from tenfold.data.archives import ARCHIVE, is_archive, unpacked
from tenfold.data.contents import describe_folder
from tenfold.data.csv_images import CSV_FILE, CSV_FOLDER, has_columns, is_table
from tenfold.data.dataset import Dataset, MissingPartError, Part
from tenfold.data.format import Format, Source
from tenfold.data.idx_files import IDX_FILE, IDX_FOLDER
from tenfold.data.input_files import PathLike
from tenfold.data.label_tables import label_table_advice
from tenfold.data.mapped.folder import MAPPED_FOLDER
from tenfold.data.npy_files import NPY_FILE, NPY_FOLDER
from tenfold.data.npz import NPZ_FILE, NPZ_FOLDER, read_validation_arrays
from tenfold.data.orientation import set_upright
from tenfold.data.other_classes import note_other_classes
from tenfold.data.other_formats import OTHER_FORMATS
from tenfold.data.parts import part_of, without_validation
from tenfold.data.picture_endings import is_picture_name
from tenfold.data.picture_folders import LETTER_FOLDERS, NUMBER_FOLDERS, PICTURE_FOLDERS
from tenfold.data.picture_labels import LABELLED_PICTURES
from tenfold.data.picture_names import NAMED_PICTURES
from tenfold.data.streams.parquet import PARQUET_FILE, PARQUET_FOLDER
from tenfold.data.streams.tar import TAR_FILE
from tenfold.data.validation_part import (
    has_validation_arrays,
    note_validation,
    validation_entries,
)
from tenfold.errors import TenfoldError, missing_advice
from tenfold.files import near_path
from tenfold.nn.arguments import checked

__all__ = [
    "FORMATS",
    "find_format",
    "load_dataset",
    "load_parts",
    "load_validation",
    "opened_source",
    "recognise_file",
]

FORMATS: tuple[Format, ...] = (
    MAPPED_FOLDER,
    IDX_FOLDER,
    PICTURE_FOLDERS,
    LABELLED_PICTURES,
    CSV_FOLDER,
    NPY_FOLDER,
    NPZ_FOLDER,
    PARQUET_FOLDER,
    NAMED_PICTURES,
    LETTER_FOLDERS,
    NUMBER_FOLDERS,
    IDX_FILE,
    NPZ_FILE,
    NPY_FILE,
    TAR_FILE,
    PARQUET_FILE,
    *OTHER_FORMATS,
    ARCHIVE,
    CSV_FILE,  # last: any other file is read as text
)
"""The known formats. The first that recognises a source reads it."""

_DEPTH = 4  # levels of folders that are searched
_NO_VALIDATION = (
    "contains no validation split: name its file or folder val, valid or validation, or its arrays "
    "x_val and y_val"
)
# A subfolder with one of these names is preferred to others of its split, such as train_small.
_MAIN_NAMES = ("train", "training", "test", "testing")


@checked
def load_dataset(path: PathLike, part: Part = "train") -> Dataset:
    """Return the data set in a file or folder. The format is detected from the content.

    A folder contains MNIST's IDX files (also EMNIST's and QMNIST's), or CSV files such as Kaggle's
    ``train.csv`` and ``test.csv``, or arrays such as ``x_train.npy``, or image files. Image files
    are in subfolders named after the digits, or have a ``labels.csv`` in the same folder, or have
    the label in their names. All this may be in subfolders ``train`` and ``test``, or in the only
    subfolder. A folder may also contain Parquet files, or be written by ``tenfold data convert``. A
    file is IDX images (labels are found in the same folder), a CSV file, an npz archive, an npy
    file, a Parquet file, a tar archive of image files, or a zip archive of any of these.

    Digits that are stored transposed, as in EMNIST, are detected from the images. They are set
    upright if the name of the file or its folder contains ``emnist``, and left unchanged otherwise.
    A note of the data set states what was done.

    Args:
        path: Path of the file or folder.
        part: The split to load. Data that is not divided into splits, such as a single CSV file,
            is loaded for both.

    Raises:
        MissingPartError: If no data of the split is found.
        TenfoldError: If the path does not exist, its format is not supported, or it is damaged.
        ValueError: If an argument is not as described.
    """
    with opened_source(path) as (source, origin):
        return _load(source, part, origin)[0]


@checked
def load_parts(path: PathLike) -> tuple[Dataset, Dataset | None]:
    """Return the training data at ``path``, and the test data if there is such a split.

    The test data may be unlabelled, as Kaggle's is.

    Raises:
        TenfoldError: As from ``load_dataset``.
    """
    with opened_source(path) as (source, origin):
        train, train_format = _load(source, "train", origin)
        if not (source.is_folder or train_format.has_parts):
            return train, None
        try:
            test, test_format = _load(source, "test", origin)
        except MissingPartError:
            return train, None
    is_other_data = test_format is train_format and test.fingerprint != train.fingerprint
    return train, test if is_other_data else None


@checked
def load_validation(path: PathLike) -> Dataset:
    """Return the validation data that a source contains beside its training data.

    It is a file or folder with a name such as ``val.csv`` or ``validation``, or arrays such as
    ``x_val`` and ``y_val``. A note of the data set that ``load_dataset`` returns states its name.

    Raises:
        MissingPartError: If there is no such data, or there are several validation splits.
        TenfoldError: As from ``load_dataset``.
    """
    with opened_source(path) as (source, origin):
        found, place = find_format(source, "train")
        if found is NPZ_FILE and has_validation_arrays(place.path):
            names = f"{origin.parent.name} {origin.name} {place.path.name}"
            return note_other_classes(set_upright(read_validation_arrays(place.path), names), names)
        train = _load(source, "train", origin)[0]
        entries = validation_entries(train, source.path, place.path, _has_data)
        if len(entries) != 1:
            listed = ", ".join(str(entry.relative_to(source.path)) for entry in entries[:4])
            got = f"contains several validation splits: {listed}" if entries else _NO_VALIDATION
            raise MissingPartError(f"{origin} {got}.")
        return _load(Source(entries[0]), "train", origin)[0]


@checked
def recognise_file(path: PathLike) -> Format | None:
    """Return the format of a file of images; None for other files, also for unreadable ones.

    A text file counts as a CSV file if it has the extension of a table, or as many columns as
    images have. Formats that are not read are included; their attribute ``read`` is None.

    Args:
        path: Path of the file.
    """
    source = Source(Path(path))
    try:
        if not source.path.is_file():
            return None
        found = next(each for each in FORMATS if each.recognise(source, "train"))
        return found if found is not CSV_FILE or is_table(source) else None
    except (OSError, TenfoldError):
        return None


@contextlib.contextmanager
def opened_source(path: PathLike) -> Iterator[tuple[Source, Path]]:
    """Yield the source at a path (for a zip archive, its unpacked folder), and the path.

    Raises:
        TenfoldError: If there is nothing at the path, or an archive cannot be unpacked.
    """
    source = Source(Path(path))
    if not source.exists:
        if source.is_link:
            raise TenfoldError(f"{source.path} is a link that leads to no file: correct it.")
        advice = missing_advice(path)
        if source.path.name.lower() == "mnist":
            advice = "MNIST is part of the package: use load_mnist()."
        advice = advice or near_path(path) or _supported()
        raise TenfoldError(f"there is nothing at {source.path}. {advice}")
    if is_archive(source):
        with unpacked(source.path) as folder:
            yield Source(folder), source.path
    else:
        yield source, source.path


def _load(source: Source, part: Part, origin: Path) -> tuple[Dataset, Format]:
    """Return the data in a source, and its format.

    Args:
        source: The source.
        part: The split to load.
        origin: Path that the user gave; for an archive, not the folder into which it is unpacked.

    Raises:
        TenfoldError: If the format is not supported, or the data is damaged.
    """
    found, place = find_format(source, part)
    if found.read is None:
        raise found.refusal(place.path)
    dataset = found.read(place.path, part)
    names = f"{origin.parent.name} {origin.name} {place.path.name} {dataset.name}"
    dataset = note_other_classes(set_upright(dataset, names), names)
    return note_validation(dataset, source.path, place.path, origin, _has_data), found


def _has_data(path: Path) -> bool:
    """Return whether there seems to be data in a supported format at a path."""
    try:
        found = _search(Source(path), "train", _DEPTH)
    except TenfoldError:  # such as two files that could be meant
        return True
    if found is None or found[0].read is None:
        return False
    return found[0] is not CSV_FILE or has_columns(found[1])


def find_format(source: Source, part: Part) -> tuple[Format, Source]:
    """Return the format of a source, and the folder or file inside it that has this format.

    Raises:
        MissingPartError: If no format recognises this split in the source.
        TenfoldError: If several folders in the source contain this split.
    """
    found = _search(source, part, _DEPTH)
    if found is None:
        raise MissingPartError(
            f"the folder {source.path} contains no {part} data in a supported format. "
            f"{describe_folder(source.path)} {_advice(source)}"
        )
    return found


def _search(source: Source, part: Part, depth: int) -> tuple[Format, Source] | None:
    """Return what ``find_format`` returns; None if no format recognises the split."""
    known = next((each for each in FORMATS if each.recognise(source, part)), None)
    if known is not None:
        return known, source
    if not depth:
        return None
    found = [hit for one in _inside(source, part) if (hit := _search(one, part, depth - 1))]
    found = [hit for hit in found if hit[0] is not CSV_FILE]  # such as a lone README
    if len(found) > 1:
        names = ", ".join(str(hit[1].path.relative_to(source.path)) for hit in found[:4])
        raise TenfoldError(
            f"{source.path} contains several folders of {part} data: {names}. Give the path of one."
        )
    return found[0] if found else None


def _inside(source: Source, part: Part) -> list[Source]:
    """Return where else to look: the subfolders of the split, or the only entry or subfolder."""
    entries = [entry for entry in source.entries if entry.name != "__MACOSX"]
    folders = [entry for entry in entries if entry.is_dir()]
    named = [entry for entry in folders if part_of(entry.name) == part]
    if named:
        exact = [entry for entry in named if entry.name.lower() in _MAIN_NAMES]
        return [Source(entry) for entry in exact or named]
    others = without_validation(folders or entries)
    neutral = [entry for entry in others if part_of(entry.name) in (None, part)]
    return [Source(neutral[0])] if len(neutral) == 1 == len(others) else []


def _advice(source: Source) -> str:
    """Return advice on a folder that is not recognised."""
    if any(entry.suffix == ".safetensors" for entry in source.entries):
        return "This is the folder of a model: give the path of the images instead."
    if advice := label_table_advice(source.path):
        return advice
    if any(is_picture_name(entry) for entry in source.entries):
        return (
            "Image files need labels: put them into folders named '0' to '9', or add a labels.csv "
            "with the columns filename,label."
        )
    folders = [known.name for known in FORMATS if known.read and known.name.startswith("a folder")]
    supported = "; ".join(folders)
    return (
        f"Give the path of the file or subfolder that has the data. Supported formats: {supported}."
    )


def _supported() -> str:
    names = "; ".join(known.name for known in FORMATS if known.read is not None)
    return f"Supported formats: {names}; a zip archive of any of these."
