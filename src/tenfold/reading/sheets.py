"""Sheets: paper that lies on a table or another surface.

A method that looks for contrast finds the grain of wood, the edge of the paper and its shadow, too.
So a sheet is read alone: everything around it gets the colour of its paper.

A sheet is found in a small copy of the picture. It is an *even area*: a connected part in which
neighbouring pixels differ by no more than a step. So the brightness may change gradually over a
sheet, but the area ends at the edges of the sheet. It is not known how large the step at an edge
is, so several steps are tried. An even area is paper if its convex hull is nearly a rectangle,
which it fills apart from the ink. If the step is too large, the area leaks onto the table and does
not fill its hull. So of areas that overlap, the one that fills its hull best is the paper.

References:
    Soille, "Constrained connectivity for hierarchical image partitioning and simplification"
    (2008), for connected parts with a largest step between neighbours.
"""

from dataclasses import dataclass

import numpy as np

from tenfold.images.median import median_filter
from tenfold.nn.array import Array
from tenfold.reading.connected import connected_pieces
from tenfold.reading.hull import convex_hull

__all__ = ["Sheet", "find_sheets"]

_SMALL = 160  # wanted longer side of the small copy, in pixels; the actual one is about 120 to 240
_MEDIAN = 7  # side of the median filter of the small copy: removes grain and thin strokes
_STEPS = (2, 4, 8, 13)  # largest differences of the grey levels of neighbouring pixels of paper
_NARROW = 5  # pixels of the small copy: parts of an even area that are narrower are removed
_LEAST_AREA = 0.06  # smallest area of a sheet, as a share of the area of the picture
_MOST_AREA = 0.97  # largest area of a sheet, as a share of the area of the picture
_LEAST_PART = 0.03  # least area of a piece of paper, as a share of the area of the picture
_MOST_PARTS = 6  # largest number of even areas that are examined for each step
_FILLED = 0.9  # least share of the convex hull that is filled by an even area with its holes
_RECTANGULAR = 0.75  # least area of the convex hull, as a share of the smallest rectangle around it
_APART = 0.3  # largest common area of two pieces of paper, as a share of the smaller one
_ALIKE = 30  # grey levels: largest difference of the colours of pieces of paper of one sheet
_MOST_SHEETS = 2
_REDUCTION = 2  # factor by which the small copy is reduced again for the colour of the paper
_PAPER_MEDIAN = 13  # side of the median filter for this colour, which removes ink
_ANGLES = np.radians(np.arange(0, 90, 3))  # angles at which rectangles are tried


@dataclass(frozen=True)
class Sheet:
    """A sheet in a picture.

    Attributes:
        inside: (H, W) bool, without the edge of the sheet.
        rgb: (H, W, 3) uint8: the picture with the colour of the paper everywhere else.
    """

    inside: Array
    rgb: Array


@dataclass(frozen=True)
class _Paper:
    """A piece of paper in the small copy: an even area, its convex hull, and its colour."""

    area: Array  # (h, w) bool
    hull: Array  # (h, w) bool
    filled: float  # share of the hull that the area fills with its holes
    colour: Array  # (3,), median


def find_sheets(rgb: Array) -> list[Sheet]:
    """Return the sheets in a picture (H, W, 3) uint8, at most two, the most probable one first.

    Several pieces of paper of similar colour are one sheet. Paper that covers nearly all of the
    picture does not count, since there is nothing around it.
    """
    from PIL import Image

    step = max(1, round(max(rgb.shape[:2]) / _SMALL))
    small = np.asarray(Image.fromarray(rgb).reduce(step))
    papers = _papers(median_filter(small, _MEDIAN))
    sheets: list[Sheet] = []
    while papers and len(sheets) < _MOST_SHEETS:
        alike = [each for each in papers if _differ(each.colour, papers[0].colour) <= _ALIKE]
        papers = [each for each in papers if _differ(each.colour, papers[0].colour) > _ALIKE]
        area = np.any([each.area for each in alike], axis=0)
        hull = np.any([each.hull for each in alike], axis=0)
        if _LEAST_AREA <= hull.mean() <= _MOST_AREA:
            sheets.append(_sheet(rgb, small, area, hull))
    return sheets


def _papers(smooth: Array) -> list[_Paper]:
    """Return the pieces of paper in the smooth small copy, those that fill their hulls best first.

    Pieces that overlap a better one are left out.
    """
    steps = _largest_steps(smooth)
    found = [
        paper
        for step in _STEPS
        for area in _even_areas(steps <= step)
        if (paper := _as_paper(smooth, area)) is not None
    ]
    chosen: list[_Paper] = []
    for paper in sorted(found, key=lambda each: -each.filled):
        if all(_common(paper.hull, other.hull) <= _APART for other in chosen):
            chosen.append(paper)
    return chosen


def _largest_steps(smooth: Array) -> Array:
    """Return the largest difference of each pixel from its four neighbours: (h, w) int16."""
    values = smooth.astype(np.int16)
    steps = np.zeros(values.shape[:2], np.int16)
    for axis in (0, 1):
        difference = np.abs(np.diff(values, axis=axis)).max(axis=-1)
        for side in ((1, 0), (0, 1)):
            width = [(0, 0), (0, 0)]
            width[axis] = side
            np.maximum(steps, np.pad(difference, width), out=steps)
    return steps


