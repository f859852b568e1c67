"""Coils: loops that are drawn in one stroke, such as a spring, look like touching 0s, 6s or 8s."""

from collections import Counter

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.candidates import Candidate
from tenfold.reading.connected import connected_pieces
from tenfold.reading.result import Result

__all__ = ["are_loops"]

_ROUND = {0, 6, 8}  # digits that the loops of a coil look like
_LOOPS = 3  # least number of loops of a coil
_ALONE = 2  # the same if the picture has no other digits: a sign for infinity, or glasses
_BEYOND = 0.5  # how far a coil may reach beyond its loops, in sizes of a loop; ruled lines go on


def are_loops(result: Result) -> Array:
    """Return which digits may be the loops of a coil: (N,) bool.

    At least three digits of the line are equal, 0, 6 or 8, and touch each other: they were cut out
    of touching ink, or the ink between them was erased as a ruled line. If the picture has no
    other digits, two equal digits that were cut out of touching ink are enough.

    Args:
        result: The reading.
    """
    loops = [
        (found.line, found.arc.digit) if found.arc.digit in _ROUND else None
        for found in result.digits
    ]
    least = _ALONE if len(loops) == _ALONE and len(set(loops)) == 1 else _LOOPS
    if max((count for loop, count in Counter(loops).items() if loop), default=0) < least:
        return np.zeros(len(loops), bool)
    touching = _were_connected(result)
    touching |= np.array([found.candidate.is_part for found in result.digits], bool)
    counts = Counter(loop for loop, touches in zip(loops, touching, strict=True) if touches)
    return np.array(
        [
            bool(touches) and loop is not None and counts[loop] >= least
            for loop, touches in zip(loops, touching, strict=True)
        ],
        bool,
    )


def _were_connected(result: Result) -> Array:
    """Return which digits were connected before ruled lines were erased: (N,) bool.

    At least three digits must have been connected by ink that reaches little beyond them.
    """
    ink, boxes = result.ink, np.array([found.candidate.box for found in result.digits])
    connected = np.zeros(len(boxes), bool)
    if ink.ruled is None:
        return connected
    labels, pieces = connected_pieces((ink.labels > 0) | ink.ruled)
    owners = np.array([_label_at(labels, found.candidate) for found in result.digits])
    for label in np.unique(owners):
        members = np.flatnonzero(owners == label)
        _, start, _, stop = pieces[label - 1]
        room = _BEYOND * float(result.sizes[members].max())
        left, right = boxes[members, 1].min() - room, boxes[members, 3].max() + room
        if start >= left and stop <= right:
            connected[members] = len(members) >= _LOOPS
    return connected


def _label_at(labels: Array, candidate: Candidate) -> int:
    """Return the label of the first pixel of a candidate."""
    row, column = np.argwhere(candidate.mask)[0]
    top, left, *_ = candidate.box
    return int(labels[top + row, left + column])
