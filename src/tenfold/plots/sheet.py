"""Sheet: rows of small images, each row with its name."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tenfold.nn.array import Array
from tenfold.plots.style import FAINT, INK, PALE, picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["contact_sheet"]

_IMAGE, _GAP, _MARGIN, _HEAD, _NAMES = 0.62, 0.08, 0.3, 0.75, 1.9  # inches


@picture
def contact_sheet(title: str, explanation: str, rows: Mapping[str, Array]) -> "Figure":
    """Draw rows of images, ink dark on white, the name of each row before it.

    Args:
        title: what the sheet shows. ``explanation``: a line below it.
        rows: images (N, H, W, 1) on the 0..255 scale by name; a name's second line is faint.

    Raises:
        TenfoldError: if matplotlib is missing.
    """
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

    longest = max(map(len, rows.values()), default=1)
    width = 2 * _MARGIN + _NAMES + longest * (_IMAGE + _GAP)
    height = _HEAD + len(rows) * (_IMAGE + _GAP) + _MARGIN
    figure = Figure(figsize=(width, height))
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(height, 0))
    axes.set_axis_off()
    axes.text(_MARGIN, 0.32, title, size=10.5, weight="bold")
    axes.text(_MARGIN, 0.54, explanation, color=FAINT)
    for row, (name, images) in enumerate(rows.items()):
        top = _HEAD + row * (_IMAGE + _GAP)
        first, _, second = name.partition("\n")
        middle = top + _IMAGE / 2
        axes.text(_MARGIN, middle + (-0.02 if second else 0.04), first, color=INK, weight="bold")
        axes.text(_MARGIN, middle + 0.16, second, color=FAINT, size=7.5)
        for column, image in enumerate(images):
            left = _MARGIN + _NAMES + column * (_IMAGE + _GAP)
            extent = (left, left + _IMAGE, top + _IMAGE, top)
            axes.imshow(image[..., 0], cmap="gray_r", vmin=0, vmax=255, extent=extent)
            frame = Rectangle((left, top), _IMAGE, _IMAGE, fill=False, edgecolor=PALE)
            axes.add_patch(frame)
    return figure
