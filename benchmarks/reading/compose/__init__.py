"""The test composer: pictures of digits as people have them, with their ground truth.

In reading order: ``canvas`` (a sheet), ``tables`` and ``form_cells`` (what is around it),
``papers``, ``inks``, ``camera``, ``conditions`` (the conditions), ``scene`` (from a sheet to a
picture), ``singles``, ``stored``, ``enlarged``, ``layout`` (rows of digits), ``lines``, ``pages``,
``textures`` and ``nondigits``.
"""

from benchmarks.reading.compose.canvas import Mark, Truth
from benchmarks.reading.compose.conditions import CONDITIONS, HARD
from benchmarks.reading.compose.enlarged import ENLARGED, enlarged
from benchmarks.reading.compose.lines import LINES, lines
from benchmarks.reading.compose.nondigits import NONDIGITS, nondigits
from benchmarks.reading.compose.pages import PAGES, pages
from benchmarks.reading.compose.singles import singles
from benchmarks.reading.compose.stored import STORED, stored

__all__ = [
    "CONDITIONS",
    "ENLARGED",
    "HARD",
    "LINES",
    "NONDIGITS",
    "PAGES",
    "STORED",
    "Mark",
    "Truth",
    "enlarged",
    "lines",
    "nondigits",
    "pages",
    "singles",
    "stored",
]
