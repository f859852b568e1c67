"""Answer: the digits of one picture, as the user gets them."""

from dataclasses import dataclass, field
from typing import Any

from tenfold.nn.arguments import check_fields
from tenfold.nn.array import Array

__all__ = ["DigitRead", "Reading", "percent"]

_HIGHEST = 0.999  # highest confidence as text: any digit may be wrong, so never "100.0%"


def percent(confidence: float) -> str:
    """Return a confidence as text, such as ``"98.7%"``, at most ``"99.9%"``."""
    return f"{min(confidence, _HIGHEST):.1%}"


@dataclass(frozen=True)
class DigitRead:
    """One digit of a picture.

    Attributes:
        digit: 0 to 9.
        confidence: Probability that the digit is correct, 0 to 1.
        box: Left, top, width and height, in pixels of the picture after it was rotated as its EXIF
            tag says.
        line: Index of its line, from 0.
        unsure: Whether the confidence is below the threshold, or the digit is unsure for another
            reason, such as a mark near it that may be a further digit.
        image: (28, 28, 1) uint8: the image that the network read.
        remarks: Why the digit is unsure, such as ``"may also be a 7"``, and what makes it hard to
            read, such as ``"faint"`` or ``"touches the border"``.
    """

    digit: int
    confidence: float
    box: tuple[int, int, int, int]
    line: int
    unsure: bool
    image: Array = field(repr=False, compare=False)
    remarks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_fields(self)

    def to_dict(self) -> dict[str, Any]:
        """Return the digit as plain data: digit, confidence, box, line, unsure."""
        return {
            "digit": self.digit,
            "confidence": round(self.confidence, 6),
            "box": list(self.box),
            "line": self.line,
            "unsure": self.unsure,
        }


@dataclass(frozen=True)
class Reading:
    """The digits of one picture.

    Attributes:
        digits: All digits, in reading order.
        warnings: What makes the picture hard to read, as sentences.
        size: (width, height) in pixels, after the picture was rotated as its EXIF tag says.
        file: Path of the picture as text; empty for an array.
    """

    digits: tuple[DigitRead, ...]
    warnings: tuple[str, ...] = ()
    size: tuple[int, int] = (0, 0)
    file: str = ""

    def __post_init__(self) -> None:
        check_fields(self)

    @property
    def lines(self) -> list[str]:
        """The digits of each line as text, such as ``["0413", "27"]``."""
        lines: dict[int, str] = {}
        for digit in self.digits:
            lines[digit.line] = lines.get(digit.line, "") + str(digit.digit)
        return [lines[number] for number in sorted(lines)]

    @property
    def verdict(self) -> str:
        """``"digits"``, ``"unsure"`` if any digit is unsure, or ``"none"`` without digits."""
        if not self.digits:
            return "none"
        return "unsure" if any(digit.unsure for digit in self.digits) else "digits"

    @property
    def confidence(self) -> float:
        """Probability that all digits are correct, if they are independent; 0 without digits."""
        product = 1.0 if self.digits else 0.0
        for digit in self.digits:
            product *= digit.confidence
        return product

    def to_dict(self) -> dict[str, Any]:
        """Return the reading as plain data: file, verdict, lines, digits, warnings."""
        return {
            "file": self.file,
            "verdict": self.verdict,
            "lines": self.lines,
            "digits": [digit.to_dict() for digit in self.digits],
            "warnings": list(self.warnings),
        }

    def line_confidences(self) -> list[float]:
        """Return the product of the confidences of the digits of each line."""
        lines: dict[int, float] = {}
        for digit in self.digits:
            lines[digit.line] = lines.get(digit.line, 1.0) * digit.confidence
        return [lines[number] for number in sorted(lines)]

    def __str__(self) -> str:
        """Return the digits of each line on a line of its own; ``none`` without digits."""
        return "\n".join(self.lines) or "none"

    def _repr_html_(self) -> str:
        """Return the digits as a table, which a notebook displays."""
        from tenfold.nn.html_table import html_table

        rows = [
            (
                str(d.line + 1),
                str(d.digit),
                percent(d.confidence),
                "unsure" if d.unsure else "",
                ", ".join(d.remarks),
            )
            for d in self.digits
        ]
        head = ("line", "digit", "confidence", "", "remarks")
        return html_table(head, rows, caption=" / ".join(self.lines) or "none", left=0)