def _even_areas(even: Array) -> list[Array]:
    """Return the largest connected parts of the even pixels, (h, w) bool each."""
    labels, boxes = connected_pieces(_without_narrow(even), diagonal=False)
    sizes = np.bincount(labels.ravel(), minlength=len(boxes) + 1)[1:]
    order = np.argsort(-sizes, kind="stable")[:_MOST_PARTS]
    return [labels == index + 1 for index in order if sizes[index] >= _LEAST_PART * even.size]


def _without_narrow(even: Array) -> Array:
    """Return a mask (h, w) bool without its parts that are narrower than ``_NARROW`` pixels.

    This is its opening by a square of this side, several times faster than SciPy's: the squares
    that fit into the mask are found first, and what they cover is kept.
    """
    if min(even.shape) < _NARROW:
        return np.zeros_like(even)
    high, wide = (length - _NARROW + 1 for length in even.shape)
    rows = np.logical_and.reduce([even[k : k + high] for k in range(_NARROW)])
    squares = np.logical_and.reduce([rows[:, k : k + wide] for k in range(_NARROW)])
    covered = np.zeros((high, even.shape[1]), bool)
    kept = np.zeros_like(even)
    for k in range(_NARROW):
        covered[:, k : k + wide] |= squares
    for k in range(_NARROW):
        kept[k : k + high] |= covered
    return kept


def _as_paper(smooth: Array, area: Array) -> _Paper | None:
    """Return an even area as a piece of paper; None if it has another form."""
    spans = _span(area), _span(area.T)
    if min(spans) < _FILLED * max(spans) or max(spans) > _MOST_AREA * area.size:
        return None  # most areas end here: the hull contains both spans, so they cannot fill it
    hull = convex_hull(area)
    size = int(hull.sum())
    filled = min(spans) / size
    if filled < _FILLED or size < _RECTANGULAR * _smallest_rectangle(hull):
        return None
    if size > _MOST_AREA * area.size:
        return None
    return _Paper(area, hull, filled, np.median(smooth[area], axis=0))


def _span(area: Array) -> int:
    """Return the number of pixels from the first to the last pixel of a row, summed over the rows.

    These are the pixels of the area with its holes, and with what is cut out of its upper and lower
    sides.
    """
    rows = area[area.any(axis=1)]
    return int((rows.shape[1] - rows.argmax(axis=1) - rows[:, ::-1].argmax(axis=1)).sum())


def _common(a: Array, b: Array) -> float:
    """Return the common area of two masks, as a share of the smaller one."""
    return float((a & b).sum() / min(a.sum(), b.sum()))


def _differ(a: Array, b: Array) -> float:
    """Return the largest difference of two colours (3,) in a channel."""
    return float(np.abs(a - b).max())


def _smallest_rectangle(mask: Array) -> float:
    """Return the area of the smallest rectangle around a convex mask, at angles of ``_ANGLES``.

    A rectangle around the first and the last pixel of each row is around all pixels.
    """
    rows = np.flatnonzero(mask.any(axis=1))
    first = mask[rows].argmax(axis=1)
    last = mask.shape[1] - 1 - mask[rows, ::-1].argmax(axis=1)
    x, y = np.concatenate([first, last]), np.concatenate([rows, rows])
    along = np.outer(np.cos(_ANGLES), x) + np.outer(np.sin(_ANGLES), y)
    across = np.outer(np.cos(_ANGLES), y) - np.outer(np.sin(_ANGLES), x)
    return float(((np.ptp(along, axis=1) + 1) * (np.ptp(across, axis=1) + 1)).min())


def _sheet(rgb: Array, small: Array, paper: Array, hull: Array) -> Sheet:
    from PIL import Image

    size = (rgb.shape[1], rgb.shape[0])
    colours = _paper_colour(small, paper)
    around = np.asarray(Image.fromarray(colours).resize(size, Image.Resampling.BILINEAR))
    inside = np.asarray(Image.fromarray(hull).resize(size, Image.Resampling.NEAREST))
    return Sheet(inside, np.where(inside[..., np.newaxis], rgb, around))


def _paper_colour(small: Array, paper: Array) -> Array:
    """Return the colour of the paper without ink; outside the sheet, that of the nearest paper."""
    from PIL import Image, ImageFilter

    filled = np.asarray(Image.fromarray(small[_nearest(paper)]).reduce(_REDUCTION))
    smooth = Image.fromarray(median_filter(filled, _PAPER_MEDIAN))
    smooth = smooth.filter(ImageFilter.BoxBlur(_PAPER_MEDIAN // 2))
    return np.asarray(smooth.resize(paper.shape[::-1], Image.Resampling.BILINEAR))


def _nearest(mask: Array) -> tuple[Array, Array]:
    """Return the row and the column, (h, w) each, of the pixel of a mask nearest to each pixel.

    The nearest pixel is looked for in each row of the mask: this is the one with the least distance
    along that row. The least sum of squares of the distances along and across the rows wins.

    Args:
        mask: (h, w) bool, with at least one pixel.
    """
    height, width = mask.shape
    columns = np.arange(width)
    left = np.maximum.accumulate(np.where(mask, columns, -2 * width), axis=1)
    right = np.minimum.accumulate(np.where(mask, columns, 3 * width)[:, ::-1], axis=1)[:, ::-1]
    column = np.where(columns - left <= right - columns, left, right)
    along = (column - columns) ** 2
    rows = np.flatnonzero(mask.any(axis=1))
    across = (rows - np.arange(height)[:, np.newaxis]) ** 2
    row = np.stack([rows[(along[rows] + each[:, np.newaxis]).argmin(axis=0)] for each in across])
    return row, column[row, columns]
