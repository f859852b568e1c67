"""Report: everything about one run on one page that can be opened anywhere, for ever.

To add to the page: write a function ``(context) -> Section | None`` in a file of its concept, and
put it in its place in ``sections.py``. What is costly to find out is a study (``studies.py``): it
is computed once and kept in the run folder.
"""

from tenfold.report.blocks import (
    Beside,
    Block,
    Command,
    Folded,
    Headline,
    Interval,
    Intervals,
    Matrix,
    Picture,
    Prose,
    Section,
    Stat,
    Stats,
    Table,
    Tile,
    Tiles,
)
from tenfold.report.context import Context
from tenfold.report.page import Report, write_report
from tenfold.report.sections import SECTIONS
from tenfold.report.studies import STUDIES, study
from tenfold.report.svg import drawn

__all__ = [
    "SECTIONS",
    "STUDIES",
    "Beside",
    "Block",
    "Command",
    "Context",
    "Folded",
    "Headline",
    "Interval",
    "Intervals",
    "Matrix",
    "Picture",
    "Prose",
    "Report",
    "Section",
    "Stat",
    "Stats",
    "Table",
    "Tile",
    "Tiles",
    "drawn",
    "study",
    "write_report",
]
