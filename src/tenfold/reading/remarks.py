"""Remarks: what makes a digit or a picture hard to read, in words."""

import numpy as np
from scipy import ndimage

from tenfold.nn.array import Array
from tenfold.reading.digit_pieces import MOST_PIECES, has_too_many
from tenfold.reading.found import Found, Result
from tenfold.reading.glyph import stroke_width
from tenfold.reading.picture import WorkingPicture
from tenfold.reading.slashes import are_slashes

__all__ = ["digit_remarks", "picture_warnings"]

_FAINT = 0.15  # contrast with the paper
_THIN, _THICK = 0.04, 0.28  # stroke width per size of the digit
_SMALL = 14  # pixels of the working picture
_REDUCED = 0.3  # working pixels per pixel of the picture
_SLANT = 30.0  # degrees
_GAP = 0.04  # smaller gaps, per size of the digit, are grain (for example of chalk)
_PIECE = 0.03  # smaller pieces, per area of the digit, are specks
_EIGHT = np.ones((3, 3), bool)  # neighbours of a pixel, diagonals included


def digit_remarks(found: Found, result: Result) -> list[str]:
    """Return what makes a digit hard to read; empty if nothing does."""
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
    if _pieces(mask) > 1:
        remarks.append("in several pieces")
    if min(top, left, height - bottom, width - right) <= 1 and not result.angle:
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
        return [*warnings, "There is ink, but nothing that looks like a single digit."]
    if result.hypothesis.light:
        warnings.append("The ink is lighter than the background.")
    if result.hypothesis.ruled_lines:
        warnings.append("Ruled lines or borders of boxes were erased.")
    if result.sheet:
        warnings.append("Only the paper was read, not what is around it.")
    if has_too_many(result.ink):
        warnings.append(
            f"There are more than {MOST_PIECES} pieces of ink. Only those with the most ink were "
            "read, so all digits are unsure."
        )
    if are_slashes(result).any():
        warnings.append("Two 1s may be the slashes of a date.")
    if result.angle:
        warnings.append(f"The lines are skewed by {abs(result.angle):.0f} degrees.")
    if picture.pixels < _REDUCED**2 * picture.size[0] * picture.size[1]:
        warnings.append("The picture is large; it was reduced to 2 megapixels.")
    return warnings


def _without_grain(mask: Array) -> Array:
    """Return ink with its small gaps closed: (h, w) bool, with a margin."""
    gap = max(1, round(_GAP * max(mask.shape) / 2))
    return np.asarray(ndimage.binary_closing(np.pad(mask, gap), _EIGHT, iterations=gap))


def _pieces(mask: Array) -> int:
    """Return the number of connected pieces of ink, without specks."""
    labels, _ = ndimage.label(mask, _EIGHT)
    areas = np.bincount(labels.ravel())[1:]
    return int((areas >= _PIECE * areas.sum()).sum())


def _slant(image: Array) -> float:
    """Return the slant of an image (28, 28) in degrees, from its moments; positive to the right."""
    values = image.astype(np.float64)
    rows, columns = np.indices(values.shape)
    total = max(values.sum(), 1.0)
    y, x = rows - (rows * values).sum() / total, columns - (columns * values).sum() / total
    return float(-np.degrees(np.arctan2((values * x * y).sum(), max((values * y * y).sum(), 1.0))))
