"""From answers and truths to counts: what was read exactly, and what the confidences are worth."""

from dataclasses import dataclass, field
from statistics import median
from typing import Any

from benchmarks.reading.answer import Answer, Digit

__all__ = ["LEVELS", "Tally", "matched", "right_digits"]

LEVELS = (0.9, 0.95, 0.99)
"""Confidences whose promise is checked."""


@dataclass
class Tally:
    """The counts of one reader in one mode on the pictures of a case.

    Attributes:
        n: Numbers to read: 1 for a single digit, one for each line; for pictures without digits
            the pictures.
        exact: Numbers that were read exactly; pictures without digits that were not answered.
        digits: Digits to read.
        errors: Edit distance to the truth: missing, wrong and additional digits.
        pictures: Number of pictures.
        answered: Pictures that were answered, which is wrong if they contain no digit.
        answered_right: Answered pictures whose numbers are all exact.
        failures: Pictures on which the reader raised an exception.
        at: For each of ``LEVELS`` the digits answered with at least that confidence, how many of
            them are correct, and the sum of their confidences.
        ms: Milliseconds for each picture.
    """

    n: int = 0
    exact: int = 0
    digits: int = 0
    errors: int = 0
    pictures: int = 0
    answered: int = 0
    answered_right: int = 0
    failures: int = 0
    at: dict[float, list[float]] = field(
        default_factory=lambda: {level: [0, 0, 0.0] for level in LEVELS}
    )
    ms: list[float] = field(default_factory=list)

    def add(self, truth: tuple[str, ...], answer: Answer, ms: float) -> bool:
        """Count an answer, and return whether it is correct."""
        pairs = matched(truth, answer.lines)
        exact = sum(expected is not None and expected == read for expected, read in pairs)
        wholly = tuple(answer.lines) == truth if len(truth) < 2 else exact == len(pairs)
        said = answer.verdict == "digits"
        self.pictures += 1
        self.n += max(1, len(truth))
        self.exact += (exact if len(truth) > 1 else wholly) if truth else not said
        self.digits += sum(map(len, truth))
        self.errors += sum(_distance(expected or "", read or "") for expected, read in pairs)
        self.answered += said
        self.answered_right += said and wholly and bool(truth)
        self.failures += bool(answer.error)
        self.ms.append(ms)
        if said:
            self._count_confidences(truth, answer)
        return wholly if truth else not said

    def _count_confidences(self, truth: tuple[str, ...], answer: Answer) -> None:
        for digit, right in right_digits(truth, answer):
            for level, counts in self.at.items():
                if digit.confidence >= level:
                    counts[0] += 1
                    counts[1] += right
                    counts[2] += digit.confidence

    def to_dict(self) -> dict[str, Any]:
        """Return the counts as plain data, with the median of the milliseconds."""
        at = {str(level): counts for level, counts in self.at.items()}
        return {**vars(self), "at": at, "ms": round(median(self.ms), 2) if self.ms else None}


def right_digits(truth: tuple[str, ...], answer: Answer) -> list[tuple[Digit, bool]]:
    """Return for each digit that was read whether it is correct.

    The lines are matched, and in each pair the digits are aligned so that as few as possible are
    missing, wrong or additional.
    """
    expected = {read: text for text, read in _pairs(truth, answer.lines) if read is not None}
    found = []
    for line, read in enumerate(answer.lines):
        mine = [digit for digit in answer.digits if digit.line == line]
        index = expected.get(line)
        right = _aligned(truth[index] if index is not None else "", read)
        found += list(zip(mine, right, strict=False))
    return found


def matched(truth: tuple[str, ...], read: tuple[str, ...]) -> list[tuple[str | None, str | None]]:
    """Return pairs of an expected and a read line; None where one has no partner.

    The order is not judged, since columns can be read in two orders: the most similar lines are
    paired first.
    """
    return [
        (None if i is None else truth[i], None if j is None else read[j])
        for i, j in _pairs(truth, read)
    ]


def _pairs(truth: tuple[str, ...], read: tuple[str, ...]) -> list[tuple[int | None, int | None]]:
    every = sorted(
        (_distance(expected, got), abs(i - j), i, j)
        for i, expected in enumerate(truth)
        for j, got in enumerate(read)
    )
    left, right = set(range(len(truth))), set(range(len(read)))
    pairs: list[tuple[int | None, int | None]] = []
    for _, _, i, j in every:
        if i in left and j in right:
            pairs.append((i, j))
            left.remove(i)
            right.remove(j)
    return pairs + [(i, None) for i in sorted(left)] + [(None, j) for j in sorted(right)]


def _distance(a: str, b: str) -> int:
    return _table(a, b)[-1][-1]


def _table(a: str, b: str) -> list[list[int]]:
    """Return the edit distances between all beginnings of two texts."""
    rows = [list(range(len(b) + 1))]
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            row.append(min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (x != y)))
        rows.append(row)
    return rows


def _aligned(expected: str, read: str) -> list[bool]:
    """Return for each read digit whether it is correct in the best alignment."""
    table = _table(expected, read)
    i, j = len(expected), len(read)
    right = [False] * len(read)
    while i and j:
        same = expected[i - 1] == read[j - 1]
        if table[i][j] == table[i - 1][j - 1] + (not same):
            right[j - 1] = same
            i, j = i - 1, j - 1
        elif table[i][j] == table[i - 1][j] + 1:
            i -= 1
        else:
            j -= 1
    return right
