"""The initial state of a network, measured by one forward and backward pass."""

import math
from copy import deepcopy
from dataclasses import dataclass

import numpy as np

from tenfold.data import Dataset
from tenfold.evaluation import cross_entropy
from tenfold.nn import Network, SoftmaxCrossEntropy, softmax
from tenfold.training import dead_units
from tenfold.training.divergence import stuck_at_zero

__all__ = ["InitialState", "measure_initial_state"]


@dataclass(frozen=True)
class InitialState:
    """The results of one forward and backward pass of an untrained network.

    Attributes:
        classes: Number of classes.
        images: Number of images in the batch.
        loss: Mean cross-entropy of the batch.
        spread: Largest difference of one output between two images.
        dead: Number of ReLU units that are 0 for all images.
        units: Number of ReLU units.
        without_gradient: Number of weight arrays whose gradient is zero.
        weights: Number of weight arrays.
        zero: Number of weight arrays that are all zero, if no weight array has a gradient; else 0.
        largest_input: Largest absolute value after the layers that only scale the pixels.
    """

    classes: int
    images: int
    loss: float
    spread: float
    dead: int
    units: int
    without_gradient: int
    weights: int
    zero: int
    largest_input: float

    @property
    def guess(self) -> float:
        """The loss of a guess that gives each class the same probability, ln(classes)."""
        return math.log(self.classes)


def measure_initial_state(network: Network, data: Dataset) -> InitialState:
    """Pass a batch forward and backward through a copy of the network.

    Args:
        network: The network with its initial weights; it is not changed.
        data: The batch, labelled.
    """
    twin, labels = deepcopy(network), data.require_labels()
    with np.errstate(all="ignore"):
        logits = twin.forward(data.images, training=True, step=0).copy()
        twin.backward(SoftmaxCrossEntropy()(logits, labels)[1])
        dead, units = dead_units(network, data.images)
        loss = cross_entropy(softmax(logits), labels)
    weights = [parameter for parameter in twin.parameters if parameter.decay]
    return InitialState(
        classes=logits.shape[1],
        images=len(data),
        loss=loss,
        spread=float(np.ptp(logits, axis=0).max()),
        dead=dead,
        units=units,
        without_gradient=sum(not parameter.grad.any() for parameter in weights),
        weights=len(weights),
        zero=stuck_at_zero(weights),
        largest_input=float(np.abs(network.prepare(data.images)).max()),
    )
