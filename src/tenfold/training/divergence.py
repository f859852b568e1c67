"""Divergence: detect early that training has failed, and find the likely cause."""

import numpy as np

from tenfold.data.labelled import LabelledData
from tenfold.errors import TenfoldError
from tenfold.nn import Network, ReLU
from tenfold.nn.array import Array

__all__ = [
    "LARGE_INPUT",
    "DivergenceError",
    "LastGoodWeights",
    "dead_units",
    "diagnose",
    "symptom",
]

LARGE_INPUT = 50.0
"""Inputs above this value, after a network's scaling layers, are unscaled pixels."""

_SAME = 1e-6  # outputs that differ less than this between images count as the same
_PROBE = 256  # number of images to check whether a network still works


class DivergenceError(TenfoldError):
    """Training has diverged. The network holds the last good weights again."""


class LastGoodWeights:
    """A copy of a network's arrays, to return to if training diverges.

    Args:
        network: The network that is trained.
        data: The data that it is trained on.
    """

    def __init__(self, network: Network, data: LabelledData) -> None:
        self.network, self.data = network, data
        self._tensors: dict[str, Array] = {}

    def save(self) -> None:
        """Copy the arrays as they are now."""
        self._tensors = {name: array.copy() for name, array in self.network.tensors().items()}

    def symptom(self) -> str | None:
        """Return what is wrong with the network now (``symptom``), or None."""
        return symptom(self.network, self.data.take(slice(_PROBE)))

    def restore(self, problem: str, learning_rate: float, steps: int) -> DivergenceError:
        """Give the network the copied arrays, and return the error to raise.

        Args:
            problem: What is wrong, a clause.
            learning_rate: Learning rate of the last update.
            steps: Number of steps taken.
        """
        self.network.load_tensors(self._tensors)
        with np.errstate(all="ignore"):
            cause = diagnose(self.network, self.data.take(slice(_PROBE)), learning_rate)
        return DivergenceError(
            f"training diverged after {steps} step{'s' * (steps != 1)}: {problem}. {cause} The "
            "network holds the weights from before that epoch."
        )


def diagnose(network: Network, images: Array, learning_rate: float) -> str:
    """Return the likely cause of a divergence and what to do about it, as sentences.

    Args:
        network: The network, with weights that still give finite values.
        images: A batch of the training images, as for ``network.forward``.
        learning_rate: Learning rate of the last update.
    """
    if len(images) > 1 and (images == images[0]).all():
        return "All images are the same, so there is nothing to learn: check the data."
    if float(images.max()) <= 1.0:
        return (
            "The pixels are between 0 and 1, but the network expects raw pixels from 0 to 255: "
            "multiply them by 255."
        )
    largest = float(np.abs(network.prepare(images)).max())
    if largest > LARGE_INPUT:
        return (
            f"The inputs reach {largest:.0f} after the first layers, so the pixels are probably "
            "not scaled: begin the network with Normalize(), which takes raw pixels from 0 to 255."
        )
    dead, units = dead_units(network, images)
    if units and dead / units > 0.9:
        return (
            f"{dead} of {units} ReLU units are dead (0 for every image, so they get no gradient), "
            f"probably after too large a step: try a learning rate below {learning_rate:.3g}, "
            "warm-up, or LeakyReLU."
        )
    return (
        f"The learning rate {learning_rate:.3g} is probably too high: try a tenth of it "
        f"({learning_rate / 10:.2g}), or clip the gradient (max_norm)."
    )


def symptom(network: Network, images: Array) -> str | None:
    """Return why a network cannot be trained further, as a clause, or None if it can.

    Args:
        network: The network.
        images: Images as for ``network.forward``.
    """
    with np.errstate(all="ignore"):
        logits = network.forward(images)
    if not (np.isfinite(logits).all() and np.isfinite(network.theta.value).all()):
        return "the weights or the outputs are no longer finite"
    if len(images) > 1 and float(np.ptp(logits, axis=0).max()) < _SAME:
        return "the output is the same for every image"
    return None


def dead_units(network: Network, images: Array) -> tuple[int, int]:
    """Return the number of dead ReLU units, and the number of all ReLU units.

    A unit is dead if its output is 0 for every one of the images. In a convolution, each position
    of each channel is a unit.
    """
    dead = units = 0
    x = images
    for layer in network.layers:
        x = layer.forward(x)
        if isinstance(layer, ReLU):
            active = (x > 0).reshape(len(x), -1).any(axis=0)
            dead, units = dead + int((~active).sum()), units + active.size
    return dead, units
