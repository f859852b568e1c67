"""Sheet: rows of small images, each row with its name."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tenfold.nn.array import Array
from tenfold.plots.strips import Strip, strips_figure
from tenfold.plots.style import picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["contact_sheet"]


@picture
def contact_sheet(title: str, explanation: str, rows: Mapping[str, Array]) -> "Figure":
    """Draw rows of images, ink dark on white, the name of each row before it.

    Args:
        title: what the sheet shows. ``explanation``: a line below it.
        rows: images (N, H, W, 1) on the 0..255 scale by name; a name's second line is faint.

    Raises:
        TenfoldError: if matplotlib is missing.
    """
    strips = [Strip(name, images[..., 0]) for name, images in rows.items()]
    return strips_figure(title, explanation, strips)
