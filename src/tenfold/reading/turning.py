"""Turning: the ink of skewed text lines, turned until the lines are horizontal."""

import numpy as np

from tenfold.nn.array import Array
from tenfold.reading.digit_pieces import rest_pieces
from tenfold.reading.mask import Ink, find_ink, pixels_of

__all__ = ["turn", "turned", "turned_area"]


def turned_area(ink: Ink, angle: float) -> float:
    """Return the area of the turned picture, divided by the area of the picture."""
    height, width = ink.contrast.shape
    sin, cos = abs(np.sin(np.radians(angle))), abs(np.cos(np.radians(angle)))
    return float((width * cos + height * sin) * (width * sin + height * cos) / (width * height))


def turn(ink: Ink, angle: float, other: Array) -> Ink:
    """Return the turned ink, without large pieces that are no digits and without rests.

    Both are recognised by their position, for example along the border of the picture. After the
    turn, this would be impossible, since the turned ink has a different border.

    Args:
        ink: The ink.
        angle: Angle in degrees, counterclockwise.
        other: Indices of the large pieces that are left out, from ``other_pieces``.
    """
    kept = ~rest_pieces(ink)
    kept[other] = False
    contrast = turned(np.where(pixels_of(ink, kept), ink.contrast, 0), angle)
    found = find_ink(1 - turned(1 - ink.grey, angle), contrast)
    found.pale_digits = ink.pale_digits
    if ink.ruled is not None:
        found.ruled = turned(ink.ruled, angle) > 0.5
    return found


def turned(values: Array, angle: float) -> Array:
    """Return values (H, W) turned counterclockwise by an angle in degrees; the margin is 0."""
    from PIL import Image

    picture = Image.fromarray(values.astype(np.float32))
    return np.asarray(picture.rotate(angle, Image.Resampling.BILINEAR, expand=True))
