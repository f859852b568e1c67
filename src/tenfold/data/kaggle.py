"""Kaggle's Digit Recognizer: its CSV files in, its submission out.

The competition's pictures are MNIST's 70,000, shuffled and cut into 42,000 with labels and 28,000
without. So whoever has MNIST can make files of the same form, with the answers in a third file,
and see what a score is worth before submitting anything.
"""

import codecs
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tenfold.data.arrays import SIDE
from tenfold.data.csv_table import csv_lines, format_table, parse_table
from tenfold.data.dataset import CLASSES, Dataset
from tenfold.data.mnist import load_mnist
from tenfold.data.opening import PathLike, read_whole
from tenfold.errors import TenfoldError
from tenfold.files import atomic_file, make_folder, write_bytes
from tenfold.nn import stream
from tenfold.nn.array import Array

__all__ = [
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
    """Return the images of a train.csv (with labels) or test.csv (without).

    The header decides: ``label,pixel0,...,pixel783`` or ``pixel0,...,pixel783``; pixels numbered
    from 1 or named ``1x1`` to ``28x28`` are understood too. 42,000 rows take less than a second.

    Raises:
        TenfoldError: if the file is missing, has another header or no rows; or naming the line and
            column of the first cell that is wrong.
    """
    content = _with_newlines(read_whole(path))
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
    """Return MNIST's 70,000 images as the competition has them: 42,000 and 28,000, both labelled.

    Args:
        seed: of the shuffle. The competition's own order is not known.
    """
    parts = load_mnist("train"), load_mnist("test")
    images = np.concatenate([part.images for part in parts])
    labels = np.concatenate([part.require_labels() for part in parts])
    order = stream(seed, "kaggle").permutation(len(images))
    mixed = Dataset(images, labels, "MNIST, as on Kaggle")
    return mixed.subset(order[:_TRAINING_ROWS]), mixed.subset(order[_TRAINING_ROWS:])


def write_kaggle(folder: PathLike, seed: int = 0) -> tuple[Path, Path, Path]:
    """Write MNIST in the competition's form and return the paths of the three files.

    ``train.csv``: 42,000 rows with labels. ``test.csv``: 28,000 rows without. ``test-labels.csv``:
    the answers to those (ImageId, Label), which the competition itself keeps secret.

    Args:
        folder: made if it is missing; files of these names in it are replaced.
        seed: of the shuffle of all 70,000 images.

    Raises:
        TenfoldError: if the files cannot be written.
    """
    target = make_folder(folder)
    train, test = kaggle_split(seed)
    answers = test.require_labels()
    paths = target / "train.csv", target / "test.csv", target / "test-labels.csv"
    _write_csv(paths[0], train.images, train.require_labels())
    _write_csv(paths[1], test.images, None)
    write_submission(paths[2], answers)
    return paths


def write_submission(path: PathLike, labels: Array) -> None:
    """Write a submission: the header ``ImageId,Label``, then one line an image, from ImageId 1.

    Args:
        path: where to.
        labels: (N,) whole numbers from 0 to 9, in the order of test.csv.

    Raises:
        TenfoldError: if these are no such labels, or the file cannot be written.
    """
    labels = np.asarray(labels)
    if labels.ndim != 1 or labels.size == 0 or labels.dtype.kind not in "ui":
        raise TenfoldError(
            f"a submission takes one whole number an image, shape (N,), not {labels.dtype} of "
            f"shape {labels.shape}. Of probabilities, take argmax(axis=1)."
        )
    if labels.min() < 0 or labels.max() >= CLASSES:
        raise TenfoldError(
            f"a submission holds digits from 0 to 9, not {labels.min()} to {labels.max()}."
        )
    rows = [_SUBMISSION_HEADER, *([str(i), str(label)] for i, label in enumerate(labels, 1))]
    write_bytes(path, "".join(f"{','.join(row)}\n" for row in rows).encode())


def read_submission(path: PathLike) -> Array:
    """Return the labels (N,) int64 of a submission, checked as the competition checks them.

    Raises:
        TenfoldError: if the header is not ``ImageId,Label``, the ids are not 1, 2, 3, ... in order,
            or a label is not a digit; naming the line.
    """
    rows = _submission_rows(path)
    line, header = next(rows, (1, []))
    if header != _SUBMISSION_HEADER:
        raise TenfoldError(
            f"{path}: the first line of a submission is 'ImageId,Label', not "
            f"{','.join(header)[:40]!r}. Write that line first."
        )
    labels = []
    for number, (line, cells) in enumerate(rows, 1):
        if len(cells) != 2 or cells[0] != str(number) or cells[1] not in _DIGITS:
            raise TenfoldError(
                f"{path}, line {line}: {','.join(cells)[:40]!r} is not '{number},' and a digit. "
                "The images are numbered from 1, in the order of test.csv, one digit each."
            )
        labels.append(int(cells[1]))
    if not labels:
        raise TenfoldError(f"{path} has a header but no rows: write one for each image.")
    return np.array(labels, np.int64)


def _submission_rows(path: PathLike) -> Iterator[tuple[int, list[str]]]:
    """Yield (line number, cells without spaces around them) of every line that is not blank."""
    try:
        text = read_whole(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TenfoldError(f"{path} is not UTF-8 text: export it as UTF-8.") from error
    for line, cells in csv_lines(text, str(path)):
        yield line, [cell.strip() for cell in cells]


def _with_newlines(content: bytes) -> bytes:
    """Return the text without a byte order mark, its lines ending in newlines only."""
    content = content.removeprefix(codecs.BOM_UTF8)
    if b"\r" in content:
        content = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return content


def _check_header(line: bytes, source: str) -> list[str]:
    """Return the names of the columns; refuse a first line that is no header of this kind."""
    text = line.decode(errors="replace").strip()
    names = [name.strip().strip('"') for name in text.split(",")]
    pixels = names[1:] if names[0].lower() == "label" else names
    if pixels not in _PIXEL_NAMES:
        found = text if len(text) <= 60 else f"{text[:30]}...{text[-27:]}"
        raise TenfoldError(
            f"{source}: the first line must be 'label,pixel0,...,pixel783' or, without labels, "
            f"'pixel0,...,pixel783', not {found!r} ({len(names)} columns). Name the columns so."
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
