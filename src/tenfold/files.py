"""Files that are whole or absent: written beside their place, flushed, and moved into it."""

import contextlib
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from tenfold.errors import TenfoldError

__all__ = ["atomic_file", "make_folder", "write_bytes", "write_json", "write_text"]


@contextlib.contextmanager
def atomic_file(path: str | os.PathLike[str]) -> Iterator[IO[bytes]]:
    """Open a binary file that takes its place at ``path`` only when the block ends without error.

    Whoever reads ``path`` sees the old content or the new, never a part, even if the machine
    stops in between. A link is followed; a device or a pipe is written to as it is.

    Raises:
        TenfoldError: if the folder is missing or cannot be written, or the disk is full.
    """
    target = Path(path).resolve()
    if target.exists() and not target.is_file() and not target.is_dir():
        with _device(target) as file:
            yield file
        return
    try:
        handle, beside = tempfile.mkstemp(
            prefix=f".{target.name}.", suffix=".tmp", dir=target.parent
        )
    except OSError as error:
        raise _refusal(target, error) from error
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(beside).chmod(0o666 & ~_umask())
        Path(beside).replace(target)
    except BaseException as error:
        Path(beside).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise _refusal(target, error) from error
        raise


@contextlib.contextmanager
def _device(target: Path) -> Iterator[IO[bytes]]:
    try:
        with target.open("wb") as file:
            yield file
    except OSError as error:
        raise _refusal(target, error) from error


def write_bytes(path: str | os.PathLike[str], content: bytes) -> None:
    """Write a whole file of bytes, or nothing."""
    with atomic_file(path) as file:
        file.write(content)


def write_text(path: str | os.PathLike[str], content: str) -> None:
    """Write a whole file of UTF-8 text, or nothing."""
    write_bytes(path, content.encode())


def write_json(path: str | os.PathLike[str], content: Any) -> None:
    """Write a whole JSON file, indented and ending in a newline, or nothing."""
    write_text(path, json.dumps(content, indent=2, allow_nan=False) + "\n")


def make_folder(path: str | os.PathLike[str]) -> Path:
    """Make a folder and its parents if they are missing, and return it.

    Raises:
        TenfoldError: if that cannot be done.
    """
    folder = Path(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _refusal(folder, error) from error
    return folder


def _refusal(path: Path, error: OSError) -> TenfoldError:
    reason = error.strerror or str(error)
    return TenfoldError(f"cannot write {path}: {reason}. Choose another place, or make room there.")


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
