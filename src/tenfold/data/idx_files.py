"""Pairs of IDX files, matched by name: images in one file, labels in another.

``train-images-idx3-ubyte`` belongs to ``train-labels-idx1-ubyte``. MNIST's test files are named
``t10k``, the test files of EMNIST and QMNIST ``test``, with a prefix. A dot may replace a dash, and
each file may be gzipped. QMNIST's labels are tables (``labels-idx2-int``); their first column is
the digit.
"""

import re
from pathlib import Path

from tenfold.data.arrays import to_images, to_labels
from tenfold.data.dataset import Dataset, Part
from tenfold.data.format import Format, Source
from tenfold.data.idx import read_idx
from tenfold.data.input_files import PathLike, list_folder
from tenfold.data.picture_heif import is_heif
from tenfold.errors import TenfoldError
from tenfold.nn.array import Array

__all__ = [
    "IDX_FILE",
    "IDX_FOLDER",
    "check_idx_images",
    "find_idx_images",
    "read_idx_labels",
    "read_idx_pair",
]

_IMAGES = re.compile(r"(.*[-_.])?(?P<part>train|test|t10k)[-_.]images[-_.]idx3[-_.]ubyte")
_QMNIST_COLUMNS = 8  # columns of QMNIST's tables of labels; the first is the digit
_PARTS = {"train": "train", "test": "test", "t10k": "test"}


def find_idx_images(folder: PathLike, part: Part) -> Path | None:
    """Return the images file of ``part`` in a folder, found by its name; None if there is none.

    Raises:
        TenfoldError: If there are several. Copies of one file count once, also if one of them is
            gzipped or has dots in place of dashes in its name.
    """
    found: dict[str, Path] = {}
    for file in list_folder(folder):
        match = _IMAGES.fullmatch(_stem(file))
        if match and _PARTS[match["part"]] == part and file.is_file():
            # copies (gzipped or not, with dots or dashes) count once
            found.setdefault(_stem(file).replace(".", "-"), file)
    if len(found) > 1:
        raise TenfoldError(
            f"{folder} contains several sets of {part} images: {', '.join(found)}. "
            "Give the path of one of these files instead of the folder."
        )
    return next(iter(found.values()), None)


def read_idx_pair(path: PathLike) -> Dataset:
    """Return the images of an IDX file, with labels if the file of labels is in the same folder.

    The labels file has the same name, but with ``labels`` in place of ``images`` and ``idx1`` (or
    ``idx2-int``) in place of ``idx3``. Without such a file the images are unlabelled, and a note
    gives the expected name.

    Raises:
        TenfoldError: If a file is damaged, or images and labels are swapped or do not match.
    """
    source = Path(path)
    values = read_idx(source)
    check_idx_images(values.shape, source)
    images, notes = to_images(values, str(source))
    labels, missing = read_idx_labels(source)
    return Dataset(images, labels, source.name, (*notes, *missing))


def check_idx_images(shape: tuple[int, ...], source: Path) -> None:
    """Raise an error if the shape of an IDX file is that of labels.

    Raises:
        TenfoldError: If it has fewer than three dimensions.
    """
    if len(shape) < 3:
        raise TenfoldError(
            f"{source} must contain images, got labels (an array of shape {shape}). "
            "Give the path of the images file: labels are found next to it."
        )


def read_idx_labels(source: Path) -> tuple[Array | None, tuple[str, ...]]:
    """Return the labels from a file next to the images, and notes.

    If there is no such file, the labels are None, and a note says so.

    Raises:
        TenfoldError: If the file of labels is damaged, or contains images.
    """
    labels_file = _find_labels(source)
    if labels_file is None:
        expected = _stem(source).replace("images", "labels").replace("idx3", "idx1")
        return None, (f"the folder of {source.name} has no file of labels (such as {expected})",)
    return _read_labels(labels_file), ()


def _find_labels(source: Path) -> Path | None:
    """Return the file of labels next to a file of images, or None if there is none."""
    stem = _stem(source)
    if "images" not in stem:
        return None
    stem = stem.replace("images", "labels")
    wanted = {stem.replace("idx3", "idx1"), re.sub(r"idx3([-_.])ubyte", r"idx2\1int", stem)}
    found = (
        file for file in list_folder(source.parent) if _stem(file) in wanted and file.is_file()
    )
    return next(found, None)


def _read_labels(path: Path) -> Array:
    values = read_idx(path)
    if values.ndim > 2:
        raise TenfoldError(
            f"{path} must contain labels, got images (an array of shape {values.shape}). "
            "Check whether the names of the two files are swapped."
        )
    if values.ndim == 2 and values.shape[1] == _QMNIST_COLUMNS:
        values = values[:, 0]
    return to_labels(values, str(path))


def _stem(file: Path) -> str:
    """Return the name without .gz."""
    return file.name.removesuffix(".gz")


def _is_idx_folder(source: Source, part: Part) -> bool:
    return source.is_folder and find_idx_images(source.path, part) is not None


def _read_idx_folder(folder: Path, part: Part) -> Dataset:
    images = find_idx_images(folder, part)
    assert images is not None, "the folder was recognised"
    return read_idx_pair(images)


def _is_idx_file(source: Source, part: Part) -> bool:
    """Return whether a file begins like an IDX file, in either byte order."""
    head = source.head
    return (head.startswith(b"\0\0") or head[2:4] == b"\0\0") and not is_heif(head)


IDX_FOLDER = Format(
    "a folder with MNIST's IDX files (train-images-idx3-ubyte[.gz] and so on)",
    _is_idx_folder,
    _read_idx_folder,
    has_parts=True,
)
"""A folder with the images file of a split."""

IDX_FILE = Format("an IDX images file", _is_idx_file, lambda path, _: read_idx_pair(path))
"""One file of images, with its labels in a file next to it."""
