"""From contrast to ink: which pixels are ink, as connected pieces.

A threshold for the whole picture would lose pale strokes beside dark ones. So everything that
stands out from the noise is divided into connected pieces. Each piece has its own threshold, half
of its strongest contrast. If all ink is faint, two thresholds for the whole picture (hysteresis)
keep its strokes together.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.connected import connected_pieces
from tenfold.reading.quantiles import median, quantile, quantiles
from tenfold.reading.sliding import sliding_maximum
from tenfold.reading.sliding_mean import sliding_mean

if TYPE_CHECKING:
    from tenfold.reading.glyph import Glyph

__all__ = ["Ink", "find_ink", "find_pieces", "pixels_of"]

_LEAST_CONTRAST = 0.05  # least contrast of ink, above the contrast of the paper
_NOISE_LEVELS = 5.0  # the same, in standard deviations of the paper's noise
# If the least contrast that stands out from the noise is above this share of the strongest
# contrast, the noise is measured again, in small windows.
_MAX_NOISE_SHARE = 0.6
_WINDOWS = 12  # number of these windows along the shorter side of the picture
_LOW = 0.3  # least contrast of ink, as a share of the contrast of the strongest ink of the picture
_HALF = 0.5  # threshold of a piece, as a share of its strongest contrast
_FAINT_HALF = 0.3  # the same for faint ink
_FAINT = 0.35  # ink is faint only if its strongest contrast is below this
_WEAK_LEVELS = 3.0  # least contrast of parts of faint ink, in standard deviations of the noise


@dataclass(eq=False)  # so that results can be remembered for each Ink, by its identity
class Ink:
    """Ink of a picture and its connected pieces.

    Attributes:
        grey: (H, W) float32, 0 to 1, in which the ink is dark; see ``ink_channel``.
        contrast: (H, W) float32, see ``tenfold.reading.contrast``.
        labels: (H, W) int32: 1 + the index of the piece of each pixel, 0 for background.
        boxes: (P, 4) int64: top, left, bottom, right of each piece; bottom and right are outside.
        area: (P,) int64, in pixels.
        peak: (P,) float32: strongest contrast of each piece, slightly smoothed.
        perimeter: (P,) float64, in pixels.
        ruled: (H, W) bool: the pixels of ruled lines that were erased; None if there are none.
        margin: Pixels of paper that were added on each side of the picture.
        pale_digits: Whether pieces that are much paler than the others may be digits, see
            ``tenfold.reading.show_through``.
        glyphs: The glyphs that were made so far, by the indices of their pieces.
    """

    grey: Array
    contrast: Array
    labels: Array
    boxes: Array
    area: Array
    peak: Array
    perimeter: Array
    ruled: Array | None = None
    margin: int = 0
    pale_digits: bool = False
    glyphs: "dict[tuple[int, ...], Glyph]" = field(default_factory=dict, repr=False)

    @cached_property
    def sizes(self) -> Array:
        """Size of each piece, (P,) int64, in pixels: the longer side of its box."""
        return np.asarray((self.boxes[:, 2:] - self.boxes[:, :2]).max(axis=1, initial=0))

    @cached_property
    def stroke(self) -> Array:
        """Mean stroke width of each piece, (P,), in pixels: 2 area / perimeter."""
        return 2 * self.area / np.maximum(self.perimeter, 1)

    def strongest(self, box: tuple[int, int, int, int]) -> float:
        """Return the strongest contrast in a box: top, left, bottom, right."""
        top, left, bottom, right = box
        return float(self.contrast[top:bottom, left:right].max())


def find_ink(grey: Array, contrast: Array) -> Ink:
    """Return the ink of a picture.

    Args:
        grey: (H, W) float32, 0 to 1, in which the ink is dark.
        contrast: (H, W) float32, 0 to 1.
    """
    smooth = sliding_mean(contrast, 3)
    background, noise = _background_and_noise(smooth)
    least = background + max(_NOISE_LEVELS * noise, _LEAST_CONTRAST)
    above = smooth.reshape(-1)[np.flatnonzero(smooth > least)]
    if len(above) == 0:
        return find_pieces(np.zeros(contrast.shape, bool), grey, contrast, smooth)
    strongest = quantile(above[:: 1 + len(above) // 20_000], 0.9)
    if _LOW * strongest < least and above.max() < _FAINT:
        mask = _faint_ink(smooth, least, background + _WEAK_LEVELS * noise)
        return find_pieces(mask, grey, contrast, smooth)
    low = max(least, _LOW * strongest)
    strong = smooth > low
    labels, boxes = connected_pieces(strong)
    inside = np.flatnonzero(strong)
    peaks = _peaks(smooth.reshape(-1)[inside], labels.reshape(-1)[inside], len(boxes))
    # Pixels next to a piece get its label, too, since smoothing hides the edges of pale strokes.
    wider = sliding_maximum(labels, 3)
    np.copyto(wider, labels, where=strong)
    inside = np.flatnonzero(wider)
    mask = np.zeros(contrast.shape, bool)
    threshold = np.maximum(_HALF * peaks, low * 0.8)
    mask.reshape(-1)[inside] = contrast.reshape(-1)[inside] > threshold[wider.reshape(-1)[inside]]
    return find_pieces(mask, grey, contrast, smooth)


def _faint_ink(smooth: Array, least: float, weak: float) -> Array:
    """Return which pixels are ink that hardly stands out from the noise, (H, W) bool.

    A stroke of pencil on grainy paper varies so much that parts of it are weaker than the strongest
    noise. So a pixel needs only a low contrast if it is connected, by such pixels, with ink that
    stands out from the noise (hysteresis). The contrast is smoothed, since the grain would break
    the strokes.

    Args:
        smooth: (H, W), the smoothed contrast.
        least: Contrast that stands out from the noise.
        weak: Lowest contrast of a part of a stroke.

    References:
        Canny, "A computational approach to edge detection" (1986): thresholds with hysteresis.
    """
    labels, boxes = connected_pieces(smooth > weak)
    inside = np.flatnonzero(labels)
    owner, values = labels.reshape(-1)[inside], smooth.reshape(-1)[inside]
    peaks = _peaks(values, owner, len(boxes))
    threshold = np.where(peaks > least, np.maximum(_FAINT_HALF * peaks, weak), np.inf)
    mask = np.zeros(smooth.shape, bool)
    mask.reshape(-1)[inside] = values > threshold[owner]
    return mask


def _background_and_noise(smooth: Array) -> tuple[float, float]:
    """Return the contrast of the paper, and its standard deviation.

    They are the median, and the median absolute deviation times 1.4826. If ink covers so much of
    the picture that the median is not paper, they follow from the 5% and 25% quantiles: of a
    normal distribution, these are 1.645 and 0.674 standard deviations below the mean.

    If this noise is so strong that hardly any ink would stand out, uneven light or a large amount
    of ink has increased the deviation. Then the deviation within small windows is used, if it is
    smaller.
    """
    step = 1 + int(np.sqrt(smooth.size / 40_000))
    sample = smooth[::step, ::step]
    low, quarter, middle, top = quantiles(sample, (0.05, 0.25, 0.5, 0.99))
    if middle - quarter > 4 * (quarter - low) + _LEAST_CONTRAST:
        noise = (quarter - low) / (1.645 - 0.674)
        middle = quarter + 0.674 * noise
    else:
        noise = 1.4826 * median(np.abs(sample - np.float32(middle)))
    if middle + _NOISE_LEVELS * noise > _MAX_NOISE_SHARE * top:
        noise = min(noise, _local_deviation(sample))
    return middle, noise


def _local_deviation(sample: Array) -> float:
    """Return the lower quartile of the standard deviations within small windows."""
    window = max(5, min(sample.shape) // _WINDOWS)
    mean = sliding_mean(sample, window)
    variance = sliding_mean(sample**2, window) - mean**2
    return float(max(quantile(variance, 0.25), 0) ** 0.5)


def find_pieces(mask: Array, grey: Array, contrast: Array, smooth: Array | None = None) -> Ink:
    """Return the ink of a mask with its connected pieces.

    Args:
        mask: (H, W) bool, which pixels are ink.
        grey: (H, W) float32, as in ``Ink``.
        contrast: (H, W) float32, as in ``Ink``.
        smooth: The contrast, averaged over 3 x 3 pixels. Default: it is computed.
    """
    if smooth is None:
        smooth = sliding_mean(contrast, 3)
    labels, boxes = connected_pieces(mask)
    count = len(boxes)
    inside = np.flatnonzero(mask)
    owner = labels.reshape(-1)[inside]
    return Ink(
        grey,
        contrast,
        labels,
        boxes,
        np.bincount(owner, minlength=count + 1)[1:],
        _peaks(smooth.reshape(-1)[inside], owner, count)[1:],
        _perimeters(mask, inside, owner, count),
    )


def _peaks(values: Array, owner: Array, count: int) -> Array:
    """Return the largest of the values (n,) of each label, (count + 1,) float32; 0 for label 0."""
    peaks = np.zeros(count + 1, np.float32)
    np.maximum.at(peaks, owner, values)
    return peaks


def _perimeters(mask: Array, inside: Array, owner: Array, count: int) -> Array:
    """Return the perimeter of each piece in pixels, (count,) float64.

    It is pi / 4 times the number of sides of its pixels at which the background begins.

    Args:
        mask: (H, W) bool, the ink.
        inside: (n,), the flat indices of its pixels.
        owner: (n,), the label of the piece of each of these pixels.
        count: Number of pieces.
    """
    padded = np.pad(mask, 1).view(np.uint8)
    beside = padded[:-2, 1:-1] + padded[2:, 1:-1] + padded[1:-1, :-2] + padded[1:-1, 2:]
    free = 4 - beside.reshape(-1)[inside]
    return np.asarray(np.bincount(owner, free, minlength=count + 1)[1:] * (np.pi / 4))


def pixels_of(ink: Ink, chosen: Array) -> Array:
    """Return which pixels belong to the chosen pieces, (H, W) bool.

    Args:
        ink: The ink.
        chosen: Which pieces, (P,) bool.
    """
    return np.asarray(np.append(False, chosen)[ink.labels])
