"""The order of the examples in an epoch: single examples are shuffled, or blocks of them."""

from typing import Literal, TypeAlias

import numpy as np

from tenfold.nn import stream
from tenfold.nn.array import Array

__all__ = ["BLOCK", "WINDOW", "Shuffle", "epoch_order"]

Shuffle: TypeAlias = Literal["exact", "blocks"]
"""``"exact"``: single examples are shuffled; ``"blocks"``: blocks, and then the examples of each
window of 64 blocks."""

BLOCK = 1024
"""Number of consecutive examples of a block."""

WINDOW = 64 * BLOCK
"""Number of examples of a window: 64 blocks, whose examples are shuffled together."""


def epoch_order(count: int, seed: int, epoch: int, shuffle: Shuffle = "exact") -> Array:
    """Return the positions of the examples in the order of an epoch, (count,) int64.

    With ``"exact"``, every permutation is equally likely. With ``"blocks"``, blocks of 1,024
    consecutive examples are put in a random order. Then the examples of every 64 blocks in this
    order (a window) are shuffled. So files are read in large pieces, but neighbours in the data
    usually stay in the same window. If all examples fit into one window, every permutation is
    equally likely, too.

    Args:
        count: Number of examples.
        seed: Random seed of the run. The order depends only on the seed and the epoch.
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
