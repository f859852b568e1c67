"""Lattices of the lines of a picture: pieces are recognised as a whole, and cut only if needed.

Recognising a candidate takes about a millisecond, and a wide piece that is cut has tens of them. So
all whole pieces are recognised first. A wide piece is cut if it is not itself a certain digit and
its line may be one of digits: in a line of text, most other pieces are letters.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.candidates import Candidate, line_candidates, line_height, may_be_cut
from tenfold.reading.lattice import Step
from tenfold.reading.mask import Ink
from tenfold.reading.pieces import lines_of_pieces

__all__ = ["LineLattice", "Recogniser", "line_lattices"]

Recogniser = Callable[[Array], Array]
"""Images (N, 28, 28, 1) uint8 to probabilities (N, 11): the ten digits and "not a digit"."""

_CERTAIN = 0.97  # probability of a wide digit that is not cut
_PROBABLE = 0.8  # the same if it is only a little wider than most
_USUAL = 1.1  # widest digit, per height of the line
_TEXT = 0.5  # probability of "not a digit" of a letter
_FEWEST = 3  # pieces that show whether a line is text; with fewer, all lines are asked
_MOSTLY = 0.6  # least share of letters of a line of text, by size
_LETTER = 0.35  # smallest letter, per height of the line


class LineLattice(NamedTuple):
    """What is known of a line.

    Attributes:
        candidates: Its C candidates.
        steps: What is known of each of its elements.
        probabilities: (C, 11) of the ten digits and of "not a digit".
    """

    candidates: list[Candidate]
    steps: list[Step]
    probabilities: Array


def line_lattices(ink: Ink, recognise: Recogniser, most: int) -> list[LineLattice]:
    """Return the lattice of each line.

    Lines with much ink come first, and after ``most`` candidates the rest are left out, so that a
    page full of specks costs bounded time.

    Args:
        ink: The ink of the picture.
        recognise: Function that recognises images.
        most: Number of candidates after which no further line is read and no further one is cut.
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
    looks = [
        _look(ink, line, candidates, _rows(candidates, known))
        for line, (candidates, _) in zip(lines, found, strict=False)
    ]
    text = _is_text([letter for look in looks for letter in look.letters])
    for index, look in enumerate(looks):
        is_text = _is_text(look.letters) if len(look.letters) >= _FEWEST else text
        if look.wide and not is_text and count < most:
            found[index] = line_candidates(ink, lines[index], look.wide)
            count += len(found[index][0])
    known = _recognised([c for candidates, _ in found for c in candidates], recognise, known)
    return [LineLattice(*lattice, _rows(lattice[0], known)) for lattice in found]


@dataclass(frozen=True)
class _Look:
    """What the whole pieces of a line look like.

    Attributes:
        wide: Indices of the pieces that may be several digits.
        letters: The size in pixels of each other piece that is not small, and whether it is
            probably no digit.
    """

    wide: list[int]
    letters: list[tuple[int, bool]]


def _look(ink: Ink, line: list[int], candidates: list[Candidate], probabilities: Array) -> _Look:
    height = line_height(ink, line)
    look = _Look([], [])
    for candidate, row in zip(candidates, probabilities, strict=True):
        if len(candidate.pieces) > 1:
            continue
        (piece,), size = candidate.pieces, max(candidate.mask.shape)
        if may_be_cut(ink, piece, height):
            certain = _PROBABLE if candidate.mask.shape[1] <= _USUAL * height else _CERTAIN
            if row[:10].max() < certain:
                look.wide.append(piece)
        elif size >= _LETTER * height:
            look.letters.append((size, bool(row[10] >= _TEXT)))
    return look


def _is_text(letters: list[tuple[int, bool]]) -> bool:
    """Return whether most pieces are letters, by their size."""
    share = sum(size for size, letter in letters if letter)
    return len(letters) >= _FEWEST and share >= _MOSTLY * sum(size for size, _ in letters)


_Key = tuple[tuple[int, ...], tuple[int, int] | None]
_Known = dict[_Key, Array]


def _recognised(candidates: list[Candidate], recognise: Recogniser, known: _Known) -> _Known:
    """Return the probabilities of candidates, of which some may be known."""
    new = {_key(c): c for c in candidates if _key(c) not in known}
    if not new:
        return known
    rows = recognise(np.stack([c.glyph.image for c in new.values()]))
    return known | dict(zip(new, rows, strict=True))


def _rows(candidates: list[Candidate], known: _Known) -> Array:
    return np.array([known[_key(c)] for c in candidates]).reshape(-1, 11)


def _key(candidate: Candidate) -> _Key:
    """Return what two candidates of a picture have in common if their ink is the same."""
    return candidate.pieces, (candidate.start, candidate.stop) if candidate.is_part else None
