"""Sections: what stands on the page, in the order in which a reader asks."""

from collections.abc import Callable
from typing import TypeAlias

from tenfold.report.again import again
from tenfold.report.blocks import Section
from tenfold.report.confidence import confidence
from tenfold.report.context import Context
from tenfold.report.inside import inside
from tenfold.report.learning import learning
from tenfold.report.mistakes import mistakes
from tenfold.report.verdict import verdict
from tenfold.report.worse import worse

__all__ = ["SECTIONS", "SectionMaker"]

SectionMaker: TypeAlias = Callable[[Context], Section | None]
"""Makes a section of a run; None if the run has nothing to show for it."""

SECTIONS: tuple[SectionMaker, ...] = (
    verdict,
    learning,
    mistakes,
    confidence,
    inside,
    worse,
    again,
)
