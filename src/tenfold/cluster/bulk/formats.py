"""The formats of files of answers: each part is encoded alone, and the parts are then joined.

The bytes depend on the answers and on the parts alone, not on when or where a part was computed.
"""

import csv
import io
import json
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, Any, Protocol

from tenfold.cluster.bulk.parquet import Parquet
from tenfold.cluster.bulk.tables import Answer, Cell, Table
from tenfold.errors import UsageError

__all__ = ["AnswerFormat", "answer_format"]


class AnswerFormat(Protocol):
    """One format of files."""

    def encode(self, table: Table, answers: Sequence[Answer]) -> bytes:
        """Return the content of the file of one part."""

    def join(self, table: Table, parts: Iterable[Path], file: IO[bytes]) -> None:
        """Write the whole file, from the files of its parts in their order."""


class Csv:
    """CSV with one header: UTF-8, commas, ``true`` and ``false``, six decimals."""

    def encode(self, table: Table, answers: Sequence[Answer]) -> bytes:
        """Return the rows of one part, without a header."""
        return _csv([row for answer in answers for row in table.cells(answer)])

    def join(self, table: Table, parts: Iterable[Path], file: IO[bytes]) -> None:
        """Write the header, then the rows of all parts."""
        file.write(_csv([list(table.header)]))
        _append(parts, file)


class JsonLines:
    """One JSON object in each line."""

    def encode(self, table: Table, answers: Sequence[Answer]) -> bytes:
        """Return the lines of one part."""
        return "".join(json.dumps(answer, allow_nan=False) + "\n" for answer in answers).encode()

    def join(self, table: Table, parts: Iterable[Path], file: IO[bytes]) -> None:
        """Write the lines of all parts."""
        _append(parts, file)


_FORMATS: dict[str, type[AnswerFormat]] = {
    ".csv": Csv,
    ".jsonl": JsonLines,
    ".parquet": Parquet,
}


def answer_format(path: Path) -> AnswerFormat:
    """Return the format for the extension of a file.

    Raises:
        UsageError: If no format has this extension.
        TenfoldError: If the format is Parquet, and pyarrow is missing.
    """
    found = _FORMATS.get(path.suffix.lower())
    if found is None:
        names = ", ".join(_FORMATS)
        raise UsageError(f"the file of answers must end with one of {names}, got {path}")
    return found()


def _csv(rows: Sequence[Sequence[Cell]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(
        [[_cell(value) for value in row] for row in rows]
    )
    return text.getvalue().encode()


def _cell(value: Cell) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.6f}" if isinstance(value, float) else value  # None is written as nothing


def _append(parts: Iterable[Path], file: IO[bytes]) -> None:
    for path in parts:
        with path.open("rb") as part:
            shutil.copyfileobj(part, file)
