"""Kaggle's Digit Recognizer competition: its CSV files and its submissions.

The images of the competition are MNIST's 70,000, shuffled and split into 42,000 with labels and
28,000 without. So MNIST can be written as files of the same form, with the labels of the test
images in a third file, to estimate a score before submitting.
"""

import codecs
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tenfold.data.arrays import SIDE
from tenfold.data.csv_table import csv_lines, format_table, parse_table
from tenfold.data.dataset import CLASSES, Dataset
from tenfold.data.format import Format
from tenfold.data.input_files import PathLike, read_bytes
from tenfold.data.mnist import load_mnist
from tenfold.errors import TenfoldError
from tenfold.files import atomic_file, make_folder, write_bytes
from tenfold.nn import stream
from tenfold.nn.array import Array

__all__ = [
    "CSV_FILE",
    "KAGGLE_FOLDER",
    "kaggle_split",
    "read_kaggle_csv",
    "read_submission",
    "write_kaggle",
    "write_submission",
]

_TRAINING_ROWS = 42_000
_PIXELS = SIDE * SIDE
_FROM_ZERO = [f"pixel{i}" for i in range(_PIXELS)]
_PIXEL_NAMES = (
    _FROM_ZERO,  # Kaggle's own
    [f"pixel{i + 1}" for i in range(_PIXELS)],  # Fashion-MNIST and others there
    [f"{row + 1}x{column + 1}" for row in range(SIDE) for column in range(SIDE)],  # "MNIST as CSV"
)
_SUBMISSION_HEADER = ["ImageId", "Label"]
_DIGITS = [str(digit) for digit in range(CLASSES)]


def read_kaggle_csv(path: PathLike) -> Dataset:
    """Return the images of a train.csv (with labels) or test.csv (without labels).

    The header is ``label,pixel0,...,pixel783`` or ``pixel0,...,pixel783``. Pixels numbered from 1
    or named ``1x1`` to ``28x28`` are accepted too. 42,000 rows take less than a second.

    Raises:
        TenfoldError: If the file is missing, has another header or no rows, or has a wrong cell;
            the message gives the line and column of the first wrong cell.
    """
    content = _with_newlines(read_bytes(path))
    start = content.find(b"\n") + 1 or len(content)
    names = _check_header(content[:start], str(path))
    labelled = len(names) > _PIXELS
    limits = [CLASSES - 1] * labelled + [255] * _PIXELS
    table = parse_table(content, start, names, limits, str(path))
    if len(table) == 0:
        raise TenfoldError(f"{path} has a header but no rows: export it again.")
    images = np.ascontiguousarray(table[:, -_PIXELS:]).reshape(-1, SIDE, SIDE, 1)
    labels = table[:, 0].astype(np.int64) if labelled else None
    return Dataset(images, labels, Path(path).name)


def kaggle_split(seed: int = 0) -> tuple[Dataset, Dataset]:
    """Return MNIST's 70,000 images, shuffled and split as in the competition.

    Args:
        seed: Random seed of the shuffle. The competition's own order is not known.

    Returns:
        42,000 training images and 28,000 test images, both with labels.
    """
    parts = load_mnist("train"), load_mnist("test")
    images = np.concatenate([part.images for part in parts])
    labels = np.concatenate([part.require_labels() for part in parts])
    order = stream(seed, "kaggle").permutation(len(images))
    whole = Dataset(images, labels, "MNIST, as on Kaggle")
    return whole.subset(order[:_TRAINING_ROWS]), whole.subset(order[_TRAINING_ROWS:])


def write_kaggle(folder: PathLike, seed: int = 0) -> tuple[Path, Path, Path]:
    """Write MNIST in the competition's format and return the paths of the three files.

    ``train.csv`` has 42,000 rows with labels, ``test.csv`` 28,000 rows without labels, and
    ``test-labels.csv`` the labels of the test images as (ImageId, Label), which the competition
    keeps secret.

    Args:
        folder: Folder for the files, created if missing. Files of the same names are replaced.
        seed: Random seed of the shuffle of all 70,000 images.

    Raises:
        TenfoldError: If the files cannot be written.
    """
    target = make_folder(folder)
    train, test = kaggle_split(seed)
    paths = target / "train.csv", target / "test.csv", target / "test-labels.csv"
    _write_csv(paths[0], train.images, train.require_labels())
    _write_csv(paths[1], test.images, None)
    write_submission(paths[2], test.require_labels())
    return paths


