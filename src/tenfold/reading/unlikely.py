"""Unlikely ink: ink that is probably no writing, whose pieces are not all recognised.

Ink is unlikely if it is of the less probable kind, dark or light, or if it has more pieces than are
read. Most of its pieces are no digits. They are the paper within and between strokes, the edges of
shadows, and grain. To recognise each of them, together with its neighbours and cut into parts,
takes most of the time for a picture without digits. If such ink contains digits, its largest pieces
are digits or a part of them. So they are recognised first, and the ink is not read if none of them
looks like a digit at all.
"""

import numpy as np

from tenfold.reading.candidates import whole_candidate
from tenfold.reading.digit_pieces import digit_sized, has_too_many
from tenfold.reading.hypothesis import Hypothesis
from tenfold.reading.line_lattices import Recogniser

__all__ = ["shows_no_digit"]

_LARGEST = 12  # number of pieces that are recognised: those with the most ink
_FEW = 2  # up to this number of pieces, which may be touching digits, the ink is always read
_PROBABLE = 0.5  # least probability of a piece that looks like a digit
_PROBABLE_BAR = 0.9  # replaces _PROBABLE for a 1, which many bars look like


def shows_no_digit(hypothesis: Hypothesis, recognise: Recogniser) -> bool:
    """Return whether the ink is unlikely, and none of its largest pieces looks like a digit.

    Args:
        hypothesis: The ink, and whether it is of the more probable kind.
        recognise: Function that recognises images.
    """
    ink = hypothesis.ink
    pieces = digit_sized(ink)
    if (hypothesis.likely and not has_too_many(ink)) or len(pieces) <= _FEW:
        return False
    most = np.argsort(-(ink.area * ink.peak)[pieces], kind="stable")[:_LARGEST]
    candidates = [whole_candidate(ink, [int(piece)]) for piece in pieces[most]]
    probabilities = recognise(np.stack([each.glyph.image for each in candidates]))[:, :10]
    least = np.full(10, _PROBABLE)
    least[1] = _PROBABLE_BAR
    return not (probabilities >= least).any()
