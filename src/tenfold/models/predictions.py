"""Predictions: the answers of a model, and the one rule for "blank" and "unsure"."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tenfold.nn.array import Array
from tenfold.nn.html_table import html_table

__all__ = ["Predictions"]


@dataclass(frozen=True)
class Predictions:
    """What a model says of N images.

    Attributes:
        probabilities: (N, C), each row sums to 1.
        blank: whether an image shows nothing at all, (N,) bool; it has no digit to read.
        unsure_below: the confidence below which an answer is unsure; None if none was chosen.
        classes: the names of the C classes.
    """

    probabilities: Array
    blank: Array
    unsure_below: float | None
    classes: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.probabilities)

    @cached_property
    def digit(self) -> Array:
        """The index of the most probable class, (N,) int64; for digits, the digit itself."""
        return self.probabilities.argmax(axis=-1)

    @cached_property
    def confidence(self) -> Array:
        """The probability of that class, (N,)."""
        return self.probabilities.max(axis=-1)

    @cached_property
    def unsure(self) -> Array:
        """Whether an answer is better not relied on, (N,) bool: too little confidence, or blank."""
        if self.unsure_below is None:
            return self.blank
        return self.blank | (self.confidence < self.unsure_below)

    def row(self, index: int) -> dict[str, Any]:
        """Return one answer as plain data.

        A blank image gives ``{"blank": True}``. Any other gives ``digit``, ``confidence``,
        ``unsure`` where the model has a threshold, and ``probabilities`` (six decimals); where
        the classes are not 0, 1, 2, ..., ``class`` holds the name.
        """
        if self.blank[index]:
            return {"blank": True}
        digit = int(self.digit[index])
        told: dict[str, Any] = {"digit": digit, "confidence": float(self.confidence[index])}
        if self.classes != tuple(map(str, range(len(self.classes)))):
            told["class"] = self.classes[digit]
        if self.unsure_below is not None:
            told["unsure"] = bool(self.unsure[index])
        return told | {"probabilities": [round(float(p), 6) for p in self.probabilities[index]]}

    def text(self, index: int) -> str:
        """Return one answer as people read it, such as ``7  99.8%`` or ``blank``."""
        if self.blank[index]:
            return "blank"
        name = self.classes[int(self.digit[index])]
        return f"{name}  {self.confidence[index]:.1%}" + "  unsure" * bool(self.unsure[index])

    def _repr_html_(self) -> str:
        """Return the answers as a table: how a notebook shows them."""
        rows = [(str(i), *self.text(i).split("  ", 2), "", "")[:4] for i in range(len(self))]
        return html_table(("image", "answer", "confidence", ""), rows, left=0)
