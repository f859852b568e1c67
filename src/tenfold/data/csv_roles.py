"""What the columns of a CSV file of images contain: pixels, the label, or an index."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tenfold.data.arrays import SIDE
from tenfold.data.csv_missing import is_missing, missing_advice
from tenfold.data.digit_names import digit_of_word
from tenfold.data.image_sizes import describe_pixels
from tenfold.errors import TenfoldError

__all__ = ["INDEX_NAMES", "LABEL_NAMES", "Roles", "roles_by_name", "roles_by_values"]

LABEL_NAMES = frozenset(
    (
        *("label", "labels", "class", "classes", "digit", "digits", "target", "targets"),
        *("y", "number", "value", "category", "answer"),
    )
)
"""Names of a label column, in lower case."""

INDEX_NAMES = frozenset(
    ["", "#", "index", "idx", "id", "imageid", "image_id", "row", "rowid", "row_id", "no"]
)
"""Names of a column that numbers the rows, in lower case."""

_OTHER_NAMES = frozenset(
    (
        *("split", "subset", "partition", "fold", "set", "part", "usage", "source", "weight"),
        *("file", "filename", "file_name", "path", "filepath", "file_path", "image", "image_name"),
        *("name", "label_name", "class_name", "writer", "writer_id", "user", "user_id", "subject"),
        *("author", "age", "sex", "gender", "date", "time", "timestamp", "width", "height"),
    )
)
"""Names of columns that are neither pixels nor labels, in lower case."""

_PIXELS = SIDE * SIDE
_FEWEST_PIXELS = 36  # fewer numbered columns are not taken for pixels: they may be one-hot labels
_NUMBERED = re.compile(r"\D*(\d{1,4})\D*")  # a name with one number: pixel12
_PAIR = re.compile(r"\D*(\d{1,2})\D+(\d{1,2})\D*")  # with row and column: 1x12
_ADVICE = "Write the names 'label,pixel0,...,pixel783' of the columns into the first line."
_CLASSES = 10
# Number of classes of EMNIST's largest set. A column of such classes is also taken for the labels.
# Then ``Dataset`` raises the error, which says what to do about labels that are not digits.
_EMNIST_CLASSES = 62


@dataclass(frozen=True)
class Roles:
    """What the columns contain, by their positions.

    Attributes:
        pixels: Positions of the 784 pixels, in the order of the image.
        label: Position of the label, or None if there are no labels.
        dropped: Positions of the columns that are left out.
        guessed: Whether the label column has none of the usual names, and was chosen because it is
            the only column left.
    """

    pixels: tuple[int, ...]
    label: int | None
    dropped: tuple[int, ...] = ()
    guessed: bool = False


def roles_by_name(names: Sequence[str], source: str, line: str) -> tuple[Roles, tuple[str, ...]]:
    """Return the roles of columns with names, and notes.

    The names of pixels differ only in a number, which counts from 0 or 1 (0, pixel0, px_1), or in
    the row and column (1x1). The label is the column with a name in ``LABEL_NAMES``; all further
    columns are then left out. Without such a column, only the columns with the usual names of other
    things, such as ``filename``, are left out; if one column then remains beside the pixels, it is
    the label.

    Args:
        names: Names of the columns.
        source: Name of the file in messages.
        line: The first line, for messages.

    Raises:
        TenfoldError: If the columns are not those of 28 x 28 images, or if several columns could be
            the label.
    """
    keys = [name.lower() for name in names]
    labels = [i for i, key in enumerate(keys) if key in LABEL_NAMES]
    dropped = [i for i, key in enumerate(keys) if key in INDEX_NAMES or key.startswith("unnamed")]
    known = {*labels, *dropped}
    rest = [i for i in range(len(names)) if i not in known]
    pixels = rest if len(rest) == _PIXELS else _named_alike(keys, rest)
    others = sorted({*rest} - {*pixels})
    if len(labels) > 1:
        columns = " and ".join(repr(names[i]) for i in labels[:4])
        raise TenfoldError(
            f"{source}: only one column may have the name of a label, got {columns}. Remove the "
            "others."
        )
    if len(pixels) != _PIXELS or len(others) == _CLASSES:
        count = len(pixels) if _FEWEST_PIXELS <= len(pixels) != _PIXELS else len(rest)
        raise _columns_error(count, len(names), source, line)
    unknown = [] if labels else [i for i in others if keys[i] not in _OTHER_NAMES]
    if len(unknown) > 1:
        columns = ", ".join(repr(names[i][:40]) for i in unknown[:4])
        more = ", ..." if len(unknown) > 4 else ""
        raise TenfoldError(
            f"{source}: one of the columns {columns}{more} beside the 784 pixels may be the "
            "labels. Name that column 'label' in the first line; the others are then left out."
        )
    dropped = sorted({*dropped, *others} - {*unknown})
    order = _pixel_order([names[i] for i in pixels], source)
    notes = _left_out([names[i] for i in dropped])
    if unknown:
        notes.append(f"the column {names[unknown[0]]!r} was used as the labels")
    if order != list(range(_PIXELS)):
        notes.append("the pixel columns were put in the order of their numbers")
    label = next(iter(labels or unknown), None)
    roles = Roles(tuple(pixels[i] for i in order), label, tuple(dropped), bool(unknown))
    return roles, tuple(notes)


def _named_alike(keys: Sequence[str], positions: Sequence[int]) -> list[int]:
    """Return the positions of the columns whose names differ only in their numbers.

    If there are several such groups, the largest is returned; without any, all positions.
    """
    stems = {i: re.sub(r"\d+", "#", keys[i]) for i in positions}
    groups = Counter(stem for stem in stems.values() if "#" in stem)
    if not groups:
        return list(positions)
    largest = groups.most_common(1)[0][0]
    return [i for i in positions if stems[i] == largest]


def _left_out(names: Sequence[str]) -> list[str]:
    """Return the note on columns that are left out, if there are any."""
    shown = [repr(name[:40]) if name else "one without name" for name in names]
    if not shown:
        return []
    if len(shown) == 1:
        column = f"the column {shown[0]}" if names[0] else "a column without name"
        return [f"{column} was left out"]
    more = f" and {len(shown) - 4} more" if len(shown) > 4 else ""
    return [f"the columns {', '.join(shown[:4])}{more} were left out"]


def roles_by_values(
    columns: int, rows: Sequence[bytes], separator: str, source: str, line: str
) -> tuple[Roles, tuple[str, ...]]:
    """Return the roles of columns without names, and notes.

    With 784 columns, all are pixels. With 785, the label is the first or the last column, whichever
    contains only digits. But if the first column numbers the rows, and there are more than 10 rows,
    this column is left out, and there are no labels. With 786, the first column must number the
    rows, and the label is the second or the last column.

    Args:
        columns: Number of columns.
        rows: The lines of the file, without header.
        separator: Character between two cells.
        source: Name of the file in messages.
        line: The first line, for messages.

    Raises:
        TenfoldError: If the columns are not those of 28 x 28 images, or if both columns or neither
            could be the label.
    """
    delimiter = separator.encode()
    if columns > _PIXELS and rows and all(row.rstrip(b" ").endswith(delimiter) for row in rows):
        inner = [row.rstrip(b" ").removesuffix(delimiter) for row in rows]
        roles, notes = roles_by_values(columns - 1, inner, separator, source, line)
        return replace(roles, dropped=(*roles.dropped, columns - 1)), notes
    if columns not in (_PIXELS, _PIXELS + 1, _PIXELS + 2):
        raise _columns_error(columns, columns, source, line)
    if columns == _PIXELS:
        return Roles(tuple(range(_PIXELS)), None), ("the columns have no names; all are pixels",)
    cells = [_boundary_cells(row, separator) for row in rows]
    indexed = columns == _PIXELS + 2
    if _are_row_numbers([row[0] for row in cells]) and (indexed or len(cells) > 10):
        if not indexed:
            roles = Roles(tuple(range(1, columns)), None, (0,))
            return roles, ("the first column, which numbers the rows, was left out",)
    elif indexed:
        raise _columns_error(columns, columns, source, line)
    outer = [[row[i] for row in cells] for i in (int(indexed), 2)]
    first_fits, last_fits = map(_may_be_labels, outer)
    if not first_fits and not last_fits:
        first_fits, last_fits = (_may_be_labels(column, _EMNIST_CLASSES) for column in outer)
    if first_fits == last_fits:
        place = "second" if indexed else "first"
        _check_missing({place: outer[0], "last": outer[1]}, source)
        both, neither = f"both the {place} and the last", f"neither the {place} nor the last"
        raise TenfoldError(
            f"{source} has {columns} columns without names, and {both if first_fits else neither} "
            f"column could be the labels. {_ADVICE}"
        )
    dropped = (0,) if indexed else ()
    start = len(dropped) + int(first_fits)
    label = len(dropped) if first_fits else columns - 1
    place = ("second" if indexed else "first") if first_fits else "last"
    note = f"the columns have no names; the {place} was used as the labels"
    if indexed:
        note += ", and the first, which numbers the rows, was left out"
    return Roles(tuple(range(start, start + _PIXELS)), label, dropped), (note,)


def _check_missing(columns: dict[str, list[bytes]], source: str) -> None:
    """Raise TenfoldError if a column contains labels and missing cells.

    Args:
        columns: The cells of each column, by its place in words, such as "first".
        source: Name of the file in messages.
    """
    for place, cells in columns.items():
        words = [cell.decode(errors="replace") for cell in cells]
        known = [cell for cell, word in zip(cells, words, strict=True) if not is_missing(word)]
        if len(known) < len(cells) and known and _may_be_labels(known):
            row = next(i for i, word in enumerate(words, 1) if is_missing(word))
            raise TenfoldError(
                f"{source}, row {row}: the label in the {place} column must be a digit from 0 to "
                f"9, got {words[row - 1][:40]!r}. {missing_advice(label=True)}"
            )


def _boundary_cells(row: bytes, separator: str) -> list[bytes]:
    """Return the first, the second and the last cell of a line."""
    delimiter = None if separator == " " else separator.encode()
    cells = [*row.split(delimiter, 2)[:2], row.rsplit(delimiter, 1)[-1]]
    return [cell.strip(b' "') for cell in cells]


def _may_be_labels(cells: Sequence[bytes], classes: int = _CLASSES) -> bool:
    """Return whether cells may be labels: names of digits, or classes that are not all 0.

    Cells that are all 0 are the pixels in a corner of the images.
    """
    try:
        values = {float(cell.replace(b",", b".")) for cell in set(cells)}
    except ValueError:
        return all(digit_of_word(cell.decode(errors="replace")) is not None for cell in set(cells))
    return values <= set(range(classes)) and values != {0}


def _are_row_numbers(cells: Sequence[bytes]) -> bool:
    """Return whether the cells are 0, 1, 2, ... or 1, 2, 3, ..., which number the rows."""
    return any(
        all(cell == b"%d" % number for number, cell in enumerate(cells, start)) for start in (0, 1)
    )


def _pixel_order(names: Sequence[str], source: str) -> list[int]:
    """Return the positions of the pixels in the order of the numbers in their names."""
    order = _by_number(names)
    if order is None:
        pairs = [_PAIR.fullmatch(name) for name in names]
        numbers = [(int(m[1]), int(m[2])) for m in pairs if m]
        starts = ([(r, c) for r in range(s, s + SIDE) for c in range(s, s + SIDE)] for s in (0, 1))
        if numbers in starts:
            return list(range(_PIXELS))
        wrong = next((name for name in names if not re.search(r"\d", name)), names[0])
        raise TenfoldError(
            f"{source}: the pixel columns must be numbered from 0 or 1 in their names, or by row "
            f"and column, but one is {wrong[:40]!r}. {_ADVICE}"
        )
    return order


def _by_number(names: Sequence[str]) -> list[int] | None:
    """Return the order of names with the numbers 0 to 783 or 1 to 784; None if they have others."""
    matches = [_NUMBERED.fullmatch(name) for name in names]
    numbers = [int(match[1]) for match in matches if match]
    start = min(numbers, default=-1)
    if start not in (0, 1) or sorted(numbers) != list(range(start, start + _PIXELS)):
        return None
    return sorted(range(_PIXELS), key=numbers.__getitem__)


def _columns_error(pixels: int, columns: int, source: str, line: str) -> TenfoldError:
    """Return the error for columns that are not those of 28 x 28 images.

    ``pixels`` is the number of columns that may be pixels.
    """
    size = describe_pixels(pixels)
    if size:
        return TenfoldError(f"{source} has {columns} columns: {size}")
    if pixels == _PIXELS + _CLASSES:
        return TenfoldError(
            f"{source} has {columns} columns: 784 pixels and perhaps ten columns of one-hot "
            "labels. Replace those by one column 'label' with the digits: rows.argmax(axis=1)."
        )
    if line.lstrip().startswith(("#", "//", "%")):
        return TenfoldError(
            f"{source} begins with a line that looks like a comment, {line!r}: delete all lines "
            "before the names of the columns, or before the first image."
        )
    return TenfoldError(
        f"{source}: a CSV file of images must have 784 pixel columns and may have one of labels, "
        f"got {line!r} ({columns} column{'s' * (columns != 1)}). {_ADVICE}"
    )
