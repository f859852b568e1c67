"""What a data format is: its name, how it is recognised from the content, and how it is read."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tenfold.data.dataset import Dataset, Part
from tenfold.data.input_files import open_file

__all__ = ["Format", "Source"]

_HEAD = 4  # bytes: the longest signature of a format


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
    def is_folder(self) -> bool:
        """Whether the path is that of a folder."""
        return self.path.is_dir()

    @functools.cached_property
    def head(self) -> bytes:
        """The first bytes of the file; none for a folder.

        Raises:
            TenfoldError: If the file cannot be read.
        """
        if self.is_folder:
            return b""
        with open_file(self.path) as file:
            return file.read(_HEAD)


@dataclass(frozen=True)
class Format:
    """One format of data sets.

    Args:
        name: Noun phrase for messages, such as "an IDX images file".
        recognise: Whether the given part of a source has this format. It looks at the content of a
            file, and at the names in a folder, but not at the extension of the source.
        read: Reads the given part of a source that was recognised. None for a format that is
            recognised but not supported: it is named in the error message.
        has_parts: Whether one source may contain both parts, training and test.
    """

    name: str
    recognise: Callable[[Source, Part], bool]
    read: Callable[[Path, Part], Dataset] | None
    has_parts: bool = False
