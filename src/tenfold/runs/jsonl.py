"""Files of JSON lines that grow during a run, and are truncated when it resumes."""

import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from tenfold import shell
from tenfold.errors import TenfoldError, reason
from tenfold.files import write_bytes
from tenfold.runs.json_fields import damaged

__all__ = ["append_lines", "read_checked_lines", "read_lines", "sync", "truncate_lines"]


def append_lines(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    """Append a line for each row. Other programs see the lines at once.

    Only ``sync`` makes sure that the lines are still there after a power failure.

    Args:
        path: The file; it is created if it does not exist.
        rows: Plain data, without NaN or infinite numbers.

    Raises:
        TenfoldError: If the disk is full or the file cannot be written.
    """
    content = "".join(json.dumps(row, allow_nan=False) + "\n" for row in rows)
    try:
        with path.open("a") as file:
            file.write(content)
    except OSError as error:
        raise _write_error(path, error) from error


def sync(path: Path) -> None:
    """Write the appended lines to the disk (fsync); do nothing if the file does not exist."""
    try:
        if path.exists():
            with path.open("ab") as file:
                os.fsync(file.fileno())
    except OSError as error:
        raise _write_error(path, error) from error


def truncate_lines(path: Path, count: int) -> None:
    """Remove the lines that were appended after the checkpoint; training will append them again.

    Args:
        path: The file; it is created if it does not exist.
        count: Number of lines to keep.

    Raises:
        TenfoldError: If there are fewer lines.
    """
    try:
        lines = path.read_bytes().splitlines(keepends=True) if path.exists() else []
    except OSError as error:
        raise TenfoldError(f"cannot read {path}: {error.strerror}. Train again.") from error
    if len(lines) < count:
        raise TenfoldError(
            f"{path} must have at least {count} lines to resume from the checkpoint, got "
            f"{len(lines)}: train again"
        )
    write_bytes(path, b"".join(lines[:count]))


def read_lines(path: Path) -> list[Any]:
    """Return the rows of a file; an empty list if the file does not exist.

    Raises:
        TenfoldError: If the file cannot be read or is damaged.
    """
    try:
        return [json.loads(line) for line in path.read_text().splitlines()]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise TenfoldError(
            f"cannot read {path}: {reason(error)}. Check its permissions."
        ) from error
    except (ValueError, RecursionError) as error:
        raise TenfoldError(
            f"{path} is damaged ({reason(error)}): restore it or train again"
        ) from error


def read_checked_lines(
    path: Path, noun: str, problem: Callable[[dict[str, Any]], str]
) -> list[Any]:
    """Return the rows of a file, all of them JSON objects without a problem.

    Args:
        path: The file; if it is missing, there are no rows.
        noun: Name of one row in messages, such as "record".
        problem: Function that returns what is wrong with a row; empty if nothing is.

    Raises:
        TenfoldError: If the file is damaged; the message gives the line and the problem.
    """
    rows = read_lines(path)
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            wrong = f"the {noun} must be a JSON object, got {type(row).__name__}"
        else:
            wrong = problem(row)
        if wrong:
            raise damaged(path, f"in line {number}, {wrong}")
    return rows


def _write_error(path: Path, error: OSError) -> TenfoldError:
    return TenfoldError(
        f"cannot write to {path.parent}: {error.strerror}. Free some space, then continue with "
        f"tenfold train --resume {shell.quote(path.parent)}"
    )
