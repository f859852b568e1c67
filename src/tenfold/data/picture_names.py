"""Folders of image files whose file names contain the label, such as ``00012_5.png``.

The place of the label is found from all names together. Where two places are possible, an error
states both.
"""

from collections.abc import Sequence
from pathlib import Path

from tenfold.data.dataset import Dataset, Part
from tenfold.data.digit_names import digit_of_word, is_class_word, tokens
from tenfold.data.format import Format, Source
from tenfold.data.label_tables import label_table_advice
from tenfold.data.parts import part_of, without_validation
from tenfold.data.picture_endings import is_picture_name
from tenfold.data.picture_files import read_pictures
from tenfold.errors import TenfoldError

__all__ = ["NAMED_PICTURES", "label_places", "named_files"]


def label_places(stems: Sequence[str]) -> list[int]:
    """Return the positions in the names, counted in words and numbers, that may be the label.

    A label is a single digit or its word, and it differs between the names. If there are positions
    after a word such as "num" or "label", only these are returned. Otherwise, if at some positions
    several names have the same label, only these positions are returned.

    Args:
        stems: File names without extension.

    Returns:
        No position if the names contain no label; several if the names can be read in several ways.
    """
    rows = [tokens(stem) for stem in stems]
    if not rows or any(len(row) != len(rows[0]) for row in rows):
        return []
    columns = list(zip(*rows, strict=True))
    digits = [i for i, column in enumerate(columns) if all(map(_is_label, column))]
    announced = [i for i in digits if i and all(map(is_class_word, columns[i - 1]))]
    if announced:
        return announced
    varying = [i for i in digits if len(set(columns[i])) > 1 or len(rows) == 1]
    repeated = [i for i in varying if len(set(columns[i])) < len(rows)]
    return repeated or varying


def _is_label(token: str) -> bool:
    return (len(token) == 1 or token.isalpha()) and digit_of_word(token) is not None


def _is_certain(stems: Sequence[str], places: Sequence[int]) -> bool:
    """Return whether there is one place, and its number is not needed to distinguish the names."""
    if len(places) != 1:
        return False
    rows = [tokens(stem) for stem in stems]
    place = places[0]
    if len({row[place] for row in rows}) < len(rows) or rows[0][place].isalpha():
        return True
    if place and is_class_word(rows[0][place - 1]):
        return True
    others = [tuple(row[:place] + row[place + 1 :]) for row in rows]
    return len(set(others)) == len(others) and any(token.isdecimal() for token in others[0])


def _list_pictures(source: Source, part: Part) -> list[Path]:
    """Return the image files with the split in their names, or else those with no split."""
    files = [entry for entry in source.entries if is_picture_name(entry) and entry.is_file()]
    parts = {file: part_of(file.stem) for file in files}
    named = [file for file in files if parts[file] == part]
    return named or without_validation([file for file in files if parts[file] is None])


def _recognise(source: Source, part: Part) -> bool:
    files = _list_pictures(source, part)
    return bool(files) and bool(label_places([file.stem for file in files]))


def _read(folder: Path, part: Part) -> Dataset:
    files, notes = named_files(folder, part)
    return read_pictures(files, folder.name or str(folder), notes)


def named_files(folder: Path, part: Part) -> tuple[list[tuple[Path, int]], list[str]]:
    """Return the image files of a split with the labels in their names, and notes.

    Raises:
        TenfoldError: If it is not clear what the label is.
    """
    files = _list_pictures(Source(folder), part)
    stems = [file.stem for file in files]
    places = label_places(stems)
    if advice := label_table_advice(folder):  # a table that names none of these files
        raise TenfoldError(f"{folder}: {advice}")
    if not _is_certain(stems, places):
        raise _ambiguous(folder, files[0].name, stems[0], places)
    place = places[0]
    labels = [digit_of_word(tokens(stem)[place]) for stem in stems]
    pairs = [(file, label) for file, label in zip(files, labels, strict=True) if label is not None]
    note = f"the labels were read from the file names: {labels[0]} from {files[0].name}"
    return pairs, [note]


def _ambiguous(folder: Path, name: str, stem: str, places: Sequence[int]) -> TenfoldError:
    words = tokens(stem)
    readings = [f"{words[place]!r} (part {place + 1} of the name)" for place in places]
    if len(places) == 1:
        readings.append("only a number that tells the images apart")
    return TenfoldError(
        f"{folder}: the file names can be read in several ways: in {name!r} the label may be "
        f"{' or '.join(readings)}. Put the image files into folders named '0' to '9', or add a "
        "labels.csv with the columns filename,label."
    )


NAMED_PICTURES = Format(
    "a folder of image files with labels in their names (00012_5.png)",
    _recognise,
    _read,
    has_parts=True,
)
"""Pictures in one folder, each with its label in the file name."""
