"""The list of all sections, in the order in which they appear on the page."""

from collections.abc import Callable
from typing import TypeAlias

from tenfold.report.baselines import baselines_section
from tenfold.report.blocks import Section
from tenfold.report.confidence import confidence_section
from tenfold.report.context import Context
from tenfold.report.inside import inside_section
from tenfold.report.mistakes import mistakes_section
from tenfold.report.reproduce import reproduce_section
from tenfold.report.result import result_section
from tenfold.report.robustness import robustness_section
from tenfold.report.training import training_section

__all__ = ["SECTIONS", "SectionMaker"]

SectionMaker: TypeAlias = Callable[[Context], Section | None]
"""Function that makes a section of a run; it returns None if there is nothing to show."""

SECTIONS: tuple[SectionMaker, ...] = (
    result_section,
    training_section,
    mistakes_section,
    confidence_section,
    inside_section,
    robustness_section,
    baselines_section,
    reproduce_section,
)
