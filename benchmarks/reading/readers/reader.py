"""What a reader offers, and how boxes of text are joined to lines."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.reading.answer import Answer

__all__ = ["Reader", "joined"]


class Reader(ABC):
    """A program that reads numbers from pictures.

    Attributes:
        version: Its version.
        modes: Ways of running it; the best one for each case counts.
    """

    version: str
    modes: tuple[str, ...] = ("",)

    @abstractmethod
    def read(self, picture: NDArray[np.uint8], mode: str) -> Answer:
        """Return what is in a picture (H, W, 3), RGB."""


def joined(boxes: Sequence[tuple[NDArray[np.float64], str, float]]) -> list[tuple[str, float]]:
    """Join boxes of text to lines if one box continues another; the topmost line comes first.

    Detectors return words. A box belongs to a line if its middle is less than half a box height
    away from the straight continuation of the line's first box, and the gap is no wider than 1.2
    box heights.

    Args:
        boxes: The corners (4, 2) of each box, from the upper left clockwise, its text and score.

    Returns:
        The text and the lowest score of each line.
    """
    rows: list[list[tuple[NDArray[np.float64], str, float]]] = []
    for box in sorted(boxes, key=lambda box: box[0][:, 0].mean()):
        for row in rows:
            if _continues(row[0][0], row[-1][0], box[0]):
                row.append(box)
                break
        else:
            rows.append([box])
    rows.sort(key=lambda row: row[0][0][:, 1].mean())
    return [("".join(text for _, text, _ in row), min(s for *_, s in row)) for row in rows]


def _continues(
    first: NDArray[np.float64], last: NDArray[np.float64], other: NDArray[np.float64]
) -> bool:
    along = first[1] - first[0]
    along = along / max(float(np.hypot(*along)), 1e-6)
    across = np.array([-along[1], along[0]])
    height = float(np.hypot(*(first[3] - first[0])))
    away = abs(float((other.mean(axis=0) - first.mean(axis=0)) @ across))
    gap = float((other @ along).min() - (last @ along).max())
    return away < 0.5 * height and gap < 1.2 * height
