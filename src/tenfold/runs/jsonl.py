"""Journal: files of JSON lines that grow while a run goes on, and go back with its checkpoint."""

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tenfold.errors import TenfoldError
from tenfold.files import write_bytes

__all__ = ["append_lines", "cut_lines", "read_lines", "secure"]


def append_lines(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    """Add a line for each row, for everybody to see; ``secure`` brings them onto the disk.

    Raises:
        TenfoldError: if the disk is full or the file cannot be written, with what to do then.
    """
    content = "".join(json.dumps(row, allow_nan=False) + "\n" for row in rows)
    try:
        with path.open("a") as file:
            file.write(content)
    except OSError as error:
        raise _refusal(path, error) from error


def secure(path: Path) -> None:
    """Wait until what was appended will survive if the machine stops; nothing without a file."""
    try:
        if path.exists():
            with path.open("ab") as file:
                os.fsync(file.fileno())
    except OSError as error:
        raise _refusal(path, error) from error


def cut_lines(path: Path, count: int) -> None:
    """Forget what was appended after the checkpoint: it will be appended again.

    Args:
        path: the file, perhaps still missing.
        count: how many lines the checkpoint counts.

    Raises:
        TenfoldError: if there are fewer.
    """
    lines = path.read_bytes().splitlines(keepends=True) if path.exists() else []
    if len(lines) < count:
        raise TenfoldError(f"{path} lacks records that the checkpoint counts: train anew")
    write_bytes(path, b"".join(lines[:count]))


def read_lines(path: Path) -> list[Any]:
    """Return the rows of a file, none if there is no such file.

    Raises:
        TenfoldError: if it is damaged.
    """
    try:
        return [json.loads(line) for line in path.read_text().splitlines()]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, RecursionError) as error:
        raise TenfoldError(f"{path} is damaged ({error}): restore it or train again") from error


def _refusal(path: Path, error: OSError) -> TenfoldError:
    return TenfoldError(
        f"cannot write to {path.parent}: {error.strerror}. Make room, then go on with "
        f"tenfold train --resume {path.parent}"
    )
