"""Results: the digits found in a picture, and the assumptions under which they were found."""

from dataclasses import dataclass, replace

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.all_hypotheses import Hypotheses
from tenfold.reading.candidates import Candidate
from tenfold.reading.digit_pieces import digit_sized
from tenfold.reading.hypothesis import Hypothesis
from tenfold.reading.lattice import Arc
from tenfold.reading.line_digits import CERTAIN
from tenfold.reading.mask import Ink
from tenfold.reading.quantiles import median

__all__ = ["LARGE_DIGIT", "LARGE_INK", "SPECKS", "Found", "Result", "is_better"]

LARGE_DIGIT = 40
"""Pixels: if the smallest digit has this size, more pixels of the picture are not needed."""

LARGE_INK = 20
"""Pixels: if the pieces of ink typically have this size, one can see whether they are digits."""

SPECKS = 0.3
"""Largest size, in heights of the line, of the ink that a clear line leaves out."""

_COMPLETE = 0.8  # least probability of each digit of a complete reading
_LITTLE_LEFT = 0.3  # largest share of the ink that a convincing reading leaves out


@dataclass(frozen=True)
class Found:
    """One digit that was found, before its box is converted to the picture's pixels.

    Attributes:
        candidate: The ink of the digit.
        arc: The digit, and its probability.
        line: Number of its line, from 0.
        steadiness: Mean probability of this digit over several views of its image, see
            ``tenfold.reading.views``; 0 until it is computed.
        rival: The other class that is most probable in these views: 0 to 9, or 10 for "not a
            digit". None if its mean probability is below 0.05.
        disputed: Whether another reading, with almost the same value, has other digits in its line,
            see ``tenfold.reading.choice``.
    """

    candidate: Candidate
    arc: Arc
    line: int
    steadiness: float = 0.0
    rival: int | None = None
    disputed: bool = False


@dataclass(frozen=True)
class Result:
    """A reading of a picture under one hypothesis.

    Attributes:
        digits: In reading order.
        hypothesis: The hypothesis under which the ink was found.
        ink: The ink that the digits were read from, turned by ``angle``.
        angle: How much the ink was turned counterclockwise, in degrees.
        evidence: How much the digits support the hypothesis: a sum over the digits, see
            ``tenfold.reading.evidence``.
        clear: Whether the digits are certain and explain all ink, so that no other hypothesis can
            be better.
        candidates: Number of candidates that the network looked at.
        left_out: Share of the ink, by its size, that was not read as digits, 0 to 1.
        missing: For each line, the size of its ink that was left out, in heights of the line. If
            this size is unknown, it is an assumed size, which makes the digits unsure.
        cut_short: Whether further hypotheses were not tried, after very many candidates.
        sheet: Whether only a sheet of paper was read, without what is around it.
        hopeless: Whether the search ended since no digit is promising, see
            ``tenfold.reading.hopeless``.
        only_bars: Whether all digits are 1s, and there are erased ruled lines or other ink. Such a
            1 may be a part of another digit: a 7 whose bar was erased as a ruled line looks like
            a 1.
        pale: Whether pale ink was left out, see ``tenfold.reading.show_through``.
        too_small: Whether the search ended since the digits of a reduced picture are small.
        hypotheses: All hypotheses of the picture that was read, to read it again as a single digit;
            None if that picture has more than 0.2 megapixels.
        stored: Whether the only digit was recognised in the unchanged pixels of the picture, see
            ``tenfold.reading.stored``.
        reread: Whether the picture was read again as a single digit, see
            ``tenfold.reading.one_digit``.
    """

    digits: list[Found]
    hypothesis: Hypothesis
    ink: Ink
    angle: float
    evidence: float
    clear: bool = False
    left_out: float = 0.0
    candidates: int = 0
    missing: tuple[float, ...] = (0.0,)
    cut_short: bool = False
    sheet: bool = False
    hopeless: bool = False
    only_bars: bool = False
    pale: bool = False
    stored: bool = False
    reread: bool = False
    too_small: bool = False
    hypotheses: Hypotheses | None = None

    @property
    def convincing(self) -> bool:
        """Whether at least half of the digits are certain, and they explain most of the ink.

        Then the assumption of the hypothesis about dark or light ink is correct. A reading with
        ``only_bars`` is never convincing.
        """
        if self.only_bars:
            return False
        certain = sum(found.arc.probability >= CERTAIN for found in self.digits)
        return self.left_out < _LITTLE_LEFT and 2 * certain >= len(self.digits) > 0

    @property
    def score(self) -> float:
        """Evidence, reduced by the share of ink that is left out.

        Without this reduction, the bars of a grid, which look like 1s, would have much evidence.
        """
        return self.evidence * (1 - self.left_out) ** 2 if self.evidence > 0 else self.evidence

    @property
    def boxes(self) -> Array:
        """Box of each digit, (N, 4): top, left, bottom, right."""
        return np.array([found.candidate.box for found in self.digits]).reshape(-1, 4)

    @property
    def sizes(self) -> Array:
        """Size of each digit, (N,), in pixels: the longer side of its box."""
        return np.asarray((self.boxes[:, 2:] - self.boxes[:, :2]).max(axis=1))

    @property
    def steady_score(self) -> float:
        """Score, reduced by the share of the digits that are not the same in other views.

        It is score * sum(size * min(p, s)) / sum(size * p) over the digits, where p is the
        probability of a digit, and s its steadiness, which must be known.
        """
        sizes = self.sizes
        read = np.array([found.arc.probability for found in self.digits])
        steady = np.minimum(read, [found.steadiness for found in self.digits])
        return self.score * float((sizes * steady).sum() / max((sizes * read).sum(), 1e-9))

    @property
    def complete(self) -> bool:
        """Whether all digits have a probability of at least 0.8, and all other ink is specks."""
        probable = all(found.arc.probability >= _COMPLETE for found in self.digits)
        return probable and max(self.missing, default=0) < SPECKS

    @property
    def certain(self) -> bool:
        """Whether all digits are certain, not only bars, and nothing else is in a line."""
        certain = all(found.arc.probability >= CERTAIN for found in self.digits)
        return self.convincing and certain and self.complete

    @property
    def smallest(self) -> int:
        """Size of the smallest digit in pixels; 0 without digits."""
        return int(self.sizes.min()) if self.digits else 0

    @property
    def small(self) -> bool:
        """Whether the digits are so small that more pixels may show more of them.

        If most pieces of ink are large, a single small digit is probably a speck.
        """
        return self.smallest < LARGE_DIGIT and self.typical < 2 * LARGE_DIGIT

    @property
    def typical(self) -> float:
        """Median size of the pieces of ink that could be digits, in pixels; 0 without any."""
        boxes = self.ink.boxes[digit_sized(self.ink)]
        return median((boxes[:, 2:] - boxes[:, :2]).max(axis=1)) if len(boxes) else 0.0

    def without_pale(self, missing: float) -> "Result":
        """Return the reading, marked as without pale ink.

        Args:
            missing: Size of the pale ink that may be digits, in heights of the line.
        """
        at_least = tuple(max(missing, each) for each in self.missing)
        return replace(self, pale=True, missing=at_least)


def is_better(result: Result, best: Result) -> bool:
    """Return whether a reading is better than the best one so far.

    A clear reading is better than one that is not convincing. A convincing reading is better than
    one with ``only_bars``, since the bars may be ruled lines. Otherwise, the scores decide.
    """
    if result.convincing != best.convincing and (
        result.clear or result.only_bars or best.only_bars
    ):
        return result.convincing
    return result.score > best.score
