"""How a run ended: unfinished or diverged; and whether its data can still be read."""

import shlex

import numpy as np

from tenfold.doctor.check import Check
from tenfold.doctor.finding import Finding
from tenfold.doctor.remedy import with_settings
from tenfold.doctor.run.case import RECIPE_FAULTS, RunCase
from tenfold.training.divergence import diagnose

__all__ = ["Divergence", "MissingData", "UnfinishedRun"]

_PROBE = 256  # images that are passed through the network


class MissingData(Check[RunCase]):
    """Check for images that can no longer be read."""

    name = "data-gone"
    looks_for = "missing images"

    def run(self, case: RunCase) -> Finding | None:
        """Return a note if reading the images failed."""
        if not case.data_error:
            return None
        return Finding(
            self.name,
            "note",
            "the images of the run can no longer be read, so they were not examined",
            case.data_error,
            "the file or folder was moved, changed or deleted",
            f"tenfold doctor {shlex.quote(case.run.data or '')}",
        )


class UnfinishedRun(Check[RunCase]):
    """Check for a run without metrics and model, which can be resumed."""

    name = "unfinished"
    looks_for = "an unfinished run"

    def run(self, case: RunCase) -> Finding | None:
        """Return a finding if the run can be resumed."""
        if case.metrics is not None or case.diverged:
            return None
        folder = shlex.quote(str(case.run.folder))
        return Finding(
            self.name,
            "warning",
            "the run is unfinished",
            f"{folder} has no metrics.json; {len(case.records)} epochs are recorded",
            "the training or the machine was stopped",
            f"tenfold train --resume {folder}",
        )


class Divergence(Check[RunCase]):
    """Check for training that broke off: the run has a model, but no metrics."""

    name = "diverged"
    looks_for = "divergence"
    hidden_by = RECIPE_FAULTS

    def run(self, case: RunCase) -> Finding | None:
        """Return a finding if training broke off, with the diagnosis of the last good network."""
        if not case.diverged:
            return None
        cause = "the learning rate is the likely cause"
        if case.split is not None:
            with np.errstate(all="ignore"):
                images = case.split.train.images[:_PROBE]
                cause = diagnose(case.network, images, case.learning_rate)
        return Finding(
            self.name,
            "serious",
            "training broke off: the loss was no longer finite, or all predictions were the same",
            f"{len(case.records)} epochs are recorded, and no metrics; the last good weights are "
            "kept",
            cause,
            with_settings(case.command, f"learning_rate={case.learning_rate / 10:.3g}"),
        )
