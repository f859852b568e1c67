"""Streams of Parquet files: encoded pictures as on Hugging Face, or raw pixels."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tenfold.data.dataset import Dataset, Part
from tenfold.data.format import Format, Source
from tenfold.data.parts import part_of, without_validation
from tenfold.data.streams.batches import EncodedPicture, ImageBatch, ImageStream
from tenfold.data.streams.collect import collected
from tenfold.data.streams.encoded import Decode, decode_image, encoded_stream
from tenfold.data.streams.parquet_columns import Columns, find_columns
from tenfold.data.streams.parquet_rows import encoded_rows, raw_rows, raw_table
from tenfold.data.streams.scale import usual_factor
from tenfold.errors import TenfoldError, reason

if TYPE_CHECKING:
    from pyarrow import RecordBatch
    from pyarrow.parquet import ParquetFile

__all__ = ["PARQUET_FILE", "PARQUET_FOLDER", "parquet_files", "parquet_stream"]

_ROWS = 1024  # number of rows that are read at a time
_BUFFER = 2**20  # bytes of a column that are read at a time


@dataclass(frozen=True)
class _Table:
    """One Parquet file of a data set.

    Attributes:
        path: Path of the file.
        group_rows: Number of rows of each row group of the file.
        columns: What its columns contain.
    """

    path: Path
    group_rows: tuple[int, ...]
    columns: Columns


def parquet_stream(
    files: Sequence[Path], name: str, decode: Decode = decode_image, *, labels: bool = True
) -> ImageStream:
    """Return the stream of the rows of Parquet files, one file after the other.

    Args:
        files: The files, with the same columns.
        name: Name of the data set.
        decode: Decodes one picture.
        labels: Whether labels are read; if not, they may be missing or unclear.

    Raises:
        TenfoldError: If pyarrow is not installed, or a file is damaged or has other columns.
    """
    tables = [_table(file, labels) for file in files]
    columns, factor = tables[0].columns, _factor(tables[0])
    for table in tables:
        if table.columns.labelled != columns.labelled or table.columns.encoded != columns.encoded:
            raise TenfoldError(
                f"{table.path} has other columns than {tables[0].path}: give the path of one file."
            )

    def pictures(start: int) -> Iterator[EncodedPicture]:
        for table, first, rows in _batches(tables, start):
            yield from encoded_rows(rows, table.columns, first, str(table.path))

    def pieces(start: int) -> Iterator[ImageBatch]:
        for table, first, rows in _batches(tables, start):
            yield raw_rows(rows, table.columns, first, str(table.path), factor)

    count = sum(sum(table.group_rows) for table in tables)
    format_name, labelled = PARQUET_FILE.name, columns.labelled
    if columns.encoded:
        return encoded_stream(name, format_name, labelled, pictures, decode, count, columns.notes)
    return ImageStream(name, format_name, labelled, pieces, count, columns.notes)


def parquet_files(source: Source, part: Part) -> list[Path]:
    """Return the Parquet files of a split in a folder, in the order of their names.

    These are the files with the split in their names, or else those with no split.
    """
    files = [
        file for file in source.entries if file.suffix.lower() == ".parquet" and file.is_file()
    ]
    parts = {file: part_of(file.stem) for file in files}
    named = [file for file in files if parts[file] == part]
    return named or without_validation([file for file in files if parts[file] is None])


def _table(path: Path, labels: bool) -> _Table:
    """Return the rows and columns of a file, from its metadata."""
    with _opened(path) as file:
        metadata = file.metadata
        groups = range(metadata.num_row_groups)
        columns = find_columns(file.schema_arrow, str(path))
        if not labels:
            columns = replace(columns, label=None)
        return _Table(path, tuple(metadata.row_group(i).num_rows for i in groups), columns)


def _factor(table: _Table) -> int | None:
    """Return what raw pixels are multiplied by, decided from the first rows of a file."""
    if table.columns.encoded:
        return None
    with _opened(table.path) as file:
        rows = next(file.iter_batches(_ROWS, columns=list(table.columns.names)), None)
        return None if rows is None else usual_factor(raw_table(rows, table.columns, "")[0])


def _batches(tables: Sequence[_Table], start: int) -> "Iterator[tuple[_Table, int, RecordBatch]]":
    """Yield (table, first row, batch) for the rows from ``start`` on, counted over all tables."""
    first = 0
    for table in tables:
        if first + sum(table.group_rows) > start:
            for row, batch in _batches_of(table, max(start - first, 0)):
                yield table, first + row, batch
        first += sum(table.group_rows)


def _batches_of(table: _Table, start: int) -> "Iterator[tuple[int, RecordBatch]]":
    """Yield (first row, batch) for the rows of a file from ``start`` on."""
    before, groups = 0, list(range(len(table.group_rows)))
    while groups and before + table.group_rows[groups[0]] <= start:
        before += table.group_rows[groups.pop(0)]
    with _opened(table.path) as file:
        batches = file.iter_batches(_ROWS, groups, list(table.columns.names), use_threads=False)
        for batch in batches:
            if before + len(batch) > start:
                skipped = max(start - before, 0)
                yield before + skipped, batch.slice(skipped)
            before += len(batch)


@contextlib.contextmanager
def _opened(path: Path) -> "Iterator[ParquetFile]":
    """Open a Parquet file; errors while it is read become TenfoldError."""
    try:
        from pyarrow.parquet import ParquetFile
    except ImportError as error:
        raise TenfoldError(
            f"{path} is a Parquet file, which needs the extra parquet: from a checkout, "
            "pip install '.[parquet]'"
        ) from error
    try:
        with ParquetFile(path, buffer_size=_BUFFER, pre_buffer=False) as file:
            yield file
    except TenfoldError:
        raise
    except Exception as error:  # a damaged file can raise almost any exception
        raise TenfoldError(
            f"{path} is not a readable Parquet file ({reason(error)}). Download or export it again."
        ) from error


def _read_file(path: Path, part: Part) -> Dataset:
    return collected(parquet_stream([path], path.name))


def _read_folder(folder: Path, part: Part) -> Dataset:
    return collected(parquet_stream(parquet_files(Source(folder), part), folder.name))


PARQUET_FILE = Format(
    "a Parquet file", lambda source, _: source.head.startswith(b"PAR1"), _read_file
)
"""One file, with a row for each image."""

PARQUET_FOLDER = Format(
    "a folder of Parquet files (train-00000-of-00001.parquet and so on)",
    lambda source, part: source.is_folder and bool(parquet_files(source, part)),
    _read_folder,
    has_parts=True,
)
"""A folder with the files of each split, as on Hugging Face."""
