"""Folders of image files with a table of their labels, such as labels.csv."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tenfold.data.csv_dialect import column_count, split_table
from tenfold.data.csv_images import FEWEST_COLUMNS, is_table_name
from tenfold.data.csv_roles import LABEL_NAMES
from tenfold.data.csv_text import normalise_text
from tenfold.data.dataset import Dataset, Part
from tenfold.data.digit_names import digit_of_word
from tenfold.data.format import Format, Source
from tenfold.data.input_files import list_folder, read_bytes
from tenfold.data.label_files import digits_of_cells
from tenfold.data.parts import part_of, without_suffixes, without_validation
from tenfold.data.picture_endings import is_picture_name
from tenfold.data.picture_files import read_pictures
from tenfold.errors import TenfoldError

__all__ = ["LABELLED_PICTURES", "listed_files"]

_MOST_COLUMNS = 20  # largest number of columns of a table of labels
_DEPTH = 2  # levels of subfolders that are searched for pictures


@dataclass(frozen=True)
class _Table:
    """A table of labels, with the image files that it may contain.

    Attributes:
        file: Path of the table.
        rows: Cells of each row.
        pictures: Image files, by each text that may stand for the file in a cell: its path, name,
            stem or number.
        name_column: Position of the cell that identifies the picture.
    """

    file: Path
    rows: list[list[str]]
    pictures: dict[str, Path]
    name_column: int

    def picture(self, row: Sequence[str]) -> Path | None:
        """Return the picture that a row is about, or None if there is none."""
        is_complete = len(row) > self.name_column
        return _find(self.pictures, row[self.name_column]) if is_complete else None


def _read(folder: Path, part: Part) -> Dataset:
    """Return the images that the table of a split lists, in its order, with their labels."""
    files, notes = listed_files(folder, part)
    return read_pictures(files, folder.name or str(folder), notes)


def listed_files(folder: Path, part: Part) -> tuple[list[tuple[Path, int]], list[str]]:
    """Return the image files of a split with their labels, in the order of its table, and notes.

    Raises:
        TenfoldError: If the column of the labels is not clear, or a label is not a digit.
    """
    table = _find_table(Source(folder), part)
    assert table is not None, "the folder was recognised"
    first_row = table.rows[0]
    column = _label_column(table)
    words = [row[column] if len(row) > column else "" for row in table.rows]
    header = table.picture(first_row) is None and digit_of_word(words[0]) is None
    labels = digits_of_cells(words[header:], table.file, 1 + header)
    found = [table.picture(row) for row in table.rows[header:]]
    files = [(file, label) for file, label in zip(found, labels, strict=True) if file is not None]
    missing = found.count(None)
    named = {file for file, _ in files}
    unnamed = len(set(table.pictures.values()) - named)
    notes = {
        f"{missing} rows of {table.file.name} name no image file and were left out": missing,
        f"{unnamed} image files are not in {table.file.name} and were left out": unnamed,
    }
    return files, [note for note, count in notes.items() if count]


def _find_table(source: Source, part: Part) -> _Table | None:
    """Return the table of labels of a split; None if the folder has no table of image files.

    Raises:
        TenfoldError: If there are several.
    """
    files = [
        file
        for file in source.entries
        if is_table_name(file.name) and "submission" not in file.name.lower() and file.is_file()
    ]
    columns = {file: column_count(Source(file).head) for file in files}
    if any(columns[file] >= FEWEST_COLUMNS and _part(file) == part for file in files):
        return None  # such as Kaggle's train.csv beside a submission and one picture
    files = [file for file in files if 2 <= columns[file] <= _MOST_COLUMNS]
    files = without_validation(files)
    pictures = _index_pictures(source.path, part) if files else {}
    if not pictures:
        return None
    for wanted in (part, None):
        named = [file for file in files if _part(file) == wanted]
        tables = [table for file in named if (table := _open_table(file, pictures)) is not None]
        if len(tables) > 1:
            names = ", ".join(table.file.name for table in tables[:4])
            raise TenfoldError(
                f"{source.path} contains several tables of {part} labels: {names}. Keep one."
            )
        if tables:
            return tables[0]
    return None


def _part(table: Path) -> Part | None:
    return part_of(without_suffixes(table.name))


def _open_table(file: Path, pictures: dict[str, Path]) -> _Table | None:
    """Return a table if one of its columns identifies image files, else None."""
    rows = split_table(normalise_text(read_bytes(file), str(file)))
    width = max((len(row) for row in rows), default=0)
    columns = [[row[i] for row in rows if len(row) > i] for i in range(width)]
    counts = [len({_find(pictures, cell) for cell in column} - {None}) for column in columns]
    if not any(counts):
        return None
    best = [i for i, count in enumerate(counts) if count == max(counts)]
    if len(best) > 1:  # a label may also be the number of a picture
        best = [i for i in best if columns[i][0].lower() not in LABEL_NAMES] or best
    if len(best) > 1:
        best = [i for i in best if None in map(digit_of_word, columns[i][1:])] or best
    if len(best) > 1:
        raise TenfoldError(
            f"{file}: the column of the file names is not clear. Keep two columns, with the "
            "header filename,label."
        )
    return _Table(file, rows, pictures, best[0])


def _label_column(table: _Table) -> int:
    """Return the position of the column of labels, which is not the column of the file names.

    It is the column whose header is one of ``LABEL_NAMES``; without such a header, the only column
    of digits; and without a column of digits, the only column beside that of the file names.

    Raises:
        TenfoldError: If no column, or several columns, may be the labels.
    """
    first_row, rows = table.rows[0], table.rows[1:] or table.rows
    others = [i for i in range(len(first_row)) if i != table.name_column]
    named = [i for i in others if first_row[i].lower() in LABEL_NAMES]
    digits = [
        i for i in others if all(len(row) > i and digit_of_word(row[i]) is not None for row in rows)
    ]
    candidates = named or digits or (others if len(others) == 1 else [])
    if len(candidates) != 1:
        raise TenfoldError(
            f"{table.file}: the column of the labels is not clear. Keep two columns, with the "
            "header filename,label."
        )
    return candidates[0]


def _find(pictures: dict[str, Path], cell: str) -> Path | None:
    """Return the picture whose path, name, stem or number is in a cell; None if there is none."""
    path = cell.strip().replace("\\", "/").removeprefix("./").lower()
    name = path.rpartition("/")[2]
    return next((pictures[key] for key in (path, name) if key in pictures), None)


def _index_pictures(folder: Path, part: Part) -> dict[str, Path]:
    """Return the image files of a split by path, name, stem and number; without ambiguous keys."""
    files = _list_pictures(folder, part, _DEPTH)
    index: dict[str, Path | None] = {}
    for file in files:
        stem = file.stem.lower()
        keys = {file.relative_to(folder).as_posix().lower(), file.name.lower(), stem}
        if stem.isdecimal() and stem.isascii() and len(stem) < 20:
            keys.add(str(int(stem)))
        for key in keys:
            index[key] = None if key in index else file
    return {key: file for key, file in index.items() if file is not None}


def _list_pictures(folder: Path, part: Part, depth: int) -> list[Path]:
    """Return the image files in a folder and below, without folders of the other split."""
    entries = list_folder(folder)
    folders = [entry for entry in entries if entry.is_dir()] if depth else []
    of_part = [entry for entry in folders if part_of(entry.name) == part]
    inner = of_part or [e for e in without_validation(folders) if part_of(e.name) is None]
    files = [] if of_part else [entry for entry in entries if is_picture_name(entry)]
    return files + [file for entry in inner for file in _list_pictures(entry, part, depth - 1)]


LABELLED_PICTURES = Format(
    "a folder of image files with a labels.csv (columns filename,label)",
    lambda source, part: source.is_folder and _find_table(source, part) is not None,
    _read,
    has_parts=True,
)
"""Pictures in a folder or its subfolders, with labels in a table next to them."""
