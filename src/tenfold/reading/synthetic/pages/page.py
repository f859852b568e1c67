"""A page: a picture with the digits on it."""

from dataclasses import dataclass
from typing import Any

from tenfold.nn.array import Array

__all__ = ["Page", "PageDigit"]


@dataclass(frozen=True)
class PageDigit:
    """A digit on a page.

    Attributes:
        digit: 0 to 9.
        box: (x, y, width, height) of its ink, in pixels; the part of it that lies in the picture.
        line: Index of its line.
    """

    digit: int
    box: tuple[int, int, int, int]
    line: int


@dataclass(frozen=True, eq=False)
class Page:
    """A picture and what is written on it.

    Attributes:
        image: (H, W, 3) uint8, red, green and blue.
        digits: The digits in reading order.
        kind: Kind of page, one of ``KINDS``.
    """

    image: Array
    digits: tuple[PageDigit, ...]
    kind: str

    @property
    def lines(self) -> tuple[str, ...]:
        """The digits of each line, as strings."""
        count = 1 + max((digit.line for digit in self.digits), default=-1)
        return tuple(
            "".join(str(digit.digit) for digit in self.digits if digit.line == line)
            for line in range(count)
        )

    def to_dict(self) -> dict[str, Any]:
        """Return everything but the picture, as plain data."""
        height, width = self.image.shape[:2]
        return {
            "kind": self.kind,
            "size": [width, height],
            "lines": list(self.lines),
            "digits": [
                {"digit": each.digit, "box": list(each.box), "line": each.line}
                for each in self.digits
            ],
        }
