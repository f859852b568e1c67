"""Input files and folders: open, read or list them, or raise one clear error."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from tenfold.errors import TenfoldError

__all__ = ["MAX_BYTES", "PathLike", "list_folder", "open_file", "read_bytes"]

PathLike = str | os.PathLike[str]

MAX_BYTES = 2**31
"""Largest size of an input file: 2 GiB, or 2.7 million images of 28x28."""


@contextlib.contextmanager
def open_file(path: PathLike) -> Iterator[BinaryIO]:
    """Open a file for reading bytes.

    Raises:
        TenfoldError: If the file is missing or a folder, or if it cannot be opened or read.
    """
    target = Path(path)
    try:
        if target.is_dir():
            raise TenfoldError(f"{target} is a folder, not a file: name a file in it.")
        if not target.exists():
            raise TenfoldError(f"there is no file {target}: check its name and its folder.")
        with target.open("rb") as file:
            yield file
    except OSError as error:
        reason = error.strerror or str(error)
        raise TenfoldError(f"cannot read {target}: {reason}. Check its permissions.") from error


def read_bytes(path: PathLike) -> bytes:
    """Return the content of a file.

    Raises:
        TenfoldError: If the file cannot be read, or is larger than ``MAX_BYTES``.
    """
    with open_file(path) as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise TenfoldError(f"{path} is larger than 2 GiB: divide it into smaller files.")
    return content


def list_folder(folder: PathLike) -> list[Path]:
    """Return the entries of a folder, sorted by name, without hidden ones.

    Raises:
        TenfoldError: If the folder is missing or cannot be listed.
    """
    target = Path(folder)
    try:
        return sorted(entry for entry in target.iterdir() if not entry.name.startswith("."))
    except OSError as error:
        reason = error.strerror or str(error)
        raise TenfoldError(f"cannot list the folder {target}: {reason}.") from error
