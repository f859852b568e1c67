"""NumPy archives (.npz), such as the mnist.npz of Keras: zip files of arrays."""

import contextlib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from tenfold.data.array_names import Shape, choose_arrays
from tenfold.data.arrays import to_images, to_labels
from tenfold.data.dataset import Dataset, MissingPartError, Part
from tenfold.data.format import Format, Source
from tenfold.data.input_files import MAX_BYTES, PathLike, open_file, too_large
from tenfold.data.label_files import find_images_file, find_labels_file
from tenfold.data.npy import read_npy, read_npy_header
from tenfold.data.parts import AnyPart
from tenfold.errors import TenfoldError, reason
from tenfold.nn.arguments import checked
from tenfold.nn.array import Array

__all__ = [
    "NPZ_FILE",
    "NPZ_FOLDER",
    "find_npz_images",
    "open_npz",
    "open_npz_images",
    "read_npz",
    "read_npz_labels",
    "read_npz_part",
    "read_validation_arrays",
]

_SUFFIXES = (".npz",)


@checked
def read_npz(path: PathLike, part: Part = "train") -> Dataset:
    """Return the images and, if present, the labels of a NumPy archive.

    The arrays are named ``x_train, y_train, x_test, y_test`` (or ``train_images``, and so on), and
    ``part`` selects two of them. An archive of one split has ``images, labels`` or ``x, y``. Arrays
    without names (``arr_0``, ``arr_1``) are distinguished by their shapes. The labels may be in
    another archive of the same folder (``X_train.npz`` and ``y_train.npz``). The module
    ``tenfold.data.arrays`` lists the accepted shapes and dtypes: (N, 28, 28) uint8, and what can be
    converted to that without loss.

    Args:
        path: Path of the archive.
        part: The split to read, if the archive has two.

    Raises:
        TenfoldError: If the file is missing or damaged, contains no such arrays, contains Python
            objects, or contains values that are neither pixels nor pixels divided by 255 or 256.
    """
    return read_npz_part(path, part)


def read_validation_arrays(path: PathLike) -> Dataset:
    """Return the validation images of a NumPy archive (``x_val`` or similar), and their labels.

    Raises:
        TenfoldError: As ``read_npz``.
    """
    return read_npz_part(path, "validation")


def read_npz_part(path: PathLike, part: AnyPart, labels: bool = True) -> Dataset:
    """Return the images of a split in a NumPy archive.

    Args:
        path: Path of the archive.
        part: The split, which may be the validation split.
        labels: Whether to read the labels.

    Raises:
        TenfoldError: As ``read_npz``.
    """
    with open_npz(path) as archive:
        image_name, label_name = _choose(archive, part, path)
        values = _read_array(archive, image_name, path)
    images, notes = to_images(values, f"{path}, {image_name!r}")
    found, more = read_npz_labels(path, label_name) if labels else (None, ())
    return Dataset(images, found, Path(path).name, (*notes, *more))


def read_npz_labels(path: PathLike, label_name: str | None) -> tuple[Array | None, tuple[str, ...]]:
    """Return the labels and notes. Without labels, None takes their place.

    The labels are in the archive of the images, or in a separate archive next to it.

    Args:
        path: Path of the archive of the images.
        label_name: Name of the array of labels in the archive; None if it has none.

    Raises:
        TenfoldError: If the array is damaged, or does not contain labels.
    """
    if label_name is not None:
        with open_npz(path) as archive:
            digits = _read_array(archive, label_name, path)
        return to_labels(digits, f"{path}, {label_name!r}"), ()
    labels_file = find_labels_file(Path(path), _SUFFIXES)
    if labels_file is None:
        return None, ()
    labels = to_labels(_read_single_array(labels_file), str(labels_file))
    return labels, (f"the labels were read from {labels_file.name}",)


@contextlib.contextmanager
def open_npz_images(path: PathLike, part: Part) -> Iterator[tuple[BinaryIO, str, str | None]]:
    """Open the array of a split's images; yield it, its name and the name of the array of labels.

    Raises:
        TenfoldError: If the archive is damaged or contains no such array.
    """
    with open_npz(path) as archive:
        image_name, label_name = _choose(archive, part, path)
        with _opened_array(archive, image_name, path) as file:
            yield file, image_name, label_name


