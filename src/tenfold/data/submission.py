"""Submissions to Kaggle's Digit Recognizer competition."""

from collections.abc import Iterator, Sequence

import numpy as np

from tenfold.data.array_advice import kind_of, label_advice, with_conversion
from tenfold.data.csv_table import csv_lines
from tenfold.data.dataset import CLASSES
from tenfold.data.input_files import PathLike, read_bytes
from tenfold.errors import TenfoldError
from tenfold.files import write_bytes
from tenfold.nn.arguments import checked
from tenfold.nn.array import Array

__all__ = ["read_submission", "write_submission"]

_HEADER = ["ImageId", "Label"]
_DIGITS = [str(digit) for digit in range(CLASSES)]


def write_submission(path: PathLike, labels: Array | Sequence[int]) -> None:
    """Write a submission: the header ``ImageId,Label``, then one line for each image, from 1.

    Args:
        path: Path of the file.
        labels: (N,) whole numbers from 0 to 9, in the order of test.csv.

    Raises:
        TenfoldError: If the labels are not as described, or the file cannot be written.
    """
    if not isinstance(labels, np.ndarray):
        labels = _as_array(labels)
    if labels.ndim != 1 or labels.size == 0 or labels.dtype.kind not in "ui":
        advice = label_advice(labels)
        if labels.ndim == 2 and labels.dtype.kind == "f":  # probabilities
            advice = "labels.argmax(axis=1)"
        message = "the labels of a submission must be whole numbers of shape (N,)"
        raise TenfoldError(with_conversion(f"{message}, got {kind_of(labels)}", advice))
    if labels.min() < 0 or labels.max() >= CLASSES:
        raise TenfoldError(
            "the labels of a submission must be digits from 0 to 9, got "
            f"{labels.min()} to {labels.max()}."
        )
    rows = [_HEADER, *([str(i), str(label)] for i, label in enumerate(labels, 1))]
    write_bytes(path, "".join(f"{','.join(row)}\n" for row in rows).encode())


def _as_array(labels: object) -> Array:
    """Return a list of labels as an array.

    Raises:
        TenfoldError: If it is not a list of values.
    """
    try:
        array = np.asarray(labels)
    except ValueError:  # rows of different lengths
        array = np.empty((), object)
    if array.ndim == 0:
        advice = " Give its digit: predictions.digit." if hasattr(labels, "digit") else ""
        raise TenfoldError(
            "the labels of a submission must be whole numbers of shape (N,), got "
            f"{kind_of(labels)}.{advice}"
        )
    return array


@checked
def read_submission(path: PathLike) -> Array:
    """Return the labels (N,) int64 of a submission, checked as the competition checks them.

    Raises:
        TenfoldError: If the header is not ``ImageId,Label``, the ids are not 1, 2, 3, ... in order,
            or a label is not a digit; the message gives the line.
    """
    rows = _rows(path)
    line, header = next(rows, (1, []))
    if header != _HEADER:
        raise TenfoldError(
            f"{path}: the first line of a submission must be 'ImageId,Label', got "
            f"{','.join(header)[:40]!r}. Write that line first."
        )
    labels = []
    for number, (line, cells) in enumerate(rows, 1):
        if cells == _HEADER:
            raise TenfoldError(
                f"{path}, line {line} repeats 'ImageId,Label', as in files that were joined. A "
                "submission is one file, numbered from 1."
            )
        if len(cells) != 2 or cells[0] != str(number) or cells[1] not in _DIGITS:
            raise TenfoldError(
                f"{path}, line {line}: the line must be '{number},' and a digit, got "
                f"{','.join(cells)[:40]!r}. The images are numbered from 1, in the order of "
                "test.csv."
            )
        labels.append(int(cells[1]))
    if not labels:
        raise TenfoldError(f"{path} has a header but no rows: write one for each image.")
    return np.array(labels, np.int64)


def _rows(path: PathLike) -> Iterator[tuple[int, list[str]]]:
    """Yield (line number, stripped cells) for each line that is not blank."""
    try:
        text = read_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TenfoldError(f"{path} is not UTF-8 text: export it as UTF-8.") from error
    for line, cells in csv_lines(text, str(path)):
        yield line, [cell.strip() for cell in cells]
