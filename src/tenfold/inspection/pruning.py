"""Pruning: weights that are small in magnitude are set to 0."""

from copy import deepcopy

import numpy as np

from tenfold.nn import Network
from tenfold.nn.arguments import checked
from tenfold.nn.constraints import FractionBelowOne

__all__ = ["prune"]


@checked
def prune(network: Network, share: FractionBelowOne) -> Network:
    """Return a copy of a network in which the weights that are nearest to 0 have been set to 0.

    In each weight array the same share is set to 0, rounded down. Only parameters with weight decay
    are pruned, so biases and the parameters of batch normalisation do not change.

    Args:
        network: The network, which is not changed.
        share: Share of the weights, 0 <= share < 1.

    Raises:
        ValueError: If an argument has a wrong type or is out of its range.

    References:
        Han, Pool, Tran and Dally, "Learning both weights and connections for efficient neural
        networks" (NIPS 2015).
    """
    copy = deepcopy(network)
    for parameter in copy.parameters:
        if parameter.decay:
            flat = np.abs(parameter.value).ravel()
            smallest = np.argsort(flat, kind="stable")[: int(share * flat.size)]
            parameter.value.reshape(-1)[smallest] = 0
    return copy
