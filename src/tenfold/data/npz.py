"""NumPy archives: mnist.npz as Keras has it, and others of that kind.

An archive is a zip of arrays, each with a header that announces its type and shape. Header and
size are compared before memory is spent, and nothing is ever unpickled: a pickle can run code.
"""

import math
import zipfile
from pathlib import Path

import numpy as np

from tenfold.data.arrays import to_images, to_labels
from tenfold.data.dataset import Dataset, MissingPartError, Part
from tenfold.data.mnist import check_part
from tenfold.data.opening import MAX_BYTES, PathLike, opened
from tenfold.errors import TenfoldError
from tenfold.nn.array import Array

__all__ = ["read_npz"]

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
    """Return the images and, if they are there, the labels of a NumPy archive.

    The arrays are called ``x_train, y_train, x_test, y_test`` (or ``X_train``; or ``train_images,
    train_labels``), of which ``part`` chooses; or, where there is only one part, ``images,
    labels`` or ``x, y`` (or ``X, y``). ``convert.to_images`` says which shapes and types they may
    have: (N, 28, 28) uint8 and what can be made into that without loss.

    Raises:
        TenfoldError: if the file is missing or damaged, holds no such arrays, needs pickle, or
            holds numbers that are neither pixels nor such divided by 255.
    """
    check_part(part)
    with opened(path) as file:
        try:
            with zipfile.ZipFile(file) as archive:
                image_name, label_name = _choose(archive, part, path)
                values = _read_array(archive, image_name)
                digits = _read_array(archive, label_name) if label_name else None
        except TenfoldError:
            raise
        except Exception as error:  # damage anywhere in a zip or a header: every kind there is
            raise TenfoldError(
                f"{path} is not a whole NumPy archive ({error}). Write it again with np.savez."
            ) from error
    images, notes = to_images(values, f"{path}, {image_name!r}")
    labels = None if digits is None else to_labels(digits, f"{path}, {label_name!r}")
    return Dataset(images, labels, Path(path).name, notes)


def _choose(archive: zipfile.ZipFile, part: Part, path: PathLike) -> tuple[str, str | None]:
    """Return the names of the arrays that hold the images and the labels, if there are any."""
    names = [name[:-4] for name in archive.namelist() if name.endswith(".npy")]
    if not names:
        raise TenfoldError(f"{path} is a zip archive without arrays: unpack it and name a file.")
    for pattern in _NAMES:
        images, labels = (name.format(part) for name in pattern)
        if images in names:
            return images, labels if labels in names else None
    found = ", ".join(map(repr, names[:8]))
    raise MissingPartError(
        f"{path} holds no array called 'x_{part}', 'images' or 'x', but {found}. Name the images "
        f"'x_{part}' and the labels 'y_{part}'."
    )


def _read_array(archive: zipfile.ZipFile, name: str) -> Array:
    """Return one array whose header agrees with its size; raise ValueError for others."""
    member = archive.getinfo(f"{name}.npy")
    with archive.open(member) as file:
        version = np.lib.format.read_magic(file)
        if version not in _HEADERS:
            raise ValueError(f"{name!r} is written in a version of the format for other things")
        shape, _, dtype = _HEADERS[version](file)
        content = member.file_size - file.tell()
    if dtype.hasobject:
        raise ValueError(f"{name!r} holds Python objects, which would need pickle")
    if math.prod(shape) * dtype.itemsize != content or content > MAX_BYTES:
        raise ValueError(f"{name!r} has {content} bytes, not those of {shape} {dtype}")
    with archive.open(member) as file:
        array: Array = np.lib.format.read_array(file, allow_pickle=False)
    return array
