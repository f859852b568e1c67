"""Shards: a batch is cut into parts, and a replica of the network computes the gradient of each.

The number of shards belongs to the recipe. It changes the results, because batch normalisation uses
only the images of its shard. The number of threads and of processes (``team.py``) changes only the
time: the gradients are summed in the order of the shards, so the result is the same, bit for bit.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from itertools import pairwise
from types import TracebackType
from typing import Protocol, TypeAlias

import numpy as np

from tenfold.nn import Loss, Network, Optimizer
from tenfold.nn.array import Array
from tenfold.nn.products import products_in_threads
from tenfold.training.exchange import exchange, running_statistics
from tenfold.training.team import SINGLE_PROCESS, Team
from tenfold.training.thread_pool import ThreadPool

__all__ = ["BatchGradient", "ComputeGradients", "Forward", "Shards"]

# Number of parameters; with fewer, sharing the update between threads takes longer than it saves.
_PARALLEL_UPDATE = 250_000

Forward: TypeAlias = Callable[[Network, Array, int], Array]
"""The training forward pass: called with (network, images, step), it returns the logits."""


class BatchGradient(Protocol):
    """Computes the gradient of a batch and updates the weights, for ``fit``."""

    def gradient(self, images: Array, labels: Array, loss: Loss, step: int) -> tuple[float, Array]:
        """Assign ``network.theta.grad``; return the mean loss of the batch and its logits."""

    def update(self, optimizer: Optimizer, learning_rate: float) -> None:
        """Update the weights."""


ComputeGradients: TypeAlias = Callable[
    [Network, int, int, Forward, Team], AbstractContextManager[BatchGradient]
]
"""A function like the constructor of ``Shards``: (network, shards, threads, forward, team)."""


class Shards:
    """Computes the gradient of a batch in parts, on threads.

    dtheta = sum over shards i of (n_i / N) * dtheta_i, with n_i of the N images in shard i.

    Args:
        network: The network. On rank 0, the first shard uses this network. All other shards use
            replicas of it.
        count: Number of shards of all ranks together.
        threads: Number of shards that are computed at the same time; with one shard, the number
            of threads that share large matrix products.
        forward: The training forward pass.
        team: The processes that share the shards; this process alone by default.
    """

    def __init__(
        self,
        network: Network,
        count: int,
        threads: int,
        forward: Forward,
        team: Team = SINGLE_PROCESS,
    ) -> None:
        self.network, self.count, self.team = network, count, team
        self.replicas = {
            shard: network.replica(shard) if shard else network for shard in team.share(count)
        }
        self.forward = forward
        self.pool = ThreadPool(threads)
        self._stack = ExitStack()

    def __enter__(self) -> "Shards":
        if self.count == 1:
            self._stack.enter_context(products_in_threads(self.pool.run))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stack.close()
        self.pool.close()

    def gradient(self, images: Array, labels: Array, loss: Loss, step: int) -> tuple[float, Array]:
        """Assign ``network.theta.grad``; return the mean loss of the batch and its logits."""
        bounds = [len(labels) * i // self.count for i in range(self.count + 1)]
        slices = [slice(a, b) for a, b in pairwise(bounds) if a < b]  # no empty shards
        weights = [_size(indices) / len(labels) for indices in slices]
        own = [shard for shard in self.replicas if shard < len(slices)]
        results: dict[int, tuple[float, Array]] = {}

        def work(shard: int) -> None:
            replica, indices = self.replicas[shard], slices[shard]
            logits = self.forward(replica, images[indices], step)
            value, dlogits = loss(logits, labels[indices])
            replica.backward(dlogits * weights[shard] if len(slices) > 1 else dlogits)
            results[shard] = value, logits

        self._copy_state_to_replicas()
        self.pool.run([partial(work, shard) for shard in own])
        counts = self._counts(len(slices))
        gradients = [self.replicas[shard].theta.grad for shard in own]
        self.team.sum(gradients, counts, self.network.theta.grad)
        done = [(*results[shard], running_statistics(self.replicas[shard])) for shard in own]
        done = exchange(self.team, done, counts, list(map(_size, slices)), self.network)
        self._average_statistics([statistics for _, _, statistics in done], weights)
        value = sum(weight * value for weight, (value, _, _) in zip(weights, done, strict=True))
        logits = [shard_logits for _, shard_logits, _ in done]
        return value, logits[0] if len(logits) == 1 else np.concatenate(logits)

    def update(self, optimizer: Optimizer, learning_rate: float) -> None:
        """Update the weights. Each thread updates one part of a large theta."""
        theta = self.network.theta
        size = len(theta.value)
        single_thread = (
            self.pool.threads == 1 or size < _PARALLEL_UPDATE or not optimizer.elementwise
        )
        if single_thread or optimizer.steps == 0:  # the first step creates the state
            optimizer.step(theta, learning_rate)
            return
        count = self.pool.threads
        bounds = [size * i // count for i in range(count + 1)]

        def update_part(part: slice) -> None:
            optimizer.part(part).step(theta.part(part), learning_rate)

        self.pool.run([partial(update_part, slice(a, b)) for a, b in pairwise(bounds)])
        optimizer.steps += 1

    def _copy_state_to_replicas(self) -> None:
        source = running_statistics(self.network)
        for replica in self.replicas.values():
            if replica is not self.network:
                for target, array in zip(running_statistics(replica), source, strict=True):
                    target[...] = array

    def _counts(self, shards: int) -> list[int]:
        """Return how many of the shards of a batch each rank computes.

        Args:
            shards: Number of shards of this batch: fewer than ``count`` if it has fewer images.
        """
        by_rank = (self.team.share(self.count, rank) for rank in range(self.team.size))
        return [sum(shard < shards for shard in own) for own in by_rank]

    def _average_statistics(self, shards: list[list[Array]], weights: list[float]) -> None:
        """Set the running statistics of the network to their averages over all shards."""
        for target, *arrays in zip(running_statistics(self.network), *shards, strict=True):
            if len(arrays) > 1:
                target[...] = sum(w * array for w, array in zip(weights, arrays, strict=True))
            elif target is not arrays[0]:
                target[...] = arrays[0]


def _size(indices: slice) -> int:
    return indices.stop - indices.start
