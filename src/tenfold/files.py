"""Atomic files: written beside their final path, flushed to disk, and moved into place."""

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
    """Open a binary file that is moved to ``path`` only if the block ends without an error.

    Readers of ``path`` see either the old content or the new content, never a part, even if the
    machine stops during writing. A link is followed; a device or a pipe is written to directly.

    Args:
        path: Path of the file. Its folder must exist.

    Raises:
        TenfoldError: If the folder is missing or not writable, or the disk is full.
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
    """Write bytes to a file atomically."""
    with atomic_file(path) as file:
        file.write(content)


def write_text(path: str | os.PathLike[str], content: str) -> None:
    """Write text to a file atomically, in UTF-8."""
    write_bytes(path, content.encode())


def write_json(path: str | os.PathLike[str], content: Any) -> None:
    """Write plain data to a JSON file atomically, indented and with a newline at the end.

    Raises:
        TenfoldError: If the file cannot be written.
        ValueError: If a number is not finite; JSON has no representation of it.
    """
    write_text(path, json.dumps(content, indent=2, allow_nan=False) + "\n")


def make_folder(path: str | os.PathLike[str]) -> Path:
    """Create a folder and its parents where they are missing, and return its path.

    Raises:
        TenfoldError: If the folder cannot be created.
    """
    folder = Path(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _refusal(folder, error) from error
    return folder


def _refusal(path: Path, error: OSError) -> TenfoldError:
    reason = error.strerror or str(error)
    return TenfoldError(f"cannot write {path}: {reason}. Choose another path, or free space there.")


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
