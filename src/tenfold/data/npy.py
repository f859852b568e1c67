"""One array in NumPy's .npy format, read without pickle and with a check of its size.

The header states dtype and shape. They are compared with the size of the content before memory is
allocated. Arrays of Python objects are stored as pickles; these are never loaded, since a pickle
can run code.
"""

import math
import warnings
from collections.abc import Callable
from typing import BinaryIO

import numpy as np

from tenfold.nn.array import Array

__all__ = ["NPY_MAGIC", "read_npy", "read_npy_header"]

NPY_MAGIC = b"\x93NUMPY"
"""The first bytes of a .npy file."""

_Header = tuple[tuple[int, ...], bool, np.dtype]
_HEADER_READERS: dict[tuple[int, int], Callable[[BinaryIO], _Header]] = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}


def read_npy_header(file: BinaryIO, name: str) -> tuple[tuple[int, ...], np.dtype, bool]:
    """Return the shape and the dtype of an array, and leave the file at its first item.

    Returns:
        The shape, the dtype, and whether the first index changes fastest (Fortran order).

    Raises:
        ValueError: If the header is damaged or of an unknown version.
    """
    version = np.lib.format.read_magic(file)
    if version not in _HEADER_READERS:
        raise ValueError(f"{name!r} has an unsupported version of the .npy format")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a warning about headers that Python 2 wrote
        shape, fortran, dtype = _HEADER_READERS[version](file)
    return shape, dtype, fortran


def read_npy(open_array: Callable[[], BinaryIO], size: int, name: str) -> Array:
    """Return one array.

    Args:
        open_array: Opens the array at its first byte.
        size: Number of bytes of header and items. The caller limits it.
        name: Name of the array in messages.

    Raises:
        ValueError: If the header is damaged or does not agree with the size, or if the array
            contains Python objects.
    """
    with open_array() as file:
        shape, dtype, _ = read_npy_header(file, name)
        content = size - file.tell()
    if dtype.hasobject:
        raise ValueError(f"{name!r} contains Python objects")
    if math.prod(shape) * dtype.itemsize != content:
        raise ValueError(f"{name!r} has {content} bytes, but its header states {shape} {dtype}")
    with open_array() as file:
        array: Array = np.lib.format.read_array(file, allow_pickle=False)
    return array
