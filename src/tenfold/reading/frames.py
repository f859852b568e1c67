"""Frames: ink along the border of a picture, and digits of a cropped picture that look like it."""

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.mask import Ink
from tenfold.reading.rests import touched

__all__ = ["at_the_border", "cropped_digits", "fill_the_picture"]

_COVERED = 0.7  # least share of a side of the picture that a scan edge covers
_NEAR = 0.7  # least share of a scan edge that is within a stroke width of the border
_FAR = 0.5  # a digit that fills the picture has at most this share within the same distance
_PART = 0.12  # least size of other parts of such a digit, as a share of the picture's shorter side
_PEN = 0.03  # least stroke width of such a digit, as a share of the picture's shorter side
_CROPPED = 0.75  # least height of a digit of a tightly cropped number, in heights of the picture
_ALIKE = 1.7  # largest ratio of the stroke widths of two digits of a number


def at_the_border(ink: Ink) -> tuple[Array, Array]:
    """Return which pieces are scan edges, and which may be frames: two arrays (P,) bool.

    A scan edge is the dark strip around the paper in a scan. It covers most of several sides of the
    picture; or it covers most of one side, and most of its ink is near the border. The bar of a 7
    may also cover one side, but the other part of the 7 is far from the border. A frame touches
    three sides of the picture; or it touches two sides, and is as wide or as high as the picture. A
    digit that fills the picture also touches two sides, so it may look like a frame.
    """
    labels = _without_margin(ink.labels, ink.margin)
    sides = (labels[0], labels[-1], labels[:, 0], labels[:, -1])
    contact = [np.bincount(side, minlength=len(ink.area) + 1)[1:] / len(side) for side in sides]
    sides_touched = touched(ink).sum(axis=1)
    lengths = ink.boxes[:, 2:] - ink.boxes[:, :2]
    spans = (lengths >= 0.95 * np.array(labels.shape)).any(axis=1)
    covered = (np.array(contact) >= _COVERED).sum(axis=0)
    scan_edges = covered > 0
    for piece in np.flatnonzero(covered == 1):
        scan_edges[piece] = _near_border(labels == piece + 1, float(ink.stroke[piece])) >= _NEAR
    return scan_edges, (sides_touched >= 3) | (spans & (sides_touched >= 2))


def _near_border(piece: Array, stroke: float) -> float:
    """Return the share of a piece (H, W) bool that is within a stroke width of the border."""
    depth = max(1, round(stroke))
    return 1 - float(piece[depth:-depth, depth:-depth].sum() / max(piece.sum(), 1))


def cropped_digits(ink: Ink, frames: Array, others: Array) -> Array:
    """Return which pieces that may be frames are digits of a tightly cropped number: (P,) bool.

    The largest other piece is nearly as high as the picture. A digit is beside this piece, and has
    about the same stroke width.
    """
    height = len(ink.contrast) - 2 * ink.margin
    heights = np.where(others, ink.boxes[:, 2] - ink.boxes[:, 0], 0)
    if heights.max(initial=0) < _CROPPED * height:
        return np.zeros(len(heights), bool)
    largest = int(heights.argmax())
    left, right = ink.boxes[:, 1], ink.boxes[:, 3]
    beside = (right <= left[largest]) | (left >= right[largest])
    thickness = ink.stroke / ink.stroke[largest]
    return np.asarray(frames & beside & (thickness >= 1 / _ALIKE) & (thickness <= _ALIKE))


def fill_the_picture(ink: Ink, frames: Array, others: Array) -> Array:
    """Return which piece that may be a frame is a digit that fills the picture: (P,) bool.

    The border cuts through all other large pieces. So none of them is a whole digit: they are
    parts of this digit, such as the end of its stroke, and are about as thick as its main piece.
    Most of the main piece is far from the border, and it is thicker than the ruled lines of squared
    paper.
    """
    shorter, none = min(ink.contrast.shape) - 2 * ink.margin, np.zeros(len(frames), bool)
    others = others & ((ink.boxes[:, 2:] - ink.boxes[:, :2]).max(axis=1) >= _PART * shorter)
    cut_off = bool(others.any()) and bool(touched(ink)[others].any(axis=1).all())
    if frames.sum() != 1 or not cut_off:
        return none
    piece = int(frames.argmax())
    stroke = float(ink.stroke[piece])
    thickness = ink.stroke[others] / stroke
    alike = (thickness >= 1 / _ALIKE) & (thickness <= _ALIKE)
    if stroke < _PEN * shorter or not alike.all():
        return none
    inside = _without_margin(ink.labels, ink.margin) == piece + 1
    return frames if _near_border(inside, stroke) <= _FAR else none


def _without_margin(values: Array, margin: int) -> Array:
    height, width = values.shape
    return values[margin : height - margin, margin : width - margin]
