"""Streams of arrays: the images of IDX, npy and npz files, read block by block."""

import contextlib
import math
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np

from tenfold.data.arrays import check_shape, to_images
from tenfold.data.dataset import check_labels
from tenfold.data.streams.batches import (
    ImageBatch,
    ImageStream,
    convert_rows,
    position_names,
)
from tenfold.data.streams.scale import usual_factor
from tenfold.errors import TenfoldError
from tenfold.nn.array import Array

__all__ = ["StoredArray", "array_stream"]

_BLOCK = 2**22  # bytes that are read at a time


@dataclass(frozen=True, eq=False)
class StoredArray:
    """An array of images that is stored row by row in a file.

    Attributes:
        shape: Shape of the array, (N, ...).
        dtype: Dtype of the array.
        source: Name of the array in messages.
        open: Opens the file at the first item of the array.
    """

    shape: tuple[int, ...]
    dtype: np.dtype
    source: str
    open: Callable[[], AbstractContextManager[BinaryIO]]

    @property
    def row_bytes(self) -> int:
        """Number of bytes of one image."""
        return math.prod(self.shape[1:]) * self.dtype.itemsize

    def blocks(self, start: int = 0) -> Iterator[Array]:
        """Yield the rows from ``start`` on, (n, ...), a few megabytes at a time.

        Raises:
            TenfoldError: If the file ends too early; the complete rows are yielded first.
        """
        block_rows = max(1, _BLOCK // self.row_bytes)
        with self.open() as file:
            file.seek(start * self.row_bytes, 1)
            for first in range(start, self.shape[0], block_rows):
                wanted = min(block_rows, self.shape[0] - first)
                content, problem = _read(file, wanted * self.row_bytes)
                complete = len(content) // self.row_bytes
                values = np.frombuffer(content, self.dtype, complete * math.prod(self.shape[1:]))
                if complete:
                    yield values.reshape(complete, *self.shape[1:])
                if problem is not None:
                    raise problem
                if complete < wanted:
                    raise TenfoldError(
                        f"{self.source} ends after {first + complete:,} of {self.shape[0]:,} "
                        "images. Download or export it again."
                    )


def array_stream(
    array: StoredArray,
    labels: Array | None,
    name: str,
    format_name: str,
    notes: tuple[str, ...] = (),
) -> ImageStream:
    """Return the stream of an array of images.

    Args:
        array: The images, of any shape and dtype that ``to_images`` accepts.
        labels: Labels of the images, (N,) int64, or None.
        name: Name of the file.
        format_name: Noun phrase for its format.
        notes: Remarks on the source.

    Raises:
        TenfoldError: If the array does not have a shape of images, a label is not a digit, or the
            numbers of labels and images differ.
    """
    check_shape(array.shape, array.source)
    if labels is not None:
        check_labels(labels, array.shape[0], name)
        labels = labels.astype(np.uint8)  # an eighth of the memory
    sample = next(array.blocks())
    factor = usual_factor(sample)
    with contextlib.suppress(TenfoldError):  # rows with errors are reported one by one
        notes = (*to_images(sample, array.source, factor)[1], *notes)

    def pieces(start: int) -> Iterator[ImageBatch]:
        for values in array.blocks(start):
            images, errors = convert_rows(
                values, lambda rows: to_images(rows, array.source, factor)[0]
            )
            chosen = None if labels is None else labels[start : start + len(values)]
            digits = None if chosen is None else _with_errors(chosen, errors)
            yield ImageBatch(start, position_names(start, len(values)), images, digits, errors)
            start += len(values)

    return ImageStream(name, format_name, labels is not None, pieces, array.shape[0], notes)


def _with_errors(labels: Array, errors: dict[int, str]) -> Array:
    digits = labels.astype(np.int64)
    digits[list(errors)] = -1
    return digits


def _read(file: BinaryIO, size: int) -> tuple[bytes, Exception | None]:
    """Return the next bytes, and the error that ended them early, or None."""
    pieces = []
    read = getattr(file, "read1", file.read)  # read1 returns the data in front of the damage
    try:
        while size and (piece := read(size)):
            pieces.append(piece)
            size -= len(piece)
    except (OSError, EOFError, zlib.error) as error:
        return b"".join(pieces), error
    return b"".join(pieces), None
