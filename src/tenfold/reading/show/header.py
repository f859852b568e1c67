"""Header: the numbers that were read, the warnings, and what the figure shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from tenfold.reading.answer import Reading, percent
from tenfold.reading.show.cards import MARGIN
from tenfold.reading.show.folding import Rect
from tenfold.reading.show.fonts import balanced, text_width, wrapped

__all__ = ["Kind", "Text", "header_texts", "left_out_note"]

_TITLE, _CONFIDENCE, _NOTE = 26, 17, 15  # sizes of text
_MOST_TITLES = 4  # rows of the title
_SPACE = 10  # pixels between the words of the title
_ROOM = 100  # pixels for the confidence of a number, in the same row
_MORE = "..."  # what was left out of the title


class Kind(Enum):
    """What a text is, which decides its colour."""

    ACCEPTED = "an accepted number, or that there are no digits"
    UNSURE = "an unsure number"
    WARNING = "a warning"
    NOTE = "a confidence, or what the figure shows"


@dataclass(frozen=True)
class Text:
    """A line of text: its place, its size, and its kind."""

    place: Rect
    text: str
    size: int
    kind: Kind


def header_texts(reading: Reading, width: int) -> list[Text]:
    """Return the texts above the picture, of at most ``width`` pixels."""
    texts = _title(reading, width)
    notes = [(wrapped(state, _NOTE, width), Kind.NOTE) for state in _state(reading)]
    notes += [
        (wrapped(f"Note: {warning}", _NOTE, width), Kind.WARNING) for warning in reading.warnings
    ]
    if reading.digits:
        notes.append((balanced(_legend(reading), _NOTE, width), Kind.NOTE))
    end = max(text.place[3] for text in texts) + 2
    for lines, kind in notes:
        texts += _lines(lines, end, kind)
        end = texts[-1].place[3]
    return texts


def left_out_note(count: int, top: float) -> Text:
    """Return the text about the digits without a card, below everything else."""
    note = f"{count:,} more digits have a box, but no number and no card."
    return _lines([note], top, Kind.NOTE)[0]


def _title(reading: Reading, width: int) -> list[Text]:
    """Return the number of each text line, with its confidence.

    If there are too many, the last row ends with "...".
    """
    most = width - text_width(_MORE, _TITLE) - _SPACE
    texts: list[Text] = []
    x, row = 0.0, 0
    for words in _numbers(reading, most):
        widths = [text_width(text, size) for text, size, _ in words]
        limit = most if row == _MOST_TITLES - 1 else width
        if x and x + sum(widths) + _SPACE * (len(words) - 1) > limit:
            x, row = 0.0, row + 1
        if row == _MOST_TITLES:
            return [*texts, _word((_MORE, _TITLE, Kind.NOTE), texts[-1].place[2] + _SPACE, row - 1)]
        for word, each in zip(words, widths, strict=True):
            texts.append(_word(word, MARGIN + x, row))
            x += each + _SPACE
        x = x if words[-1][2] == Kind.NOTE else width  # the rest of a number gets a new row
    return texts


_Word = tuple[str, int, Kind]  # a word of the title, its size and kind


def _numbers(reading: Reading, width: float) -> list[list[_Word]]:
    """Return the words of each number, which stay together; a long number is cut."""
    if not reading.digits:
        return [[("no digits", _TITLE, Kind.ACCEPTED)]]
    unsure = {digit.line for digit in reading.digits if digit.unsure}
    numbers = sorted({digit.line for digit in reading.digits})
    groups: list[list[_Word]] = []
    lines = zip(numbers, reading.lines, reading.line_confidences(), strict=True)
    for index, text, confidence in lines:
        kind = Kind.UNSURE if index in unsure else Kind.ACCEPTED
        mark = "?" if index in unsure else ""
        *parts, last = wrapped(f"{text}{mark}", _TITLE, width - _ROOM)
        groups += [[(part, _TITLE, kind)] for part in parts]
        groups.append([(last, _TITLE, kind), (percent(confidence), _CONFIDENCE, Kind.NOTE)])
        if index != numbers[-1]:
            groups[-1].append(("/", _TITLE, Kind.NOTE))
    return groups


def _word(word: _Word, x: float, row: int) -> Text:
    """Return a word of the title, on the same base line as larger words of its row."""
    text, size, kind = word
    top = MARGIN + row * _step(_TITLE) + round(0.9 * (_TITLE - size))
    return Text((x, top, x + text_width(text, size), top + _step(size)), text, size, kind)


def _state(reading: Reading) -> list[str]:
    """Return how many digits there are, and how many are unsure, as at most one sentence.

    The title says as much about a single digit.
    """
    count = len(reading.digits)
    if count < 2:
        return []
    lines = len(reading.lines)
    where = f"{count:,} digits in {lines:,} lines" if lines > 1 else f"{count:,} digits"
    unsure = sum(digit.unsure for digit in reading.digits)
    if not unsure:
        return [f"{where}."]
    return [f"{where}, {'all' if unsure == count else f'{unsure:,}'} unsure."]


def _legend(reading: Reading) -> str:
    several = len(reading.digits) > 1
    unsure = sum(digit.unsure for digit in reading.digits)
    card = "Each card: the number of the digit" if several else "The card"
    dashed = f" Dashed box{'es' * (unsure > 1)}: unsure." if unsure else ""
    return (
        f"{card}{',' if several else ':'} what was read, the confidence (how probable it is that "
        "this is correct), the 28 x 28 image that the network saw, and the three most similar "
        f"training digits with their labels (orange: another digit).{dashed}"
    )


def _lines(lines: Sequence[str], top: float, kind: Kind) -> list[Text]:
    step = _step(_NOTE)
    return [
        Text(
            (MARGIN, top + k * step, MARGIN + text_width(line, _NOTE), top + (k + 1) * step),
            *(line, _NOTE, kind),
        )
        for k, line in enumerate(lines)
    ]


def _step(size: int) -> int:
    return round(1.35 * size)
