"""Streams of CSV files: rows of any dialect, read block by block."""

import codecs
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from tenfold.data.arrays import SIDE
from tenfold.data.csv_dialect import Dialect, detect_dialect
from tenfold.data.csv_fractions import parse_fractions
from tenfold.data.csv_images import labels_of_csv, read_rows
from tenfold.data.csv_text import normalise_rows, normalise_text
from tenfold.data.dataset import check_labels
from tenfold.data.input_files import open_decompressed
from tenfold.data.streams.batches import (
    NO_LABEL,
    ImageBatch,
    ImageStream,
    position_names,
)
from tenfold.data.streams.scale import usual_factor
from tenfold.errors import TenfoldError
from tenfold.nn.array import Array

__all__ = ["csv_stream"]

_SAMPLE = 2**23  # bytes of text from which the dialect is detected
_BLOCK = 2**20  # bytes of text that are parsed at a time
_LONGEST = 2**26  # largest number of bytes of a line
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_FORMAT = "a CSV file with 784 pixel columns"


def csv_stream(path: Path, labels: bool = True) -> ImageStream:
    """Return the stream of a CSV file; ``read_csv`` describes the dialects.

    The dialect is detected from the first megabytes. A row that cannot be read becomes an item with
    an error. If no row of the first block can be read, an error is raised at once.

    Args:
        path: Path of the file, which may be gzipped.
        labels: Whether labels are needed. If not, a separate file of labels is not read.

    Raises:
        TenfoldError: As ``read_csv``.
    """
    table = _Table(path, *_detect(path))
    has_label_column = table.dialect.roles.label is not None
    separate, notes = labels_of_csv(path) if labels and not has_label_column else (None, ())
    piece = next(table.pieces(0, separate), None)
    if piece is None:
        raise TenfoldError(f"{path} has a header but no rows: export it again.")
    if len(piece.errors) == len(piece):
        raise TenfoldError(piece.errors[0])
    notes = (*table.notes, *notes)
    return ImageStream(
        path.name,
        _FORMAT,
        has_label_column or separate is not None,
        lambda start: table.pieces(start, separate),
        notes=notes,
    )


@dataclass(frozen=True, eq=False)
class _Table:
    """A CSV file whose dialect is known.

    Attributes:
        path: Path of the file.
        dialect: Dialect of the file.
        factor: What its pixels are multiplied by.
        notes: Remarks on the dialect and the first rows.
    """

    path: Path
    dialect: Dialect
    factor: int
    notes: tuple[str, ...]

    def pieces(self, start: int, separate: Array | None) -> Iterator[ImageBatch]:
        """Yield the rows from ``start`` on; ``separate`` are the labels of a separate file."""
        position, line, skipped = 0, self.dialect.line, self.dialect.start
        for block in _blocks(self.path):
            text, skipped = block[skipped:], max(0, skipped - len(block))
            rows = _count_rows(text)
            if rows and position + rows > start:
                piece = self._piece(text, line, position, separate)
                yield piece if position >= start else piece.part(start - position, rows)
            position += rows
            line += text.count(b"\n")
        if separate is not None and position != len(separate):
            check_labels(separate, position, str(self.path))

    def _piece(self, text: bytes, line: int, position: int, separate: Array | None) -> ImageBatch:
        """Return rows as a batch; ``line`` and ``position`` are those of the first row."""
        try:
            images, labels, _ = self._read(text, line)
            errors: dict[int, str] = {}
        except TenfoldError:
            images, labels, errors = self._row_by_row(text, line)
        if separate is not None:
            labels = np.full(len(images), NO_LABEL, np.int64)
            found = separate[position : position + len(images)]
            labels[: len(found)] = found  # there may be fewer labels than rows
            labels[list(errors)] = NO_LABEL
        names = position_names(position, len(images))
        return ImageBatch(position, names, images, labels, errors)

    def _read(self, text: bytes, line: int) -> tuple[Array, Array | None, tuple[str, ...]]:
        dialect = replace(self.dialect, start=0, line=line)
        return read_rows(text, dialect, str(self.path), self.factor)

    def _row_by_row(self, text: bytes, line: int) -> tuple[Array, Array | None, dict[int, str]]:
        """Return images, labels and errors. With an error, the image is blank and the label -1."""
        images: list[Array] = []
        labels: list[Array] = []
        errors: dict[int, str] = {}
        for number, row in enumerate(text.split(b"\n"), line):
            if not row.strip():
                continue
            image, label = np.zeros((1, SIDE, SIDE, 1), np.uint8), np.array([NO_LABEL])
            try:
                image, found, _ = self._read(row + b"\n", number)
                label = label if found is None else found
            except TenfoldError as error:
                place, problem = f"line {number}", str(error)
                errors[len(images)] = problem if place in problem else f"{place}: {problem}"
            images.append(image)
            labels.append(label)
        labelled = self.dialect.roles.label is not None
        return np.concatenate(images), np.concatenate(labels) if labelled else None, errors


