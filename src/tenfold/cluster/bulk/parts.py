"""The parts of a file of answers, stored beside it, so that an interrupted command can continue."""

import glob
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tenfold.cluster.bulk.formats import AnswerFormat
from tenfold.cluster.bulk.tables import Table
from tenfold.errors import TenfoldError, UsageError
from tenfold.files import atomic_file, make_folder, write_bytes, write_json
from tenfold.runs.json_fields import damaged, read_json
from tenfold.runs.lock import locked

__all__ = ["FinishedPart", "Parts", "open_parts"]

_SETTINGS = "settings.json"
_NAME = re.compile(r"part-(\d+)-(\d+)-(\d+)")


@dataclass(frozen=True)
class FinishedPart:
    """A file of consecutive answers. The name of the file contains the three attributes.

    Attributes:
        first: Position of the first answered image in the source, from 0.
        count: Number of answers.
        errors: Number of answers that are errors.
    """

    first: int
    count: int
    errors: int

    @property
    def name(self) -> str:
        """Name of the file; sorted by name, the files are in the order of the images."""
        return f"part-{self.first:012d}-{self.count}-{self.errors}"


class Parts:
    """The finished parts of a file of answers.

    Attributes:
        finished: The parts by their first position.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.finished: dict[int, FinishedPart] = {}
        for path in folder.iterdir():
            if match := _NAME.fullmatch(path.name):  # files of an interrupted write do not match
                part = FinishedPart(*map(int, match.groups()))
                self.finished[part.first] = part

    @property
    def errors(self) -> int:
        """Number of answers that are errors."""
        return sum(part.errors for part in self.finished.values())

    @property
    def count(self) -> int:
        """Number of answers."""
        return sum(part.count for part in self.finished.values())

    @property
    def end(self) -> int:
        """First position without an answer."""
        position = 0
        while position in self.finished:
            position += self.finished[position].count
        return position

    def save(self, name: str, content: bytes) -> FinishedPart:
        """Write the file of a part."""
        match = _NAME.fullmatch(name)
        assert match is not None
        part = FinishedPart(*map(int, match.groups()))
        write_bytes(self._folder / name, content)
        self.finished[part.first] = part
        return part

    def join(self, out: Path, answer_format: AnswerFormat, table: Table) -> None:
        """Write the whole file, when all parts are finished, and remove the parts.

        Raises:
            TenfoldError: If the file cannot be written.
        """
        assert self.count == self.end
        paths = [self._folder / part.name for _, part in sorted(self.finished.items())]
        with atomic_file(out) as file:
            answer_format.join(table, paths, file)
        for path in (self._folder / _SETTINGS, *paths):
            path.unlink()


@contextmanager
def open_parts(out: Path, settings: dict[str, Any]) -> Iterator[Parts]:
    """Begin or continue a file of answers. During the block, no other process can write this file.

    Args:
        out: The file of answers; the folder of its parts has the same name with ``.parts`` added.
        settings: What the answers depend on, as plain data. Messages use the keys, such as "model".

    Raises:
        TenfoldError: If another process writes the same file, or it was begun with other settings.
        UsageError: If the folder contains other files than parts.
    """
    folder = make_folder(out.with_name(out.name + ".parts"))
    try:
        with locked(folder, "is being written"):
            _remove_temporary_files(folder, out)
            _check(folder, out, settings)
            parts = Parts(folder)
            try:
                yield parts
            finally:
                if not parts.finished:
                    (folder / _SETTINGS).unlink(missing_ok=True)
                if not (folder / _SETTINGS).exists():  # nothing was begun, or the file is whole
                    (folder / ".lock").unlink(missing_ok=True)
    finally:
        with suppress(OSError):  # the folder is not empty
            folder.rmdir()


def _remove_temporary_files(folder: Path, out: Path) -> None:
    """Remove the incomplete files of a command that was killed."""
    beside = out.parent.glob(f".{glob.escape(out.name)}.*.tmp")
    for path in (*folder.glob(".*.tmp"), *beside):
        path.unlink(missing_ok=True)


def _check(folder: Path, out: Path, settings: dict[str, Any]) -> None:
    """Raise an error unless the folder is empty, or its parts have the same settings."""
    path = folder / _SETTINGS
    if not path.exists():
        for part in filter(lambda each: _NAME.fullmatch(each.name), [*folder.iterdir()]):
            part.unlink()  # the file is whole; the command was killed while it removed the parts
        if any(not each.name.startswith(".") for each in folder.iterdir()):
            raise UsageError(
                f"{folder} contains other files, but it is needed for the parts of {out}: choose "
                "another name for the answers"
            )
        write_json(path, settings)
        return
    stored = read_json(path)
    if not isinstance(stored, dict):
        raise damaged(path, f"it must be a JSON object, got {type(stored).__name__}")
    changed = [key for key in settings if stored.get(key) != settings[key]]
    if changed:
        raise TenfoldError(
            f"{out} was begun with another {' and another '.join(changed)}: use the same to "
            f"continue, or remove the folder {folder} to start again"
        )
