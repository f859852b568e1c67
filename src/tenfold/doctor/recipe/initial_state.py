"""The start: whether a fresh network is in a state to learn."""

import math
from copy import deepcopy
from dataclasses import dataclass

import numpy as np

from tenfold.doctor.finding import Finding
from tenfold.doctor.remedy import with_settings
from tenfold.evaluation import cross_entropy
from tenfold.nn import Network, SoftmaxCrossEntropy, softmax
from tenfold.nn.array import Array
from tenfold.training import dead_units
from tenfold.training.divergence import LARGE_INPUT

__all__ = ["Start", "begin", "dead_network", "input_scale", "start_loss"]

_TOO_HIGH = 2.0  # times the loss of a guess; our own recipes start at 1.0 to 1.5 times
_DEAD = 0.9  # of all ReLU units


@dataclass(frozen=True)
class Start:
    """What one forward and backward pass of a fresh network tell.

    Attributes:
        classes: how many it tells apart. ``images``: how many it saw.
        loss: their mean cross-entropy.
        spread: the largest difference of one output between two images.
        dead: ReLU units that are 0 for all images. ``units``: all ReLU units.
        unmoved: weights (of layers) without any gradient. ``weights``: all of them.
        largest: the largest absolute number after the layers that only scale.
    """

    classes: int
    images: int
    loss: float
    spread: float
    dead: int
    units: int
    unmoved: int
    weights: int
    largest: float


def begin(network: Network, images: Array, labels: Array) -> Start:
    """Return what a network does on a batch, forward and backward; it is left as it is.

    Args:
        network: with its first weights.
        images: (N, H, W, C). ``labels``: (N,).
    """
    twin = deepcopy(network)
    with np.errstate(all="ignore"):
        logits = twin.forward(images, training=True, step=0).copy()
        twin.backward(SoftmaxCrossEntropy()(logits, labels)[1])
        dead, units = dead_units(network, images)
        loss = cross_entropy(softmax(logits), labels)
    weights = [p for p in twin.parameters if p.decay]
    return Start(
        classes=logits.shape[1],
        images=len(images),
        loss=loss,
        spread=float(np.ptp(logits, axis=0).max()),
        dead=dead,
        units=units,
        unmoved=sum(not p.grad.any() for p in weights),
        weights=len(weights),
        largest=float(np.abs(network.prepare(images)).max()),
    )


def input_scale(start: Start, command: str) -> Finding | None:
    """Return a finding if pixels reach the first weights unscaled."""
    if start.largest <= LARGE_INPUT:
        return None
    return Finding(
        "inputs-unscaled",
        "serious",
        "the network takes in the pixels unscaled",
        f"numbers up to {start.largest:.0f} reach the first weights (here they should stay below "
        f"{LARGE_INPUT:.0f}; MNIST's pixels, scaled, end at 2.8); the loss starts at "
        f"{start.loss:.3g}, a guess has {math.log(start.classes):.2f}",
        "the network's first layer neither subtracts the mean of the pixels nor divides them by "
        "their deviation",
        with_settings(command, "mean=33.3184", "deviation=78.5675"),
    )


def dead_network(start: Start, command: str) -> Finding | None:
    """Return a finding if weights get no gradient, or nearly all ReLU units are silent."""
    silent = start.units > 0 and start.dead > _DEAD * start.units
    if not start.unmoved and not silent:
        return None
    return Finding(
        "dead-network",
        "serious",
        "the network is dead before its first step: it cannot learn",
        f"{start.dead:,} of {start.units:,} ReLU units are 0 for all of {start.images} images; "
        f"{start.unmoved} of {start.weights} weight matrices get no gradient at all; one output "
        f"differs by {start.spread:.2g} between images at the most",
        "the first weights are all zero, or the first biases or weights so far below zero that no "
        "unit is ever active: where a unit is 0, its gradient is 0",
        with_settings(command, "initializer=HeNormal", "bias_initializer=Zeros"),
    )


def start_loss(start: Start, command: str) -> Finding | None:
    """Return a finding if the first loss is more than twice that of a guess, ln(classes)."""
    guess = math.log(start.classes)
    if start.loss <= _TOO_HIGH * guess:
        return None
    return Finding(
        "start-loss",
        "warning",
        "the network starts out sure of wrong answers",
        f"the first loss is {start.loss:.3g}; a guess among {start.classes} has "
        f"ln({start.classes}) = {guess:.2f}",
        "the first weights are too large for their number of inputs, so the first steps are spent "
        "on making the answers less sure",
        with_settings(command, "initializer=HeNormal", "bias_initializer=Zeros"),
    )
