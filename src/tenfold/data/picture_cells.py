"""Cells of a table that name image files."""

from collections.abc import Sequence
from pathlib import Path

from tenfold.data.csv_text import split_lines
from tenfold.data.picture_endings import is_picture_name
from tenfold.errors import TenfoldError

__all__ = ["check_not_labels", "picture_cells"]

_MOST_COLUMNS = 20  # largest number of columns of a table of labels
_ROWS = 20  # number of rows that are examined to find names
_UNREADABLE = {".svg", ".pdf", ".jp2", ".dcm", ".npy"}  # files of images that tenfold cannot read


def picture_cells(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the names of image files in the first column that has them, without its header.

    The result is empty if there is no such column.

    Args:
        rows: The cells of each row.
    """
    width = max((len(row) for row in rows), default=0)
    for i in range(min(width, _MOST_COLUMNS)):
        cells = [row[i] for row in rows if len(row) > i]
        named = [cell for cell in cells if _names_picture(cell)]
        if named and len(named) >= len(cells) - 1:  # the first cell may be the name of the column
            return named
    return []


def check_not_labels(lines: Sequence[bytes], separator: str, source: str) -> None:
    """Raise TenfoldError if a table names image files and has no pixels.

    Args:
        lines: The lines of the file.
        separator: Character between two cells.
        source: Name of the file in messages.
    """
    rows = split_lines(lines[:_ROWS], separator)
    if len(rows[0]) <= _MOST_COLUMNS and (names := picture_cells(rows)):
        raise TenfoldError(
            f"{source} is a table of labels: it names image files ({names[0][:40]}, ...) and has "
            "no pixels. Put it next to the images, and give the path of that folder."
        )


def _names_picture(cell: str) -> bool:
    path = Path(cell.strip())
    return is_picture_name(path) or path.suffix.lower() in _UNREADABLE