@contextlib.contextmanager
def open_npz(path: PathLike) -> Iterator[zipfile.ZipFile]:
    """Open an archive; errors while it is read become TenfoldError."""
    try:
        with open_file(path) as file, zipfile.ZipFile(file) as archive:
            yield archive
    except TenfoldError:
        raise
    except Exception as error:  # a damaged zip or header can raise almost any exception
        raise TenfoldError(
            f"{path} is not a complete NumPy archive ({reason(error)}). Write it again "
            "with np.savez."
        ) from error


def _read_single_array(path: Path) -> Array:
    """Return the array of an archive that contains only one."""
    with open_npz(path) as archive:
        names = [name[:-4] for name in archive.namelist() if name.endswith(".npy")]
        if len(names) != 1:
            raise TenfoldError(
                f"{path} must contain one array of labels, got {len(names)}: keep the labels only."
            )
        return _read_array(archive, names[0], path)


def _choose(archive: zipfile.ZipFile, part: AnyPart, path: PathLike) -> tuple[str, str | None]:
    """Return the name of the array of images and that of the labels (None if there are none)."""
    names = [name[:-4] for name in archive.namelist() if name.endswith(".npy")]
    if not names:
        raise TenfoldError(
            f"{path} is a zip archive without arrays: unpack it and give the path of a file."
        )
    numbered = all(name.startswith("arr_") for name in names)
    shapes = {name: _shape(archive, name) if numbered else () for name in names}
    chosen = choose_arrays(shapes, part, str(path))
    if chosen is None:
        listed = ", ".join(map(repr, names[:8]))
        raise MissingPartError(
            f"{path} must contain an array named 'x_{part}', 'images' or 'x', got {listed}. Save "
            f"the images as 'x_{part}' and the labels as 'y_{part}'."
        )
    return chosen


def _shape(archive: zipfile.ZipFile, name: str) -> Shape:
    with archive.open(f"{name}.npy") as file:
        return read_npy_header(cast(BinaryIO, file), name)[0]


def _read_array(archive: zipfile.ZipFile, name: str, path: PathLike) -> Array:
    """Return one array.

    Raises:
        ValueError: If its header does not agree with its size.
        TenfoldError: If it contains Python objects, or has more than ``MAX_BYTES``.
    """
    with _opened_array(archive, name, path):
        pass  # it raises an error for an array of Python objects
    member = archive.getinfo(f"{name}.npy")
    if member.file_size > MAX_BYTES:
        raise too_large(path, f"{path}: the array {name!r}")
    return read_npy(lambda: cast(BinaryIO, archive.open(member)), member.file_size, name)


@contextlib.contextmanager
def _opened_array(archive: zipfile.ZipFile, name: str, path: PathLike) -> Iterator[BinaryIO]:
    """Open an array of an archive at its first byte.

    Raises:
        TenfoldError: If the array contains Python objects.
    """
    member = archive.getinfo(f"{name}.npy")
    with archive.open(member) as file:
        dtype = read_npy_header(cast(BinaryIO, file), name)[1]
    if dtype.hasobject:
        raise TenfoldError(
            f"{path}: {name!r} contains Python objects, which are stored as a pickle and never "
            f"loaded, since a pickle can run code. In the program that made the array, save it "
            f"as numbers: {name}.astype(int)."
        )
    with archive.open(member) as file:
        yield cast(BinaryIO, file)


def _is_npz(source: Source, part: Part) -> bool:
    """Return whether a file is an archive of arrays, or a damaged zip archive, which may be one."""
    if not source.head.startswith(b"PK"):
        return False
    return not source.members or any(name.endswith(".npy") for name in source.members)


NPZ_FILE = Format("a .npz archive", _is_npz, read_npz, has_parts=True)
"""A NumPy archive."""


def find_npz_images(source: Source, part: Part) -> Path | None:
    """Return the archive of the images of a split in a folder, or None if there is none."""
    return find_images_file(source, part, _SUFFIXES)


def _read_folder(folder: Path, part: Part) -> Dataset:
    found = find_npz_images(Source(folder), part)
    assert found is not None, "the folder was recognised"
    return read_npz(found)


NPZ_FOLDER = Format(
    "a folder with X_train.npz, y_train.npz and so on",
    lambda source, part: source.is_folder and find_npz_images(source, part) is not None,
    _read_folder,
    has_parts=True,
)
"""A folder with an archive of images and one of labels for each split."""
