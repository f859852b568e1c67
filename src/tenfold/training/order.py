"""The order of the examples in an epoch: an exact permutation, or one of blocks."""

from typing import Literal, TypeAlias

import numpy as np

from tenfold.nn import stream
from tenfold.nn.array import Array

__all__ = ["BLOCK", "WINDOW", "Shuffle", "epoch_order"]

Shuffle: TypeAlias = Literal["exact", "blocks"]
"""``"exact"``: any order of the examples; ``"blocks"``: blocks of examples, mixed in windows."""

BLOCK = 1024
"""Number of consecutive examples of a block."""

WINDOW = 64 * BLOCK
"""Number of examples of a window, within which they are mixed exactly."""


def epoch_order(count: int, seed: int, epoch: int, shuffle: Shuffle = "exact") -> Array:
    """Return the positions of the examples in the order of an epoch, (count,) int64.

    With ``"exact"``, every permutation is equally likely. With ``"blocks"``, blocks of 1,024
    consecutive examples are permuted, and then the examples within each 64 blocks: examples that
    follow each other in the data are often in the same window, but files are read in large pieces.
    If all examples fit into one window, the orders of both are exact permutations.

    Args:
        count: Number of examples.
        seed: Random seed of the run. It and the epoch alone decide the order.
        epoch: Index of the epoch.
        shuffle: The kind of order.
    """
    rng = stream(seed, "shuffle", epoch)
    if shuffle == "exact":
        return rng.permutation(count)
    blocks = rng.permutation(-(-count // BLOCK))
    order = (blocks[:, np.newaxis] * BLOCK + np.arange(BLOCK)).reshape(-1)
    order = order[order < count]
    for start in range(0, count, WINDOW):
        rng.shuffle(order[start : start + WINDOW])
    return order
