"""A learning rate that is too high, and a better one from a short range test.

Smith, "Cyclical learning rates for training neural networks" (WACV 2017), proposes the range test.
A common rule says that an update should be about a thousandth of the weights. The built-in recipes
train with few steps, and their updates are up to 23% of the weights (ratio of the norms).
"""

import math

import numpy as np

from tenfold.doctor.check import Check
from tenfold.doctor.finding import Finding
from tenfold.doctor.fix import with_settings
from tenfold.doctor.recipe.case import RecipeCase
from tenfold.doctor.recipe.trial import Trial

__all__ = ["HighLearningRate"]

_LONG, _FAR_TOO_LONG = 0.25, 0.6  # |update| / |theta|; healthy recipes: up to 0.23
_RISE = 2.0  # largest allowed ratio of the highest loss to the first
# If the signs of a high rate are unclear, the final loss with a lower rate must be below this share
# of the final loss with the recipe's rate.
_BETTER = 0.75
_FACTORS = (0.1, 0.01, 0.001)  # by which the learning rate is multiplied in further trials
# Trials whose final loss is at most this many times the lowest final loss count as equally good.
# The lowest of their rates is proposed, because high rates look too good in such a short test.
_NEAR = 1.4


class HighLearningRate(Check[RecipeCase]):
    """Check for a learning rate that is too high, by short trainings."""

    name = "learning-rate"
    looks_for = "a learning rate that is too high"
    explained_by = frozenset({"small-batches", "inputs-unscaled", "dead-network", "one-batch"})

    def run(self, case: RecipeCase) -> Finding | None:
        """Return a finding if a trial looks bad and a lower learning rate ends with a lower loss.

        Lower rates are tried only if the first trial looks bad. Of the rates that end near the
        lowest loss, the lowest rate is proposed.
        """
        trial = case.trial
        first, peak, longest = _signs(trial)
        is_clear = math.isinf(trial.final_loss) or not longest <= _FAR_TOO_LONG
        if not is_clear and longest <= _LONG and peak <= _RISE * first:
            return None
        trials = [case.try_rate(factor) for factor in _FACTORS]
        lowest = min(other.final_loss for other in trials)
        if not lowest < trial.final_loss * (1 if is_clear else _BETTER):
            return None
        best = [other for other in trials if other.final_loss <= _NEAR * lowest][-1]
        return Finding(
            self.name,
            "serious",
            f"the learning rate {trial.rate:.3g} is too high, by a factor of about "
            f"{trial.rate / best.rate:.0f}",
            _evidence(trial, best),
            "the steps are too long for the curvature of the loss, so they overshoot",
            with_settings(case.command, f"learning_rate={best.rate:.3g}"),
        )


def _signs(trial: Trial) -> tuple[float, float, float]:
    """Return the first and the highest loss, and the largest |update| / |theta|."""
    first = trial.losses[0] if len(trial.losses) else math.nan
    return first, np.max(trial.losses, initial=0), np.max(trial.ratios, initial=0)


def _evidence(trial: Trial, best: Trial) -> str:
    first, peak, longest = _signs(trial)
    final = trial.final_loss
    ended = "training diverges" if math.isinf(final) else f"it ends at {final:.3g}"
    moved = f"{longest:.0%}" if longest < 100 else "more than 10,000%"
    return (
        f"in a trial of {trial.steps} steps the loss starts at {first:.3g}, reaches at most "
        f"{peak:.3g}, and {ended}; one step changes the weights by up to {moved} of their norm "
        f"(at most {_LONG:.0%} is usual); with a learning rate of {best.rate:.3g} the loss ends at "
        f"{best.final_loss:.3g}"
    )
