"""Rows of small images with names on the left: grey images, or signed numbers as shades."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

import numpy as np

from tenfold.nn.array import Array
from tenfold.plots.style import FAINT, INK, PALE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from matplotlib.figure import Figure

__all__ = ["Strip", "strips_figure"]

_GAP, _MARGIN, _HEAD_HEIGHT, _NAME_WIDTH = 0.08, 0.3, 0.75, 1.9  # inches
_CAPTION_HEIGHT = 0.12  # inches, for a caption below an image
_KEY_HEIGHT = 0.45  # inches, for the key of the shades below the last strip
# This percentile of the absolute values has the full shade, so that outliers do not make all other
# values pale.
_CLIP_PERCENTILE = 99.5

# Blue below 0, orange above 0; from dark to light, so that the sign can be seen in a grey print.
_SHADES = ("#04203A", "#0072B2", "#8A8A8A", "#EDA63C", "#FFF9E3")


@dataclass(frozen=True)
class Strip:
    """A row of images.

    Attributes:
        name: Name of the row. It may have several lines of text; those after the first are faint.
        images: Images, (N, H, W), on the scale from 0 to 255, or any numbers if ``signed``.
        captions: Text below each image; empty if there are no captions.
        signed: Whether the images are signed numbers, whose size and sign decide the shade. Then
            each row has its own scale.
    """

    name: str
    images: Array
    captions: Sequence[str] = ()
    signed: bool = False

    @cached_property
    def limit(self) -> float:
        """The absolute value that has the full shade; 1 if all numbers are 0."""
        sizes = np.abs(self.images[np.isfinite(self.images)])
        return float(np.percentile(sizes, _CLIP_PERCENTILE) if sizes.size else 0) or 1.0


def strips_figure(
    title: str, explanation: str, strips: Sequence[Strip], side: float = 0.62, wrap: int = 0
) -> "Figure":
    """Draw strips one below the other, with a key of the shades if one of them is signed.

    Args:
        title: Title of the figure.
        explanation: A line below the title.
        strips: The strips, from top to bottom.
        side: Width and height of an image, in inches.
        wrap: Largest number of images in a line; 0 to draw each strip on one line.
    """
    from matplotlib.figure import Figure

    longest = max((len(strip.images) for strip in strips), default=1)
    columns = min(longest, wrap) if wrap else longest
    signed = any(strip.signed for strip in strips)
    lines = [max(1, math.ceil(len(strip.images) / max(columns, 1))) for strip in strips]
    pitches = [side + _GAP + (_CAPTION_HEIGHT if strip.captions else 0) for strip in strips]
    width = 2 * _MARGIN + _NAME_WIDTH + columns * (side + _GAP)
    width = max(width, 5.2 if signed else 0)
    height = _HEAD_HEIGHT + sum(map(math.prod, zip(lines, pitches, strict=True))) + _MARGIN
    height += _KEY_HEIGHT if signed else 0
    figure = Figure(figsize=(width, height))
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(height, 0))
    axes.set_axis_off()
    axes.text(_MARGIN, 0.32, title, size=10.5, weight="bold")
    axes.text(_MARGIN, 0.54, explanation, color=FAINT)
    top = _HEAD_HEIGHT
    for strip, count, pitch in zip(strips, lines, pitches, strict=True):
        _write_name(axes, strip.name, top + side / 2)
        for index in range(len(strip.images)):
            line, column = divmod(index, columns)
            left = _MARGIN + _NAME_WIDTH + column * (side + _GAP)
            _draw(axes, strip, index, (left, top + line * pitch), side)
        top += count * pitch
    if signed:
        _draw_key(axes, top + 0.1)
    return figure


def _write_name(axes: "Axes", name: str, middle: float) -> None:
    first, *others = name.split("\n")
    # Position of the first line of text, in inches below the middle of the images.
    below = 0.04 - 0.06 * min(len(others), 1) - 0.09 * max(len(others) - 1, 0)
    axes.text(_MARGIN, middle + below, first, color=INK, weight="bold")
    for number, line in enumerate(others, 1):
        axes.text(_MARGIN, middle + below + 0.03 + 0.15 * number, line, color=FAINT, size=7.5)


def _draw(axes: "Axes", strip: Strip, index: int, corner: tuple[float, float], side: float) -> None:
    from matplotlib.patches import Rectangle

    left, top = corner
    extent = (left, left + side, top + side, top)
    shown = strip.images[index]
    if strip.signed:
        limit = strip.limit
        axes.imshow(shown, cmap=_signed_shades(), vmin=-limit, vmax=limit, extent=extent)
    else:
        axes.imshow(shown, cmap="gray_r", vmin=0, vmax=255, extent=extent)
    axes.add_patch(Rectangle((left, top), side, side, fill=False, edgecolor=PALE))
    if strip.captions:
        below = (left + side / 2, top + side + 0.1)
        axes.text(*below, strip.captions[index], size=6, color=FAINT, ha="center")


def _draw_key(axes: "Axes", top: float) -> None:
    left, right = _MARGIN + _NAME_WIDTH, _MARGIN + _NAME_WIDTH + 1.6
    shades = np.linspace(-1, 1, 101)[np.newaxis]
    extent = (left, right, top + 0.14, top)
    axes.imshow(shades, cmap=_signed_shades(), vmin=-1, vmax=1, extent=extent, aspect="auto")
    for x, alignment, word in (
        (left, "left", "− negative"),
        ((left + right) / 2, "center", "0"),
        (right, "right", "positive +"),
    ):
        axes.text(x, top + 0.28, word, size=7.5, color=FAINT, ha=alignment)


@cache
def _signed_shades() -> "Colormap":
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("signed", _SHADES)
