"""Sheets: paper that lies on a table or another surface.

A method that looks for contrast finds the grain of wood, the edge of the paper and its shadow, too.
So a sheet is read alone: everything around it gets the colour of its paper.

A sheet is found in a small copy of the picture. Its colours are projected on their principal axis,
and Otsu's threshold divides them into two classes. A connected part of one class is paper if its
convex hull is nearly a rectangle, which it fills apart from the ink.

References:
    Otsu, "A threshold selection method from gray-level histograms" (1979).
"""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from tenfold.images.median import median_filter
from tenfold.nn.array import Array
from tenfold.reading.hull import convex_hull

__all__ = ["Sheet", "find_sheets"]

_SMALL = 160  # longer side of the small copy, in pixels
_MEDIAN = 7  # side of the median filter of the small copy: removes grain and thin strokes
_LEAST_AREA = 0.06  # smallest area of a sheet, as a share of the area of the picture
_MOST_AREA = 0.97  # largest area of a sheet, as a share of the area of the picture
_FILLED = 0.6  # least share of the convex hull that has the colour of the paper
_RECTANGULAR = 0.75  # least area of the convex hull, as a share of the smallest rectangle around it
_EDGE = 2  # pixels of the small copy: the edge of a sheet, which is left out
_STEP = 2  # factor by which the small copy is reduced again for the colour of the paper
_PAPER_MEDIAN = 13  # side of the median filter for this colour, which removes ink
_MOST_PARTS = 6  # largest number of pieces of paper
_LEAST_PART = 0.03  # least area of a piece of paper, as a share of the area of the picture
_ANGLES = np.radians(np.arange(0, 90, 3))
_BINS = 64  # number of bins of a histogram


@dataclass(frozen=True)
class Sheet:
    """A sheet in a picture.

    Attributes:
        inside: (H, W) bool, without the edge of the sheet.
        rgb: (H, W, 3) uint8: the picture with the colour of the paper everywhere else.
    """

    inside: Array
    rgb: Array


def find_sheets(rgb: Array) -> list[Sheet]:
    """Return the sheets in a picture (H, W, 3) uint8, at most two.

    Several pieces of paper of similar brightness are one sheet. A sheet that covers nearly all of
    the picture is not one: there is nothing around it.
    """
    from PIL import Image

    step = max(1, max(rgb.shape[:2]) // _SMALL)
    small = np.asarray(Image.fromarray(rgb).reduce(step))
    sheets = []
    for chosen in _classes(small):
        papers, hulls = np.zeros(chosen.shape, bool), np.zeros(chosen.shape, bool)
        for paper in _large_parts(chosen):
            hull = convex_hull(paper)
            filled = paper.sum() >= _FILLED * hull.sum()
            if filled and hull.sum() >= _RECTANGULAR * _smallest_rectangle(hull):
                papers |= paper
                hulls |= hull
        if _LEAST_AREA <= hulls.mean() <= _MOST_AREA:
            sheets.append(_sheet(rgb, small, papers, hulls))
    return sheets


def _classes(small: Array) -> list[Array]:
    """Return two classes of pixels by their colours: (h, w) bool each, without narrow parts."""
    colours = median_filter(small, _MEDIAN).astype(np.float32)
    centred = colours.reshape(-1, 3) - colours.reshape(-1, 3).mean(axis=0)
    axis = np.linalg.eigh(centred.T @ centred)[1][:, -1]
    values = (centred @ axis).reshape(small.shape[:2])
    above = values > _otsu(values)
    return [ndimage.binary_opening(chosen, np.ones((5, 5), bool)) for chosen in (above, ~above)]


def _large_parts(chosen: Array) -> list[Array]:
    """Return the largest connected parts of a class, (h, w) bool each."""
    labels, count = ndimage.label(chosen)
    sizes = np.bincount(labels.ravel(), minlength=count + 1)[1:]
    order = np.argsort(-sizes, kind="stable")[:_MOST_PARTS]
    return [labels == index + 1 for index in order if sizes[index] >= _LEAST_PART * chosen.size]


def _otsu(values: Array) -> float:
    """Return the threshold that maximises the variance between the two classes."""
    counts, edges = np.histogram(values, _BINS)
    middles = (edges[:-1] + edges[1:]) / 2
    below, moment = np.cumsum(counts), np.cumsum(counts * middles)
    above = below[-1] - below
    between = (moment[-1] * below / below[-1] - moment) ** 2 / np.maximum(below * above, 1)
    return float(edges[int(between.argmax()) + 1])


def _smallest_rectangle(mask: Array) -> float:
    """Return the area of the smallest rectangle, at any angle, around a convex mask."""
    y, x = np.nonzero(mask & ~ndimage.binary_erosion(mask))
    along = np.outer(np.cos(_ANGLES), x) + np.outer(np.sin(_ANGLES), y)
    across = np.outer(np.cos(_ANGLES), y) - np.outer(np.sin(_ANGLES), x)
    return float(((np.ptp(along, axis=1) + 1) * (np.ptp(across, axis=1) + 1)).min())


def _sheet(rgb: Array, small: Array, paper: Array, hull: Array) -> Sheet:
    from PIL import Image

    size = (rgb.shape[1], rgb.shape[0])
    core = ndimage.binary_erosion(hull, iterations=_EDGE, border_value=1)
    colours = _paper_colour(small, paper & core)
    around = np.asarray(Image.fromarray(colours).resize(size, Image.Resampling.BILINEAR))
    inside = np.asarray(Image.fromarray(core).resize(size, Image.Resampling.NEAREST))
    return Sheet(inside, np.where(inside[..., np.newaxis], rgb, around))


def _paper_colour(small: Array, paper: Array) -> Array:
    """Return the colour of the paper without ink; outside the sheet, that of the nearest paper."""
    from PIL import Image, ImageFilter

    nearest = ndimage.distance_transform_edt(~paper, return_distances=False, return_indices=True)
    filled = np.asarray(Image.fromarray(small[tuple(nearest)]).reduce(_STEP))
    smooth = Image.fromarray(median_filter(filled, _PAPER_MEDIAN))
    smooth = smooth.filter(ImageFilter.BoxBlur(_PAPER_MEDIAN // 2))
    return np.asarray(smooth.resize(paper.shape[::-1], Image.Resampling.BILINEAR))
