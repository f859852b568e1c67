"""All hypotheses of a picture, which are computed one by one, and kept.

They are kept because the picture may be read again as a single digit, under the same hypotheses
(``tenfold.reading.one_digit``).
"""

from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

from tenfold.nn.array import Array
from tenfold.reading.hypothesis import Hypothesis, Polarity, polarities

__all__ = ["Hypotheses"]

_T = TypeVar("_T")


class Hypotheses:
    """The hypotheses of a picture. They are computed when they are asked for, and only once.

    Args:
        rgb: (H, W, 3) uint8.
        margin: Pixels of paper that were added on each side of the picture.

    Attributes:
        rgb: The picture.
        margin: As given.
        groups: Four groups of hypotheses, each with its assumption about the ink. The first two
            groups are the first hypotheses, with the more and with the less probable assumption.
            The last two groups are the other hypotheses, in the same order.
    """

    def __init__(self, rgb: Array, margin: int = 0) -> None:
        self.rgb, self.margin = rgb, margin
        both = polarities(rgb, margin)
        self.groups: list[tuple[Polarity, Iterable[Hypothesis]]] = [
            *((polarity, _Once(polarity.first_hypotheses())) for polarity in both),
            *((polarity, _Once(polarity.other_hypotheses())) for polarity in both),
        ]

    def __iter__(self) -> Iterator[Hypothesis]:
        """Yield all hypotheses, those of the more probable assumption first."""
        for index in (0, 2, 1, 3):
            yield from self.groups[index][1]


class _Once(Generic[_T]):
    """The items of an iterator, kept so that one can iterate over them again."""

    def __init__(self, rest: Iterator[_T]) -> None:
        self._made: list[_T] = []
        self._rest = rest

    def __iter__(self) -> Iterator[_T]:
        yield from self._made
        for each in self._rest:
            self._made.append(each)
            yield each
