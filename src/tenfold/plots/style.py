"""Style: how every picture looks, in one place, and how it becomes a file.

The colours are Okabe and Ito's, which the colour-blind tell apart; whatever a colour says, a line,
a marker or a word says too, so that a picture can be printed in grey.

Okabe and Ito, "Color universal design" (2008).
"""

import contextlib
import functools
import io
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec

from tenfold.errors import TenfoldError
from tenfold.files import write_bytes

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "COLOURS",
    "FAINT",
    "INK",
    "MARKERS",
    "PALE",
    "RIGHT",
    "WRONG",
    "percent",
    "picture",
    "rounded_percent",
    "save_picture",
    "svg_text",
]

_P = ParamSpec("_P")

INK, FAINT, PALE = "#222222", "#6B6B6B", "#E4E4E4"
"""Greys: for what is read, for what helps to read it, and for lines behind it."""

RIGHT, WRONG = "#007A5A", "#C04A00"
"""Bluish green and vermillion, darkened a little so that small letters can be read."""

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")  # one more than colours: 56 combinations

_SETTINGS: dict[Any, Any] = {
    "figure.dpi": 150,
    "image.composite_image": False,  # many small images side by side: one large one is slower
    "figure.constrained_layout.w_pad": 0.08,  # inches
    "figure.constrained_layout.h_pad": 0.08,
    "font.size": 9,
    "text.color": INK,
    "text.parse_math": False,  # a run may be called anything, dollars included
    "axes.titlesize": 10.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlepad": 8,
    "axes.labelcolor": FAINT,
    "axes.edgecolor": FAINT,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": PALE,
    "grid.linewidth": 0.8,
    "xtick.color": FAINT,
    "ytick.color": FAINT,
    "lines.linewidth": 1.6,
    "lines.markersize": 5,
    "legend.frameon": False,
    "legend.handlelength": 2.6,
    "svg.fonttype": "path",
    "svg.hashsalt": "tenfold",
}

_NOTEBOOK_DPI = 100  # a notebook keeps its pictures: larger ones only make it heavy

# Matplotlib's settings belong to the whole process: one picture at a time.
_LOCK = threading.RLock()


def picture(function: Callable[_P, "Figure"]) -> Callable[_P, "Figure"]:
    """Make a function draw in the style of the house, whatever the user's own settings are.

    As the last value of a notebook's cell, the figure shows itself, 100 dots per inch.
    """

    @functools.wraps(function)
    def drawn(*args: _P.args, **kwargs: _P.kwargs) -> "Figure":
        with _styled():
            figure = function(*args, **kwargs)
            for axes in figure.axes:  # whose ticks would be made, and counted, when they are drawn
                axes.tick_params(which="both", labelsize=_SETTINGS["font.size"])
        # Without pyplot no one teaches a notebook to show figures, so each shows itself.
        vars(figure)["_repr_png_"] = functools.partial(_png, figure, _NOTEBOOK_DPI)
        return figure

    return drawn


def save_picture(figure: "Figure", path: str | os.PathLike[str]) -> Path:
    """Write a figure to a PNG file at its own size and 150 dots per inch, whole or not at all.

    Equal figures give equal bytes: no date and no version is written into the file.

    Raises:
        TenfoldError: if the name does not end in ``.png``, the file cannot be written, or
            matplotlib is missing.
    """
    target = Path(path)
    if target.suffix.lower() != ".png":
        raise TenfoldError(
            f"a picture is a PNG file, not {target.name!r}: give it a name that ends in .png"
        )
    write_bytes(target, _png(figure))
    return target


def svg_text(figure: "Figure") -> str:
    """Return a figure as SVG, its letters as outlines: they look the same on every machine.

    Equal figures give equal texts: no date is written, and identifiers are not drawn by lot.

    Raises:
        TenfoldError: if matplotlib is missing.
    """
    content = io.StringIO()
    with _styled():
        figure.savefig(content, format="svg", metadata={"Date": None})
    return content.getvalue()


def percent(share: float, position: float | None = None) -> str:
    """Return a share as a percentage without needless decimals; serves as a tick formatter too."""
    return f"{100 * share:.5g} %"


def rounded_percent(share: float) -> str:
    """Return a share as a percentage with one decimal, which says 100 only if it is all."""
    return "> 99.9 %" if 0.999 < share < 1 else f"{100 * share:.1f} %"


def _png(figure: "Figure", dpi: float | None = None) -> bytes:
    """Return a figure as a PNG file, at its own dots per inch by default."""
    content = io.BytesIO()
    with _styled():
        figure.savefig(content, format="png", dpi=dpi or "figure", metadata={"Software": None})
    return content.getvalue()


@contextlib.contextmanager
def _styled() -> Iterator[None]:
    try:
        import matplotlib
    except ImportError as error:
        raise TenfoldError(
            "pictures need matplotlib, which is not installed: pip install 'tenfold[plots]'"
        ) from error
    with _LOCK, matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_SETTINGS)
        yield
