"""Output files: a command overwrites a file only if it is an earlier output of the same kind."""

import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from tenfold.errors import TenfoldError, UsageError

__all__ = [
    "ANSWERS",
    "CARD",
    "CLASSICS_FILE",
    "C_HEADER",
    "FIGURE",
    "HTML",
    "MODULE",
    "ONNX",
    "REPORT",
    "STATE_DICT",
    "SUBMISSION",
    "SUSPECTS",
    "SUSPECTS_COLUMNS",
    "OutputKind",
    "check_continued_folder",
    "check_figure_path",
    "check_new_folder",
    "check_output",
    "check_outputs",
]

SUSPECTS_COLUMNS = (
    *("part", "index", "given", "suggested", "p_given", "p_suggested", "likely_error"),
)
"""The columns of the list that ``tenfold data label-errors`` writes."""

_HEAD = 4096  # bytes at the start of a file in which the sign of its kind is looked for
_TAIL = 65536  # bytes at the end of a Parquet file; its metadata there contains the sign
# The folder of a run, a series or an ensemble contains one of these files.
_FILES_OF_RUNS = ("config.json", "series.json", "ensemble.json")


@dataclass(frozen=True)
class OutputKind:
    """One kind of file that commands write.

    Attributes:
        name: Noun phrase for messages, such as "a submission".
        is_own: Function that returns whether an existing file is of this kind.
    """

    name: str
    is_own: Callable[[Path], bool]


def check_output(path: Path | None, kind: OutputKind, inputs: Iterable[Path | None] = ()) -> None:
    """Raise an error if writing a file would destroy something, or is impossible.

    The path may be that of a new file, an empty file, a device, a pipe, or an earlier file of the
    same kind.

    Args:
        path: The file; None if none is written.
        kind: Kind of the file.
        inputs: Files that the command reads; the file must be none of these.

    Raises:
        UsageError: If the path is a folder, an input or another kind of file, or if it is the path
            of a file of a run, such as ``config.json`` in a run folder.
        TenfoldError: If the folder of the file is missing.
    """
    if path is not None:
        check_outputs([path], kind, inputs)


def check_outputs(
    paths: Iterable[Path], kind: OutputKind, inputs: Iterable[Path | None] = ()
) -> None:
    """Check several files as ``check_output`` does, but look at each input only once.

    Args:
        paths: The files.
        kind: Kind of the files.
        inputs: Files that the command reads; the files must be none of these.

    Raises:
        UsageError, TenfoldError: As for ``check_output``.
    """
    input_files = {_identity(each) for each in inputs if each is not None} - {None}
    for path in paths:
        _check_file(path, kind, input_files)


def _check_file(path: Path, kind: OutputKind, input_files: "set[tuple[int, int] | None]") -> None:
    if path.is_dir():
        raise UsageError(f"{path} is a folder: give the path of a file to write {kind.name}")
    if not path.parent.is_dir():
        if path.parent.exists():
            raise TenfoldError(
                f"cannot write {path}: {path.parent} is a file, not a folder. Choose another path."
            )
        raise TenfoldError(
            f"cannot write {path}: there is no folder {path.parent}. Create the folder first, or "
            "choose another path."
        )
    if _identity(path) in input_files:
        raise UsageError(f"{path} is read by this command: write {kind.name} to another file")
    if _belongs_to_run(path):
        raise UsageError(
            f"{path} is a file of the run in {path.parent}: choose another name for {kind.name}"
        )
    if path.is_file() and not _may_be_replaced(path, kind):
        raise UsageError(
            f"{path} exists and is not {kind.name}, so it is not replaced: choose another name, or "
            "remove it first"
        )


def check_new_folder(folder: Path, names: Iterable[str] = ()) -> None:
    """Raise a UsageError for a folder that is not empty, so that no file in it is replaced.

    Args:
        folder: The folder; it may be missing. Hidden files do not count.
        names: Names of the files of an earlier output, which may be replaced if the folder
            contains all of them and no others.
    """
    from tenfold.data.input_files import list_folder

    if folder.is_dir():
        found = {entry.name for entry in list_folder(folder)}
        if found and found != set(names):
            raise UsageError(
                f"{folder} is not empty: choose a new folder, so that no file of yours is replaced"
            )


def check_continued_folder(folder: Path, first: str) -> None:
    """Raise a UsageError for a folder with files, unless an interrupted command has begun it.

    Args:
        folder: The folder; it may be missing.
        first: Name of the file or folder that such a command creates first.
    """
    if not (folder / first).exists():
        check_new_folder(folder)


def check_figure_path(path: Path | None) -> None:
    """Raise an error if a figure cannot be drawn in a file, as ``check_output`` does.

    Args:
        path: The file; None if no figure is drawn.

    Raises:
        TenfoldError: If the name does not end in ``.png``, or matplotlib is not installed.
    """
    if path is not None:
        from tenfold.plots import check_figure_name

        check_figure_name(path)
        check_output(path, FIGURE)


def _may_be_replaced(path: Path, kind: OutputKind) -> bool:
    try:
        return path.stat().st_size == 0 or kind.is_own(path)
    except OSError:  # a file that cannot be read is not recognised
        return False


def _identity(path: Path) -> tuple[int, int] | None:
    """Return two numbers that identify the file at a path; None if there is no file."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _belongs_to_run(path: Path) -> bool:
    from tenfold.runs import RUN_FILES

    folder = Path(os.path.realpath(path)).parent  # a link to itself raises no error here
    return path.name in RUN_FILES and any((folder / name).exists() for name in _FILES_OF_RUNS)


def _starts_with(text: bytes) -> Callable[[Path], bool]:
    return lambda path: _head(path).removeprefix(b"\xef\xbb\xbf").startswith(text)


def _contains(text: bytes) -> Callable[[Path], bool]:
    return lambda path: text in _head(path)


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD)


def _has_classics(path: Path) -> bool:
    try:
        return isinstance(json.loads(path.read_text("utf-8"))["classics"], list)
    except (ValueError, KeyError, TypeError, RecursionError):
        return False


def _has_answers(path: Path) -> bool:
    """Return whether a file was written by ``tenfold.cluster.bulk``."""
    head = _head(path)
    if not head.startswith(b"PAR1"):
        return head.startswith((b"row,image,", b"row,file,", b'{"row": '))
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        return b"tenfold answers" in file.read()


ANSWERS = OutputKind("a file of answers of tenfold", _has_answers)
SUBMISSION = OutputKind("a submission (ImageId,Label)", _starts_with(b"ImageId,Label"))
SUSPECTS = OutputKind(
    "a list of likely label errors", _starts_with(",".join(SUSPECTS_COLUMNS).encode())
)
FIGURE = OutputKind("a figure drawn by tenfold", _contains(b"tEXtSoftware\0tenfold"))
REPORT = OutputKind("a report of tenfold", _contains(b'name="generator" content="tenfold"'))
ONNX = OutputKind("an ONNX file of tenfold", _contains(b"\x12\x07tenfold\x1a"))
HTML = OutputKind(
    "a page of tenfold export", _contains(b'name="generator" content="tenfold export"')
)
C_HEADER = OutputKind("a C header of tenfold", _contains(b"written by tenfold export. C99"))
STATE_DICT = OutputKind("a state dict of tenfold", _contains(b'"__metadata__":{"tenfold":'))
MODULE = OutputKind("a module of tenfold", _contains(b"as a PyTorch module, written by tenfold"))
CARD = OutputKind("a model card of tenfold", _contains(b'library_name: "tenfold"'))
CLASSICS_FILE = OutputKind("a file with results of tenfold reproduce", _has_classics)
