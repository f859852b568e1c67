"""CSV tables with decimal points: numbers such as ``12.0``, or pixels divided by 255 or 256."""

import io
from collections.abc import Sequence

import numpy as np

from tenfold.data.csv_missing import is_missing, missing_advice
from tenfold.data.csv_table import csv_lines
from tenfold.errors import TenfoldError
from tenfold.nn.array import Array

__all__ = ["check_numbers", "parse_fractions"]


def parse_fractions(rows: bytes, columns: int) -> Array | None:
    """Return the table (rows, columns) float32, or None if the rows are not such a table.

    Args:
        rows: Lines with commas between cells.
        columns: Expected number of columns.
    """
    if not rows.strip():
        return None
    try:
        table = np.loadtxt(
            io.BytesIO(rows), np.float32, delimiter=",", comments=None, quotechar='"', ndmin=2
        )
    except ValueError:  # also for UnicodeDecodeError
        return None
    if table.shape[1] != columns or not np.isfinite(table).all():
        return None
    return table


def check_numbers(
    rows: bytes, first_line: int, names: Sequence[str], label: int | None, source: str
) -> None:
    """Raise TenfoldError at the first line that is not one finite number for each column.

    Args:
        rows: Lines with commas between cells.
        first_line: Line number in the file at which ``rows`` begin.
        names: Names of the columns.
        label: Position of the column of labels.
        source: Name of the file in messages.
    """
    for line, cells in csv_lines(rows.decode(errors="replace"), source, first_line):
        if len(cells) != len(names):
            raise TenfoldError(
                f"{source}, line {line}: {len(cells)} columns, but the first line has "
                f"{len(names)}. Correct the line, or export the file again."
            )
        wrong = next((i for i, cell in enumerate(cells) if not _is_number(cell)), None)
        if wrong is not None:
            advice = "Correct it, or export the file again."
            if is_missing(cells[wrong]):
                advice = missing_advice(wrong == label)
            raise TenfoldError(
                f"{source}, line {line}, column {names[wrong]!r}: the value must be a finite "
                f"number, got {cells[wrong][:40]!r}. {advice}"
            )


def _is_number(cell: str) -> bool:
    try:
        return bool(np.isfinite(float(cell)))
    except ValueError:
        return False
