"""CSV tables of whole numbers from 0 to 255, read and written fast.

A Kaggle file has 33 million numbers in 77 MB. A plain file (only digits, commas and newlines) is
parsed in blocks with array operations. A block with anything else in it (quotes, spaces, ``12.0``,
blank lines, an error) is parsed cell by cell with the csv module, which either accepts it or finds
the wrong cell for the message.
"""

import csv
import functools
import io
import re
from collections.abc import Iterator, Sequence

import numpy as np

from tenfold.data.csv_missing import is_missing, missing_advice
from tenfold.data.digit_names import digit_of_word
from tenfold.errors import TenfoldError
from tenfold.nn.array import Array

__all__ = ["csv_lines", "format_table", "parse_any_block", "parse_plain_block", "parse_table"]

_BLOCK = 2**20  # bytes of text at a time: the block and its temporaries fit into the cache
_ROWS = 1024  # rows that are written at a time
_MAX = 255  # largest number in a cell
_COMMA, _NEWLINE, _ZERO = b",\n0"
_NUMBER = re.compile(r"\s*[+-]?\d+(\.\d*)?([eE][+-]?\d+)?\s*", re.ASCII)


def parse_table(
    content: bytes,
    start: int,
    names: Sequence[str],
    source: str,
    line: int = 2,
    label: int | None = None,
) -> Array:
    """Return the table (rows, columns) uint8 that follows the header line of a CSV file.

    Args:
        content: The file, with lines that end in ``\\n``.
        start: Position of the first row.
        names: Names of the columns, for messages.
        source: Name of the file in messages.
        line: Line number of the first row, from 1.
        label: Position of the column of labels, for messages. Like other columns it may have
            numbers from 0 to 255; the caller checks the labels when all rows are known.

    Raises:
        TenfoldError: If a cell or a line is wrong; the message gives its line and column.
    """
    blocks = [np.empty((0, len(names)), np.uint8)]
    while start < len(content):
        # up to the last line end in the block; without one, the rest of the file is one long line
        end = content.rfind(b"\n", start, start + _BLOCK) + 1 or len(content)
        block = content[start:end]
        table = parse_plain_block(block, len(names))
        if table is None:
            table = parse_any_block(block, line, names, source, label)
        blocks.append(table)
        line += block.count(b"\n")
        start = end
    return np.concatenate(blocks)


def parse_plain_block(block: bytes, columns: int) -> Array | None:
    """Return the table in a block of complete lines, or None if the block is not plain.

    In a plain block each cell has one to three digits and is at most 255, cells are separated by
    commas, and each line ends in a newline and has the given number of cells.
    """
    text = np.frombuffer(block, np.uint8)
    digits = text - np.uint8(_ZERO)  # wraps around, so that only digits are below 10
    ends = np.flatnonzero(digits > 9)
    if ends.size == 0 or ends.size % columns or ends[-1] != text.size - 1:
        return None
    separators = text[ends].reshape(-1, columns)
    if (separators[:, -1] != _NEWLINE).any() or (separators[:, :-1] != _COMMA).any():
        return None
    lengths = np.diff(ends, prepend=-1) - 1
    if lengths.min() < 1 or lengths.max() > 3:
        return None
    # In a cell of one or two digits, the bytes before them belong to another cell: times 0.
    numbers = digits[ends - 1].astype(np.uint16)
    numbers += digits[ends - 2] * (lengths > 1) * np.uint16(10)
    numbers += digits[ends - 3] * (lengths > 2) * np.uint16(100)
    if numbers.max() > _MAX:
        return None
    return numbers.reshape(-1, columns).astype(np.uint8)


def parse_any_block(
    block: bytes, first_line: int, names: Sequence[str], source: str, label: int | None = None
) -> Array:
    """Return the table in a block of complete lines.

    Quotes, spaces, blank lines and whole numbers written as ``12.0`` or ``1.2e1`` are accepted.

    Args:
        block: The lines.
        first_line: Line number in the file at which the block begins.
        names: Names of the columns, for messages.
        source: Name of the file in messages.
        label: Position of the column of labels, for messages.

    Raises:
        TenfoldError: If a cell or a line is wrong; the message gives its line and column.
    """
    try:
        text = block.decode()
    except UnicodeDecodeError as error:
        line = first_line + block.count(b"\n", 0, error.start)
        raise TenfoldError(f"{source}, line {line}: not UTF-8 text. Export it as UTF-8.") from error
    rows = [
        _row(cells, names, label, f"{source}, line {line}")
        for line, cells in csv_lines(text, source, first_line)
    ]
    return np.array(rows, np.uint8).reshape(-1, len(names))


def csv_lines(text: str, source: str, first_line: int = 1) -> Iterator[tuple[int, list[str]]]:
    """Yield (line number, cells) for each line of CSV text that is not blank.

    Args:
        text: The CSV text.
        source: Name of the file in messages.
        first_line: Line number in the file at which the text begins.

    Raises:
        TenfoldError: If the quotes are wrong.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for cells in reader:
            if len(cells) > 1 or (cells and cells[0].strip()):
                yield first_line + reader.line_num - 1, cells
    except csv.Error as error:
        line = first_line + reader.line_num - 1
        raise TenfoldError(f"{source}, line {line}: {error}. Export it as plain CSV.") from error


def _row(
    cells: Sequence[str], names: Sequence[str], label: int | None, where: str
) -> list[int | None]:
    """Return the numbers in the cells of one line; ``where`` is the file and line, for messages."""
    if len(cells) != len(names):
        raise TenfoldError(
            f"{where}: {len(cells)} columns, but the first line has {len(names)}. Correct the "
            "line, or export the file again."
        )
    numbers = list(map(_number, cells))
    if label is not None and numbers[label] is None:
        numbers[label] = digit_of_word(cells[label])  # such as five
    if None in numbers:
        wrong = numbers.index(None)
        wanted, advice = f"value must be a whole number from 0 to {_MAX}", "Correct it"
        if _NUMBER.fullmatch(cells[wrong]):
            advice = "If all pixels are on another scale, scale them to 0 to 255 and round them"
        if wrong == label:
            wanted, advice = "label must be a digit from 0 to 9", "Correct it, leave the line out"
        advice = f"{advice}, or export the file again."
        if is_missing(cells[wrong]):
            advice = missing_advice(wrong == label)
        raise TenfoldError(
            f"{where}, column {names[wrong]!r}: the {wanted}, got {cells[wrong][:40]!r}. {advice}"
        )
    return numbers


@functools.lru_cache(maxsize=4096)  # even a large file has few different cells
def _number(cell: str) -> int | None:
    """Return the number in a cell, or None if it is not a whole number from 0 to 255."""
    if not _NUMBER.fullmatch(cell):
        return None
    value = float(cell)
    return int(value) if value.is_integer() and 0 <= value <= _MAX else None


def format_table(table: Array) -> Iterator[bytes]:
    """Yield a table (rows, columns) uint8 as CSV text, many lines at a time."""
    inner, last = _cells(","), _cells("\n")
    for start in range(0, len(table), _ROWS):
        rows = table[start : start + _ROWS]
        words = inner[rows]
        words[:, -1] = last[rows[:, -1]]
        yield words.tobytes().translate(None, b"\0")


def _cells(separator: str) -> Array:
    """Return each number from 0 to 255 and a separator as four bytes of text, zero-padded."""
    return np.array([f"{number}{separator}".encode() for number in range(256)], "S4").view("u4")
