"""Predictions: the results of a model, and the rule for "blank" and "unsure"."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tenfold.nn.arguments import check_fields
from tenfold.nn.array import Array

__all__ = ["Predictions"]


@dataclass(frozen=True)
class Predictions:
    """Predicted classes of N images, with their confidence.

    Attributes:
        probabilities: Class probabilities, (N, C); each row sums to 1.
        blank: Whether all pixels of an image are equal, so that there is nothing to read, (N,)
            bool.
        unsure_below: Confidence below which a prediction is unsure; None for no threshold.
        classes: Names of the C classes.
    """

    probabilities: Array
    blank: Array
    unsure_below: float | None
    classes: tuple[str, ...]

    def __post_init__(self) -> None:
        check_fields(self)

    def __len__(self) -> int:
        return len(self.probabilities)

    @cached_property
    def digit(self) -> Array:
        """Index of the most probable class, (N,) int64: the digit, if the classes are digits."""
        return self.probabilities.argmax(axis=-1)

    @cached_property
    def confidence(self) -> Array:
        """Probability of the most probable class, (N,)."""
        return self.probabilities.max(axis=-1)

    @cached_property
    def unsure(self) -> Array:
        """Whether a prediction is unreliable, (N,) bool: blank, or below ``unsure_below``."""
        if self.unsure_below is None:
            return self.blank
        return self.blank | (self.confidence < self.unsure_below)

    def name(self, index: int) -> str:
        """Return the name of the class predicted for one image."""
        return self.classes[int(self.digit[index])]

    def row(self, index: int) -> dict[str, Any]:
        """Return the prediction for one image as plain data.

        Returns:
            ``{"blank": True}`` for a blank image. Otherwise ``digit``, if the predicted class is a
            digit, that is, if its name is its index; ``confidence``; ``class``, the name, if any
            class of the model is not a digit; ``unsure``, if the model has a threshold;
            ``probabilities``, rounded to six decimals.
        """
        if self.blank[index]:
            return {"blank": True}
        digit, name = int(self.digit[index]), self.name(index)
        row: dict[str, Any] = {"digit": digit} if name == str(digit) else {}
        row["confidence"] = float(self.confidence[index])
        if self.classes != tuple(map(str, range(len(self.classes)))):
            row["class"] = name
        if self.unsure_below is not None:
            row["unsure"] = bool(self.unsure[index])
        return row | {"probabilities": [round(float(p), 6) for p in self.probabilities[index]]}

    def text(self, index: int) -> str:
        """Return the prediction for one image as text, such as ``7  99.8%`` or ``blank``."""
        return "  ".join(self._cells(index))

    def _cells(self, index: int) -> list[str]:
        if self.blank[index]:
            return ["blank"]
        cells = [self.name(index), f"{self.confidence[index]:.1%}"]
        return [*cells, "unsure"] if self.unsure[index] else cells

    def _repr_html_(self) -> str:
        """Return the predictions as a table, which a notebook displays."""
        from tenfold.nn.html_table import html_table

        rows = [(str(i), *self._cells(i), "", "")[:4] for i in range(len(self))]
        return html_table(("image", "prediction", "confidence", ""), rows, left=0)
