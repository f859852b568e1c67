"""Dead units: ReLU units that are 0 for every image, so that they get no gradient."""

import numpy as np

from tenfold.doctor.finding import Finding
from tenfold.doctor.fix import with_settings
from tenfold.nn import Network
from tenfold.nn.array import Array
from tenfold.training import dead_units

__all__ = ["dead_units_finding"]

_MANY_DEAD = 0.7  # in short trainings of the built-in recipes, the share is at most 0.3


def dead_units_finding(network: Network, images: Array, command: str) -> Finding | None:
    """Return a finding if more than 70% of a trained network's ReLU units are dead.

    Args:
        network: The trained network.
        images: Some of its training images, (N, H, W, C) uint8.
        command: The command that trains the network; the fix adds another activation to it.
    """
    with np.errstate(all="ignore"):
        dead, units = dead_units(network, images)
    if dead <= _MANY_DEAD * units:
        return None
    return Finding(
        "dead-units",
        "warning",
        "most of the network's units are dead",
        f"{dead:,} of {units:,} ReLU units ({dead / units:.0%}) are 0 for all {len(images)} images",
        "steps were too long and moved the weights to a region where no image activates these "
        "units; without a gradient they cannot recover",
        with_settings(command, "activation=LeakyReLU"),
    )
