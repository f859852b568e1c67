"""Checks that need the images of the run: dead units, and validation images in training."""

from tenfold.data.faults.keep import code_to_keep_each_once
from tenfold.doctor.check import Check
from tenfold.doctor.data.leaks import leaked_images
from tenfold.doctor.dead_units import dead_units_finding
from tenfold.doctor.finding import Finding
from tenfold.doctor.run.case import RECIPE_FAULTS, RunCase

__all__ = ["DeadUnits", "LeakedValidationImages"]

_PROBE = 256  # number of images that are passed through the network


class DeadUnits(Check[RunCase]):
    """Check for dead ReLU units in the trained network."""

    name = "dead-units"
    looks_for = "dead units"
    explained_by = RECIPE_FAULTS

    def run(self, case: RunCase) -> Finding | None:
        """Return a finding if over 70% of the ReLU units are 0 for all of 256 training images."""
        if case.metrics is None or case.split is None:
            return None
        return dead_units_finding(case.network, case.split.train.images[:_PROBE], case.command)


class LeakedValidationImages(Check[RunCase]):
    """Check for training images that are also validation images."""

    name = "validation-images-in-training"
    looks_for = "validation images in training"

    def run(self, case: RunCase) -> Finding | None:
        """Return a finding if any validation image has the same bytes as a training image."""
        if case.metrics is None or case.split is None or case.split.validation is None:
            return None
        train, validation = case.split.train.images, case.split.validation.images
        # Both splits come from the same images, so the fix must keep each image once.
        return leaked_images(train, validation, "validation", code_to_keep_each_once(labelled=True))
