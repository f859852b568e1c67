"""Other columns of a CSV file of images, such as the file name, the split or the writer."""

from collections.abc import Sequence
from dataclasses import replace

from tenfold.data.csv_missing import is_missing
from tenfold.data.csv_roles import Roles
from tenfold.data.csv_text import split_lines
from tenfold.data.digit_names import digit_of_word
from tenfold.data.parts import any_part_of
from tenfold.errors import TenfoldError

__all__ = ["check_text_columns", "correct_roles"]

_ROWS = 20  # number of rows that are examined to find columns of text
_SHOWN = 4  # columns in a message


def correct_roles(
    roles: Roles,
    notes: tuple[str, ...],
    rows: Sequence[bytes],
    names: Sequence[str],
    separator: str,
    source: str,
) -> tuple[Roles, tuple[str, ...]]:
    """Return the roles of the columns and the notes on them, corrected by the values in the rows.

    ``roles`` were found by the names of the columns, without the values.

    A column that was taken for the labels only because no other one was left (``Roles.guessed``) is
    left out if it contains text.

    Args:
        roles: The roles from ``roles_by_name``.
        notes: Notes on the roles.
        rows: The lines of the file, without header.
        names: Names of all columns.
        separator: Character between two cells.
        source: Name of the file in messages.

    Raises:
        TenfoldError: If a column assigns the rows to splits.
    """
    if roles.guessed and roles.label is not None:
        column = roles.label
        if all(map(is_text, _column(rows[:_ROWS], column, separator))) and rows:
            roles = replace(roles, label=None, dropped=(*roles.dropped, column), guessed=False)
            used = f"the column {names[column]!r} was used as the labels"
            left = f"the column {names[column]!r}, which is text, was left out"
            notes = tuple(left if note == used else note for note in notes)
    _check_parts(rows, {i: repr(names[i]) for i in roles.dropped}, separator, source)
    return roles, notes


def check_text_columns(rows: Sequence[bytes], separator: str, source: str) -> None:
    """Raise TenfoldError if columns without names contain text, such as names of files.

    Args:
        rows: The lines of the file.
        separator: Character between two cells.
        source: Name of the file in messages.
    """
    sample = split_lines(rows[:_ROWS], separator)
    width = min(map(len, sample), default=0)
    texts = [i for i in range(width) if all(is_text(row[i]) for row in sample)]
    if not texts or 2 * len(texts) > width:
        return
    if len(texts) == 1 and all(len(row[texts[0]]) == 1 for row in sample):
        return  # labels that are letters, for which the check of the labels has the right advice
    _check_parts(rows, {i: str(i + 1) for i in texts}, separator, source)
    listed = " and ".join(f"{i + 1} ({sample[0][i][:20]!r})" for i in texts[:_SHOWN])
    several = len(texts) > 1
    delimiter = "" if separator == " " else f", delimiter={separator!r}"
    raise TenfoldError(
        f"{source}: columns without names must be pixels and labels, but column{'s' * several} "
        f"{listed}{' and others' * (len(texts) > _SHOWN)} contain{'s' * (not several)} text. "
        f"Remove {'them' if several else 'it'}: import numpy as np; "
        f"rows = np.loadtxt({source!r}, str, comments=None{delimiter}); "
        f"np.savetxt('images.csv', np.delete(rows, {texts}, axis=1), '%s', delimiter=',')"
    )


def is_text(cell: str) -> bool:
    """Return whether a cell is neither a number, nor a digit as a word, nor missing."""
    try:
        float(cell.replace(",", "."))
    except ValueError:
        return digit_of_word(cell) is None and not is_missing(cell)
    return False


def _check_parts(
    rows: Sequence[bytes], columns: dict[int, str], separator: str, source: str
) -> None:
    """Raise TenfoldError if a column assigns the rows to splits, such as "train" and "test".

    Args:
        rows: The lines of the file.
        columns: Positions of the columns, with their names for the message.
        separator: Character between two cells.
        source: Name of the file in messages.
    """
    for column, name in columns.items():
        if not rows or any_part_of(_column(rows[:1], column, separator)[0]) is None:
            continue
        words = sorted(set(_column(rows, column, separator)))
        if len({any_part_of(word) for word in words} - {None}) > 1:
            listed = ", ".join(map(repr, words[:_SHOWN]))
            raise TenfoldError(
                f"{source}: the column {name} assigns the rows to splits ({listed}). Save the rows "
                "of each split, without this column, in a file of its own (train.csv and test.csv "
                "in one folder), and give the path of the folder."
            )


def _column(rows: Sequence[bytes], column: int, separator: str) -> list[str]:
    """Return the cells of a column. If a line is too short, its cell is empty."""
    cells = split_lines(rows, separator)
    return [row[column] if column < len(row) else "" for row in cells]
