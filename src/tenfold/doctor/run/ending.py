"""How a run ended: unfinished or diverged; and whether its data can still be read."""

import numpy as np

from tenfold import shell
from tenfold.doctor.check import Check
from tenfold.doctor.finding import Finding
from tenfold.doctor.fix import with_settings
from tenfold.doctor.run.case import RECIPE_FAULTS, RunCase
from tenfold.nn import stream
from tenfold.training.divergence import Diagnosis, diagnose, diagnose_weights

__all__ = ["Divergence", "MissingData", "UnfinishedRun"]

_NOISE = 32  # number of random images for measuring whether weights get a gradient


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
            f"tenfold train --resume {shell.quote(case.run.folder)} --data NEW_PATH",
        )


class UnfinishedRun(Check[RunCase]):
    """Check for a run without metrics and model, which can be resumed."""

    name = "unfinished"
    looks_for = "an unfinished run"

    def run(self, case: RunCase) -> Finding | None:
        """Return a finding if the run can be resumed."""
        if case.metrics is not None or case.diverged:
            return None
        folder = shell.quote(case.run.folder)
        return Finding(
            self.name,
            "warning",
            "the run is unfinished",
            f"{folder} has no metrics.json; {len(case.records)} epochs are recorded",
            "the training or the machine was stopped",
            f"tenfold train --resume {folder}",
        )


class Divergence(Check[RunCase]):
    """Check for training that diverged: the run has a model, but no metrics."""

    name = "diverged"
    looks_for = "divergence"
    explained_by = RECIPE_FAULTS

    def run(self, case: RunCase) -> Finding | None:
        """Return a finding if training diverged, with a diagnosis from the last good weights."""
        if not case.diverged:
            return None
        found = _diagnosis(case)
        fix = shell.join(["tenfold", "doctor", *([case.run.data] if case.run.data else [])])
        if found.settings:
            fix = with_settings(case.command, *found.settings)
        return Finding(
            self.name,
            "serious",
            "training diverged: the loss was no longer finite, or all predictions were the same",
            f"{len(case.records)} epochs are recorded, and no metrics; the last good weights are "
            "kept",
            found.cause,
            fix,
        )


def _diagnosis(case: RunCase) -> Diagnosis:
    """Return the likely cause of a divergence; without images, it is found from the weights."""
    if case.split is not None:
        return diagnose(case.network, case.split.train, case.learning_rate)
    shape, classes = case.network.input_shape, case.network.shapes[-1][-1]
    noise = stream(0, "noise").integers(0, 256, (_NOISE, *shape)).astype(np.uint8)
    found = diagnose_weights(case.network, noise, np.arange(_NOISE) % classes)
    setting = f"learning_rate={case.learning_rate / 10:.3g}"
    return found or Diagnosis("the learning rate is the likely cause", (setting,))
