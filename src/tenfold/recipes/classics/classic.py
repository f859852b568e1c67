"""A classic: an experiment of one of the five projects that tenfold began with.

It has two forms, as its author wrote it and corrected, and the results that the project claims.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tenfold.recipes.recipe import Recipe

__all__ = ["Claim", "Classic"]


@dataclass(frozen=True)
class Claim:
    """A result that a project claims.

    Attributes:
        value: Accuracy, 0 to 1.
        description: What was measured, in the project's own terms.
        compare_with: The accuracy of ours to compare it with: on the images ``"train"``, or on
            those that were not used for training, ``"held_out"``.
    """

    value: float
    description: str
    compare_with: str


@dataclass(frozen=True)
class Classic:
    """One experiment in both forms: as written, and corrected.

    Attributes:
        name: Name on the command line.
        project: Owner and name of the project.
        claims: Results that the project claims.
        as_written: The computation of the project, faults included.
        corrected: The same experiment without the faults.
        corrections: Differences of the corrected form, a line each.
        log: Output of the project's own program: training accuracy by the number of steps.
        seed: Random seed whose run is closest to ``log``. The projects set no seed, so a log is one
            sample of many. The seed says nothing about how good a project is; means over several
            seeds do.
    """

    name: str
    project: str
    claims: tuple[Claim, ...]
    as_written: Recipe
    corrected: Recipe
    corrections: tuple[str, ...]
    log: Mapping[int, float] = field(default_factory=dict)
    seed: int = 0

    @property
    def forms(self) -> dict[str, Recipe]:
        """Both recipes, by the name of the form."""
        return {"as_written": self.as_written, "corrected": self.corrected}
