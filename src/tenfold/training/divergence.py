"""Divergence: detect that training has failed, and find the likely cause."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass

import numpy as np

from tenfold.data.labelled import LabelledData
from tenfold.errors import TenfoldError
from tenfold.nn import Network, ReLU, SoftmaxCrossEntropy
from tenfold.nn.arguments import checked
from tenfold.nn.array import Array
from tenfold.nn.parameter import Parameter

__all__ = [
    "LARGE_INPUT",
    "Diagnosis",
    "DivergenceError",
    "LastGoodWeights",
    "dead_units",
    "diagnose",
    "diagnose_weights",
    "stuck_at_zero",
    "symptom",
    "zero_weights",
]

LARGE_INPUT = 50.0
"""Inputs above this value, after a network's scaling layers, are taken for unscaled pixels."""

_MIN_DIFFERENCE = 1e-6  # outputs that differ less between images count as equal
_SAMPLE = 256  # number of images that a network is checked with


class DivergenceError(TenfoldError):
    """Training has diverged. The network holds the last good weights again."""


class LastGoodWeights:
    """A copy of a network's arrays, which is restored if training diverges.

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
        return symptom(self.network, self.data.take(slice(_SAMPLE)))

    def restore(self, problem: str, learning_rate: float, steps: int) -> DivergenceError:
        """Give the network the copied arrays, and return the error to raise.

        Args:
            problem: What is wrong, as a clause.
            learning_rate: The peak of the schedule.
            steps: Number of steps taken.
        """
        self.network.load_tensors(self._tensors)
        found = diagnose(self.network, self.data, learning_rate)
        return DivergenceError(
            f"training diverged after {steps} step{'s' * (steps != 1)}: {problem}. {found.cause} "
            "The network was reset to its weights at the start of the epoch that diverged."
        )


@dataclass(frozen=True)
class Diagnosis:
    """The likely cause of a divergence.

    Attributes:
        cause: The cause and what to do about it, as sentences.
        settings: Settings of a recipe that correct it; empty if the data must be corrected.
    """

    cause: str
    settings: tuple[str, ...] = ()


def diagnose(network: Network, data: LabelledData, learning_rate: float) -> Diagnosis:
    """Return the likely cause of a divergence.

    Args:
        network: The network, with weights that still give finite values.
        data: Training images; the first 256 are used.
        learning_rate: The peak of the schedule. The advice is about this number, because the user
            has set it, and not about the rate of a single step.
    """
    images = data.take(slice(_SAMPLE))
    with np.errstate(all="ignore"):
        return (
            _diagnose_data(images)
            or diagnose_weights(network, images, data.require_labels()[:_SAMPLE])
            or _diagnose_inputs(network, images)
            or _diagnose_rate(network, images, learning_rate)
        )


def _diagnose_data(images: Array) -> Diagnosis | None:
    if len(images) > 1 and (images == images[0]).all():
        return Diagnosis("All images are the same, so there is nothing to learn: check the data.")
    if float(images.max()) <= 1.0:
        return Diagnosis(
            "The pixels are between 0 and 1, but the network expects raw pixels from 0 to 255: "
            "multiply them by 255."
        )
    return None


def diagnose_weights(network: Network, images: Array, labels: Array) -> Diagnosis | None:
    """Return a diagnosis if weights stay zero (``zero_weights``), else None."""
    zero, weights = zero_weights(network, images, labels)
    if not zero:
        return None
    return Diagnosis(
        f"The weights of {zero} of {weights} layers are all zero and get no gradient, so they stay "
        "zero at any learning rate: start with random weights, such as HeNormal() "
        "(initializer=HeNormal).",
        ("initializer=HeNormal",),
    )


def _diagnose_inputs(network: Network, images: Array) -> Diagnosis | None:
    largest = float(np.abs(network.prepare(images)).max())
    if largest <= LARGE_INPUT:
        return None
    return Diagnosis(
        f"The inputs reach {largest:.0f} after the first layers, so the pixels are probably not "
        "scaled: begin the network with Normalize(), which takes raw pixels from 0 to 255.",
        ("mean=33.3184", "deviation=78.5675"),
    )


def _diagnose_rate(network: Network, images: Array, learning_rate: float) -> Diagnosis:
    lower = (f"learning_rate={learning_rate / 10:.3g}",)
    dead, units = dead_units(network, images)
    if units and dead / units > 0.9:
        return Diagnosis(
            f"{dead} of {units} ReLU units are dead (0 for every image, so they get no gradient), "
            f"probably after too large a step: try a learning rate below {learning_rate:.3g}, "
            "warm-up, or LeakyReLU.",
            lower,
        )
    return Diagnosis(
        f"The learning rate {learning_rate:.3g} is probably too high: try a tenth of it "
        f"({learning_rate / 10:.2g}), or clip the gradient (max_norm).",
        lower,
    )


def zero_weights(network: Network, images: Array, labels: Array) -> tuple[int, int]:
    """Return the number of weight arrays that stay zero, and the number of all weight arrays.

    See ``stuck_at_zero``. The network is not changed.

    Args:
        network: The network.
        images: Images as for ``network.forward``.
        labels: Labels of the images, (N,).
    """
    trial = deepcopy(network)
    weights = [parameter for parameter in trial.parameters if parameter.decay]
    if all(parameter.value.any() for parameter in weights):
        return 0, len(weights)
    with np.errstate(all="ignore"):
        logits = trial.forward(images, training=True, step=0)
        trial.backward(SoftmaxCrossEntropy()(logits, labels)[1])
    return stuck_at_zero(weights), len(weights)


def stuck_at_zero(weights: Sequence[Parameter]) -> int:
    """Return how many weight arrays of a network are zero; 0 if any gradient is not 0.

    Zero weights after a ReLU or Tanh layer block the gradients of all layers. A network without
    hidden layers, or with Sigmoid layers, has a gradient even at zero weights, so it learns.

    Args:
        weights: All weight arrays, with their gradients.
    """
    if any(parameter.grad.any() for parameter in weights):
        return 0
    return sum(not parameter.value.any() for parameter in weights)


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
    if len(images) > 1 and float(np.ptp(logits, axis=0).max()) < _MIN_DIFFERENCE:
        return "the output is the same for every image"
    return None


@checked
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
