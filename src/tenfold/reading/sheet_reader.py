"""Reading a picture as a whole, and each sheet of paper in it alone.

Sheets are looked for if the reading of the whole picture is not clear (``Result.clear``): it has no
digit, a digit is not certain, there is other ink, ruled lines were erased, or a piece of ink
reaches from one side of the picture to the opposite one. They are also looked for if a digit may be
a sheet (``sheet_parts``), but not if the picture will be read again at a larger size.

The best reading has the largest expected number of correct digits, less that of wrong ones
(``choice.value``), with the exceptions in ``_better`` and ``_cut_off``.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.all_hypotheses import Hypotheses
from tenfold.reading.choice import value
from tenfold.reading.confidence import confidences
from tenfold.reading.hairlines import with_hairlines
from tenfold.reading.line_lattices import Recogniser
from tenfold.reading.reader import read_all_ink, read_as_one
from tenfold.reading.result import Result
from tenfold.reading.sheet_parts import may_be_sheet
from tenfold.reading.sheets import Sheet, find_sheets
from tenfold.reading.sliding import sliding_maximum
from tenfold.reading.steadiness import with_steadiness
from tenfold.reading.turning import turned

__all__ = ["read_single_with_sheets", "read_with_sheets"]

_PROBABLE = 0.5  # least confidence of a digit that must not be lost or cut off
_EDGE = 5  # a pixel is near the edge of a sheet if a square of this side around it reaches outside
_SPECK = 0.15  # largest size of a speck, in sizes of the largest digit
_ASSUMED = 1.0  # assumed size of the ink that the edge of a sheet cuts off, in heights of the line
_OUTSTANDING = 0.2  # least evidence of a digit that stands out from the paper, divided by its size
_WITHIN = 0.25  # least size of the largest digit on a sheet, in sizes of the sheet's outline
_NUMBER = 2  # fewest probable digits beside a 1 that is a digit rather than the edge of a sheet
_TALL = 1.25  # largest size of such a 1, in median sizes of these digits
_HOLE = 0.28  # least stroke width of the hole of a 0, in sizes of the hole; no digit is as thick


def read_with_sheets(
    hypotheses: Hypotheses, recognise: Recogniser, *, reduced: bool = False
) -> Result | None:
    """Return the best reading of the whole picture and of the sheets in it.

    It is None if nothing has the size of a digit. The steadiness of its digits is known, unless
    they are too small.

    Args:
        hypotheses: The hypotheses of a picture.
        recognise: Function that recognises images.
        reduced: Whether the picture was reduced and will be read again if its digits are small.
    """

    def read(each: Hypotheses) -> Result | None:
        result = read_all_ink(each, recognise, reduced=reduced)
        unfinished = result is not None and result.too_small  # a larger picture will be read, too
        return result if unfinished else _steady(with_hairlines(result, recognise), recognise)

    return _best(hypotheses, read, read)


def read_single_with_sheets(hypotheses: Hypotheses, recognise: Recogniser) -> Result | None:
    """Return the single digit with the most evidence; None if nothing has the size of a digit.

    Args:
        hypotheses: The hypotheses of a picture.
        recognise: Function that recognises images.
    """

    def read(each: Hypotheses) -> Result | None:
        return _steady(read_as_one(each, recognise), recognise)

    def read_sheet(each: Hypotheses) -> Result | None:
        result = read_all_ink(each, recognise)
        is_single = result is not None and result.clear and len(result.digits) == 1
        return _steady(result if is_single else read_as_one(each, recognise), recognise)

    return _best(hypotheses, read, read_sheet)


def _steady(result: Result | None, recognise: Recogniser) -> Result | None:
    return None if result is None else with_steadiness(result, recognise)


def _best(
    hypotheses: Hypotheses,
    read: Callable[[Hypotheses], Result | None],
    read_sheet: Callable[[Hypotheses], Result | None],
) -> Result | None:
    """Return the best reading of the picture and of its sheets.

    The sheets are not read if the reading of the picture is clear, and none of its digits may be a
    part of a sheet. Neither are they read if the digits are so small that the picture will be read
    again with more pixels.
    """
    best = read(hypotheses)
    if best is not None and (
        best.too_small or (best.clear and not may_be_sheet(best, hypotheses.rgb))
    ):
        return best
    for sheet in find_sheets(hypotheses.rgb):
        result = read_sheet(Hypotheses(sheet.rgb, hypotheses.margin))
        if result is None or not result.digits or _cut_off(result, sheet):
            continue
        result = replace(_with_cut_ink(result, sheet), sheet=True)
        if best is None or _better(result, best, sheet):
            best = result
            if (confidences(result) >= _PROBABLE).all():
                break
    return best


def _better(result: Result, best: Result, sheet: Sheet) -> bool:
    """Return whether the reading of a sheet is better than the best one so far.

    A sheet may be only a part of the paper, such as the lighter half of a page in uneven light or
    the title bar of a window. Then the best reading so far has probable digits outside the sheet,
    or more digits on the sheet than the reading of the sheet. Around a real sheet there may be
    grain and shadows. They are read as digits of low confidence, each of which makes a reading
    worse. The outline of a sheet may be read as a large digit (``_surrounds``).
    """
    if result.evidence < _OUTSTANDING * float(result.sizes.max()):
        return False
    if not best.digits:
        return result.steady_score > best.steady_score
    if result.clear and _surrounds(best, result):
        return True
    return not _has_digits_outside(best, sheet) and value(result) > value(best)


def _has_digits_outside(result: Result, sheet: Sheet) -> bool:
    """Return whether probable digits have most of their ink outside the sheet.

    A 1 may be the edge of a sheet. It counts only in a number: at least two probable digits other
    than 1 are in its line, and it is hardly taller than they are.
    """
    probable = confidences(result) >= _PROBABLE
    ones = np.array([found.arc.digit == 1 for found in result.digits], bool)
    lines = np.array([found.line for found in result.digits])
    counts = probable & ~ones
    for line in np.unique(lines[probable & ones]):
        number = result.sizes[(lines == line) & probable & ~ones]
        if len(number) >= _NUMBER:
            counts |= probable & (lines == line) & (result.sizes <= _TALL * np.median(number))
    outside = _shares(result, _outside(result, sheet)) > 0.5
    return bool((outside & counts).any())


def _surrounds(best: Result, result: Result) -> bool:
    """Return whether the only digit of ``best`` is the outline of a sheet with other digits.

    The paper inside a thick 0 may be taken for a sheet, too. What is read on it is the hole of the
    0: it looks like another 0, or like a digit with much thicker strokes than any real digit.
    """
    if len(best.digits) != 1 or best.angle != result.angle:
        return False
    if any(f.arc.digit == 0 or f.candidate.glyph.stroke >= _HOLE for f in result.digits):
        return False
    top, left, bottom, right = best.digits[0].candidate.box
    boxes = np.array([found.candidate.box for found in result.digits])
    within = (boxes >= (top, left, 0, 0)).all() and (boxes[:, 2:] <= (bottom, right)).all()
    return bool(within) and bool(result.sizes.max() >= _WITHIN * best.sizes[0])


def _cut_off(result: Result, sheet: Sheet) -> bool:
    """Return whether a probable digit reaches the edge of its sheet.

    Then this edge may be the edge of a shadow.
    """
    return any(_shares(result, _edge(result, sheet))[confidences(result) >= _PROBABLE] > 0)


def _with_cut_ink(result: Result, sheet: Sheet) -> Result:
    """Return the reading with unread ink in all lines if the edge of the sheet cuts ink off.

    Then the edge may be that of a shadow, and there may be further digits beyond it.
    """
    ink = result.ink
    cut = np.setdiff1d(ink.labels[_edge(result, sheet)], 0) - 1
    boxes = ink.boxes[cut]
    largest = (boxes[:, 2:] - boxes[:, :2]).max(initial=0)
    if largest <= _SPECK * result.sizes.max():
        return result
    missing = tuple(max(size, _ASSUMED) for size in result.missing)
    return replace(result, missing=missing, clear=False)


def _edge(result: Result, sheet: Sheet) -> Array:
    """Return which pixels are near the edge of the sheet or outside it, (H, W) bool."""
    return sliding_maximum(_outside(result, sheet), _EDGE)


def _shares(result: Result, region: Array) -> Array:
    """Return the share of the ink of each digit that is in a region (H, W) bool: (N,)."""
    shares = np.zeros(len(result.digits))
    for number, found in enumerate(result.digits):
        top, left, bottom, right = found.candidate.box
        ink = result.ink.labels[top:bottom, left:right] > 0
        shares[number] = region[top:bottom, left:right][ink].mean()
    return shares


def _outside(result: Result, sheet: Sheet) -> Array:
    """Return which pixels are outside the sheet, turned as the ink of a reading, (H, W) bool."""
    outside = ~sheet.inside
    return turned(outside, result.angle) > 0.5 if result.angle else outside
