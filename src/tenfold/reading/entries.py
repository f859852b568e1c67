"""The reading of a picture, or why it cannot be read, as plain data and as rows of a table."""

from typing import Any

from tenfold.errors import TenfoldError
from tenfold.reading.answer import Reading

__all__ = ["LINE_COLUMNS", "line_rows", "to_entry"]

LINE_COLUMNS = ("file", "verdict", "line", "number", "confidence", "error")
"""The columns of ``line_rows``."""


def to_entry(file: str, result: Reading | TenfoldError) -> dict[str, Any]:
    """Return a reading, or why a picture cannot be read, as plain data.

    For a reading, this is ``Reading.to_dict`` with the name of the file and the confidences of the
    text lines. For an error, it has the same keys, but no digits, and the reason with the key
    ``error``.

    Args:
        file: Name of the picture.
        result: What was read, or the error.
    """
    if isinstance(result, Reading):
        confidences = [round(each, 6) for each in result.line_confidences()]
        return result.to_dict() | {"file": file, "confidences": confidences}
    nothing: dict[str, Any] = {"file": file, "verdict": "none", "lines": [], "digits": []}
    return nothing | {"warnings": [], "confidences": [], "error": str(result)}


def line_rows(entry: dict[str, Any]) -> list[list[str | int | float | None]]:
    """Return a row for each line of digits of an entry, or one row if there are none.

    Args:
        entry: What ``to_entry`` returned.
    """
    begin = [entry["file"], entry["verdict"]]
    lines = zip(entry["lines"], entry["confidences"], strict=True)
    rows = [
        [*begin, n, number, confidence, None] for n, (number, confidence) in enumerate(lines, 1)
    ]
    return rows or [[*begin, None, None, None, entry.get("error")]]
