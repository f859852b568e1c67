"""Dead units: what is 0 for every image has no gradient and takes no part."""

from tenfold.doctor.finding import Finding
from tenfold.doctor.remedy import with_settings

__all__ = ["many_dead_units"]

_MANY = 0.7  # our own recipes, after short trials: up to 0.3


def many_dead_units(dead: int, units: int, images: int, command: str) -> Finding | None:
    """Return a finding if more than 70 % of a trained network's ReLU units are dead.

    Args:
        dead: units that are 0 for all images. ``units``: how many there are.
        images: how many were looked at.
        command: what trains the network; the remedy changes its activation.
    """
    if dead <= _MANY * units:
        return None
    return Finding(
        "dead-units",
        "warning",
        "most of the network's units are dead",
        f"{dead:,} of {units:,} ReLU units ({dead / units:.0%}) are 0 for all of {images} images",
        "steps that were too long pushed their weights to where no image makes them active, and "
        "there is no gradient that leads back",
        with_settings(command, "activation=LeakyReLU"),
    )
