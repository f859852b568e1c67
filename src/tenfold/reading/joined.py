"""Joined strokes: the dots of a dotted digit, or the dashes of a dashed one, as one piece of ink.

Such a digit falls into many pieces, none of which looks like it. A person sees the strokes, since
the gaps between the pieces are small and the pieces are close together nowhere else. So the ink is
closed: it is thickened until nearly all of it is connected, and then made thinner by as much. This
fills the gaps, and keeps the outlines elsewhere.

``reader`` tries this if no digit of the first hypotheses is promising (``hopeless``), or if the
best reading of a search that did not end early is not convincing. The joined ink is not cut. It is
the answer if it is a certain digit, also in other views. A column of digits looks like a 1 if it is
joined, so a 1 is the answer only if no other digit is promising.

References:
    Serra, "Image Analysis and Mathematical Morphology" (1982): closing.
"""

from bisect import bisect_left

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.connected import connected_pieces
from tenfold.reading.disk import disk_maximum
from tenfold.reading.mask import Ink, find_pieces, pixels_of
from tenfold.reading.quantiles import quantile
from tenfold.reading.rests import touched

__all__ = ["join_strokes"]

_LARGEST = 600_000  # pixels of a picture: larger ones were reduced before, see working.py
_FEWEST, _MOST = 5, 4000  # limits of the number of dots or dashes of one digit; a spray has many
_WIDEST = 1.3  # largest width of a digit, in heights
_WIDEST_GAP = 0.12  # largest gap between neighbouring dots or dashes, in sizes of the digit
_BRIDGE = 1.5  # how far the ink is thickened, divided by the smallest radius that joins its pieces
_THINNER = 0.5  # share of the thickening that is undone; with 1, dots would come apart again
_STEP = 1.0  # pixels between the radii that are tried, to find the smallest that joins the pieces
_PARTS = 2  # largest number of parts of the joined digit, such as a 5 and its bar
_NEARLY_ALL = 0.95  # least share of the ink in these parts; the other ink is specks
_STRONG = 0.9  # the gaps get this quantile of the contrast of the ink


def join_strokes(ink: Ink) -> Ink | None:
    """Return the ink with its pieces joined to one digit; None if they do not look like its parts.

    Ink that touches the border of the picture is left out. In a large picture nothing is joined:
    the reduced picture was examined before, which takes less time.

    Args:
        ink: The ink of a picture.
    """
    inner = np.asarray(~touched(ink).any(axis=1))
    if ink.contrast.size > _LARGEST or not _FEWEST <= inner.sum() <= _MOST:
        return None
    boxes = ink.boxes[inner]
    (top, left), (bottom, right) = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    size = max(bottom - top, right - left)
    if right - left > _WIDEST * (bottom - top):
        return None
    most = _WIDEST_GAP * size / 2
    pad = int(_BRIDGE * most) + 2
    mask = np.pad(pixels_of(ink, inner)[top:bottom, left:right], pad)
    closed = _closed(mask, most)
    if closed is None:
        return None
    joined, contrast = np.zeros(ink.labels.shape, bool), ink.contrast.copy()
    joined[top:bottom, left:right] = closed[pad:-pad, pad:-pad]
    strong = quantile(ink.contrast[pixels_of(ink, inner)], _STRONG)
    contrast[joined] = np.maximum(contrast[joined], strong)
    found = find_pieces(joined, ink.grey, contrast)
    found.margin = ink.margin
    return found


def _closed(mask: Array, most: float) -> Array | None:
    """Return the closing of a mask (H, W) bool with the smallest disk that joins its pieces.

    Return None if a disk of the radius ``most``, in pixels, does not join them.
    """
    if not _joins(mask, most):
        return None
    radii = [*np.arange(_STEP, most, _STEP), most]
    # Pieces that are joined stay joined if the ink is thickened more.
    smallest = bisect_left(radii, True, key=lambda radius: _joins(mask, radius))
    radius = _BRIDGE * radii[smallest]
    outside = ~disk_maximum(mask, radius)
    return np.asarray(mask | ~disk_maximum(outside, _THINNER * radius))


def _joins(mask: Array, radius: float) -> bool:
    """Return whether few parts of the ink, thickened by a radius, contain nearly all ink."""
    parts, _ = connected_pieces(disk_maximum(mask, radius))
    ink = np.sort(np.bincount(parts[mask]))
    return bool(ink[-_PARTS:].sum() >= _NEARLY_ALL * ink.sum())
