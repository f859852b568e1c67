"""Sections: what stands on the page, in the order in which a reader asks."""

from collections.abc import Callable
from typing import TypeAlias

from tenfold.report.baselines import proportion
from tenfold.report.blocks import Section
from tenfold.report.confidence import confidence
from tenfold.report.context import Context
from tenfold.report.inside import inside
from tenfold.report.learning import learning
from tenfold.report.mistakes import mistakes
from tenfold.report.reproduce import again
from tenfold.report.robustness import worse
from tenfold.report.verdict import verdict

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
    proportion,
    again,
)
