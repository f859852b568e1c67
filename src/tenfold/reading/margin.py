"""The margin of a small picture: paper with the colour and the brightness of its border."""

import numpy as np

from tenfold.nn.array import Array

__all__ = ["with_margin"]

_MARGIN = 0.15  # paper that is added around a small picture, as a share of its longer side
_EVEN = 0.5  # least share of the border of a small picture that has the colour of its paper
_INNER = (0.06, 0.12)  # distances of inner rings from the border, in shorter sides of the picture
_RARE = 0.3  # largest share of the inside of the picture that has the colour of a frame
_WHOLE = 0.9  # least share of a side of the border that has the colour of a frame
_FRAME_SIDES = 3  # least number of sides of the border that have the colour of a frame
_UNIT = 160  # pixels: unit of the coordinates of the fit
_STEPS = 30  # largest number of steps of the fit of the brightness
_SETTLED = 0.01  # grey levels: the fit ends if a step changes all estimates by less
_SAME = 40  # two colours count as equal if no channel differs by more than this


def with_margin(rgb: Array) -> tuple[Array, int]:
    """Return a small picture with paper around it, and the width of this margin in pixels.

    With the margin, no ink touches the border of the picture. Small pictures are often cropped at
    the ink. If less than half of the border has one colour, it is not known what paper looks like,
    and nothing is added. Nothing is added either if that colour is rare further inside: then the
    picture has a frame, such as the border of a box.

    Args:
        rgb: (H, W, 3) uint8.
    """
    border = _ring(rgb, 0)
    paper = np.median(border, axis=0)
    if _share(border, paper) < _EVEN or _is_frame(rgb, paper):
        return rgb, 0
    margin = round(_MARGIN * max(rgb.shape[:2]))
    around = _paper_around(rgb, paper, margin)
    around[margin:-margin, margin:-margin] = rgb
    return around, margin


def _share(pixels: Array, colour: Array) -> float:
    """Return the share of pixels (..., 3) int16 that have nearly the given colour (3,)."""
    return float((np.abs(pixels - colour).max(axis=-1) <= _SAME).mean())


def _is_frame(rgb: Array, colour: Array) -> bool:
    """Return whether the colour of the border is that of a frame on at least three sides.

    The colour of a frame is rare inside. A picture of a thick digit may also have little paper
    inside, but then the digit reaches the border on two sides.
    """
    depths = [round(each * min(rgb.shape[:2])) for each in _INNER]
    inner = [np.median(_ring(rgb, depth), axis=0) for depth in depths]
    if all(np.abs(ring - colour).max() <= _SAME for ring in inner):
        return False
    sides = [rgb[0], rgb[-1], rgb[:, 0], rgb[:, -1]]
    frame_sides = sum(_share(side.astype(np.int16), colour) >= _WHOLE for side in sides)
    inside = rgb[depths[-1] : -depths[-1], depths[-1] : -depths[-1]].astype(np.int16)
    return frame_sides >= _FRAME_SIDES and _share(inside, colour) < _RARE


def _paper_around(rgb: Array, paper: Array, margin: int) -> Array:
    """Return paper, (H + 2 margin, W + 2 margin, 3) uint8, with the brightness of the border.

    The brightness is a + b x + c y for each channel, fitted to the border by least absolute
    deviations, so that a little ink at the border has hardly any influence. A pixel of the margin
    has the brightness of the nearest pixel of the border.
    """
    height, width = rgb.shape[:2]
    design = np.stack([np.ones((height, width)), *np.indices((height, width)) / _UNIT], axis=2)
    border = _ring(rgb, 0).astype(np.float64)
    fits = [
        _least_absolute(_ring(design, 0), values, start)
        for values, start in zip(border.T, paper, strict=True)
    ]
    brightness = (design @ np.array(fits).T).round().clip(0, 255).astype(np.uint8)
    return np.pad(brightness, [(margin, margin)] * 2 + [(0, 0)], mode="edge")


def _least_absolute(design: Array, values: Array, start: float) -> Array:
    """Return the coefficients (K,) with the least sum of |values - design @ coefficients|.

    They are found by least squares with weights 1 / |residual|, repeated.

    Args:
        design: (N, K), its first column 1.
        values: (N,).
        start: First estimate of all values.
    """
    estimate = np.full(len(values), start)
    for _ in range(_STEPS):
        weight = 1 / np.maximum(np.abs(values - estimate), 1.0)
        weighted = design * weight[:, np.newaxis]
        # A picture of one row or column has no slope across it, so the matrix may be singular.
        fit = np.linalg.lstsq(weighted.T @ design, weighted.T @ values, rcond=None)[0]
        last, estimate = estimate, design @ fit
        if np.abs(estimate - last).max() < _SETTLED:
            break
    return np.asarray(fit)


def _ring(rgb: Array, depth: int) -> Array:
    """Return the pixels at a distance from the border, (N, 3); those of uint8 as int16."""
    inside = rgb[depth : len(rgb) - depth, depth : rgb.shape[1] - depth]
    if inside.size == 0:
        inside = rgb
    sides = [inside[0], inside[-1], inside[:, 0], inside[:, -1]]
    ring = np.concatenate(sides)
    return ring.astype(np.int16) if ring.dtype == np.uint8 else ring
