"""The style of all figures, and functions that write figures to files.

The colours are from Okabe and Ito; colour-blind people can distinguish them. Lines, markers
or words always carry the same information as the colours, so that figures can be printed in grey.

References:
    Okabe and Ito, "Color universal design" (2008).
"""

import contextlib
import functools
import io
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ParamSpec

from tenfold.errors import TenfoldError
from tenfold.files import write_bytes
from tenfold.nn.arguments import PathLike, checked
from tenfold.nn.constraints import ListOf, Number, wrong_type

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "COLOURS",
    "DARK_GREEN",
    "DARK_ORANGE",
    "FAINT",
    "INK",
    "MARKERS",
    "PALE",
    "SIZE",
    "FigureSize",
    "check_figure",
    "check_figure_name",
    "save_figure",
    "styled_figure",
    "svg_text",
]

_P = ParamSpec("_P")

SIZE = ListOf(Number("(0, inf)"), 2, 2)
FigureSize = Annotated[tuple[float, float], SIZE]
"""Width and height in inches."""

INK, FAINT, PALE = "#222222", "#6B6B6B", "#E4E4E4"
"""Greys for text and main lines, for secondary text, and for grid lines."""

DARK_GREEN, DARK_ORANGE = "#007A5A", "#C04A00"
"""The green and the reddish orange of ``COLOURS``, slightly darker so that small text is readable.

Green is for correct predictions, orange for wrong predictions and for what needs attention.
"""

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")  # one more than the colours: 56 different pairs

_SETTINGS: dict[Any, Any] = {
    "figure.dpi": 150,
    "image.composite_image": False,  # faster for many small images
    "figure.constrained_layout.w_pad": 0.08,  # inches
    "figure.constrained_layout.h_pad": 0.08,
    "font.size": 9,
    "text.color": INK,
    "text.parse_math": False,  # the name of a run may contain dollar signs
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

_NOTEBOOK_DPI = 100  # a notebook stores its figures, so a higher resolution would make it large

# Matplotlib's settings are global to the process, so only one figure is drawn at a time.
_LOCK = threading.RLock()


def styled_figure(function: Callable[_P, "Figure"]) -> Callable[_P, "Figure"]:
    """Decorate a function so that it draws in this style, independent of the user's settings.

    The arguments of the function are checked. If its figure is the last value of a notebook cell,
    the notebook displays it at 100 dots per inch.
    """

    function = checked(function)

    @functools.wraps(function)
    def drawn(*args: _P.args, **kwargs: _P.kwargs) -> "Figure":
        with _styled():
            figure = function(*args, **kwargs)
            # Otherwise, the user's settings would decide the size of the numbers at ticks, since
            # the figure is rendered later.
            for axes in figure.axes:
                axes.tick_params(which="both", labelsize=_SETTINGS["font.size"])
        # Notebooks display only pyplot figures by themselves, so each figure has its own method.
        vars(figure)["_repr_png_"] = functools.partial(_png, figure, _NOTEBOOK_DPI)
        return figure

    return drawn


def save_figure(figure: "Figure", path: PathLike) -> Path:
    """Write a figure to a PNG file at its own size and 150 dots per inch.

    The file is written completely or not at all. It names tenfold as the software that wrote it.
    Equal figures give equal bytes, as no date and no version is written.

    Args:
        figure: The figure.
        path: The file; its name must end in ``.png``.

    Returns:
        The path of the file.

    Raises:
        TenfoldError: If the name does not end in ``.png``, the file cannot be written, or
            matplotlib is not installed.
    """
    check_figure(figure)
    target = Path(path)
    _check_suffix(target)
    write_bytes(target, _png(figure))
    return target


@checked
def check_figure_name(path: PathLike) -> None:
    """Check, before any work is done, that ``save_figure`` can write a file of this name.

    Raises:
        TenfoldError: If the name does not end in ``.png``, or matplotlib is not installed.
    """
    _check_suffix(Path(path))
    with _styled():
        pass


def check_figure(figure: object) -> None:
    """Raise ValueError for anything other than a figure of matplotlib."""
    if not hasattr(figure, "savefig"):
        raise wrong_type("figure", "a figure of matplotlib", figure)


def _check_suffix(path: Path) -> None:
    if path.suffix.lower() != ".png":
        raise TenfoldError(f"the name of a figure must end in .png, got {path.name!r}")


def svg_text(figure: "Figure") -> str:
    """Return a figure as SVG. Letters are paths, so they look the same on every machine.

    Equal figures give equal text: no date is written, and identifiers are not random.

    Raises:
        TenfoldError: If matplotlib is not installed.
    """
    check_figure(figure)
    content = io.StringIO()
    with _styled():
        figure.savefig(content, format="svg", metadata={"Date": None})
    return content.getvalue()


def _png(figure: "Figure", dpi: float | None = None) -> bytes:
    """Return a figure as PNG bytes, by default at its own dots per inch."""
    content = io.BytesIO()
    with _styled():
        figure.savefig(content, format="png", dpi=dpi or "figure", metadata={"Software": "tenfold"})
    return content.getvalue()


@contextlib.contextmanager
def _styled() -> Iterator[None]:
    try:
        import matplotlib
    except ImportError as error:
        raise TenfoldError(
            "figures need matplotlib, which is not installed: run pip install '.[plots]' "
            "in a checkout of tenfold"
        ) from error
    with _LOCK, matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_SETTINGS)
        yield
