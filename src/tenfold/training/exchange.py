"""Exchange of the results of all shards of a batch between the ranks of a team."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TypeAlias

import numpy as np

from tenfold.nn import Network
from tenfold.nn.array import Array
from tenfold.training.team import Team

__all__ = ["ShardResult", "exchange", "running_statistics"]

ShardResult: TypeAlias = tuple[float, Array, list[Array]]
"""The mean loss of a shard, its logits (n, classes), and the running statistics of its replica."""

_LOSS_DTYPE = np.dtype(np.float64)


def running_statistics(network: Network) -> list[Array]:
    """Return the running statistics of all layers of a network; they are not copied."""
    return [array for layer in network.layers for array in layer.state.values()]


def exchange(
    team: Team,
    own: Sequence[ShardResult],
    counts: Sequence[int],
    sizes: Sequence[int],
    network: Network,
) -> list[ShardResult]:
    """Return the results of all shards of a batch, in their order.

    Args:
        team: The team.
        own: The results of those shards that this rank has computed.
        counts: The number of shards of each rank.
        sizes: The number of images of each shard.
        network: A network with the same output and running statistics as the replicas.
    """
    if team.size == 1:
        return list(own)
    image_bytes = network.shapes[-1][-1] * network.dtype.itemsize  # the logits of one image
    fixed_bytes = _LOSS_DTYPE.itemsize + sum(array.nbytes for array in running_statistics(network))
    bounds = np.cumsum([0, *(fixed_bytes + size * image_bytes for size in sizes)])
    rank_bytes = np.diff(bounds[np.cumsum([0, *counts])])
    packed = np.frombuffer(b"".join(map(_pack, own)), np.uint8)
    received = team.gather(packed, rank_bytes.tolist())
    return [_unpack(received[a:b].tobytes(), network) for a, b in pairwise(bounds)]


def _pack(result: ShardResult) -> bytes:
    value, logits, states = result
    arrays = (np.array(value, _LOSS_DTYPE), logits, *states)
    return b"".join(array.tobytes() for array in arrays)


def _unpack(content: bytes, network: Network) -> ShardResult:
    """Return the result of a shard from its bytes: the loss, the logits, the running statistics."""
    (value,) = np.frombuffer(content, _LOSS_DTYPE, 1)
    states = list(_arrays(content, running_statistics(network)))
    length = len(content) - _LOSS_DTYPE.itemsize - sum(array.nbytes for array in states)
    logits = np.frombuffer(
        content, network.dtype, length // network.dtype.itemsize, _LOSS_DTYPE.itemsize
    )
    return float(value), logits.reshape(-1, network.shapes[-1][-1]).copy(), states


def _arrays(content: bytes, like: Sequence[Array]) -> Iterator[Array]:
    """Yield the arrays at the end of ``content``, with the shapes and dtypes of ``like``."""
    start = len(content) - sum(array.nbytes for array in like)
    for array in like:
        yield np.frombuffer(content, array.dtype, array.size, start).reshape(array.shape)
        start += array.nbytes
