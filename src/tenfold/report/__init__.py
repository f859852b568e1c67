"""The report: one HTML page with everything about a run, which needs no other file.

To add a section, write a function ``(Context) -> Section | None`` in a new file, and add it to the
list in ``sections.py``. Figures come from the catalogue (``tenfold.plots.catalogue``). Results that
take long to compute are called studies (``study_functions.py``): they are computed once and stored
in the run folder.
"""

from tenfold.report.blocks import (
    Block,
    Command,
    Details,
    Headline,
    Interval,
    Intervals,
    Matrix,
    Paragraph,
    Picture,
    Section,
    SideBySide,
    Stat,
    Stats,
    Table,
    Tile,
    Tiles,
)
from tenfold.report.context import Context
from tenfold.report.page import Report, write_report
from tenfold.report.sections import SECTIONS
from tenfold.report.studies import STUDIES, load_or_compute_study
from tenfold.report.svg import page_picture

__all__ = [
    "SECTIONS",
    "STUDIES",
    "Block",
    "Command",
    "Context",
    "Details",
    "Headline",
    "Interval",
    "Intervals",
    "Matrix",
    "Paragraph",
    "Picture",
    "Report",
    "Section",
    "SideBySide",
    "Stat",
    "Stats",
    "Table",
    "Tile",
    "Tiles",
    "load_or_compute_study",
    "page_picture",
    "study",
    "write_report",
]

study = load_or_compute_study  # its name in version 0.2
