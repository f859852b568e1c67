"""CSV text in one notation: UTF-8, newlines, commas between cells, points in numbers."""

import codecs
import csv
import re
from collections.abc import Iterable

from tenfold.errors import TenfoldError

__all__ = ["normalise_rows", "normalise_text", "split_line", "split_lines"]

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def normalise_text(content: bytes, source: str) -> bytes:
    """Return text in UTF-8, without a byte order mark, and with newlines as line ends.

    Args:
        content: Text in UTF-8, or in UTF-16 with a byte order mark.
        source: Name of the file in messages.

    Raises:
        TenfoldError: If the text begins like UTF-16 but is not valid UTF-16.
    """
    if content.startswith(_UTF16):
        try:
            content = content.decode("utf-16").encode()
        except UnicodeError as error:
            raise TenfoldError(
                f"{source} is damaged UTF-16 text. Export it again, as UTF-8."
            ) from error
    content = content.removeprefix(codecs.BOM_UTF8)
    if b"\r" in content:
        content = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return content


def normalise_rows(rows: bytes, separator: str, dropped: tuple[int, ...] = ()) -> bytes:
    """Return rows with commas between cells and without the dropped columns.

    The number of lines does not change.

    Args:
        rows: Lines that end in ``\\n``.
        separator: Character between two cells. If it is not a comma, a comma is a decimal
            mark. A space stands for any number of spaces and tabs.
        dropped: Positions of the columns to leave out.
    """
    if separator == " ":
        rows = re.sub(rb"^[ \t]+|[ \t]+$", b"", rows, flags=re.MULTILINE)
        rows = re.sub(rb"[ \t]+", b",", rows)
    elif separator != ",":
        rows = rows.replace(b",", b".").replace(separator.encode(), b",")
    if dropped:
        rows = b"\n".join(_without(line, dropped) for line in rows.split(b"\n"))
    return rows


def split_line(line: str, separator: str) -> list[str]:
    """Return the stripped cells of one line."""
    if separator == " ":
        return line.split()
    try:
        cells = next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])
    except csv.Error:
        cells = line.split(separator)
    return [cell.strip().strip('"') for cell in cells]


def split_lines(lines: Iterable[bytes], separator: str) -> list[list[str]]:
    """Return the stripped cells of each line; bytes that are not UTF-8 are replaced."""
    return [split_line(line.decode(errors="replace"), separator) for line in lines]


def _without(line: bytes, dropped: tuple[int, ...]) -> bytes:
    """Return a line without the cells at the given positions."""
    if b'"' in line:
        try:
            text = next(csv.reader([line.decode("latin-1")], strict=True), [])
        except csv.Error:
            text = line.decode("latin-1").split(",")
        cells = [cell.encode("latin-1") for cell in text]
    elif dropped == (0,):
        return line.partition(b",")[2]
    else:
        cells = line.split(b",")
    return b",".join(cell for i, cell in enumerate(cells) if i not in dropped)
