"""Evidence: how much each digit that was read supports the hypothesis about what is ink."""

from collections.abc import Sequence

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.candidates import Candidate
from tenfold.reading.lattice import Arc
from tenfold.reading.mask import Ink
from tenfold.reading.quantiles import median

__all__ = ["evidence_of", "most_evidence"]

_BAR = 0.4  # factor of the evidence of a 1: many bars, such as ruled lines, look like a 1
_CORNER = 0.25  # factor of the evidence of a digit at a corner of the picture
_AROUND = 0.35  # width of the surroundings of a digit, in sizes of the digit
_DARKEST = 0.04  # lowest grey level of a background
_IMPROBABLE = 0.01  # factor of the evidence of an improbable digit
_LEAST_SUPPORT = -0.1  # least support of a digit, so that an improbable digit costs little
_LEAST_WEIGHT = 0.05  # factor of the weight of a digit that does not stand out at all


def evidence_of(ink: Ink, candidate: Candidate, arc: Arc) -> float:
    """Return how much a digit supports its hypothesis; below 0 if the digit is improbable.

    A 1 that reaches all four sides of the picture is probably the background, so it has hardly any
    evidence. A digit at a corner of the picture has little evidence: it is probably a shadow, or
    the table around a sheet of paper.

    Args:
        ink: The ink of the hypothesis.
        candidate: The ink of the digit.
        arc: The digit, and its probability.
    """
    if arc.digit == 1 and candidate.box == (0, 0, *ink.contrast.shape):
        return _IMPROBABLE * arc.probability
    corner = _CORNER if _at_corner(ink, candidate.box) else 1.0
    return corner * _support(arc) * _weight(ink, candidate.box)


def _at_corner(ink: Ink, box: tuple[int, int, int, int]) -> bool:
    """Return whether a box reaches exactly two sides of the picture, which meet at a corner."""
    top, left, bottom, right = box
    height, width = ink.contrast.shape
    return (top == 0) != (bottom == height) and (left == 0) != (right == width)


def most_evidence(
    ink: Ink, candidates: Sequence[Candidate], arcs: Sequence[Arc]
) -> tuple[int, float]:
    """Return the index of the digit with the most evidence, and its evidence, which is above 0.

    An improbable digit also has a little evidence, but less than any probable digit. It takes long
    to compute the weight of a digit. So a digit is skipped if its evidence would be too small even
    with the largest possible weight.

    Args:
        ink: The ink of the hypothesis.
        candidates: The ink of each digit, at least one.
        arcs: The digits, and their probabilities.
    """
    support = [max(_support(arc), _IMPROBABLE * arc.probability) for arc in arcs]
    most = [s * _largest_weight(ink, c.box) for s, c in zip(support, candidates, strict=True)]
    best, evidence = 0, -1.0
    for index in np.argsort(-np.array(most), kind="stable"):
        if most[index] < evidence:
            break
        found = support[index] * _weight(ink, candidates[index].box)
        if found > evidence or (found == evidence and index < best):
            best, evidence = int(index), found
    return best, evidence


def _support(arc: Arc) -> float:
    """Return how much a digit of the weight 1 supports its hypothesis."""
    return (_BAR if arc.digit == 1 else 1.0) * max(2 * arc.probability - 1, _LEAST_SUPPORT)


def _largest_weight(ink: Ink, box: tuple[int, int, int, int]) -> float:
    """Return the weight of a digit that stands out from its surroundings."""
    top, left, bottom, right = box
    peak = float(ink.contrast[top:bottom, left:right].max())
    return float(max(bottom - top, right - left)) * peak**0.5


def _weight(ink: Ink, box: tuple[int, int, int, int]) -> float:
    """Return the weight of a digit: its size, reduced if it hardly differs from its surroundings.

    If dark ink is taken for the background, the paper inside a 0 looks like a light 1. But the
    paper outside the 0 is as light as this 1. So the ink is compared with the paper around the box:
    with the median, and with the nearest part, since ink in bright light may be as light as paper
    in a shadow. The larger difference counts.
    """
    top, left, bottom, right = box
    size = max(bottom - top, right - left)
    margin = max(2, round(_AROUND * size))
    values = ink.contrast[top:bottom, left:right]
    strong = values >= 0.7 * values.max()
    y, x = max(0, top - margin), max(0, left - margin)
    around = ink.grey[y : bottom + margin, x : right + margin]
    inner = (top - y, left - x, bottom - y, right - x)
    outside = _outside(around, inner)
    if len(outside) == 0:
        return _largest_weight(ink, box)
    grey = ink.grey[top:bottom, left:right][strong]
    typical = float(_contrast(median(grey), median(outside)))
    nearest = median(_contrast(grey, _nearest_paper(around, inner, strong)))
    outstanding = max(typical, nearest) / max(float(values.max()), 1e-6)
    return _largest_weight(ink, box) * float(np.clip(outstanding, _LEAST_WEIGHT, 1))


def _contrast(grey: Array | float, paper: Array | float) -> Array:
    """Return the contrast of ink with paper; it is low if both are nearly black.

    If light ink is assumed, the grey levels are inverted: white paper is black, and the light halo
    around dark ink is even darker than the paper. The contrast of the two must be low.
    """
    return np.asarray((paper - grey) / np.maximum(paper, _DARKEST))


def _outside(around: Array, inner: tuple[int, int, int, int]) -> Array:
    """Return the grey levels (n,) of the surroundings of a box, see ``_nearest_paper``."""
    top, left, bottom, right = inner
    sides = (around[top:bottom, :left], around[top:bottom, right:])
    return np.concatenate([part.ravel() for part in (around[:top], around[bottom:], *sides)])


def _nearest_paper(around: Array, inner: tuple[int, int, int, int], strong: Array) -> Array:
    """Return the grey level (n,) of the paper beside some pixels of a box, on the nearest side.

    Args:
        around: (H, W), the box and its surroundings.
        inner: Top, left, bottom, right of the box.
        strong: (h, w) bool, the n pixels of the box, in the order of the result.
    """
    top, left, bottom, right = inner
    height, width = bottom - top, right - left
    strips = (
        around[:top, left:right],
        around[bottom:, left:right],
        around[top:bottom, :left].T,
        around[top:bottom, right:].T,
    )
    rows, columns = np.nonzero(strong)
    positions = (columns, columns, rows, rows)
    distances = (rows / height, 1 - rows / height, columns / width, 1 - columns / width)
    known = [i for i, strip in enumerate(strips) if len(strip)]
    sides = np.stack([_column_medians(strips[i])[positions[i]] for i in known])
    nearest = np.stack([distances[i] for i in known]).argmin(axis=0)
    return np.take_along_axis(sides, nearest[np.newaxis], axis=0)[0]


def _column_medians(values: Array) -> Array:
    """Return the median of each column of (n, w) float32, faster than ``np.median``: (w,)."""
    ordered = np.sort(values, axis=0)
    return np.asarray((ordered[(len(values) - 1) // 2] + ordered[len(values) // 2]) / 2)
