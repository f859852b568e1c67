"""A classic: one published project, as it was written and corrected, with what it claims."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tenfold.recipes.recipe import Recipe

__all__ = ["Claim", "Classic"]


@dataclass(frozen=True)
class Claim:
    """A number that a project states.

    Attributes:
        value: an accuracy, 0 to 1.
        what: what was measured, in the project's own terms.
        measures: which of our numbers it must be set beside: ``"train"`` or ``"held_out"``.
    """

    value: float
    what: str
    measures: str


@dataclass(frozen=True)
class Classic:
    """One project in both forms.

    Attributes:
        name: on our command line.
        project: its authors' name for it, with its owner.
        claims: what it states.
        as_written: its arithmetic, faults included. ``corrected``: with the faults mended.
        mended: what the corrected form does otherwise, a line each.
        log: what the project's own program printed: training accuracy after so many updates.
        seed: the projects' starts are unseeded, so a log is one draw out of many; this random
            seed replays it most closely. It is chosen by that alone and says nothing about how
            good the project is: means over seeds do.
    """

    name: str
    project: str
    claims: tuple[Claim, ...]
    as_written: Recipe
    corrected: Recipe
    mended: tuple[str, ...]
    log: Mapping[int, float] = field(default_factory=dict)
    seed: int = 0

    @property
    def forms(self) -> dict[str, Recipe]:
        """Both recipes by form."""
        return {"as_written": self.as_written, "corrected": self.corrected}