def _detect(path: Path) -> tuple[Dialect, int, tuple[str, ...]]:
    """Return the dialect of a file, the factor of its pixels, and notes."""
    sample = b""
    for block in _blocks(path):
        sample += block
        if len(sample) >= _SAMPLE:
            break
    if not sample or sample.isspace():
        raise TenfoldError(f"{path} is empty: export it again.")
    dialect = detect_dialect(sample, str(path))
    roles, names = dialect.roles, dialect.names
    factor, notes = 1, dialect.notes
    rows = normalise_rows(sample[dialect.start :], dialect.separator, roles.dropped)
    if b"." in rows:
        kept = [i for i in range(len(names)) if i not in roles.dropped]
        table = _numeric_rows(rows, len(kept))
        if table is not None:
            factor = usual_factor(table[:, [kept.index(i) for i in roles.pixels]])
    with contextlib.suppress(TenfoldError):  # wrong rows are reported one by one
        notes = (*notes, *read_rows(sample, dialect, str(path), factor)[2])
    return dialect, factor, notes


def _numeric_rows(rows: bytes, columns: int) -> Array | None:
    """Return the rows that contain only numbers, (n, columns) float32; None if there are none."""
    table = parse_fractions(rows, columns)
    if table is not None:
        return table
    tables = (parse_fractions(row, columns) for row in rows.split(b"\n"))
    found = [table for table in tables if table is not None]
    return np.concatenate(found) if found else None


def _count_rows(text: bytes) -> int:
    """Return the number of lines that are not blank."""
    return sum(1 for line in text.split(b"\n") if line.strip())


def _blocks(path: Path) -> Iterator[bytes]:
    """Yield the text of a file in UTF-8 with newlines, some complete lines at a time.

    Raises:
        TenfoldError: If a line is too long for a table, or the text is damaged.
    """
    waiting = b""
    for piece in _texts(path):
        waiting += piece
        end = waiting.rfind(b"\n") + 1
        if end:
            yield waiting[:end]
            waiting = waiting[end:]
        elif len(waiting) > _LONGEST:
            raise TenfoldError(f"{path} is not a table: it has a line of over 64 MiB.")
    if waiting:
        yield waiting + b"\n"


def _texts(path: Path) -> Iterator[bytes]:
    """Yield pieces of the text of a file in UTF-8 with newlines."""
    with open_decompressed(path) as file:
        read = getattr(file, "read1", file.read)  # read1 returns the data in front of the damage
        content = read(_BLOCK)
        is_utf16 = content.startswith(_UTF16)
        decoder = codecs.getincrementaldecoder("utf-16")()
        is_first, held = True, b""
        while content:
            try:
                text = decoder.decode(content).encode() if is_utf16 else content
            except UnicodeError as error:
                raise TenfoldError(
                    f"{path} is damaged UTF-16 text. Export it again, as UTF-8."
                ) from error
            text = held + text
            # A line end of two bytes may be divided between two pieces: hold its first byte back.
            held = b"\r" if text.endswith(b"\r") else b""
            text = text.removesuffix(b"\r")
            yield normalise_text(text, str(path)) if is_first else _with_newlines(text)
            is_first, content = False, read(_BLOCK)
    if held:
        yield b"\n"


def _with_newlines(text: bytes) -> bytes:
    return text.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in text else text
