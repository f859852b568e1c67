"""CSV files of images: one row for each image, in any common dialect."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tenfold.data.arrays import SIDE, to_images
from tenfold.data.csv_dialect import Dialect, column_count, detect_dialect
from tenfold.data.csv_fractions import check_numbers, parse_fractions
from tenfold.data.csv_table import parse_table
from tenfold.data.csv_text import normalise_rows, normalise_text
from tenfold.data.dataset import Dataset, Part
from tenfold.data.format import Format, Source
from tenfold.data.input_files import PathLike, read_bytes
from tenfold.data.label_codes import check_digits
from tenfold.data.label_files import find_labels_file, read_label_table
from tenfold.data.parts import part_of_file, without_suffixes, without_validation
from tenfold.errors import TenfoldError
from tenfold.nn.array import Array

__all__ = [
    "CSV_FILE",
    "CSV_FOLDER",
    "FEWEST_COLUMNS",
    "find_csv",
    "has_columns",
    "is_table",
    "is_table_name",
    "labels_of_csv",
    "read_csv",
    "read_rows",
]

_PIXELS = SIDE * SIDE
FEWEST_COLUMNS = 64
"""Smallest number of columns of a table that is taken for a table of images."""

_SUFFIXES = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz")


def read_csv(path: PathLike) -> Dataset:
    """Return the images of a CSV file, with labels if it has a column of them.

    The dialect is detected: the separator (comma, semicolon, tab, bar or spaces), the header or
    its absence, the position of the label, a column that numbers the rows (left out), whole numbers
    or pixels divided by 255 or 256, UTF-8 or UTF-16, gzip. Labels may be in another file of the
    same folder (``x_train.csv`` and ``y_train.csv``). The notes say what differs from Kaggle's
    files, ``label,pixel0,...,pixel783``. The 42,000 rows of Kaggle's train.csv take less than a
    second.

    Raises:
        TenfoldError: If the file is missing or has no rows, if its columns are not those of 28 x 28
            images, or if a cell is wrong; the message gives the line and column of the first one.
    """
    text = normalise_text(read_bytes(path), str(path))
    if not text or text.isspace():
        raise TenfoldError(f"{path} is empty: export it again.")
    dialect = detect_dialect(text, str(path))
    try:
        images, labels, notes = read_rows(text, dialect, str(path))
    except TenfoldError as error:
        if (line := _repeated_header(text, dialect)) is None:
            raise
        raise TenfoldError(
            f"{path}, line {line} repeats the names of the columns, as in files that were joined. "
            "Remove the line."
        ) from error
    if labels is None:
        labels, more = labels_of_csv(Path(path))
        notes = (*notes, *more)
    return Dataset(images, labels, Path(path).name, (*dialect.notes, *notes))


def labels_of_csv(path: Path) -> tuple[Array | None, tuple[str, ...]]:
    """Return the labels in a separate file, (N,) int64, and notes. Without such a file, None.

    Args:
        path: The CSV file of the images.

    Raises:
        TenfoldError: If a label is not a digit.
    """
    labels_file = find_labels_file(path, _SUFFIXES)
    if labels_file is None:
        return None, ()
    labels = np.array(read_label_table(labels_file), np.int64)
    return labels, (f"the labels were read from {labels_file.name}",)


def _repeated_header(text: bytes, dialect: Dialect) -> int | None:
    """Return the number of the first line that repeats the header; None if there is none."""
    header = text[: dialect.start].rstrip(b"\n").rpartition(b"\n")[2]
    position = text.find(b"\n" + header + b"\n", dialect.start - 1) if header else -1
    return None if position < 0 else text.count(b"\n", 0, position) + 2


def is_table_name(name: str) -> bool:
    """Return whether a file name has the extension of a text table."""
    return name.lower().endswith(_SUFFIXES)


def is_table(source: Source) -> bool:
    """Return whether a file has the extension of a table, or the columns of images.

    A ``.txt`` file must have the columns, since most text files are not tables.
    """
    name = source.path.name.lower()
    is_text_file = name.endswith((".txt", ".txt.gz"))
    return (is_table_name(name) and not is_text_file) or has_columns(source)


def has_columns(source: Source) -> bool:
    """Return whether a file has the columns of images."""
    return column_count(source.head) >= FEWEST_COLUMNS


def find_csv(source: Source, part: Part) -> Path | None:
    """Return the CSV file of images of a split in a folder, or None if there is none.

    The split is in its name (``train.csv``, ``mnist_train.csv.gz``). If the only CSV file of images
    in a folder has no split in its name, it is used for both splits.

    Raises:
        TenfoldError: If there are several, and none of them is named exactly after the split.
    """
    tables = [file for file in source.entries if is_table_name(file.name) and file.is_file()]
    exact = [file for file in tables if without_suffixes(file.name).lower() == part]
    if exact:
        return exact[0]
    tables = [file for file in tables if has_columns(Source(file))]
    tables = without_validation(tables)
    named = {file: part_of_file(without_suffixes(file.name)) for file in tables}
    found = [file for file in tables if named[file] == part]
    if not found and len(tables) == 1 and named[tables[0]] is None:
        found = tables
    if len({without_suffixes(file.name) for file in found}) > 1:
        raise TenfoldError(
            f"{source.path} contains several tables of {part} images: "
            f"{', '.join(file.name for file in found[:4])}. Give the path of one of them instead."
        )
    return found[0] if found else None


def read_rows(
    text: bytes, dialect: Dialect, source: str, factor: int | None = None
) -> tuple[Array, Array | None, tuple[str, ...]]:
    """Return images (n, 28, 28, 1), labels (n,) or None, and notes of the rows.

    Args:
        text: The text. Its rows begin at ``dialect.start``.
        dialect: The dialect of the file.
        source: Name of the file in messages.
        factor: What pixels are multiplied by if the rows are a part of the file (``to_images``).

    Raises:
        TenfoldError: If there are no rows, or a cell is wrong.
    """
    roles, start = dialect.roles, dialect.start
    kept = sorted({*range(len(dialect.names))} - {*roles.dropped})
    names = [dialect.names[i] for i in kept]
    label = None if roles.label is None else kept.index(roles.label)
    if dialect.separator != "," or roles.dropped:
        text, start = normalise_rows(text[start:], dialect.separator, roles.dropped), 0
    table = None
    scaled = factor not in (None, 1)
    if scaled or text.find(b".", start) >= 0:
        table = _fractional_table(text[start:], dialect.line, label, names, source, scaled)
    if table is None:
        table = parse_table(text, start, names, source, dialect.line, label)
    if len(table) == 0:
        raise TenfoldError(f"{source} has a header but no rows: export it again.")
    position = {column: i for i, column in enumerate(kept)}
    pixels = [position[column] for column in roles.pixels]
    first = pixels[0]
    in_order = pixels == list(range(first, first + _PIXELS))
    values = table[:, first : first + _PIXELS] if in_order else table[:, pixels]
    images, notes = to_images(np.ascontiguousarray(values), source, factor)
    labels = None if label is None else table[:, label].astype(np.int64)
    if labels is not None:
        check_digits(labels, source)
    return images, labels, notes


def _fractional_table(
    rows: bytes,
    line: int,
    label: int | None,
    names: Sequence[str],
    source: str,
    scaled: bool = False,
) -> Array | None:
    """Return a table with decimal points, float32, or None if ``parse_table`` must read it.

    With ``scaled``, the pixels of the file are known to be divided by 255 or 256.

    Raises:
        TenfoldError: If a cell is not a number, or pixels and a label are fractions.
    """
    table = parse_fractions(rows, len(names))
    if table is None:
        check_numbers(rows, line, names, label, source)
        return None
    pixels, labels = table, table[:, :0]
    if label is not None:
        pixels, labels = np.delete(table, label, axis=1), table[:, label]
    whole_labels = bool((labels == np.rint(labels)).all())
    if pixels.min() >= 0 and pixels.max() > 1 and not scaled:
        whole = (pixels <= 255).all() and (pixels == np.rint(pixels)).all()
        return table if whole and whole_labels else None  # parse_table finds the wrong cell
    if not whole_labels:
        wrong = labels[labels != np.rint(labels)][0]
        raise TenfoldError(
            f"{source}: labels must be digits from 0 to 9, got {wrong:g}. If the labels were "
            "divided like the pixels, export them undivided."
        )
    return table


def _read_part(folder: Path, part: Part) -> Dataset:
    found = find_csv(Source(folder), part)
    assert found is not None, "the folder was recognised"
    return read_csv(found)


CSV_FOLDER = Format(
    "a folder with CSV files of the two splits (train.csv and test.csv, or mnist_train.csv ...)",
    lambda source, part: source.is_folder and find_csv(source, part) is not None,
    _read_part,
    has_parts=True,
)
"""A folder with the CSV file of a split."""

CSV_FILE = Format(
    "a CSV file with 784 pixel columns",
    lambda source, _: not source.is_folder,
    lambda path, _: read_csv(path),
)
"""Any other file: its first line decides whether it is a table of images."""
