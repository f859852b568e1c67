"""NumPy archives (.npz), such as the mnist.npz of Keras.

An archive is a zip file of arrays, each with a header that states its dtype and shape. The header
is compared with the size before memory is allocated, and nothing is unpickled, since a pickle can
run code.
"""

import math
import zipfile
from pathlib import Path

import numpy as np

from tenfold.data.arrays import to_images, to_labels
from tenfold.data.dataset import Dataset, MissingPartError, Part
from tenfold.data.format import Format
from tenfold.data.input_files import MAX_BYTES, PathLike, open_file
from tenfold.data.mnist import check_part
from tenfold.errors import TenfoldError
from tenfold.nn.array import Array

__all__ = ["NPZ_FILE", "read_npz"]

_NAMES = (
    ("x_{}", "y_{}"),
    ("X_{}", "y_{}"),
    ("{}_images", "{}_labels"),
    ("images", "labels"),
    ("x", "y"),
    ("X", "y"),
)
_HEADERS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}


def read_npz(path: PathLike, part: Part = "train") -> Dataset:
    """Return the images and, if present, the labels of a NumPy archive.

    The arrays are named ``x_train, y_train, x_test, y_test`` (or ``X_train``, or ``train_images,
    train_labels``), of which ``part`` selects; or, in an archive of one part, ``images, labels`` or
    ``x, y`` (or ``X, y``). ``tenfold.data.arrays`` lists the shapes and dtypes that are accepted:
    (N, 28, 28) uint8 and what can be converted to that without loss.

    Args:
        path: Path of the archive.
        part: The part to read, if the archive has two.

    Raises:
        TenfoldError: If the file is missing or damaged, contains no such arrays, needs pickle, or
            contains values that are neither pixels nor pixels divided by 255.
    """
    check_part(part)
    with open_file(path) as file:
        try:
            with zipfile.ZipFile(file) as archive:
                image_name, label_name = _choose(archive, part, path)
                values = _read_array(archive, image_name)
                digits = _read_array(archive, label_name) if label_name else None
        except TenfoldError:
            raise
        except Exception as error:  # a damaged zip or header can raise almost any exception
            raise TenfoldError(
                f"{path} is not a complete NumPy archive ({error}). Write it again with np.savez."
            ) from error
    images, notes = to_images(values, f"{path}, {image_name!r}")
    labels = None if digits is None else to_labels(digits, f"{path}, {label_name!r}")
    return Dataset(images, labels, Path(path).name, notes)


def _choose(archive: zipfile.ZipFile, part: Part, path: PathLike) -> tuple[str, str | None]:
    """Return the names of the arrays of images and of labels; None without labels."""
    names = [name[:-4] for name in archive.namelist() if name.endswith(".npy")]
    if not names:
        raise TenfoldError(f"{path} is a zip archive without arrays: unpack it and name a file.")
    for pattern in _NAMES:
        images, labels = (name.format(part) for name in pattern)
        if images in names:
            return images, labels if labels in names else None
    found = ", ".join(map(repr, names[:8]))
    raise MissingPartError(
        f"{path} must contain an array named 'x_{part}', 'images' or 'x', got {found}. Name the "
        f"images 'x_{part}' and the labels 'y_{part}'."
    )


def _read_array(archive: zipfile.ZipFile, name: str) -> Array:
    """Return one array; raise ValueError if its header does not agree with its size."""
    member = archive.getinfo(f"{name}.npy")
    with archive.open(member) as file:
        version = np.lib.format.read_magic(file)
        if version not in _HEADERS:
            raise ValueError(f"{name!r} has an unsupported version of the .npy format")
        shape, _, dtype = _HEADERS[version](file)
        content = member.file_size - file.tell()
    if dtype.hasobject:
        raise ValueError(f"{name!r} contains Python objects, which need pickle")
    if math.prod(shape) * dtype.itemsize != content or content > MAX_BYTES:
        raise ValueError(f"{name!r} has {content} bytes, but its header states {shape} {dtype}")
    with archive.open(member) as file:
        array: Array = np.lib.format.read_array(file, allow_pickle=False)
    return array


NPZ_FILE = Format(
    "a .npz archive", lambda source, _: source.head.startswith(b"PK"), read_npz, has_parts=True
)
"""A NumPy archive. Other zip files are recognised too, and raise an error with advice."""
