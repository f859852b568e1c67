"""Files of labels that belong to a file of images in the same folder, found by their names.

Kannada-MNIST has ``X_kannada_MNIST_train.npz`` and ``y_kannada_MNIST_train.npz``, KMNIST has
``kmnist-train-imgs.npz`` and ``kmnist-train-labels.npz``, and others have ``csvTrainImages.csv``
and ``csvTrainLabel.csv``.
"""

from pathlib import Path

from tenfold.data.array_names import file_role
from tenfold.data.csv_dialect import split_table
from tenfold.data.csv_text import normalise_text
from tenfold.data.dataset import Part
from tenfold.data.digit_names import digit_of_word
from tenfold.data.format import Source
from tenfold.data.input_files import read_bytes
from tenfold.data.label_codes import encoding_advice, whole_numbers
from tenfold.data.parts import AnyPart, without_suffixes
from tenfold.errors import TenfoldError

__all__ = ["digits_of_cells", "find_images_file", "find_labels_file", "read_label_table"]


def find_labels_file(images: Path, suffixes: tuple[str, ...]) -> Path | None:
    """Return the file of the labels of a file of images, or None if there is none, or several.

    Args:
        images: The file of images. Its name must contain a word for images.
        suffixes: Extensions of the file of labels.
    """
    role = file_role(without_suffixes(images.name))
    if role is None or role[0] != "images":
        return None
    found = _with_role(Source(images.parent), ("labels", role[1]), suffixes)
    return found[0] if len(found) == 1 else None


def find_images_file(source: Source, part: Part, suffixes: tuple[str, ...]) -> Path | None:
    """Return the file of images of a split in a folder, if a file of labels belongs to it.

    Args:
        source: The folder.
        part: The split.
        suffixes: Extensions of both files.

    Raises:
        TenfoldError: If there are several.
    """
    files = _with_role(source, ("images", part), suffixes)
    found = [file for file in files if find_labels_file(file, suffixes)]
    if len(found) > 1:
        raise TenfoldError(
            f"{source.path} contains several files of {part} images: "
            f"{', '.join(file.name for file in found[:4])}. Give the path of one of them instead."
        )
    return found[0] if found else None


def _with_role(
    source: Source, role: tuple[str, AnyPart | None], suffixes: tuple[str, ...]
) -> list[Path]:
    """Return the files of a folder whose names have the role, as ``file_role`` returns it."""
    return [
        file
        for file in source.entries
        if file.name.lower().endswith(suffixes)
        if file_role(without_suffixes(file.name)) == role and file.is_file()
    ]


def read_label_table(file: Path) -> list[int]:
    """Return the digits in a table of one column, with or without a header.

    Raises:
        TenfoldError: If the table has several columns, or a cell is not a digit.
    """
    rows = split_table(normalise_text(read_bytes(file), str(file)))
    wide = next((i for i, row in enumerate(rows, 1) if len(row) != 1), None)
    if wide is not None:
        raise TenfoldError(
            f"{file}, row {wide}: a file of labels must have one column, got {len(rows[wide - 1])}."
            " Keep the column of the digits."
        )
    words = [row[0] for row in rows]
    header = bool(words) and digit_of_word(words[0]) is None and whole_numbers(words[:1]) is None
    return digits_of_cells(words[header:], file, 1 + header)


def digits_of_cells(words: list[str], file: Path, first_row: int) -> list[int]:
    """Return the digits in the cells of a column of labels.

    Args:
        words: The cells.
        file: Path of the table, for messages.
        first_row: Number of the row of the table in which the first cell is, from 1.

    Raises:
        TenfoldError: If a cell is not a digit. If all are whole numbers, the message says which
            code they may be.
    """
    digits = [digit_of_word(word) for word in words]
    if None in digits:
        numbers = whole_numbers(words)
        wrong = digits.index(None)
        advice = "Correct it, or remove the row." if numbers is None else encoding_advice(numbers)
        raise TenfoldError(
            f"{file}, row {first_row + wrong}: the label must be a digit from 0 to 9, got "
            f"{words[wrong][:40]!r}. {advice}"
        )
    return [digit for digit in digits if digit is not None]
