"""A sheet of small images in named rows."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tenfold.nn.array import Array
from tenfold.plots.strips import Strip, strips_figure
from tenfold.plots.style import styled_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["contact_sheet"]


@styled_figure
def contact_sheet(title: str, explanation: str, rows: Mapping[str, Array]) -> "Figure":
    """Draw rows of images, dark on white, each with its name on the left.

    Args:
        title: Title of the sheet.
        explanation: A line below the title.
        rows: Images (N, H, W, 1), 0 to 255, of each row; the keys are the names. A name may contain
            a line break; what follows is printed in a paler colour.

    Raises:
        TenfoldError: If matplotlib is not installed.
    """
    strips = [Strip(name, images[..., 0]) for name, images in rows.items()]
    return strips_figure(title, explanation, strips)
