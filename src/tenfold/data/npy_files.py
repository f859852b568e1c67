"""Pairs of .npy files, matched by name: images in one file, labels in another."""

import io
from pathlib import Path

from tenfold.data.array_names import choose_arrays
from tenfold.data.arrays import to_images, to_labels
from tenfold.data.dataset import Dataset, Part
from tenfold.data.format import Format, Source
from tenfold.data.input_files import PathLike, read_bytes
from tenfold.data.label_files import find_images_file, find_labels_file
from tenfold.data.npy import NPY_MAGIC, read_npy
from tenfold.data.parts import without_suffixes
from tenfold.errors import TenfoldError, reason
from tenfold.nn.array import Array

__all__ = [
    "NPY_FILE",
    "NPY_FOLDER",
    "check_npy_images",
    "find_npy_images",
    "npy_error",
    "read_npy_labels",
    "read_npy_pair",
]

_SUFFIXES = (".npy", ".npy.gz")


def read_npy_pair(path: PathLike, labels: bool = True) -> Dataset:
    """Return the images of a .npy file, with labels if the file of labels is in the same folder.

    ``y_train.npy`` belongs to ``x_train.npy``, and ``labels.npy`` to ``images.npy``. Without such a
    file the images are unlabelled, and a note states that.

    Args:
        path: Path of the file, which may be gzipped.
        labels: Whether to read the labels.

    Raises:
        TenfoldError: If a file is damaged, contains Python objects or labels instead of images, or
            if images and labels do not match.
    """
    source = Path(path)
    values = _read_array(source)
    check_npy_images(values.shape, source)
    images, notes = to_images(values, str(source))
    found, missing = read_npy_labels(source) if labels else (None, ())
    return Dataset(images, found, source.name, (*notes, *missing))


def check_npy_images(shape: tuple[int, ...], source: Path) -> None:
    """Raise an error if the shape of an array is that of labels.

    Raises:
        TenfoldError: If it has fewer than two dimensions.
    """
    if len(shape) < 2:
        raise TenfoldError(
            f"{source} must contain images, got an array of shape {shape}. Give the "
            "path of the images (x_train.npy): labels (y_train.npy) are found next to them."
        )


def read_npy_labels(source: Path) -> tuple[Array | None, tuple[str, ...]]:
    """Return the labels from a file next to the images, and notes.

    If there is no such file, the labels are None, and a note says so.

    Raises:
        TenfoldError: If the file of labels is damaged, or its content is not labels.
    """
    labels_file = find_labels_file(source, _SUFFIXES)
    if labels_file is None:
        note = f"the folder of {source.name} has no file of labels (such as y_train.npy)"
        return None, (note,)
    return to_labels(_read_array(labels_file), str(labels_file)), ()


def _read_array(path: Path) -> Array:
    content = read_bytes(path)
    try:
        return read_npy(lambda: io.BytesIO(content), len(content), path.name)
    except Exception as error:  # a damaged header can raise almost any exception
        raise npy_error(path, error) from error


def npy_error(path: Path, error: Exception) -> TenfoldError:
    """Return the error for a damaged file, from what NumPy raised."""
    advice = "Write it again with np.save."
    if "Python objects" in str(error):
        advice = "Save it as numbers: np.save(path, array.astype(int))."
    return TenfoldError(f"{path} is not a readable .npy file ({reason(error)}). {advice}")


def _arrays_in(source: Source) -> dict[Path, str]:
    """Return the .npy files in a folder and their names without extension."""
    return {
        file: without_suffixes(file.name)
        for file in source.entries
        if file.name.lower().endswith(_SUFFIXES) and file.is_file()
    }


def find_npy_images(source: Source, part: Part) -> Path | None:
    """Return the file of the images of a split in a folder, or None if there is none."""
    arrays = _arrays_in(source)
    chosen = choose_arrays(dict.fromkeys(arrays.values(), ()), part, str(source.path))
    if chosen is None:
        return find_images_file(source, part, _SUFFIXES)
    return next(file for file, name in arrays.items() if name == chosen[0])


def _read_part(folder: Path, part: Part) -> Dataset:
    found = find_npy_images(Source(folder), part)
    assert found is not None, "the folder was recognised"
    return read_npy_pair(found)


NPY_FOLDER = Format(
    "a folder with x_train.npy, y_train.npy and so on",
    lambda source, part: source.is_folder and find_npy_images(source, part) is not None,
    _read_part,
    has_parts=True,
)
"""A folder with the arrays of a split."""

NPY_FILE = Format(
    "a .npy file of images",
    lambda source, _: source.head.startswith(NPY_MAGIC),
    lambda path, _: read_npy_pair(path),
)
"""One array of images, with its labels in a file next to it."""
