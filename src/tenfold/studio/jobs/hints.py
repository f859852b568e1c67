"""Hints: remarks in words on the layer statistics of a network while it is trained.

The thresholds are rules of thumb. The checks of ``tenfold.doctor`` judge the finished run.
"""

import math
from collections.abc import Sequence

from tenfold.inspection import LayerRow

__all__ = ["hints"]

_LARGE, _SMALL = 0.05, 1e-6  # update ratios above and below which there is a hint
_DEAD = 0.7  # share of dead units above which there is a hint
_EARLY = 50  # before this step, there are no hints
_GUESS = math.log(10)  # loss of a guess


def hints(rows: Sequence[LayerRow], step: int, loss: float, annealed: bool = False) -> list[str]:
    """Return hints on a network.

    Args:
        rows: Statistics of its layers, with gradients and updates (``LayerMonitor``).
        step: Number of steps so far.
        loss: Recent training loss.
        annealed: Whether the schedule has already lowered the learning rate, so that small steps
            are intended.
    """
    if step < _EARLY:
        return []
    found = []
    weights = [row for row in rows if "gradient_rms" in row]
    if any(row["gradient_rms"] is None for row in weights):
        found.append("Some gradients are no longer finite: the learning rate is too high.")
    elif weights and all(row["gradient_rms"] == 0 for row in weights[:-1]) and len(weights) > 1:
        found.append(
            "Only the last layer gets a gradient, because the weights are all zero or the units "
            "are dead: begin with random weights, or lower the learning rate."
        )
    large = [row["name"] for row in weights if (row["update_ratio"] or 0) > _LARGE]
    small = [row["name"] for row in weights if 0 < (row["update_ratio"] or 1) < _SMALL]
    small = [] if annealed else small
    if large:
        found.append(
            f"A step changes the weights of {_listed(large)} by more than {_LARGE:.0%}: a lower "
            "learning rate would make the training more stable."
        )
    if small:
        found.append(
            f"A step hardly changes the weights of {_listed(small)}: a higher learning rate would "
            "be faster."
        )
    dead = [row for row in rows if (row.get("dead") or 0) > _DEAD]
    if dead:
        found.append(
            f"{dead[0]['dead']:.0%} of the units of {dead[0]['name']} are 0 for every image, and "
            "do not learn: the weights began at zero, or the steps were too large. After large "
            "steps, units with LeakyReLU still learn."
        )
    if loss > 0.98 * _GUESS and not found:
        found.append(f"The loss is still that of a guess, ln 10 = {_GUESS:.2f}.")
    return found


def _listed(names: Sequence[str]) -> str:
    layers = [f"layer {name}" for name in names]
    return layers[0] if len(layers) == 1 else f"{', '.join(layers[:-1])} and {layers[-1]}"
