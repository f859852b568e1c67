"""Rows of a Parquet file as images."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from tenfold.data.arrays import SIDE, to_images
from tenfold.data.digit_names import digit_of_word
from tenfold.data.label_codes import CLASSES
from tenfold.data.streams.batches import (
    NO_LABEL,
    EncodedPicture,
    ImageBatch,
    convert_rows,
    position_names,
)
from tenfold.data.streams.parquet_columns import Columns
from tenfold.errors import TenfoldError
from tenfold.nn.array import Array

if TYPE_CHECKING:
    import pyarrow
    from pyarrow import RecordBatch

__all__ = ["encoded_rows", "raw_rows", "raw_table"]

_PIXELS = SIDE * SIDE


def raw_rows(
    rows: "RecordBatch", columns: Columns, first: int, source: str, factor: int | None
) -> ImageBatch:
    """Return rows of raw pixels as images.

    Args:
        rows: The rows.
        columns: What their columns contain.
        first: Position of the first row.
        source: Name of the file in messages.
        factor: What the pixels are multiplied by.
    """
    found = _labels(rows, columns)
    table, errors = raw_table(rows, columns, source)
    images, others = convert_rows(table, lambda some: to_images(some, source, factor)[0])
    errors |= others
    labels = None
    if found is not None:
        labels = np.array([NO_LABEL if digit is None else digit for digit in found], np.int64)
        for i in np.flatnonzero(labels == NO_LABEL):
            errors.setdefault(int(i), f"{source}, row {first + i + 1} has no label from 0 to 9")
        images[list(errors)], labels[list(errors)] = 0, NO_LABEL
    return ImageBatch(first, position_names(first, len(images)), images, labels, errors)


def _labels(rows: "RecordBatch", columns: Columns) -> list[int | None] | None:
    """Return the digit of each row (None if it has none); None if there is no column of labels."""
    if columns.label is None:
        return None
    values = rows.column(columns.label).to_pylist()
    digits = [digit_of_word(str(value)) for value in values]
    return [digit if digit is not None and digit < CLASSES else None for digit in digits]


def encoded_rows(
    rows: "RecordBatch", columns: Columns, first: int, source: str
) -> Iterator[EncodedPicture]:
    """Yield the encoded pictures in rows.

    Args:
        rows: The rows.
        columns: What their columns contain.
        first: Position of the first row.
        source: Name of the file in messages.
    """
    labels = _labels(rows, columns)
    for i, cell in enumerate(rows.column(columns.images[0])):
        value = cell.as_py()
        content = value.get("bytes") if isinstance(value, dict) else value
        named = value.get("path") if isinstance(value, dict) else None
        place = f"{source}, row {first + i + 1}"
        label = None if labels is None else labels[i]
        yield EncodedPicture(named or str(first + i), _Content(content, place), label, place)


class _Content:
    """Function that returns the bytes of one picture; raises TenfoldError if there are none."""

    def __init__(self, content: bytes | None, place: str) -> None:
        self.content, self.place = content, place

    def __call__(self) -> bytes:
        if not self.content:
            raise TenfoldError(f"{self.place} has no picture.")
        return self.content


def raw_table(rows: "RecordBatch", columns: Columns, source: str) -> tuple[Array, dict[int, str]]:
    """Return raw pixels as a table (n, 784), and errors by row; a row with an error is 0.

    Args:
        rows: The rows.
        columns: What their columns contain: raw pixels.
        source: Name of the file in messages.
    """
    if len(columns.images) > 1:
        cells = [rows.column(name).to_numpy(zero_copy_only=False) for name in columns.images]
        return np.column_stack(cells), {}
    lists = rows.column(columns.images[0])
    flat, regular = _flat(lists)
    if regular:
        return flat.reshape(len(lists), _PIXELS), {}
    table, errors = np.zeros((len(lists), _PIXELS)), {}
    for i, cell in enumerate(lists):
        values = np.array([] if cell.as_py() is None else _flat_list(cell.as_py()))
        if values.size == _PIXELS and values.dtype.kind in "uifb":
            table[i] = values
        else:
            errors[i] = f"{source}: pixels must be {_PIXELS} numbers, got {values.size}"
    return table, errors


def _flat(lists: "pyarrow.Array") -> tuple[Array, bool]:
    """Return all values of lists, perhaps nested, and whether each list has 784 of them."""
    from pyarrow import compute, types

    size, regular = 1, lists.null_count == 0
    while regular and (
        types.is_list(lists.type)
        or types.is_large_list(lists.type)
        or types.is_fixed_size_list(lists.type)
    ):
        lengths = np.unique(compute.list_value_length(lists).to_numpy(zero_copy_only=False))
        lists = lists.flatten()
        regular = len(lengths) == 1 and lists.null_count == 0
        size *= int(lengths[0])
    if not regular or size != _PIXELS:
        return np.empty(0), False
    return lists.to_numpy(zero_copy_only=False), True


def _flat_list(values: Any) -> list[Any]:
    """Return the numbers in lists of lists."""
    if not isinstance(values, list):
        return [values]
    return [number for inner in values for number in _flat_list(inner)]
