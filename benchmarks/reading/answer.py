"""What a reader says about a picture, as plain data that crosses processes."""

from dataclasses import dataclass
from typing import Any

__all__ = ["Answer", "Digit"]


@dataclass(frozen=True)
class Digit:
    """A digit that was read, with the index of its line."""

    text: str
    confidence: float
    line: int


@dataclass(frozen=True)
class Answer:
    """What was read.

    Attributes:
        lines: The numbers in reading order.
        digits: All digits of the lines, in order.
        verdict: "digits", "unsure" or "none".
        error: The message of an exception; empty if there was none.
    """

    lines: tuple[str, ...] = ()
    digits: tuple[Digit, ...] = ()
    verdict: str = "none"
    error: str = ""

    @classmethod
    def of_lines(cls, lines: list[tuple[str, float]]) -> "Answer":
        """Return the answer of a reader that gives each line of text one confidence.

        Only the digits of a text are kept. A text that is mostly something else is left out.
        """
        kept = [("".join(filter(_is_digit, text)), text, score) for text, score in lines]
        found = [
            (number, score)
            for number, text, score in kept
            if number and 2 * len(number) >= len("".join(text.split()))
        ]
        digits = tuple(
            Digit(text, score, line)
            for line, (number, score) in enumerate(found)
            for text in number
        )
        return cls(tuple(number for number, _ in found), digits, "digits" if found else "none")

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as plain data."""
        digits = [[digit.text, digit.confidence, digit.line] for digit in self.digits]
        return {**vars(self), "lines": list(self.lines), "digits": digits}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "Answer":
        """Return the answer from the plain data that ``to_dict`` returns."""
        digits = tuple(Digit(*digit) for digit in data["digits"])
        return cls(tuple(data["lines"]), digits, data["verdict"], data["error"])


def _is_digit(character: str) -> bool:
    return character in "0123456789"
