"""Transposed CSV tables: one image per column instead of one per row."""

from collections.abc import Sequence

from tenfold.data.arrays import SIDE
from tenfold.data.csv_roles import LABEL_NAMES
from tenfold.data.csv_text import split_lines
from tenfold.errors import TenfoldError

__all__ = ["check_not_transposed"]

_PIXELS = SIDE * SIDE
_FEWEST_COLUMNS = 4  # narrower tables contain labels
_ROWS = 20  # number of rows that are examined


def check_not_transposed(lines: Sequence[bytes], separator: str, header: bool, source: str) -> None:
    """Raise TenfoldError if a table has 784 rows and not 784 columns.

    Args:
        lines: The lines of the file.
        separator: Character between two cells.
        header: Whether the first line has the names of the columns.
        source: Name of the file in messages.
    """
    count = len(lines)
    if not _PIXELS <= count <= _PIXELS + 2:  # the pixels, perhaps labels, perhaps a header
        return
    rows = split_lines(lines[1 : _ROWS + 1], separator)
    width = max(map(len, rows))
    named = not any(_is_number(row[0]) for row in rows if row)
    values = [cell for row in rows for cell in row[1:]]
    if not _FEWEST_COLUMNS <= width < _PIXELS or not all(map(_is_number, values)):
        return
    corner = split_lines(lines[:1], separator)[0][0].lower()
    header = count == _PIXELS + 2 or (header and not (named and corner in LABEL_NAMES))
    delimiter = "" if separator == " " else f", delimiter={separator!r}"
    skip = ", skiprows=1" if header else ""
    raise TenfoldError(
        f"{source}: a CSV file of images must have one image per row, got {width:,} columns and "
        f"{count} rows, as in a table with one image per column. Transpose it: import numpy as np; "
        f"rows = np.loadtxt({source!r}, str, comments=None{delimiter}{skip}); "
        "np.savetxt('images.csv', rows.T, '%s', delimiter=',')"
    )


def _is_number(cell: str) -> bool:
    try:
        float(cell.replace(",", "."))
    except ValueError:
        return False
    return True
