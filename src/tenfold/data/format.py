"""The class of a data format: its name, how it is recognised, and how it is read."""

import functools
import gzip
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tenfold.data.dataset import Dataset, Part
from tenfold.data.input_files import GZIP_MAGIC, list_folder, open_file
from tenfold.errors import TenfoldError

__all__ = ["Format", "Source"]

_HEAD = 4096  # bytes, enough for every signature and for the columns of a CSV file


@dataclass(frozen=True)
class Source:
    """A file or a folder that may contain data.

    Args:
        path: Path of the file or folder.
    """

    path: Path

    @property
    def exists(self) -> bool:
        """Whether there is a file or folder at the path."""
        try:
            return self.path.exists()
        except OSError:  # such as a name that is too long
            return False

    @property
    def is_link(self) -> bool:
        """Whether the path is a link, even if the target of the link does not exist."""
        try:
            return self.path.is_symlink()
        except OSError:  # such as a name that is too long
            return False

    @functools.cached_property
    def is_folder(self) -> bool:
        """Whether the path is a folder."""
        return self.path.is_dir()

    @functools.cached_property
    def head(self) -> bytes:
        """The first bytes of the file, decompressed if it is gzipped; empty for a folder.

        Raises:
            TenfoldError: If the file cannot be read.
        """
        if self.is_folder:
            return b""
        with open_file(self.path) as file:
            start = file.read(_HEAD)
            if not start.startswith(GZIP_MAGIC):
                return start
            file.seek(0)
            try:
                with gzip.GzipFile(fileobj=file) as stream:
                    return stream.read(_HEAD)
            except (OSError, EOFError, zlib.error):
                return start  # damaged: the function that loads it raises the error

    @functools.cached_property
    def members(self) -> tuple[str, ...]:
        """The names in a zip archive; empty for other or damaged files."""
        if not self.head.startswith(b"PK"):
            return ()
        try:
            with zipfile.ZipFile(self.path) as archive:
                return tuple(archive.namelist())
        except Exception:  # a damaged archive can raise almost any exception
            return ()

    @functools.cached_property
    def entries(self) -> list[Path]:
        """The entries of a folder, sorted by name, without hidden ones; empty for a file.

        Raises:
            TenfoldError: If the folder cannot be listed.
        """
        return list_folder(self.path) if self.is_folder else []


@dataclass(frozen=True)
class Format:
    """One format of data sets.

    Args:
        name: Noun phrase for messages, such as "an IDX images file".
        recognise: Returns whether the split in a source has this format. It looks at the content
            of a file, and at the names in a folder, but not at the extension of the source.
        read: Reads the split in a source that was recognised. None for a format that is
            recognised but not supported: then the error message contains ``name`` and ``advice``.
        has_parts: Whether one source may contain both splits, training and test.
        advice: How to convert a format that is not supported to one that is.
    """

    name: str
    recognise: Callable[[Source, Part], bool]
    read: Callable[[Path, Part], Dataset] | None
    has_parts: bool = False
    advice: str = ""

    def refusal(self, path: Path) -> TenfoldError:
        """Return the error for a source of this format if it is not supported."""
        return TenfoldError(f"{path} is {self.name}, which is not read. {self.advice}")
