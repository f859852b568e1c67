"""Reading a picture as a whole, and each sheet of paper in it alone."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from scipy import ndimage

from tenfold.nn.array import Array
from tenfold.reading.found import Result
from tenfold.reading.line_digits import CERTAIN
from tenfold.reading.line_lattices import Recogniser
from tenfold.reading.reader import read_all_ink, read_as_one, turned
from tenfold.reading.sheets import Sheet, find_sheets
from tenfold.reading.steadiness import with_steadiness

__all__ = ["read_lines", "read_one"]

_AS_LARGE = 0.75  # least size of a digit on a sheet, in sizes of the largest digit of the picture
_GRAIN = 3  # least number of digits, most of them 1s, that may be grain
_CHANGING = 0.5  # least share of a score that does not change in other views
_STEADY = 0.8  # least mean probability in other views of a certain digit outside a sheet
_OUTSTANDING = 0.2  # least score of a digit that stands out from the paper, divided by its size
_MUCH_LARGER = 4.0  # least size of a much larger digit outside, in sizes of those on the sheet
_WITHIN = 0.25  # least size of the largest digit on a sheet, in sizes of the sheet's outline
_HOLE = 0.28  # least stroke width of the hole of a 0, in sizes of the hole; no digit is as thick
_MISSED = 0.8  # least number of missed digits that counts; each is weighted by its certainty


def read_lines(
    rgb: Array, recognise: Recogniser, *, reduced: bool = False, margin: int = 0
) -> Result | None:
    """Return the reading with the highest score; None if nothing has the size of a digit.

    Args:
        rgb: Working picture (H, W, 3) uint8.
        recognise: Function that recognises images.
        reduced: Whether the picture was reduced and will be read again if its digits are small.
        margin: Pixels of paper that were added on each side of the picture.
    """

    def read(each: Array) -> Result | None:
        return _steady(read_all_ink(each, recognise, reduced=reduced, margin=margin), recognise)

    return _best(rgb, read, read)


def read_one(rgb: Array, recognise: Recogniser, margin: int = 0) -> Result | None:
    """Return the single digit with the most evidence; None if nothing has the size of a digit.

    Args:
        rgb: Working picture (H, W, 3) uint8.
        recognise: Function that recognises images.
        margin: Pixels of paper that were added on each side of the picture.
    """

    def read(each: Array) -> Result | None:
        return _steady(read_as_one(each, recognise, margin=margin), recognise)

    def read_sheet(each: Array) -> Result | None:
        lines = read_all_ink(each, recognise, margin=margin)
        one = lines is not None and lines.clear and len(lines.digits) == 1
        return _steady(lines if one else read_as_one(each, recognise, margin=margin), recognise)

    return _best(rgb, read, read_sheet)


def _steady(result: Result | None, recognise: Recogniser) -> Result | None:
    return None if result is None else with_steadiness(result, recognise)


def _best(
    rgb: Array,
    read: Callable[[Array], Result | None],
    read_sheet: Callable[[Array], Result | None],
) -> Result | None:
    """Return the best reading of the picture and of its sheets.

    The sheets are not read if the picture is clear, and none of its digits may be a part of a
    sheet. A 1 may be the edge of a sheet, and a single 0 may be its outline.
    """
    best = read(rgb)
    if best is not None and best.clear and not _may_be_sheet(best):
        return best
    for sheet in find_sheets(rgb):
        result = read_sheet(sheet.rgb)
        if result is None or not result.digits:
            continue
        result = replace(result, sheet=True, clear=result.clear and not _cut_off(result, sheet))
        if best is None or _better(result, best, sheet):
            best = result
            if result.clear:
                break
    return best


def _may_be_sheet(result: Result) -> bool:
    digits = [found.arc.digit for found in result.digits]
    return 1 in digits or digits == [0]


def _better(result: Result, best: Result, sheet: Sheet) -> bool:
    """Return whether the reading of a sheet is better than the best one so far.

    A sheet may be only a part of the paper, such as the lighter half of a page in uneven light or
    the title bar of a window. So the reading of the sheet is not better in three cases:

    - A text line of the best reading continues outside the sheet.
    - The best reading has certain digits outside, and a higher score or much larger digits.
    - The best reading has a higher score, and more digits on the sheet.

    The paper inside a thick 0 is a sheet, too, but it is smaller than the 0.
    """
    if not result.convincing:
        return not best.digits and result.steady_score > best.steady_score
    if _continues_outside(best, sheet):
        return False
    more = best.steady_score > result.steady_score
    more |= _largest(best) > _MUCH_LARGER * _largest(result)
    if more and _reads_outside(best, sheet):
        return False
    if best.steady_score > result.steady_score and _misses_digits(result, best, sheet):
        return False
    doubtful = not best.convincing or best.steady_score < _CHANGING * best.score
    if doubtful and any(found.arc.digit != 1 for found in result.digits):
        return True
    large = _largest(result) >= _AS_LARGE * _largest(best)
    outstanding = result.score >= _OUTSTANDING * _largest(result)
    if outstanding and result.complete and _is_grain(best) and not _is_grain(result):
        return True
    return result.clear and outstanding and (large or _surrounds(best, result))


def _is_grain(result: Result) -> bool:
    """Return whether at least three digits, most of them 1s, may be grain, which is read as 1s."""
    ones = [found.arc.digit == 1 for found in result.digits]
    return len(ones) >= _GRAIN and 2 * sum(ones) > len(ones)


def _surrounds(best: Result, result: Result) -> bool:
    """Return whether the only digit of ``best`` is the outline of a sheet with other digits.

    The paper inside a thick 0 is a 0, too. The hole of such a 0 may look like any other digit.
    """
    if len(best.digits) != 1 or best.angle != result.angle:
        return False
    if any(f.arc.digit == 0 or f.candidate.glyph.stroke >= _HOLE for f in result.digits):
        return False
    top, left, bottom, right = best.digits[0].candidate.box
    boxes = np.array([found.candidate.box for found in result.digits])
    within = (boxes >= (top, left, 0, 0)).all() and (boxes[:, 2:] <= (bottom, right)).all()
    return bool(within) and _largest(result) >= _WITHIN * _largest(best)


def _reads_outside(result: Result, sheet: Sheet) -> bool:
    """Return whether certain digits, other than 1, are outside the sheet."""
    return bool((_digits_outside(result, sheet) & _certain_others(result)).any())


def _continues_outside(result: Result, sheet: Sheet) -> bool:
    """Return whether certain digits of a text line are outside the sheet, and others on it."""
    certain, outside = _certain_others(result), _digits_outside(result, sheet)
    lines = np.array([found.line for found in result.digits], np.int64)
    return bool(np.intersect1d(lines[certain & outside], lines[certain & ~outside]).size)


def _certain_others(result: Result) -> Array:
    """Return which digits are certain, also in other views, and are no 1s: (N,) bool."""
    return np.array(
        [
            found.arc.confidence >= CERTAIN and found.steadiness >= _STEADY and found.arc.digit != 1
            for found in result.digits
        ],
        bool,
    )


def _misses_digits(result: Result, best: Result, sheet: Sheet) -> bool:
    """Return whether a reading of a sheet has fewer digits than the best reading has on the sheet.

    If the edge of the sheet cuts digits, the sheet is only a part of the paper. Then the digits
    outside the sheet count, too.
    """
    counted = ~_digits_outside(best, sheet) | _cut_off(result, sheet)
    return sum(np.array(_certainties(best)) * counted) >= sum(_certainties(result)) + _MISSED


def _digits_outside(result: Result, sheet: Sheet) -> Array:
    """Return which digits are outside the sheet, (N,) bool."""
    boxes = np.array([found.candidate.box for found in result.digits], np.int64).reshape(-1, 4)
    middle = (boxes[:, :2] + boxes[:, 2:]) // 2
    return np.asarray(_outside(result, sheet)[middle[:, 0], middle[:, 1]])


def _largest(result: Result) -> float:
    """Return the size of the largest digit other than 1, times its certainty."""
    return float((result.sizes * np.array(_certainties(result))).max(initial=0))


def _certainties(result: Result) -> list[float]:
    """Return the certainty of each digit, 0 to 1; 0 for a 1."""
    return [max(0.0, 2 * f.arc.confidence - 1) * (f.arc.digit != 1) for f in result.digits]


def _cut_off(result: Result, sheet: Sheet) -> bool:
    """Return whether a digit reaches the edge of its sheet, which may be the edge of a shadow."""
    near = ndimage.binary_dilation(_outside(result, sheet), np.ones((5, 5), bool))
    for found in result.digits:
        top, left, bottom, right = found.candidate.box
        ink = result.ink.labels[top:bottom, left:right] > 0
        if (ink & near[top:bottom, left:right]).any():
            return True
    return False


def _outside(result: Result, sheet: Sheet) -> Array:
    """Return what is outside the sheet, turned as the ink of a reading, (H, W) bool."""
    outside = ~sheet.inside
    return turned(outside, result.angle) > 0.5 if result.angle else outside
