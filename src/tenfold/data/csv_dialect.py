"""The dialect of a CSV file of images: its separator, its header and what its columns contain.

A header names the columns. Without one, the label column is found from its values: labels are
digits, and the corner pixels of the images are all alike. Where two interpretations are possible,
an error states both.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tenfold.data.csv_other_columns import check_text_columns, correct_roles
from tenfold.data.csv_roles import Roles, roles_by_name, roles_by_values
from tenfold.data.csv_text import split_line
from tenfold.data.csv_transposed import check_not_transposed
from tenfold.data.picture_cells import check_not_labels
from tenfold.errors import TenfoldError

__all__ = [
    "NUMBER",
    "Dialect",
    "column_count",
    "detect_dialect",
    "split_table",
    "text_lines",
]

NUMBER = re.compile(r"\s*[+-]?(\d+[.,]?\d*|[.,]\d+)([eE][+-]?\d+)?\s*", re.ASCII)
"""A number in a cell, with a decimal point or comma."""

# The comma comes after other marks: if one of them occurs, a comma may be a decimal mark.
_SEPARATORS = (";", "\t", "|", ",", " ")
_PREAMBLE = re.compile(rb"\s*(sep=.\s*\n\s*)?", re.IGNORECASE)  # a line for Excel, such as sep=;
# The names that pandas gives to repeated cells of a header: 0.1, 0.2, ...
_PANDAS_NAMES = frozenset(f"0.{number}" for number in range(1, 200))
_SHOWN = 60  # largest number of characters of a line in a message


@dataclass(frozen=True)
class Dialect:
    """How a CSV file is to be read.

    Attributes:
        separator: Character between two cells; a space stands for any number of spaces.
        start: Position of the first row in the text.
        line: Line number of the first row, from 1.
        names: Names of all columns; without a header their numbers, from 1.
        roles: What the columns contain.
        notes: Remarks on what was detected, one sentence each.
    """

    separator: str
    start: int
    line: int
    names: tuple[str, ...]
    roles: Roles
    notes: tuple[str, ...]


def detect_dialect(text: bytes, source: str) -> Dialect:
    """Return the dialect of a CSV file of 28 x 28 images.

    Args:
        text: The file in UTF-8 with lines that end in ``\\n``.
        source: Name of the file in messages.

    Raises:
        TenfoldError: If the columns are not those of 28 x 28 images, or if the label column cannot
            be determined.
    """
    begin = _first_line_start(text)
    end = text.find(b"\n", begin) + 1 or len(text)
    first_line = _decoded(text[begin:end], source)
    separator = _separator(first_line)
    names = tuple(name.removeprefix("#").strip() for name in split_line(first_line, separator))
    header = _is_header(names)
    if not header and set(names) >= _PANDAS_NAMES:
        raise TenfoldError(
            f"{source}: line 1 is a row that pandas took for a header (0, 0.1, 0.2, ...). "
            "Read the original file with pandas.read_csv(path, header=None) and save it again."
        )
    line = text.count(b"\n", 0, begin) + 1
    lines = text_lines(text[begin:])
    check_not_labels(lines, separator, source)
    check_not_transposed(lines, separator, header, source)
    rows = lines[header:]
    if header and not _is_numbered(names):
        roles, notes = roles_by_name(names, source, _shown(first_line))
        roles, notes = correct_roles(roles, notes, rows, names, separator, source)
    else:
        check_text_columns(rows, separator, source)
        roles, notes = roles_by_values(len(names), rows, separator, source, _shown(first_line))
    if not header:
        return Dialect(separator, begin, line, _numbers_as_names(len(names)), roles, notes)
    return Dialect(separator, end, line + 1, names, roles, notes)


def column_count(head: bytes) -> int:
    """Return the number of cells in the first line of CSV text, which may be cut off."""
    line = head[_first_line_start(head) :].partition(b"\n")[0].decode(errors="replace")
    return len(split_line(line, _separator(line))) if line.strip() else 0


def split_table(text: bytes) -> list[list[str]]:
    """Return the cells of each non-blank line of a small table."""
    lines = [line.decode(errors="replace") for line in text_lines(text[_first_line_start(text) :])]
    separator = _separator(lines[0]) if lines else ","
    return [split_line(line, separator) for line in lines]


def text_lines(text: bytes) -> list[bytes]:
    """Return the non-blank lines of a text."""
    return [line for line in text.split(b"\n") if line.strip()]


def _first_line_start(text: bytes) -> int:
    """Return the position of the first line that is neither blank nor an instruction to Excel."""
    match = _PREAMBLE.match(text)
    begin = match.end() if match else 0
    # Leading tabs are empty cells, not blanks: go back to the start of the line.
    return text.rfind(b"\n", 0, begin) + 1


def _decoded(line: bytes, source: str) -> str:
    """Return a line as text; raise TenfoldError if the file is not text."""
    if b"\0" in line:
        raise TenfoldError(
            f"{source} is neither text nor a file of a known format. Check that it is the right "
            "file, or export the images as CSV or with np.savez."
        )
    return line.decode(errors="replace").rstrip("\n")


def _separator(line: str) -> str:
    """Return the separator: the first that occurs at least 60 times, else the most frequent.

    A table of images has at least 64 columns. If no mark occurs 60 times, a space is the separator
    only if no other mark occurs. Without any mark, it is the comma.
    """
    counts = {mark: line.count(mark) for mark in _SEPARATORS}
    return next(
        (mark for mark in _SEPARATORS if counts[mark] >= 60),
        max(_SEPARATORS, key=lambda mark: (counts[mark] > 0 and mark != " ", counts[mark]))
        if any(counts.values())
        else ",",
    )


def _is_header(cells: Sequence[str]) -> bool:
    """Return whether the first line contains names: words, or numbers that count up."""
    numeric_count = sum(NUMBER.fullmatch(cell) is not None for cell in cells)
    numeric_names = [cell for cell in cells if cell.isdigit()]
    counts_up = len(numeric_names) >= len(cells) - 3 and _counts_up(numeric_names)
    return 2 * numeric_count <= len(cells) or counts_up


def _is_numbered(names: Sequence[str]) -> bool:
    """Return whether all names are numbers (0, 1, 2, ...); then no name shows the label column."""
    return len(names) > 1 and names[0] in ("0", "1") and _counts_up(names)


def _counts_up(cells: Sequence[str]) -> bool:
    """Return whether the cells are consecutive numbers from 0 or 1, which pixels are not."""
    if len(cells) < 2 or not all(cell.isdecimal() and len(cell) < 9 for cell in cells):
        return False
    first = int(cells[0])
    return first in (0, 1) and all(int(cell) == first + i for i, cell in enumerate(cells))


def _numbers_as_names(count: int) -> tuple[str, ...]:
    return tuple(str(number) for number in range(1, count + 1))


def _shown(line: str) -> str:
    """Return a line for a message: printable and not too long."""
    text = "".join(character if character.isprintable() else "?" for character in line.strip())
    return text if len(text) <= _SHOWN else f"{text[:30]}...{text[-27:]}"
