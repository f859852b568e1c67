"""Batches or shards that are too small for batch normalisation."""

from tenfold.doctor.check import Check
from tenfold.doctor.finding import Finding
from tenfold.doctor.fix import with_settings
from tenfold.doctor.recipe.case import NetworkCase
from tenfold.training import batch_problem

__all__ = ["SmallBatches"]


class SmallBatches(Check[NetworkCase]):
    """Check for batches or shards that ``fit`` rejects."""

    name = "small-batches"
    looks_for = "batches that are too small"

    def run(self, case: NetworkCase) -> Finding | None:
        """Return a finding if batch normalisation would get a single value of a feature."""
        images = len(case.train)
        problem = batch_problem(case.network, images, case.batch_size, case.shards)
        if problem is None:
            return None
        return Finding(
            self.name,
            "serious",
            "batches are too small for batch normalisation",
            f"{problem.statement}; there are {images:,} training images",
            "the mean of a single value is the value itself, so all images get the same output",
            with_settings(case.command, *(problem.settings or ("batch_norm=false",))),
        )