def write_submission(path: PathLike, labels: Array) -> None:
    """Write a submission: the header ``ImageId,Label``, then one line for each image, from 1.

    Args:
        path: Path of the file.
        labels: (N,) whole numbers from 0 to 9, in the order of test.csv.

    Raises:
        TenfoldError: If the labels are not as described, or the file cannot be written.
    """
    labels = np.asarray(labels)
    if labels.ndim != 1 or labels.size == 0 or labels.dtype.kind not in "ui":
        raise TenfoldError(
            f"the labels of a submission must be whole numbers of shape (N,), got {labels.dtype} "
            f"of shape {labels.shape}. For probabilities, use argmax(axis=1)."
        )
    if labels.min() < 0 or labels.max() >= CLASSES:
        raise TenfoldError(
            "the labels of a submission must be digits from 0 to 9, got "
            f"{labels.min()} to {labels.max()}."
        )
    rows = [_SUBMISSION_HEADER, *([str(i), str(label)] for i, label in enumerate(labels, 1))]
    write_bytes(path, "".join(f"{','.join(row)}\n" for row in rows).encode())


def read_submission(path: PathLike) -> Array:
    """Return the labels (N,) int64 of a submission, checked as the competition checks them.

    Raises:
        TenfoldError: If the header is not ``ImageId,Label``, the ids are not 1, 2, 3, ... in order,
            or a label is not a digit; the message gives the line.
    """
    rows = _submission_rows(path)
    line, header = next(rows, (1, []))
    if header != _SUBMISSION_HEADER:
        raise TenfoldError(
            f"{path}: the first line of a submission must be 'ImageId,Label', got "
            f"{','.join(header)[:40]!r}. Write that line first."
        )
    labels = []
    for number, (line, cells) in enumerate(rows, 1):
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


def _submission_rows(path: PathLike) -> Iterator[tuple[int, list[str]]]:
    """Yield (line number, stripped cells) for each line that is not blank."""
    try:
        text = read_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TenfoldError(f"{path} is not UTF-8 text: export it as UTF-8.") from error
    for line, cells in csv_lines(text, str(path)):
        yield line, [cell.strip() for cell in cells]


def _with_newlines(content: bytes) -> bytes:
    """Return the text without a byte order mark, and with newlines as line ends."""
    content = content.removeprefix(codecs.BOM_UTF8)
    if b"\r" in content:
        content = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return content


def _check_header(line: bytes, source: str) -> list[str]:
    """Return the names of the columns; raise TenfoldError if the line is not a known header."""
    text = line.decode(errors="replace").strip()
    names = [name.strip().strip('"') for name in text.split(",")]
    pixels = names[1:] if names[0].lower() == "label" else names
    if pixels not in _PIXEL_NAMES:
        found = text if len(text) <= 60 else f"{text[:30]}...{text[-27:]}"
        raise TenfoldError(
            f"{source}: the first line must be 'label,pixel0,...,pixel783' or, without labels, "
            f"'pixel0,...,pixel783', got {found!r} ({len(names)} columns). Name the columns so."
        )
    return names


def _write_csv(path: Path, images: Array, labels: Array | None) -> None:
    names = _FROM_ZERO if labels is None else ["label", *_FROM_ZERO]
    table = images.reshape(len(images), _PIXELS)
    if labels is not None:
        table = np.column_stack([labels.astype(np.uint8), table])
    with atomic_file(path) as file:
        file.write(f"{','.join(names)}\n".encode())
        for piece in format_table(table):
            file.write(piece)


KAGGLE_FOLDER = Format(
    "a folder with Kaggle's train.csv and test.csv",
    lambda source, part: (source.path / f"{part}.csv").is_file(),
    lambda folder, part: read_kaggle_csv(folder / f"{part}.csv"),
    has_parts=True,
)
"""A folder with the CSV file of a part."""

CSV_FILE = Format(
    "a Kaggle CSV file",
    lambda source, _: not source.is_folder,
    lambda path, _: read_kaggle_csv(path),
)
"""Any file: its first line decides whether it is a table of this kind."""
