"""CSV files of images in the format of Kaggle's Digit Recognizer competition."""

import codecs
from pathlib import Path

import numpy as np

from tenfold.data.arrays import SIDE
from tenfold.data.csv_table import format_table, parse_table
from tenfold.data.dataset import CLASSES, Dataset
from tenfold.data.format import Format
from tenfold.data.input_files import PathLike, read_bytes
from tenfold.errors import TenfoldError
from tenfold.files import atomic_file

__all__ = ["CSV_FILE", "KAGGLE_FOLDER", "read_kaggle_csv", "write_kaggle_csv"]

_PIXELS = SIDE * SIDE
_FROM_ZERO = [f"pixel{i}" for i in range(_PIXELS)]
_PIXEL_NAMES = (
    _FROM_ZERO,  # Kaggle's own
    [f"pixel{i + 1}" for i in range(_PIXELS)],  # Fashion-MNIST and others there
    [f"{row + 1}x{column + 1}" for row in range(SIDE) for column in range(SIDE)],  # "MNIST as CSV"
)


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


def write_kaggle_csv(path: PathLike, dataset: Dataset) -> None:
    """Write images as a train.csv, or as a test.csv if the data set is unlabelled.

    Args:
        path: Path of the file.
        dataset: Images (N, 28, 28, 1) with or without labels.

    Raises:
        TenfoldError: If the file cannot be written.
    """
    names, table = _FROM_ZERO, dataset.images.reshape(len(dataset), _PIXELS)
    if dataset.labels is not None:
        names = ["label", *names]
        table = np.column_stack([dataset.labels.astype(np.uint8), table])
    with atomic_file(path) as file:
        file.write(f"{','.join(names)}\n".encode())
        for piece in format_table(table):
            file.write(piece)


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
