"""Marks beside digits: printed words, and rests: parts of digits that the border cuts through."""

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.digit_pieces import rest_pieces
from tenfold.reading.rests import touched
from tenfold.reading.result import Result

__all__ = ["are_at_the_height", "beside_cut_off", "beside_rests", "is_printed"]

_WEAKEST = 0.3  # highest confidence of the weakest digit of a word
_ALIKE = 0.8  # least confidence of a letter that looks like a digit
_FEW = 0.5  # largest share of letters that look like digits in a word
_GOOD = 0.5  # least confidence of all digits of a number beside a word
_SMALLER = 0.8  # largest size of a word, in sizes of the digits of the number
_OVERLAP = 0.3  # least vertical overlap of marks side by side, as a share of the smaller height
_AS_LONG = 0.6  # height of the shortest rest that may be a 1, in sizes of the digit beside it
_AS_WIDE = 0.75  # least width of a rest that may be a 1, in stroke widths of the digit beside it
_SMALLEST = 0.25  # least size of a rest beside a number, in sizes of the number's digits

_END = 0.2  # least size of a mark that the border cuts off, in sizes of the digit beside it
_REACH = 1.0  # largest distance from the digit to such a mark, in sizes of the digit
_CONTRAST = 0.5  # its least contrast, as a share of the contrast of the digit
_THICKNESSES = 0.5, 2.0  # its stroke width, in stroke widths of the digit


def is_printed(result: Result, confidences: Array) -> Array:
    """Return which digits are letters of a word, such as "Amount" before a number: (N,) bool.

    The letters of such a word are a text line. At least one of them is an improbable digit, and at
    most half of them look like digits. They are smaller than the digits of another text line, in
    which all digits are probable.

    Args:
        result: The reading.
        confidences: (N,), of its digits.
    """
    lines = np.array([found.line for found in result.digits], np.int64)
    weakest = np.array([confidences[lines == line].min() for line in lines])
    sizes = result.sizes
    largest = np.array([sizes[lines == line].max() for line in lines])
    alike = np.array([(confidences[lines == line] >= _ALIKE).mean() for line in lines])
    number_size = float(sizes[weakest >= _GOOD].max(initial=0))
    word_like = (weakest < _WEAKEST) & (alike <= _FEW)
    return np.asarray(word_like & (largest <= _SMALLER * number_size))


def beside_rests(result: Result) -> Array:
    """Return which digits are beside a rest that may be a digit of their line: (N,) bool.

    A rest (``tenfold.reading.rests``) beside a number may belong to it, since the number may go on
    outside the picture. Beside a single digit, a rest belongs to a neighbour, unless it may be a 1:
    it is nearly as long as the digit, and nearly as wide as its strokes.

    Args:
        result: The reading. If its lines are skewed, rests at all heights count.
    """
    ink = result.hypothesis.ink
    rests = ink.boxes[rest_pieces(ink)]
    height, width = (rests[:, 2:] - rests[:, :2]).T
    lines = np.array([found.line for found in result.digits], np.int64)
    strokes = np.array([found.candidate.glyph.stroke for found in result.digits])
    sizes = result.sizes[:, np.newaxis]
    in_number = (lines[:, np.newaxis] == lines).sum(axis=1) > 1
    counted = in_number[:, np.newaxis] & (np.maximum(height, width) >= _SMALLEST * sizes)
    counted |= (height >= _AS_LONG * sizes) & (width >= _AS_WIDE * strokes[:, np.newaxis] * sizes)
    if not result.angle:
        counted &= are_at_the_height(result.boxes, rests)
    return np.asarray(counted.any(axis=1))


def beside_cut_off(result: Result) -> Array:
    """Return which digits are beside the visible end of a digit that the border cuts off: (N,).

    The end of the first stroke of a digit may be all that the picture shows of it. It touches the
    left or right border beside a number, and is as dark and thick as the strokes of the number. It
    was not read, or only as a small part of a digit in several pieces.

    Args:
        result: The reading. If its lines are skewed, no digit is.
    """
    ink, beside = result.ink, np.zeros(len(result.digits), bool)
    at_side = touched(ink)[:, [1, 3]].any(axis=1)
    pieces = [f.candidate.pieces for f in result.digits if f.candidate.pieces]
    main = sorted({max(each, key=lambda piece: int(ink.area[piece])) for each in pieces})
    cut_off = np.setdiff1d(np.flatnonzero(at_side), main)
    if result.angle or not len(cut_off):
        return beside
    marks, lines = ink.boxes[cut_off], np.array([found.line for found in result.digits])
    sizes = (marks[:, 2:] - marks[:, :2]).max(axis=1)
    heights = are_at_the_height(result.boxes, marks)
    for index, found in enumerate(result.digits):
        size = float(result.sizes[index])
        _, left, _, right = found.candidate.box
        stroke = ink.stroke[cut_off] / (found.candidate.glyph.stroke * size)
        alike = (sizes >= _END * size) & (sizes <= size)
        alike &= (stroke >= _THICKNESSES[0]) & (stroke <= _THICKNESSES[1])
        alike &= ink.peak[cut_off] >= _CONTRAST * ink.strongest(found.candidate.box)
        near = np.maximum(marks[:, 1] - right, left - marks[:, 3]) <= _REACH * size
        beside[index] = (alike & near & heights[index]).any() and (lines == found.line).sum() > 1
    return beside


def are_at_the_height(boxes: Array, others: Array) -> Array:
    """Return which boxes (N, 4) are at the same height as which others (M, 4): (N, M) bool."""
    top, bottom = boxes[:, 0, np.newaxis], boxes[:, 2, np.newaxis]
    common = np.minimum(bottom, others[:, 2]) - np.maximum(top, others[:, 0])
    smaller = np.minimum(bottom - top, others[:, 2] - others[:, 0])
    return np.asarray(common >= _OVERLAP * smaller)
