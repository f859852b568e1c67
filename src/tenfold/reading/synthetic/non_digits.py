"""Things that are not digits: their kinds, and how those made of digits are put together."""

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.synthetic.hand import Drawing, join
from tenfold.reading.synthetic.raster import segment_cover
from tenfold.reading.synthetic.shapes.letters import LETTERS
from tenfold.reading.synthetic.shapes.notation import StrokeShape
from tenfold.reading.synthetic.shapes.symbols import DOODLES, RULES, SCRIBBLES, SIGNS

__all__ = [
    "KINDS",
    "PARTS",
    "SINGLE",
    "beside",
    "break_up",
    "fragment_digits",
    "pick",
    "second_digits",
    "with_ones",
]

SINGLE: dict[str, dict[str, StrokeShape]] = {
    "letter": LETTERS,
    "sign": SIGNS,
    "doodle": DOODLES,
    "rule": RULES,
    "scribble": SCRIBBLES,
}
"""The catalogues of shapes that are not digits."""

KINDS: dict[str, float] = {
    "letter": 0.22,
    "sign": 0.11,
    "doodle": 0.09,
    "rule": 0.07,
    "scribble": 0.07,
    "solid": 0.09,
    "fragment": 0.09,
    "pair": 0.12,
    "cut pair": 0.06,
    "triple": 0.03,
    "stack": 0.02,
    "struck": 0.03,
}
"""Share of each kind of non-digit."""

PARTS: dict[str, int] = {"pair": 2, "cut pair": 2, "stack": 2, "triple": 3}
"""Number of digits of the kinds that consist of several."""

_FRAGMENTS = ((0, 1), (0, 3), (2, 1), (2, 2), (3, 2), (4, 3), (5, 3), (5, 2), (8, 2),
              (7, 2))  # fmt: skip
"""Digits and the half that stays (0 right, 1 lower, 2 left, 3 upper); no such half is a digit."""

# Probability that a digit of a pair becomes a 1. A 1 beside another digit is easily overlooked, so
# many pairs have one.
_ONES = 0.2
_ROUND = (0, 3, 6, 8, 9)  # one of these above another looks like an 8


def pick(
    catalogue: dict[str, StrokeShape], count: int, rng: np.random.Generator
) -> list[StrokeShape]:
    """Return random shapes of a catalogue, chosen by their frequencies."""
    shapes = list(catalogue.values())
    weights = np.array([shape.frequency for shape in shapes])
    return [shapes[i] for i in rng.choice(len(shapes), count, p=weights / weights.sum())]


