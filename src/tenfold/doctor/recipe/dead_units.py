"""Dead units after a short training."""

from tenfold.doctor.check import Check
from tenfold.doctor.dead_units import dead_units_finding
from tenfold.doctor.finding import Finding
from tenfold.doctor.recipe.case import RecipeCase

__all__ = ["DeadUnitsAfterTrial"]


class DeadUnitsAfterTrial(Check[RecipeCase]):
    """Check for dead ReLU units after a short training."""

    name = "dead-units"
    looks_for = "dead units"
    explained_by = frozenset(
        {"small-batches", "inputs-unscaled", "dead-network", "one-batch", "learning-rate"}
    )

    def run(self, case: RecipeCase) -> Finding | None:
        """Return a finding if over 70% of the units are 0 for all images of the probe."""
        return dead_units_finding(case.trial.network, case.probe.images, case.command)
