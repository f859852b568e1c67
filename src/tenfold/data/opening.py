"""Files as they are handed to us: opened, or refused with one clear sentence."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from tenfold.errors import TenfoldError

__all__ = ["MAX_BYTES", "PathLike", "listed", "opened", "read_whole"]

PathLike = str | os.PathLike[str]

MAX_BYTES = 2**31
"""The most that is read from one file: 2 GiB, or 2.7 million images of 28x28."""


@contextlib.contextmanager
def opened(path: PathLike) -> Iterator[BinaryIO]:
    """Open a file for reading bytes.

    Raises:
        TenfoldError: if it is missing, a folder, not ours to read, or cannot be read to its end.
    """
    target = Path(path)
    try:
        if target.is_dir():
            raise TenfoldError(f"{target} is a folder where a file is expected: name a file in it.")
        if not target.exists():
            raise TenfoldError(f"there is no file {target}: look at the spelling and the folder.")
        with target.open("rb") as file:
            yield file
    except OSError as error:
        reason = error.strerror or str(error)
        raise TenfoldError(f"cannot read {target}: {reason}. Look at its permissions.") from error


def read_whole(path: PathLike) -> bytes:
    """Return the content of a file.

    Raises:
        TenfoldError: if it cannot be read or is larger than ``MAX_BYTES``.
    """
    with opened(path) as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise TenfoldError(f"{path} is larger than 2 GiB: divide it into smaller files.")
    return content


def listed(folder: PathLike) -> list[Path]:
    """Return what a folder holds, by name, hidden entries left out.

    Raises:
        TenfoldError: if there is no such folder, or it is not ours to read.
    """
    target = Path(folder)
    try:
        return sorted(entry for entry in target.iterdir() if not entry.name.startswith("."))
    except OSError as error:
        reason = error.strerror or str(error)
        raise TenfoldError(f"cannot list the folder {target}: {reason}.") from error
