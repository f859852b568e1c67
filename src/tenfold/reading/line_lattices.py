"""Lattices of the lines of a picture: pieces are recognised as a whole, and cut only if needed.

Recognising a candidate takes about a millisecond, and cutting a wide piece gives tens of
candidates. So all whole pieces are recognised first. A wide piece is cut unless it was recognised
as a single digit with high probability, or its line is a line of letters. In a line of letters,
most of the other pieces look like letters.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.candidates import Candidate, line_candidates, line_height, may_be_cut
from tenfold.reading.lattice import Step
from tenfold.reading.line_digits import CERTAIN
from tenfold.reading.mask import Ink
from tenfold.reading.pieces import lines_of_pieces

__all__ = ["LineLattice", "Recogniser", "line_lattices"]

Recogniser = Callable[[Array], Array]
"""Images (N, 28, 28, 1) uint8 to probabilities (N, 11): the ten digits and "not a digit"."""

# A wide piece is one that may be several digits (``may_be_cut``). It is not cut if it is a digit
# with at least the probability ``_WHOLE``. If its width is at most ``_NARROW`` heights of the line,
# ``_WHOLE_IF_NARROW`` is enough.
_WHOLE, _WHOLE_IF_NARROW, _NARROW = 0.97, 0.8, 1.1
# A narrower piece may be a 1 and another digit that touch. It is cut if it is at least so wide and
# so high, is no digit with at least this probability, and a certain digit is in its line.
_PAIR_WIDTH, _PAIR_HEIGHT, _PAIR = 0.7, 0.8, 0.8  # width and height in heights of the line
_LETTER_PROBABILITY = 0.5  # a piece with at least this probability of "not a digit" may be a letter
_MIN_PIECES = 3  # if a line has fewer pieces, the pieces of all lines together are examined
_LETTERS_SHARE = 0.6  # in a line of letters, letters have at least this share of the summed sizes
_MIN_LETTER = 0.35  # size of the smallest letter, in heights of the line


class LineLattice(NamedTuple):
    """The lattice of a text line.

    Attributes:
        candidates: The C candidates of the line.
        steps: One ``Step`` for each element of the line. An element is a piece of ink, or a part of
            a piece that was cut. The elements are in the order of reading.
        probabilities: (C, 11) of the ten digits and of "not a digit".
    """

    candidates: list[Candidate]
    steps: list[Step]
    probabilities: Array


def line_lattices(
    ink: Ink, recognise: Recogniser, most: int, *, may_cut: bool = True
) -> list[LineLattice]:
    """Return the lattice of each line.

    The lines with the most ink come first. After ``most`` candidates, the other lines are left out,
    so that the time for a page full of specks has a limit.

    Args:
        ink: The ink of the picture.
        recognise: Function that recognises images.
        most: Number of candidates after which no further line is read and no further piece is cut.
        may_cut: Whether pieces may be cut.
    """
    lines = lines_of_pieces(ink)
    lines.sort(key=lambda line: -float((ink.area * ink.peak)[line].sum()))
    found, count = [], 0
    for line in lines:
        if count >= most:
            break
        found.append(line_candidates(ink, line, cut=()))
        count += len(found[-1][0])
    known = _recognised([c for candidates, _ in found for c in candidates], recognise, {})
    examined = [
        _examine_whole_pieces(ink, line, candidates, _rows(candidates, known))
        for line, (candidates, _) in zip(lines, found, strict=False)
    ]
    mostly_letters = _is_letters([piece for whole in examined for piece in whole.others])
    for index, whole in enumerate(examined):
        is_letters = (
            _is_letters(whole.others) if len(whole.others) >= _MIN_PIECES else mostly_letters
        )
        cut = whole.wide + whole.narrow
        if may_cut and cut and not is_letters and count < most:
            found[index] = line_candidates(ink, lines[index], cut)
            count += len(found[index][0])
    known = _recognised([c for candidates, _ in found for c in candidates], recognise, known)
    return [LineLattice(*lattice, _rows(lattice[0], known)) for lattice in found]


@dataclass(frozen=True)
class _WholePieces:
    """What was found out about the pieces of a line before any of them is cut.

    Attributes:
        wide: Indices of the wide pieces that were not recognised as a single digit.
        narrow: Indices of the other pieces that may be two digits, one of them a 1.
        others: For each piece that is neither wide nor small: its size in pixels, and whether it
            looks like a letter.
    """

    wide: list[int]
    narrow: list[int]
    others: list[tuple[int, bool]]


def _examine_whole_pieces(
    ink: Ink, line: list[int], candidates: list[Candidate], probabilities: Array
) -> _WholePieces:
    """Return the wide pieces of a line that are no single digits, and its other large pieces."""
    height = line_height(ink, line)
    whole = _WholePieces([], [], [])
    for candidate, row in zip(candidates, probabilities, strict=True):
        if len(candidate.pieces) > 1:
            continue
        (piece,), size = candidate.pieces, max(candidate.mask.shape)
        if may_be_cut(ink, piece, height):
            least = _WHOLE_IF_NARROW if candidate.mask.shape[1] <= _NARROW * height else _WHOLE
            if row[:10].max() < least:
                whole.wide.append(piece)
        elif size >= _MIN_LETTER * height:
            whole.others.append((size, bool(row[10] >= _LETTER_PROBABILITY)))
            high = candidate.mask.shape[0] >= _PAIR_HEIGHT * height
            if high and row[10] >= _PAIR and may_be_cut(ink, piece, height, _PAIR_WIDTH):
                whole.narrow.append(piece)
    certain_digits = probabilities[:, :10].max(axis=1, initial=0) >= CERTAIN
    return whole if certain_digits.any() else replace(whole, narrow=[])


def _is_letters(pieces: list[tuple[int, bool]]) -> bool:
    """Return whether letters have most of the summed sizes; False for fewer than three pieces.

    Args:
        pieces: For each piece: its size in pixels, and whether it looks like a letter.
    """
    letters = sum(size for size, is_letter in pieces if is_letter)
    total = sum(size for size, _ in pieces)
    return len(pieces) >= _MIN_PIECES and letters >= _LETTERS_SHARE * total


_Key = tuple[tuple[int, ...], tuple[int, int] | None]
_Known = dict[_Key, Array]


def _recognised(candidates: list[Candidate], recognise: Recogniser, known: _Known) -> _Known:
    """Return the known probabilities together with those of the candidates that are not known."""
    new = {_key(c): c for c in candidates if _key(c) not in known}
    if not new:
        return known
    rows = recognise(np.stack([c.glyph.image for c in new.values()]))
    return known | dict(zip(new, rows, strict=True))


def _rows(candidates: list[Candidate], known: _Known) -> Array:
    return np.array([known[_key(c)] for c in candidates]).reshape(-1, 11)


def _key(candidate: Candidate) -> _Key:
    """Return a key: equal for two candidates of a picture exactly if their ink is equal."""
    return candidate.pieces, (candidate.start, candidate.stop) if candidate.is_part else None
