"""The content of a folder in one sentence, for error messages."""

from collections import Counter
from pathlib import Path

from tenfold.data.input_files import list_folder

__all__ = ["describe_folder", "printable"]

_SHOWN = 3  # largest number of names in a message
_LENGTH = 40  # largest number of characters of a name in a message


def describe_folder(folder: Path) -> str:
    """Return what is in a folder: the number of entries of each kind and the first names."""
    entries = list_folder(folder)
    if not entries:
        return "It is empty."
    kinds = Counter(_kind(entry) for entry in entries)
    counts = [f"{count:,} {_plural(kind, count)}" for kind, count in kinds.most_common(5)]
    names = ", ".join(printable(entry.name) for entry in entries[:_SHOWN])
    more = ", ..." if len(entries) > _SHOWN else ""
    return f"It contains {' and '.join(counts)}: {names}{more}."


def printable(name: str) -> str:
    """Return a name for a message: no control characters, no invalid bytes, and not too long."""
    text = "".join(character if character.isprintable() else "?" for character in name)
    return text if len(text) <= _LENGTH else f"{text[:_LENGTH]}..."


def _kind(entry: Path) -> str:
    if entry.is_dir():
        return "folder"
    suffix = "".join(entry.suffixes[-2:] if entry.suffix == ".gz" else entry.suffixes[-1:])
    return f"{printable(suffix.lower())} file" if suffix else "file"


def _plural(kind: str, count: int) -> str:
    return kind if count == 1 else f"{kind}s"
