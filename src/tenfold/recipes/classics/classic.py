"""A classic: an experiment of one of the five projects that tenfold began with.

It has two forms, one as its author wrote it and one that is corrected, and the results that the
project claims.
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
        compare_with: Which accuracy of our run corresponds to the claim: ``"train"``, on the
            training images, or ``"held_out"``, on images that were not used for training.
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
        as_written: The computation of the project, including its faults.
        corrected: The same experiment without the faults.
        corrections: What was changed in the corrected form, one line for each change.
        log: What the program of the project printed: training accuracy by the number of steps.
        seed: Random seed whose run is closest to ``log``. The projects set no seed, so a log is one
            sample of many possible ones. To judge a project, use the mean over several seeds.
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
