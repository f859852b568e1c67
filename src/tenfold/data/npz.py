"""NumPy archives (.npz), such as the mnist.npz of Keras: zip files of arrays."""

import zipfile
from pathlib import Path
from typing import BinaryIO, cast

from tenfold.data.array_names import Shape, choose_arrays
from tenfold.data.arrays import to_images, to_labels
from tenfold.data.dataset import Dataset, MissingPartError, Part
from tenfold.data.format import Format, Source
from tenfold.data.input_files import PathLike, open_file
from tenfold.data.npy import read_npy, read_npy_header
from tenfold.errors import TenfoldError, reason
from tenfold.nn.arguments import checked
from tenfold.nn.array import Array

__all__ = ["NPZ_FILE", "read_npz"]


@checked
def read_npz(path: PathLike, part: Part = "train") -> Dataset:
    """Return the images and, if present, the labels of a NumPy archive.

    The arrays are named ``x_train, y_train, x_test, y_test`` (or ``train_images``, and so on), and
    ``part`` selects two of them. An archive of one part has ``images, labels`` or ``x, y``. Arrays
    without names (``arr_0``, ``arr_1``) are distinguished by their shapes. The module
    ``tenfold.data.arrays`` lists the accepted shapes and dtypes: (N, 28, 28) uint8, and what can be
    converted to that without loss.

    Args:
        path: Path of the archive.
        part: The part to read, if the archive has two.

    Raises:
        TenfoldError: If the file is missing or damaged, contains no such arrays, contains Python
            objects, or contains values that are neither pixels nor pixels divided by 255.
    """
    with open_file(path) as file:
        try:
            with zipfile.ZipFile(file) as archive:
                image_name, label_name = _choose(archive, part, path)
                values = _read_array(archive, image_name, path)
                digits = _read_array(archive, label_name, path) if label_name else None
        except TenfoldError:
            raise
        except Exception as error:  # a damaged zip or header can raise almost any exception
            raise TenfoldError(
                f"{path} is not a complete NumPy archive ({reason(error)}). Write it again "
                "with np.savez."
            ) from error
    images, notes = to_images(values, f"{path}, {image_name!r}")
    labels = None if digits is None else to_labels(digits, f"{path}, {label_name!r}")
    return Dataset(images, labels, Path(path).name, notes)


def _choose(archive: zipfile.ZipFile, part: Part, path: PathLike) -> tuple[str, str | None]:
    """Return the names of the arrays of images and of labels; None if there are no labels."""
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
    """Return one array; raise ValueError if its header does not agree with its size."""
    member = archive.getinfo(f"{name}.npy")
    with archive.open(member) as file:
        dtype = read_npy_header(cast(BinaryIO, file), name)[1]
    if dtype.hasobject:
        raise TenfoldError(
            f"{path}: {name!r} contains Python objects, which are stored as a pickle and never "
            f"loaded, since a pickle can run code. In the program that made the array, save it "
            f"as numbers: {name}.astype(int)."
        )
    return read_npy(lambda: cast(BinaryIO, archive.open(member)), member.file_size, name)


def _is_npz(source: Source, part: Part) -> bool:
    """Return whether a file is an archive of arrays, or a damaged zip archive."""
    if not source.head.startswith(b"PK"):
        return False
    return not source.members or any(name.endswith(".npy") for name in source.members)


NPZ_FILE = Format("a .npz archive", _is_npz, read_npz, has_parts=True)
"""A NumPy archive."""
