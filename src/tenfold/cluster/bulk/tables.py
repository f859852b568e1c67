"""The answers for images as rows of a table: the columns of CSV, and those of Parquet."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from tenfold.reading.entries import line_rows

__all__ = ["Answer", "PredictTable", "ReadTable", "Table", "readable"]

Answer: TypeAlias = dict[str, Any]
"""The answer for one image as plain data; the cell of a missing key is empty in a table."""

Cell: TypeAlias = "str | int | float | bool | None"


class Table(Protocol):
    """The columns of a file of answers."""

    @property
    def header(self) -> tuple[str, ...]:
        """Names of the columns of CSV."""

    @property
    def types(self) -> Mapping[str, str]:
        """The columns of Parquet, each with the name of its type in ``parquet.py``."""

    def cells(self, answer: Answer) -> list[list[Cell]]:
        """Return the rows of CSV for one answer: one, or one for each line of a picture."""


@dataclass(frozen=True)
class PredictTable:
    """The columns of ``tenfold predict``: one row for each image.

    Args:
        classes: Names of the classes of the model.
    """

    classes: tuple[str, ...]

    @property
    def _head(self) -> tuple[str, ...]:
        digits = self.classes == tuple(map(str, range(len(self.classes))))
        names = () if digits else ("class",)
        return ("row", "image", "digit", *names, "confidence", "unsure", "blank", "error")

    @property
    def header(self) -> tuple[str, ...]:
        """Names of the columns of CSV."""
        return (*self._head, *(f"p_{name}" for name in self.classes))

    @property
    def types(self) -> dict[str, str]:
        """The columns of Parquet with their types."""
        kinds = {"row": "int", "digit": "int", "confidence": "float"}
        kinds |= {"unsure": "bool", "blank": "bool"}
        return {name: kinds.get(name, "text") for name in self._head} | {"probabilities": "floats"}

    def cells(self, answer: Answer) -> list[list[Cell]]:
        """Return the row of CSV for one answer."""
        probabilities = answer.get("probabilities") or [None] * len(self.classes)
        return [[*map(answer.get, self._head), *probabilities]]


@dataclass(frozen=True)
class ReadTable:
    """The columns of ``tenfold read``: in CSV one row for each line of digits."""

    header = ("row", "file", "verdict", "line", "number", "confidence", "error")
    types = {  # noqa: RUF012  # it is not changed
        "row": "int",
        "file": "text",
        "verdict": "text",
        "lines": "texts",
        "confidences": "floats",
        "digits": "digits",
        "warnings": "texts",
        "error": "text",
    }

    def cells(self, answer: Answer) -> list[list[Cell]]:
        """Return the rows of CSV for one answer: one for each line, or one if there is no line."""
        return [[answer["row"], *row] for row in line_rows(answer)]


def readable(name: str) -> str:
    """Return a text, such as the name of a file, with escapes in place of invalid Unicode."""
    return name.encode("utf-8", "backslashreplace").decode()
