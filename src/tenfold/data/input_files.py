"""Input files and folders: open, read or list them, or raise one clear error."""

import contextlib
import gzip
import io
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from tenfold.errors import TenfoldError, missing_advice, reason
from tenfold.nn.arguments import PathLike

__all__ = [
    "GZIP_MAGIC",
    "MAX_BYTES",
    "PathLike",
    "largest_content",
    "list_folder",
    "list_names",
    "open_decompressed",
    "open_file",
    "read_bytes",
    "too_large",
]

GZIP_MAGIC = b"\x1f\x8b"
"""The first bytes of a gzipped file."""

MAX_BYTES = 2**31
"""Largest size of an input file: 2 GiB, or 2.7 million images of 28 x 28."""

_USUAL_BYTES = 2**26  # a file may always expand to this size
_MAX_RATIO = 200  # a file may expand to this many times its size; files of images reach 10 to 50


@contextlib.contextmanager
def open_file(path: PathLike) -> Iterator[BinaryIO]:
    """Open a file to read bytes.

    Raises:
        TenfoldError: If the file is missing, a folder, a device or a pipe, or if it cannot be
            opened or read.
    """
    target = Path(path)
    try:
        if target.is_dir():
            raise TenfoldError(f"{target} is a folder, not a file: give the path of a file in it.")
        if target.is_symlink() and not target.exists():
            raise TenfoldError(f"{target} is a link that leads to no file: correct or remove it.")
        if not target.exists():
            advice = missing_advice(path) or "Check its name and its folder."
            raise TenfoldError(f"there is no file {target}. {advice}")
        if not target.is_file():  # opening a pipe may wait for ever
            raise TenfoldError(
                f"{target} is a device or a pipe, which may have no end: save its output in a file."
            )
        with target.open("rb") as file:
            yield file
    except OSError as error:
        raise TenfoldError(
            f"cannot read {target}: {reason(error)}. Check its permissions."
        ) from error


@contextlib.contextmanager
def open_decompressed(path: PathLike) -> Iterator[BinaryIO]:
    """Open a file to read its bytes piece by piece, decompressed if it is gzipped.

    There is no limit to the size: the caller must not collect the pieces.

    Raises:
        TenfoldError: As from ``open_file``; also when reading reaches damaged compressed data.
    """
    with open_file(path) as file:
        gzipped = file.read(2) == GZIP_MAGIC
        file.seek(0)
        if not gzipped:
            yield file
            return
        try:
            with gzip.GzipFile(fileobj=file) as stream:
                yield cast(BinaryIO, stream)
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise _gzip_damage(path, error) from error


def read_bytes(path: PathLike) -> bytes:
    """Return the content of a file, decompressed if it is gzipped.

    Raises:
        TenfoldError: If the file cannot be read, its compressed data is damaged, or its content is
            larger than ``MAX_BYTES`` or, for a gzipped file, than ``largest_content``.
    """
    with open_file(path) as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise too_large(path)
    return _gunzip(content, path) if content.startswith(GZIP_MAGIC) else content


def too_large(path: PathLike, what: str | None = None) -> TenfoldError:
    """Return the error for a file, or an array in a file, of more than ``MAX_BYTES``.

    Args:
        path: Path of the file.
        what: What is too large, in words; None for the file.
    """
    from tenfold import shell  # only for errors

    return TenfoldError(
        f"{what or path} is larger than 2 GiB. Convert it, and give the path of the new folder: "
        f"tenfold data convert {shell.quote(path)} -o FOLDER"
    )


def largest_content(compressed: int) -> int:
    """Return the largest accepted size of the content of a compressed file, in bytes.

    The size is limited since a few kilobytes can expand to gigabytes of zeros and fill the memory.

    Args:
        compressed: Size of the file.
    """
    return min(MAX_BYTES, max(_USUAL_BYTES, _MAX_RATIO * compressed))


def list_folder(folder: PathLike) -> list[Path]:
    """Return the entries of a folder, sorted by name, without hidden ones.

    Raises:
        TenfoldError: If the folder is missing or cannot be listed.
    """
    target = Path(folder)
    return [target / name for name in list_names(target)]


def list_names(folder: PathLike) -> list[str]:
    """Return the names in a folder, sorted, without hidden ones; paths would need more memory.

    Raises:
        TenfoldError: If the folder is missing or cannot be listed.
    """
    try:
        with os.scandir(folder) as entries:
            return sorted(entry.name for entry in entries if not entry.name.startswith("."))
    except OSError as error:
        raise TenfoldError(f"cannot list the folder {folder}: {reason(error)}.") from error


def _gunzip(content: bytes, path: PathLike) -> bytes:
    limit = largest_content(len(content))
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as stream:
            result = stream.read(limit + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise _gzip_damage(path, error) from error
    if len(result) > limit:
        raise TenfoldError(
            f"{path} expands to more than {limit:,} bytes. If the size is right, decompress "
            "the file first."
        )
    return result


def _gzip_damage(path: PathLike, error: Exception) -> TenfoldError:
    return TenfoldError(
        f"{path}: its compressed data is damaged ({reason(error)}). Download or export it again."
    )
