"""Tables of small whole numbers as CSV: as fast as NumPy allows, as carefully as must be.

A Kaggle file holds 33 million numbers in 77 MB. Written plainly (digits, commas, newlines) it is
read in blocks with array operations. A block with anything unusual in it (quotes, spaces, ``12.0``,
blank lines, an error) is read again with the csv module, cell by cell, which understands it or
names the cell that is wrong.
"""

import csv
import functools
import io
import re
from collections.abc import Iterator, Sequence

import numpy as np

from tenfold.errors import TenfoldError
from tenfold.nn.array import Array

__all__ = ["csv_lines", "format_table", "parse_table", "read_carefully", "read_fast"]

_BLOCK = 2**20  # bytes of text at a time: they and what is made of them stay in the cache
_ROWS = 1024
_COMMA, _NEWLINE, _ZERO = b",\n0"
_NUMBER = re.compile(r"\s*[+-]?\d+(\.\d*)?([eE][+-]?\d+)?\s*", re.ASCII)


def parse_table(
    content: bytes, start: int, names: Sequence[str], limits: Sequence[int], source: str
) -> Array:
    """Return the table (rows, columns) uint8 that follows the header line of a CSV file.

    Args:
        content: the file, its lines ending in ``\\n``.
        start: where the second line begins.
        names: of the columns, for messages.
        limits: the greatest number, at most 255, that each column may hold; the least is 0.
        source: what messages call the file.

    Raises:
        TenfoldError: naming the line and column of the first cell that breaks a rule.
    """
    blocks = [np.empty((0, len(names)), np.uint8)]
    line = 2
    while start < len(content):
        # up to the last line end within reach; where there is none, the rest is one strange line
        end = content.rfind(b"\n", start, start + _BLOCK) + 1 or len(content)
        block = content[start:end]
        table = read_fast(block, limits)
        if table is None:
            table = read_carefully(block, line, names, limits, source)
        blocks.append(table)
        line += block.count(b"\n")
        start = end
    return np.concatenate(blocks)


def read_fast(block: bytes, limits: Sequence[int]) -> Array | None:
    """Return the table in a block of whole lines, or None if it is not written plainly.

    Plainly: every cell has one to three digits, cells are separated by commas, every line ends in
    a newline and has as many cells as there are limits, and no cell exceeds its column's limit.
    """
    text = np.frombuffer(block, np.uint8)
    digits = text - np.uint8(_ZERO)  # wraps around, so that only digits are below 10
    ends = np.flatnonzero(digits > 9)
    columns = len(limits)
    if ends.size == 0 or ends.size % columns or ends[-1] != text.size - 1:
        return None
    separators = text[ends].reshape(-1, columns)
    if (separators[:, -1] != _NEWLINE).any() or (separators[:, :-1] != _COMMA).any():
        return None
    length = np.diff(ends, prepend=-1) - 1
    if length.min() < 1 or length.max() > 3:
        return None
    # Of a shorter cell, the wanted place holds something else, and the mask makes that nought.
    numbers = digits[ends - 1].astype(np.uint16)
    numbers += digits[ends - 2] * (length > 1) * np.uint16(10)
    numbers += digits[ends - 3] * (length > 2) * np.uint16(100)
    table = numbers.reshape(-1, columns)
    if (table.max(axis=0) > np.asarray(limits)).any():
        return None
    return table.astype(np.uint8)


def read_carefully(
    block: bytes, first: int, names: Sequence[str], limits: Sequence[int], source: str
) -> Array:
    """Return the table in a block of whole lines, or name the cell that is wrong.

    Quotes, spaces, blank lines and whole numbers written as ``12.0`` or ``1.2e1`` are understood.

    Raises:
        TenfoldError: for anything else; ``first`` is the number of the block's first line.
    """
    try:
        text = block.decode()
    except UnicodeDecodeError as error:
        line = first + block.count(b"\n", 0, error.start)
        raise TenfoldError(f"{source}, line {line}: not UTF-8 text. Export it as UTF-8.") from error
    rows = [
        _row(cells, names, limits, f"{source}, line {line}")
        for line, cells in csv_lines(text, source, first)
    ]
    return np.array(rows, np.uint8).reshape(-1, len(names))


def csv_lines(text: str, source: str, first: int = 1) -> Iterator[tuple[int, list[str]]]:
    """Yield (line number, cells) of every line of CSV text that is not blank.

    Raises:
        TenfoldError: if quotes are out of order; ``first`` is the number of the first line.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for cells in reader:
            if len(cells) > 1 or (cells and cells[0].strip()):
                yield first + reader.line_num - 1, cells
    except csv.Error as error:
        line = first + reader.line_num - 1
        raise TenfoldError(f"{source}, line {line}: {error}. Export it as plain CSV.") from error


def _row(
    cells: Sequence[str], names: Sequence[str], limits: Sequence[int], where: str
) -> list[int | None]:
    if len(cells) != len(names):
        raise TenfoldError(
            f"{where}: {len(cells)} columns where the header names {len(names)}. Complete the "
            "line, or export the file again."
        )
    numbers = list(map(_number, cells, limits))
    if None in numbers:
        wrong = numbers.index(None)
        raise TenfoldError(
            f"{where}, column {names[wrong]!r}: {cells[wrong][:40]!r} is not a whole number from 0 "
            f"to {limits[wrong]}. Correct it, or export the file again."
        )
    return numbers


@functools.lru_cache(maxsize=4096)  # a large file has few different cells
def _number(cell: str, limit: int) -> int | None:
    """Return the whole number from 0 to ``limit`` that a cell holds, or None."""
    if not _NUMBER.fullmatch(cell):
        return None
    value = float(cell)
    return int(value) if value.is_integer() and 0 <= value <= limit else None


def format_table(table: Array) -> Iterator[bytes]:
    """Yield the lines of a table (rows, columns) uint8 as CSV text, in pieces."""
    inner, last = _cells(","), _cells("\n")
    for start in range(0, len(table), _ROWS):
        rows = table[start : start + _ROWS]
        words = inner[rows]
        words[:, -1] = last[rows[:, -1]]
        yield words.tobytes().translate(None, b"\0")


def _cells(separator: str) -> Array:
    """Return how 0 to 255 are written, each padded with zero bytes to one 32-bit word."""
    return np.array([f"{number}{separator}".encode() for number in range(256)], "S4").view("u4")
