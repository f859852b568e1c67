"""Hypotheses: what could be ink in a picture.

Whether ink is dark or light, how wide the ground is taken, and whether long lines are rules cannot
be known before the digits are read. So several answers live side by side, and the evidence of the
recogniser decides.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.ground import contrast, ink_channel
from tenfold.reading.mask import Ink, find_ink, find_pieces
from tenfold.reading.rules import erase_rules

__all__ = ["Hypothesis", "hypotheses"]

_COARSE = 0.5  # window of the ground, per shorter side of the picture
_FINE = 8.0  # the same, in stroke widths
_MUCH_FINER = 0.6  # a fine window is tried if it is smaller than this share of the coarse one


@dataclass(frozen=True)
class Hypothesis:
    """Ink of a picture under some assumptions.

    Attributes:
        ink: The ink and its pieces.
        light: Whether the ink is lighter than the ground.
        rules: Number of rules that were erased.
    """

    ink: Ink
    light: bool
    rules: int = 0


def hypotheses(rgb: Array) -> Iterator[Hypothesis]:
    """Yield what could be ink in a picture (H, W, 3) uint8."""
    for light in (False, True):
        grey = ink_channel(rgb, light)
        window = _COARSE * min(grey.shape)
        ink = find_ink(contrast(grey, window))
        yield from _with_and_without_rules(ink, light)
        if len(ink.area) == 0:
            continue
        stroke = _typical_stroke(ink)
        fine = max(_FINE * stroke, 12.0)
        if fine < _MUCH_FINER * window:
            ink = find_ink(contrast(grey, fine))
            yield from _with_and_without_rules(ink, light)


def _typical_stroke(ink: Ink) -> float:
    """Return the stroke width below which half of the ink is, by its length."""
    order = np.argsort(ink.stroke)
    length = np.cumsum((ink.area / ink.stroke)[order])
    return float(ink.stroke[order][np.searchsorted(length, length[-1] / 2)])


def _with_and_without_rules(ink: Ink, light: bool) -> Iterator[Hypothesis]:
    yield Hypothesis(ink, light)
    if not _has_long_pieces(ink):
        return
    mask, rules = erase_rules(ink.labels > 0, _typical_stroke(ink))
    if rules:
        yield Hypothesis(find_pieces(mask, ink.contrast), light, rules)


def _has_long_pieces(ink: Ink) -> bool:
    height, width = ink.contrast.shape
    sides = ink.boxes[:, 2:] - ink.boxes[:, :2]
    return bool((sides >= 0.3 * np.array([height, width])).any())
