"""Errors that a user can correct.

Their messages say which rule was broken, what was received, and what to do next. The command line
prints them without a traceback. It does the same if the memory is too small, or if its output
cannot be written. Any other exception there is a bug in tenfold and keeps its traceback.

For these messages, the module also examines the paths that a user gave (``path_exists``,
``is_folder``).
"""

import json
import os
import re
import struct

__all__ = [
    "InputWarning",
    "TenfoldError",
    "UsageError",
    "is_folder",
    "missing_advice",
    "path_exists",
    "reason",
]


class TenfoldError(Exception):
    """Something outside the program is wrong, such as a file, a folder or a setting.

    Attributes:
        exit_code: Exit code of the command line.
    """

    exit_code = 1


class InputWarning(UserWarning):
    """Input that is accepted, but is probably a mistake."""


class UsageError(TenfoldError):
    """The arguments of a command are wrong."""

    exit_code = 2


# What to say for exceptions whose own messages do not help a user.
_WORDS: tuple[tuple[type[BaseException], str], ...] = (
    (MemoryError, "it does not fit into memory"),
    (RecursionError, "it is nested too deeply"),
    (EOFError, "it ends too early"),
    (struct.error, "it ends too early"),
    (ArithmeticError, "a number in it is out of range"),
    (IndexError, "a part of it is missing"),
)


def reason(error: BaseException) -> str:
    """Return in plain words why something could not be read, such as "it ends too early".

    Args:
        error: The exception that a library raised. Its message may be empty, or contain names from
            Python code.
    """
    if isinstance(error, UnicodeDecodeError):
        return f"byte {error.start + 1} is not part of {error.encoding.upper()} text"
    if isinstance(error, json.JSONDecodeError):
        return f"it is not JSON at line {error.lineno}, column {error.colno}"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    if isinstance(error, KeyError):
        return f"{error.args[0] if error.args else 'a part'} is missing"
    for kind, words in _WORDS:
        if isinstance(error, kind):
            return words
    return str(error).strip(" .")[:200] or "it is damaged"


def is_folder(path: str | os.PathLike[str]) -> bool:
    """Return whether a path is a folder; False if its parent folder cannot be read."""
    return os.path.isdir(path)  # noqa: PTH112  # Path.is_dir raises PermissionError


def path_exists(path: str | os.PathLike[str]) -> bool:
    """Return whether a path exists; False if its parent folder cannot be read."""
    return os.path.exists(path)  # noqa: PTH110  # Path.exists raises PermissionError


def missing_advice(path: str | os.PathLike[str]) -> str:
    """Return what to do if a path does not exist; empty if the path looks right.

    Args:
        path: The path that the user gave. ``https:/`` also counts as the start of an address, since
            ``Path`` turns ``https://`` into it.
    """
    text = os.fspath(path)
    if text.startswith("~"):
        return "Python does not expand ~: use Path(path).expanduser()."
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]+:/", text):
        return "It is an address: download the file, and give its path."
    return ""
