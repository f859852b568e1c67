"""IDX, the file format in which MNIST was published.

A file has two zero bytes, a type code, the number of dimensions, one big-endian 32-bit size for
each dimension, and the items, also big-endian. The format has no checksum, so loading checks
everything else. If a header states more items than the file can contain, an error is raised before
memory is allocated.

References:
    LeCun, Cortes, Burges, "The MNIST database of handwritten digits".
"""

import gzip
import math
import os
import struct
import zlib
from typing import BinaryIO, cast

import numpy as np

from tenfold.data.input_files import GZIP_MAGIC, MAX_BYTES, PathLike, open_file, too_large
from tenfold.errors import TenfoldError, reason
from tenfold.nn.arguments import checked
from tenfold.nn.array import Array

__all__ = ["read_idx", "read_idx_header"]


_DTYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_MAX_DIMENSIONS = 4
_MAX_DEFLATION = 1032  # highest ratio of DEFLATE: 258 bytes in two bits
_CHUNK = 2**20  # bytes that are read at a time


@checked
def read_idx(path: PathLike) -> Array:
    """Return the array of an IDX file, plain or gzipped, in native byte order.

    The content decides whether a file is gzipped, not its name. All six types of the format are
    supported (uint8, int8, int16, int32, float32 and float64), with one to four dimensions.

    Raises:
        TenfoldError: If the file is missing or empty, is not an IDX file, or is shorter or longer
            than its header states.
    """
    with open_file(path) as file:
        max_bytes = os.fstat(file.fileno()).st_size
        if max_bytes == 0:
            raise _idx_error(path, "it is empty")
        gzipped = file.read(2) == GZIP_MAGIC
        file.seek(0)
        if not gzipped:
            return _read(file, path, max_bytes)
        try:
            with gzip.GzipFile(fileobj=file) as stream:
                return _read(cast(BinaryIO, stream), path, max_bytes * _MAX_DEFLATION)
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise _idx_error(path, f"its compressed data is damaged ({reason(error)})") from error


def _read(stream: BinaryIO, path: PathLike, max_bytes: int) -> Array:
    """Read header and items from a stream of at most ``max_bytes`` bytes."""
    shape, dtype = read_idx_header(stream, path)
    wanted = math.prod(shape) * dtype.itemsize
    sizes = " x ".join(map(str, shape))
    if wanted == 0:
        raise _idx_error(path, f"its header states {sizes} items, so the file contains no data")
    if MAX_BYTES < wanted <= max_bytes:
        raise too_large(path)
    if wanted > max_bytes:
        raise _idx_error(path, f"its header states {sizes} items, more than the file can contain")
    array = np.empty(shape, dtype)
    missing = _fill(array.reshape(-1).view(np.uint8), stream)
    if missing:
        raise _idx_error(path, f"its header states {sizes} items, but {missing} bytes are missing")
    if stream.read(1):
        raise _idx_error(path, f"it continues after the {sizes} items that its header states")
    return array.astype(dtype.newbyteorder("="), copy=False)


def read_idx_header(stream: BinaryIO, path: PathLike) -> tuple[tuple[int, ...], np.dtype]:
    """Return the shape and the dtype of an array, and leave the stream at its first item.

    Raises:
        TenfoldError: If the stream does not begin as an IDX file.
    """
    dtype, dimensions = _read_magic(stream, path)
    header = stream.read(4 * dimensions)
    if len(header) < 4 * dimensions:
        raise _idx_error(path, "it ends within its header")
    return struct.unpack(f">{dimensions}I", header), dtype


def _read_magic(stream: BinaryIO, path: PathLike) -> tuple[np.dtype, int]:
    """Return the type of the items and the number of dimensions."""
    magic = stream.read(4)
    if len(magic) == 4 and magic[2:] == b"\0\0" and magic[0] and magic[1] in _DTYPES:
        raise _idx_error(path, "its numbers are little-endian, but IDX is big-endian")
    if len(magic) < 4 or magic[:2] != b"\0\0":
        raise _idx_error(
            path, f"it must begin with two zero bytes, got {magic.hex(' ') or 'nothing'}"
        )
    if magic[2] not in _DTYPES:
        raise _idx_error(path, f"its type code 0x{magic[2]:02x} is not one of the format's six")
    if not 1 <= magic[3] <= _MAX_DIMENSIONS:
        raise _idx_error(path, f"it must have 1 to {_MAX_DIMENSIONS} dimensions, got {magic[3]}")
    return np.dtype(_DTYPES[magic[2]]), magic[3]


def _fill(target: Array, stream: BinaryIO) -> int:
    """Fill the target from the stream and return the number of missing bytes.

    The chunks limit the memory: if the stream is much too short, only its bytes use memory.
    """
    filled = 0
    while filled < len(target):
        piece = stream.read(min(_CHUNK, len(target) - filled))
        if not piece:
            break
        target[filled : filled + len(piece)] = np.frombuffer(piece, np.uint8)
        filled += len(piece)
    return len(target) - filled


def _idx_error(path: PathLike, what: str) -> TenfoldError:
    return TenfoldError(f"{path} is not a valid IDX file: {what}. Download or export it again.")
