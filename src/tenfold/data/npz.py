"""NumPy archives: mnist.npz as Keras has it, and others of that kind.

An archive is a zip of arrays, each with a header that announces its type and shape. Header and
size are compared before memory is spent, and nothing is ever unpickled: a pickle can run code.
"""

import io
import math
import zipfile
from typing import BinaryIO

import numpy as np

from tenfold.data.convert import to_images, to_labels
from tenfold.data.dataset import Dataset, Part
from tenfold.data.mnist import check_part
from tenfold.data.opening import MAX_BYTES, PathLike, opened
from tenfold.errors import TenfoldError
from tenfold.nn.array import Array

__all__ = ["read_npz"]

_PAIRS = (
    ("x_{}", "y_{}"),
    ("X_{}", "y_{}"),
    ("{}_images", "{}_labels"),
    ("images", "labels"),
    ("x", "y"),
    ("X", "y"),
)


def read_npz(path: PathLike, part: Part = "train") -> Dataset:
    """Return the images and, if they are there, the labels of a NumPy archive.

    The arrays are called ``x_train, y_train, x_test, y_test`` (or ``X_train``, ``train_images``,
    ``train_labels``), of which ``part`` chooses; or, where there is only one part, ``images,
    labels`` or ``x, y`` (or ``X, y``). What shapes and types they may have, ``convert`` says.

    Raises:
        TenfoldError: if the file is missing or damaged, holds no such arrays, needs pickle, or
            holds numbers that are neither pixels nor such divided by 255.
    """
    check_part(part)
    with opened(path) as file:
        try:
            with zipfile.ZipFile(file) as archive:
                arrays = _read_pair(archive, part, path)
        except (TenfoldError, MemoryError):
            raise
        # The zip and the header may be damaged in any way, and as many kinds of error come out.
        except Exception as error:
            raise _damage(path, f"{type(error).__name__}: {error}") from error
    images, notes = to_images(arrays[0], f"{path}, {arrays[1]!r}")
    return None
