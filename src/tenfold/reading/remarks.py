"""Remarks: what makes a digit or a picture hard to read, in words."""

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.connected import connected_pieces
from tenfold.reading.digit_pieces import MOST_PIECES, has_too_many
from tenfold.reading.glyph import stroke_width
from tenfold.reading.picture import WorkingPicture
from tenfold.reading.result import Found, Result
from tenfold.reading.slashes import are_slashes
from tenfold.reading.sliding import sliding_maximum, sliding_minimum

__all__ = ["digit_remarks", "picture_warnings"]

_FAINT = 0.15  # largest contrast of faint ink with the paper
_THIN, _THICK = 0.04, 0.28  # limits of a usual stroke width, in sizes of the digit
_SMALL = 14  # size below which a digit is very small, in pixels of the picture as it was read
_REDUCED = 0.3  # a picture is called large if its sides were reduced to less than this share
_SLANT = 30.0  # largest slant that is not mentioned, in degrees
_GAP = 0.04  # smaller gaps, in sizes of the digit, are grain (for example of chalk)
_PIECE = 0.03  # smaller pieces, as shares of the area of the digit, are specks
_LEVEL = 4.0  # degrees: smaller skews are not mentioned
_UNREAD_SHARE = 0.12  # least share of unread ink that is mentioned; specks and grain have less


def digit_remarks(found: Found, result: Result) -> list[str]:
    """Return what makes a digit hard to read; empty if nothing does.

    Args:
        found: The digit.
        result: The reading that it belongs to.
    """
    candidate, ink = found.candidate, result.ink
    top, left, bottom, right = candidate.box
    height, width = ink.contrast.shape
    remarks = []
    if ink.strongest(candidate.box) < _FAINT:
        remarks.append("faint")
    mask = _without_grain(candidate.mask)
    stroke = stroke_width(mask) / max(bottom - top, right - left)
    if stroke < _THIN:
        remarks.append("thin strokes")
    if stroke > _THICK:
        remarks.append("thick strokes")
    if max(bottom - top, right - left) < _SMALL:
        remarks.append("very small")
    is_piece = len(candidate.pieces) == 1 and not candidate.is_part
    if not is_piece and _count_pieces(mask) > 1:
        remarks.append("in several pieces")
    room = min(top, left, height - bottom, width - right) - ink.margin
    if room <= 1 and not result.angle:
        remarks.append("touches the border")
    if abs(_slant(candidate.glyph.image[..., 0])) > _SLANT:
        remarks.append("slanted")
    return remarks


def picture_warnings(picture: WorkingPicture, result: Result | None) -> list[str]:
    """Return what makes a picture hard to read, as sentences; empty if nothing does."""
    pages = ["The file has several pages or frames; only the first was read."]
    warnings = pages if picture.more_pages else []
    if result is None:
        return [*warnings, "The picture has no ink that stands out from the background."]
    if not result.digits:
        return [*warnings, "There are marks, but none of them looks like a digit."]
    if result.hypothesis.light:
        warnings.append("Light ink on a darker background was read.")
    if result.hypothesis.ruled_lines:
        warnings.append(
            "Straight lines were erased, which may be ruled lines or the sides of boxes."
        )
    if result.sheet:
        warnings.append("Only the part that looks like a sheet of paper or a sign was read.")
    if result.pale:
        warnings.append(
            "Faint marks were not read; they may be stains, or writing on the back of the paper."
        )
    warnings += _unread(result)
    if are_slashes(result).any():
        warnings.append("Two 1s may be the slashes of a date.")
    skew = abs(_skew(result))
    if skew >= _LEVEL:
        warnings.append(f"The lines are skewed by {skew:.0f} degrees.")
    if picture.pixels < _REDUCED**2 * picture.size[0] * picture.size[1]:
        warnings.append("The picture is large; it was reduced to 2 megapixels.")
    return warnings


def _unread(result: Result) -> list[str]:
    """Return what was not read, as a list of at most one sentence."""
    if has_too_many(result.ink):
        return [
            f"There are more than {MOST_PIECES} pieces of ink. Only those with the most ink were "
            "read, so all digits are unsure."
        ]
    if _unread_share(result) < _UNREAD_SHARE:
        return []
    areas = "light" if result.hypothesis.light else "dark"
    return [f"Some marks, lines or {areas} areas were not read as digits."]


def _skew(result: Result) -> float:
    """Return the angle of the lines in degrees, positive if they fall to the right.

    It is 0 if the ink was read without a turn.

    The ink was turned by an angle that was estimated from pairs of neighbours. The middles of all
    digits correct this estimate. Let x and y be the distances of the middles from the mean of their
    line. The slope of the lines in the turned ink is sum(x y) / sum(x x).
    """
    if not result.angle:
        return 0.0
    boxes = np.array([found.candidate.box for found in result.digits], np.float64)
    lines = np.array([found.line for found in result.digits])
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    for line in np.unique(lines):
        middles[lines == line] -= middles[lines == line].mean(axis=0)
    y, x = middles.T
    return result.angle + float(np.degrees(np.arctan2((x * y).sum(), max((x * x).sum(), 1e-9))))


def _unread_share(result: Result) -> float:
    """Return the share of the ink, weighted by its contrast, in pieces without a digit."""
    ink = result.ink
    read = np.zeros(len(ink.area) + 1, bool)
    for found in result.digits:
        top, left, bottom, right = found.candidate.box
        read[ink.labels[top:bottom, left:right][found.candidate.mask]] = True
    weight = ink.area * ink.peak
    return float(weight[~read[1:]].sum() / max(weight.sum(), 1e-9))


def _without_grain(mask: Array) -> Array:
    """Return ink with its small gaps closed: (h, w) bool, with a margin."""
    gap = max(1, round(_GAP * max(mask.shape) / 2))
    window = 2 * gap + 1
    return sliding_minimum(sliding_maximum(np.pad(mask, 2 * gap), window), window)


def _count_pieces(mask: Array) -> int:
    """Return the number of connected pieces of ink, without specks."""
    labels, _ = connected_pieces(mask)
    areas = np.bincount(labels.ravel())[1:]
    return int((areas >= _PIECE * areas.sum()).sum())


def _slant(image: Array) -> float:
    """Return the slant of an image (28, 28) in degrees, from its moments; positive to the right."""
    values = image.astype(np.float64)
    rows, columns = np.indices(values.shape)
    total = max(values.sum(), 1.0)
    y, x = rows - (rows * values).sum() / total, columns - (columns * values).sum() / total
    return float(-np.degrees(np.arctan2((values * x * y).sum(), max((values * y * y).sum(), 1.0))))
