"""Atomic files: written to a temporary file, flushed to disk, and moved to their final path."""

import contextlib
import difflib
import errno
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from tenfold.errors import TenfoldError, path_exists

__all__ = [
    "atomic_file",
    "files_in_subfolders",
    "make_folder",
    "near_path",
    "write_bytes",
    "write_json",
    "write_text",
]


def files_in_subfolders(folder: str | os.PathLike[str], name: str) -> list[Path]:
    """Return the files with a given name in the subfolders of a folder, sorted.

    The result is empty if the folder cannot be read. ``Path.glob`` is not used, because it needs a
    gigabyte of memory for a million entries, even if none of them is a folder.

    Args:
        folder: The folder.
        name: Name of the files.
    """
    try:
        with os.scandir(folder) as entries:
            found = [Path(entry.path, name) for entry in entries if entry.is_dir()]
    except OSError:
        return []
    return sorted(filter(path_exists, found))


def near_path(path: str | os.PathLike[str]) -> str:
    """Return a sentence with the path that was probably meant; empty if there is none.

    This path is a file or folder that exists and has a similar name in the same folder. If the
    folder does not exist, the sentence says so instead.

    Args:
        path: A path that does not exist.
    """
    path = Path(path)
    try:
        if not path.parent.is_dir():
            return f"There is no folder {path.parent}."
        names = {each.name.lower(): each.name for each in path.parent.iterdir()}
    except OSError:  # such as a folder that cannot be listed
        return ""
    near = difflib.get_close_matches(path.name.lower(), names, n=1)
    return f"Did you mean {path.parent / names[near[0]]}?" if near else ""


@contextlib.contextmanager
def atomic_file(path: str | os.PathLike[str]) -> Iterator[IO[bytes]]:
    """Open a binary file that is moved to ``path`` only if the block ends without an error.

    Readers of ``path`` see either the old content or the new content, never a part, even if the
    machine stops during writing. A link is followed; a device or a pipe is written to directly.

    Args:
        path: Path of the file. Its folder must exist.

    Raises:
        TenfoldError: If the folder is missing or not writable, the path is a folder, or the disk is
            full.
    """
    try:
        target = Path(path).resolve()
    except (OSError, RuntimeError) as error:  # RuntimeError before Python 3.13
        raise TenfoldError(f"cannot write {path}: it is a link to itself. Remove it.") from error
    if target.exists() and not target.is_file() and not target.is_dir():
        with _open_device(target) as file:
            yield file
        return
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
    except OSError as error:
        raise _write_error(target, error) from error
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(target)
    except BaseException as error:
        temporary.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise _write_error(target, error) from error
        raise


@contextlib.contextmanager
def _open_device(target: Path) -> Iterator[IO[bytes]]:
    try:
        with target.open("wb") as file:
            yield file
    except OSError as error:
        raise _write_error(target, error) from error


def write_bytes(path: str | os.PathLike[str], content: bytes) -> None:
    """Write bytes to a file atomically.

    Raises:
        TenfoldError: If the file cannot be written.
    """
    with atomic_file(path) as file:
        file.write(content)


def write_text(path: str | os.PathLike[str], content: str) -> None:
    """Write text to a file atomically, in UTF-8.

    Raises:
        TenfoldError: If the file cannot be written.
    """
    write_bytes(path, content.encode())


def write_json(path: str | os.PathLike[str], content: Any) -> None:
    """Write plain data to a JSON file atomically, indented and with a newline at the end.

    Raises:
        TenfoldError: If the file cannot be written.
        TypeError: If the content is not plain data.
        ValueError: If a number is not finite, since JSON cannot represent it.
    """
    write_text(path, json.dumps(content, indent=2, allow_nan=False) + "\n")


def make_folder(path: str | os.PathLike[str]) -> Path:
    """Create a folder and its parents if they are missing, and return its path.

    Raises:
        TenfoldError: If the folder cannot be created.
    """
    folder = Path(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise TenfoldError(
            f"cannot write {folder}: it exists and is not a folder. Choose another path."
        ) from error
    except OSError as error:
        raise _write_error(folder, error) from error
    return folder


def _write_error(path: Path, error: OSError) -> TenfoldError:
    """Return the error for a file or folder that cannot be written, with advice on its cause."""
    reason = error.strerror or str(error)
    advice = _ADVICE.get(error.errno or 0, "Choose another path")
    return TenfoldError(f"cannot write {path}: {reason}. {advice}.")


_CHANGE_PERMISSIONS = "Choose another path, or change the permissions of the folder"
_FREE_SPACE = "Free space on the disk, or choose a path on another disk"
_ADVICE = {
    errno.EACCES: _CHANGE_PERMISSIONS,
    errno.EPERM: _CHANGE_PERMISSIONS,
    errno.ENOTDIR: "A folder in its path is a file: choose another path",
    errno.ENOENT: "Create the folder first, or choose another path",
    errno.ENOSPC: _FREE_SPACE,
    errno.EDQUOT: _FREE_SPACE,
}


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
