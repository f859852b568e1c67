"""The training curve: a rising loss, and a network that was still improving at the end."""

import math

from tenfold.doctor.check import Check
from tenfold.doctor.finding import Finding
from tenfold.doctor.fix import with_settings
from tenfold.doctor.run.case import RECIPE_FAULTS, RunCase
from tenfold.evaluation import wilson_interval
from tenfold.runs.records import records_with

__all__ = ["RisingLoss", "StillImproving"]

_RISE = 1.5  # largest normal ratio of the last training loss to the lowest
_ANNEALED = 0.1  # below this share of its highest value, the learning rate is low
_GOOD = 0.95  # from this validation accuracy on, a network is good


class RisingLoss(Check[RunCase]):
    """Check for a training loss that ends far above its lowest value, or is not finite.

    Selective training uses difficult images more often, so its training loss may rise. Then only a
    loss that is not finite counts.
    """

    name = "rising-loss"
    looks_for = "a rising loss"
    explained_by = RECIPE_FAULTS

    def run(self, case: RunCase) -> Finding | None:
        """Return a finding if the last training loss exceeds 1.5 times the lowest."""
        if case.metrics is None:
            return None
        known = records_with(case.records, "train_loss")
        losses = [float(record["train_loss"]) for record in known]
        finite = all(map(math.isfinite, losses))
        if not losses or (finite and (case.selective or losses[-1] <= _RISE * min(losses))):
            return None
        return Finding(
            self.name,
            "serious",
            "the training loss rises",
            f"its lowest value was {min(losses):.3g}, and its last value, after {len(losses)} "
            f"records, is {losses[-1]:.3g}",
            "the steps are too long, at least late in the run",
            with_settings(case.command, f"learning_rate={case.learning_rate / 10:.3g}"),
        )


class StillImproving(Check[RunCase]):
    """Check for a network that was still improving when training ended."""

    name = "still-improving"
    looks_for = "training that ended too early"
    explained_by = RECIPE_FAULTS

    def run(self, case: RunCase) -> Finding | None:
        """Return a finding if validation accuracy rose significantly in the last quarter.

        The rise is significant if the 95% interval of the last accuracy is above the interval of
        the accuracy a quarter of the run earlier. In addition, the last learning rate must be at
        least a tenth of its highest value, or the last accuracy must be below 95%.
        """
        known = records_with(case.records, "validation_accuracy", "learning_rate")
        if case.metrics is None or len(known) < 2:
            return None
        images = 0 if case.metrics.validation is None else case.metrics.validation.n
        last, before = known[-1], known[-1 - max(1, len(known) // 4)]
        now, then = (float(record["validation_accuracy"]) for record in (last, before))
        rates = [float(record["learning_rate"]) for record in known]
        annealed = rates[-1] < _ANNEALED * max(rates)
        if not _significant_rise(then, now, images) or (annealed and now >= _GOOD):
            return None
        return Finding(
            self.name,
            "warning",
            "the network was still improving when training ended",
            f"validation accuracy rose from {then:.2%} in epoch {before['epoch']} to "
            f"{now:.2%} in epoch {last['epoch']}, which chance does not explain for "
            f"{images:,} images",
            "too few epochs",
            with_settings(case.command, f"epochs={2 * case.metrics.epochs}"),
        )


def _significant_rise(before: float, after: float, images: int) -> bool:
    """Return whether the 95% interval of the second accuracy is above the first interval."""
    if not images:
        return False
    low, _ = wilson_interval(round(after * images), images)
    _, high = wilson_interval(round(before * images), images)
    return low > high
