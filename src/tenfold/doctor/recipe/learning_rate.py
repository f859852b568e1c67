"""The learning rate: found too high by a few steps, and a better one by a short range test.

Smith, "Cyclical learning rates for training neural networks" (WACV 2017), proposes the range test;
that an update should move the weights by about a thousandth of their size is folklore, and our own
recipes, made for few steps, move them by up to a fifth.
"""

import math
from collections.abc import Callable

import numpy as np

from tenfold.doctor.finding import Finding
from tenfold.doctor.recipe.trial import Trial
from tenfold.doctor.remedy import with_settings

__all__ = ["learning_rate"]

_LONG, _FAR_TOO_LONG = 0.25, 0.6  # steps, as a share of the weights; healthy ones: up to 0.22
_RISE = 2.0  # how many times its first value the loss may reach
_BETTER = 0.75  # of the loss: what a lower rate must reach, where the signs are less clear
_FACTORS = (0.1, 0.01, 0.001)
_NEAR = 1.4  # times the lowest loss: in a test as short as this, high rates look too good


def learning_rate(trial: Trial, run: Callable[[float], Trial], command: str) -> Finding | None:
    """Return a finding if the steps are too long and shorter ones do better.

    Args:
        trial: of the recipe as it is.
        run: returns a trial with the learning rate multiplied by its argument; called only if the
            first trial looks bad.
        command: what trains the recipe; the remedy adds a better rate to it.
    """
    first = trial.losses[0] if len(trial.losses) else math.nan
    peak, longest = np.max(trial.losses, initial=0), np.max(trial.ratios, initial=0)
    certain = math.isinf(trial.end) or not longest <= _FAR_TOO_LONG
    if not certain and longest <= _LONG and peak <= _RISE * first:
        return None
    trials = [run(factor) for factor in _FACTORS]
    best = min(trials, key=lambda other: other.end)
    if not best.end < trial.end * (1 if certain else _BETTER):
        return None
    best = [other for other in trials if other.end <= _NEAR * best.end][-1]
    ended = "training broke off" if math.isinf(trial.end) else f"it ends at {trial.end:.3g}"
    return Finding(
        "learning-rate",
        "serious",
        f"the learning rate {trial.rate:.3g} is too high, about {trial.rate / best.rate:.0f} times",
        f"in {len(trial.losses)} short steps the loss starts at {first:.3g}, reaches {peak:.3g} at "
        f"most, and {ended}; one step moves the weights by {_percent(longest)} of their size (a "
        f"hundredth is usual); with {best.rate:.3g} the loss ends at {best.end:.3g}",
        "the steps are longer than the loss is smooth: each one overshoots",
        with_settings(command, f"learning_rate={best.rate:.3g}"),
    )


def _percent(share: float) -> str:
    return f"{share:.0%}" if share < 100 else "more than 10,000%"