def fragment_digits(count: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Return digits and which half of them stays: (N,) each."""
    digits, sides = np.array(_FRAGMENTS)[rng.integers(0, len(_FRAGMENTS), count)].T
    return digits, sides


def with_ones(digits: Array, kinds: Array, rng: np.random.Generator) -> Array:
    """Return the digits that non-digits are made of; 20% of those in pairs become 1s: (N,)."""
    ones: Array = np.where((kinds == "pair") & (rng.random(len(digits)) < _ONES), 1, digits)
    return ones


def beside(
    drawing: Drawing, other: Drawing, rows: Array, below: Array, rng: np.random.Generator
) -> Drawing:
    """Return drawings with another one added to the right or below, with a gap or touching.

    Args:
        drawing: N drawings.
        other: M drawings to add.
        rows: The drawings that they are added to: (M,).
        below: Whether each is added below: (M,) bool.
        rng: Random generator.
    """
    count = len(rows)
    size = rng.uniform(0.75, 1.25, count)[:, None, None].astype(np.float32)
    other = Drawing(other.points * size, other.strokes)
    (low, high), (other_low, other_high) = drawing.taken(rows).extent(), other.extent()
    tight = rng.random(count) < 0.4
    gap = np.where(tight, rng.uniform(-0.08, 0.1, count), rng.uniform(0.1, 0.45, count))
    gap = np.where(below, np.maximum(gap, 0.2), gap)  # strokes on top of each other may be a 4
    middle = ((low + high) - (other_low + other_high)) / 2
    shift = middle + rng.normal(0, 0.08, (count, 2))
    shift[:, 0] = np.where(below, shift[:, 0], high[:, 0] + gap - other_low[:, 0])
    shift[:, 1] = np.where(below, high[:, 1] + gap - other_low[:, 1], shift[:, 1])
    return join(drawing, other.moved(shift), rows)


def second_digits(first: Array, kinds: Array, rng: np.random.Generator) -> Array:
    """Return a digit to put beside or below each first digit: (N,).

    Args:
        first: The first digits: (N,).
        kinds: Kind of non-digit that each first digit belongs to: (N,).
        rng: Random generator.
    """
    digits = with_ones(rng.integers(0, 10, len(first)), kinds, rng)
    stacked = kinds == "stack"
    digits = np.where((kinds == "cut pair") & (digits == 1), 0, digits)  # half a 1 is hardly seen
    unclear = stacked & np.isin(first, _ROUND) & np.isin(digits, _ROUND)
    return np.where(unclear, 4, digits)


def break_up(ink: Array, kinds: Array, sides: Array, rng: np.random.Generator) -> Array:
    """Return ink in which the fragments are cut, and the ``"struck"`` digits are crossed out.

    Args:
        ink: (N, S, S). Not modified.
        kinds: Kind of each image: (N,).
        sides: The half of a fragment that stays, see ``fragment_digits``: (N,).
        rng: Random generator.
    """
    ink = ink.copy()
    rows = np.flatnonzero(kinds == "fragment")
    ink[rows] = _half(ink[rows], sides[rows], rng.uniform(0.32, 0.46, len(rows)))
    rows = np.flatnonzero(kinds == "struck")
    ink[rows] = _strike(ink[rows], rng)
    return ink


def cut_off(drawing: Drawing, rows: Array, keep_left: Array, kept: Array) -> Drawing:
    """Return the drawings; some of them lose their left or right part.

    Args:
        drawing: N drawings.
        rows: The drawings that are cut: (M,).
        keep_left: Whether the left part is kept and the right part cut off: (M,) bool.
        kept: Share of the width that is kept: (M,).
    """
    (low, high), strokes = drawing.taken(rows).extent(), drawing.strokes.copy()
    share = (drawing.points[rows, :, 0] - low[:, :1]) / (high - low)[:, :1]
    share = np.where(keep_left[:, np.newaxis], share, 1 - share)
    strokes[rows] = np.where(share <= kept[:, np.newaxis], strokes[rows], -1)
    return Drawing(drawing.points, strokes)


def _half(ink: Array, sides: Array, kept: Array) -> Array:
    """Return the ink on one side: the share ``kept`` of its extent."""
    size = ink.shape[-1]
    pixels = np.arange(size)
    keep = np.zeros(ink.shape, bool)
    for side in range(4):
        used = np.any(ink > 0.3, axis=1 if side in (0, 2) else 2)
        first, last = used.argmax(axis=1), size - used[:, ::-1].argmax(axis=1)
        length = (kept * (last - first))[:, np.newaxis]
        if side in (0, 1):
            part = pixels >= last[:, np.newaxis] - length
        else:
            part = pixels < first[:, np.newaxis] + length
        plane = part[:, np.newaxis, :] if side in (0, 2) else part[:, :, np.newaxis]
        keep |= (sides == side)[:, None, None] & plane
    return np.where(keep, ink, np.float32(0))


def _strike(ink: Array, rng: np.random.Generator) -> Array:
    """Cross out digits with two long strokes."""
    count, size = len(ink), ink.shape[-1]
    first = rng.uniform(-1.1, 1.1, count)
    for turn in (0, rng.uniform(0.7, 1.6, count)):
        along = np.stack([np.cos(first + turn), np.sin(first + turn)], axis=1) * size * 0.66
        middle = size / 2 + rng.normal(0, 0.05 * size, (count, 2))
        radius = rng.uniform(0.025, 0.06, count) * size
        ink = np.maximum(ink, segment_cover(middle - along, middle + along, radius, size))
    return ink
