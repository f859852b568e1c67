"""Reading JSON files: each value is checked, and errors say which value is wrong and why."""

import json
import math
import reprlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from tenfold.errors import TenfoldError

__all__ = ["MAX_EXACT", "Fields", "damaged", "is_count", "is_number", "read_json", "wrong_count"]

_MAX_DEPTH = 20  # levels of nesting; files that tenfold writes have at most six
_MAX_COUNT = 2**64 - 1
MAX_EXACT = 2**53 - 1
"""The largest integer up to which a float represents every integer exactly."""


def read_json(path: Path) -> Any:
    """Return the content of a JSON file.

    Raises:
        TenfoldError: If the file cannot be read, is not JSON, contains NaN or an infinite number,
            or is nested more than 20 levels deep.
    """
    content = _parsed(path)
    for level, name, value in _walk(content):
        if level > _MAX_DEPTH:
            raise damaged(path, f"it must be nested at most {_MAX_DEPTH} levels deep, got more")
        if isinstance(value, float) and not math.isfinite(value):
            raise damaged(path, f"{name} must be a finite number, got {value}")
    return content


def _parsed(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8-sig"))  # editors may add a byte order mark
    except OSError as error:
        reason = error.strerror or str(error)
        raise TenfoldError(f"cannot read {path}: {reason}. Restore it or train again.") from error
    except UnicodeDecodeError as error:
        raise damaged(
            path, f"it must be UTF-8 text, got an invalid byte at position {error.start + 1}"
        ) from error
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise damaged(path, f"it must be valid JSON, got an error at {place}") from error
    except (ValueError, RecursionError) as error:  # such as a number of thousands of digits
        raise damaged(
            path, "it must be valid JSON, got numbers or lists that are too large"
        ) from error


def damaged(path: str | Path, problem: str) -> TenfoldError:
    """Return the error for a damaged file of a run folder."""
    return TenfoldError(f"{path} is damaged: {problem}. Restore it or train again.")


def wrong_count(row: Mapping[str, Any], keys: Sequence[str]) -> str:
    """Return what is wrong with the first value that is not a count; empty if all are counts.

    A count is an integer from 0 to 2**53 - 1. Above this limit, a float cannot represent every
    integer exactly.
    """
    for key in keys:
        if not is_count(row.get(key), MAX_EXACT):
            got = f"got {_shown(row[key])}" if key in row else "but it is missing"
            return f"{key} must be an integer of at least 0, {got}"
    return ""


def is_count(value: object, largest: int = _MAX_COUNT) -> bool:
    """Return whether a value is an integer from 0 to ``largest``, and not a boolean."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= largest


def is_number(value: object, low: float = -math.inf, high: float = math.inf) -> bool:
    """Return whether a value is a finite number from ``low`` to ``high``, and not a boolean."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return low <= value <= high and abs(value) <= sys.float_info.max


class Fields:
    """The members of a JSON object.

    Each method returns the member with a key. If the member has the wrong form, the method raises a
    TenfoldError with the file, the key, what the value must be, and what the value is.

    Args:
        data: The parsed JSON value; it must be an object.
        path: The file it was read from.
        name: The key of the object in the file; empty for the whole file.

    Raises:
        TenfoldError: If ``data`` is not an object.
    """

    def __init__(self, data: object, path: str | Path, name: str = "") -> None:
        self._path, self._name = path, name
        if not isinstance(data, dict):
            raise damaged(path, f"{name or 'it'} must be a JSON object, got {_shown(data)}")
        self.data: dict[str, Any] = data

    def __contains__(self, key: str) -> bool:
        """Return whether the object has a member with this key that is not null."""
        return self.data.get(key) is not None

    def fail(self, key: str, rule: str) -> NoReturn:
        """Raise the error that the member with this key must be something else."""
        found = f"got {_shown(self.data[key])}" if key in self.data else "but it is missing"
        name = f"{self._name}.{key}" if self._name else key
        raise damaged(self._path, f"{name} must be {rule}, {found}")

    def count(self, key: str, low: int = 0, high: int = _MAX_COUNT) -> int:
        """Return an integer from ``low`` to ``high``."""
        value: Any = self.data.get(key)
        if not is_count(value, high) or value < low:
            limits = f"of at least {low}" if high == _MAX_COUNT else f"from {low} to {high}"
            self.fail(key, f"an integer {limits}")
        return int(value)

    def number(self, key: str, low: float = -math.inf, high: float = math.inf) -> float:
        """Return a finite number from ``low`` to ``high``."""
        value: Any = self.data.get(key)
        if not is_number(value, low, high):
            limits = "" if math.isinf(low) else f" from {low:g} to {high:g}"
            limits = f" of at least {low:g}" if math.isinf(high) and limits else limits
            self.fail(key, f"a finite number{limits}")
        return float(value)

    def text(self, key: str) -> str:
        """Return a string."""
        value: Any = self.data.get(key)
        if not isinstance(value, str):
            self.fail(key, "a string")
        return value

    def numbers(self, key: str, count: int, low: float, high: float) -> tuple[float, ...]:
        """Return a list of ``count`` finite numbers, each from ``low`` to ``high``."""
        values: Any = self.data.get(key)
        fits = isinstance(values, list) and len(values) == count
        if not fits or not all(is_number(value, low, high) for value in values):
            self.fail(key, f"a list of {count} numbers from {low:g} to {high:g}")
        return tuple(map(float, values))

    def nested(self, key: str) -> "Fields":
        """Return the members of an object inside this object."""
        if key not in self.data:
            self.fail(key, "a JSON object")
        return Fields(self.data[key], self._path, f"{self._name}.{key}" if self._name else key)

    def finite_numbers(self) -> Mapping[str, float]:
        """Return all members that are numbers, by key."""
        return {key: float(value) for key, value in self.data.items() if is_number(value)}


def _shown(value: object) -> str:
    """Return a value as it is written in JSON, shortened if it is long."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return reprlib.repr(value)


def _walk(content: object) -> Iterator[tuple[int, str, object]]:
    """Yield (level, key, value) of each inner value; elements of a list have the list's key."""
    waiting: list[tuple[int, str, object]] = [(0, "it", content)]
    while waiting:
        level, name, value = waiting.pop()
        yield level, name, value
        if isinstance(value, dict):
            waiting += [(level + 1, str(key), inner) for key, inner in value.items()]
        elif isinstance(value, list):
            waiting += [(level + 1, name, inner) for inner in value]
