"""Results, each beside the target that it must reach."""

from dataclasses import dataclass

__all__ = ["Row"]

_WIDTH = 62


@dataclass(frozen=True)
class Row:
    """One number that was measured.

    Attributes:
        what: What it is.
        value: The number.
        below: The target: the number must be below it; None if there is none.
        unit: The unit of both.
    """

    what: str
    value: float
    below: float | None = None
    unit: str = "ms"

    @property
    def missed(self) -> bool:
        """Whether the target was missed."""
        return self.below is not None and not self.value < self.below

    def __str__(self) -> str:
        """Return the result as a line of a table."""
        line = f"{self.what:<{_WIDTH}} {self.value:>9,.1f} {self.unit:<2}"
        if self.below is not None:
            line += f"  below {self.below:g}{'  MISSED' * self.missed}"
        return line.rstrip()
