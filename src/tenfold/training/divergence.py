"""Divergence: when a training run is lost, say so at once, and say why."""

import numpy as np

from tenfold.errors import TenfoldError
from tenfold.nn import Network, ReLU
from tenfold.nn.array import Array

__all__ = ["LARGE_INPUT", "DivergenceError", "dead_units", "diagnose", "symptom"]

LARGE_INPUT = 50.0
"""Numbers beyond this, after a network's scaling layers, are pixels that nobody scaled."""

_SAME = 1e-6  # outputs that differ by less than this from image to image are the same


class DivergenceError(TenfoldError):
    """Training cannot go on; the network holds the last good weights again."""


def diagnose(network: Network, images: Array, learning_rate: float) -> str:
    """Return the likely cause of a lost run in words, with what to do.

    Args:
        network: holding weights that still give finite numbers.
        images: a batch that it was trained on, as given to ``network.forward``.
        learning_rate: of the last update.
    """
    if len(images) > 1 and (images == images[0]).all():
        return "All images are the same, so there is nothing to learn from: look at the data."
    if float(images.max()) <= 1.0:
        return (
            "The pixels run from 0 to 1, but networks here take raw pixels from 0 to 255: multiply "
            "them by 255 where they are made."
        )
    largest = float(np.abs(network.prepare(images)).max())
    if largest > LARGE_INPUT:
        return (
            f"The inputs reach {largest:.0f} after the first layers: the pixels look unscaled. "
            "Begin the network with Normalize(), which takes raw pixels from 0 to 255."
        )
    dead, units = dead_units(network, images)
    if units and dead / units > 0.9:
        return (
            f"{dead} of {units} ReLU units are dead (0 for every image, so without gradient): a "
            f"step that was too long pushed them there. Try a learning rate below "
            f"{learning_rate:.3g}, warm-up, or LeakyReLU."
        )
    return (
        f"The learning rate {learning_rate:.3g} is the likely cause: the steps are too long. "
        f"Try a tenth of it ({learning_rate / 10:.2g}), or clip the gradient (max_norm)."
    )


def symptom(network: Network, images: Array) -> str | None:
    """Return what is wrong with a network that cannot be trained further, None if nothing is."""
    with np.errstate(all="ignore"):
        logits = network.forward(images)
    if not (np.isfinite(logits).all() and np.isfinite(network.theta.value).all()):
        return "its numbers are no longer finite"
    if len(images) > 1 and float(np.ptp(logits, axis=0).max()) < _SAME:
        return "it gives the same answer for every image"
    return None


def dead_units(network: Network, images: Array) -> tuple[int, int]:
    """Return how many ReLU units are 0 for every one of the images, and how many there are.

    A unit of a convolution is one place of one channel.
    """
    dead = units = 0
    x = images
    for layer in network.layers:
        x = layer.forward(x)
        if isinstance(layer, ReLU):
            active = (x > 0).reshape(len(x), -1).any(axis=0)
            dead, units = dead + int((~active).sum()), units + active.size
    return dead, units
