"""Shards: a batch is cut into parts, and a replica of the network computes the gradient of each.

The number of shards belongs to the recipe: it affects the numbers, because batch normalisation
sees only the images of its shard. The number of threads affects only the time: the gradients are
summed in the order of the shards, so the bits are the same with one thread or eight.
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
from tenfold.nn.products import shared_products
from tenfold.training.thread_pool import ThreadPool

__all__ = ["BatchGradient", "ComputeGradients", "Forward", "Shards"]

_PARALLEL_UPDATE = 250_000  # parameters: with fewer, starting threads costs more than it saves

Forward: TypeAlias = Callable[[Network, Array, int], Array]
"""The training forward pass: called with (network, images, step), it returns the logits."""


class BatchGradient(Protocol):
    """Computes the gradient of a batch and updates the weights, for ``fit``."""

    def gradient(self, images: Array, labels: Array, loss: Loss, step: int) -> tuple[float, Array]:
        """Assign ``network.theta.grad``; return the mean loss of the batch and its logits."""

    def update(self, optimizer: Optimizer, learning_rate: float) -> None:
        """Update the weights."""


ComputeGradients: TypeAlias = Callable[
    [Network, int, int, Forward], AbstractContextManager[BatchGradient]
]
"""Called with (network, shards, threads, forward): ``Shards``, or another way to compute."""


class Shards:
    """Computes the gradient of a batch in parts, on threads.

    dtheta = sum over shards i of (n_i / N) * dtheta_i, with n_i of the N images in shard i.

    Args:
        network: The network; it computes the first shard itself.
        count: Number of shards.
        threads: Number of shards that are computed at the same time; with one shard, the number
            of threads that share large matrix products.
        forward: The training forward pass.
    """

    def __init__(self, network: Network, count: int, threads: int, forward: Forward) -> None:
        self.network = network
        self.replicas = [network, *(network.replica(shard) for shard in range(1, count))]
        self.forward = forward
        self.pool = ThreadPool(threads)
        self._stack = ExitStack()

    def __enter__(self) -> "Shards":
        if len(self.replicas) == 1:
            self._stack.enter_context(shared_products(self.pool.run))
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
        bounds = [len(labels) * i // len(self.replicas) for i in range(len(self.replicas) + 1)]
        parts = [slice(a, b) for a, b in pairwise(bounds) if a < b]  # no empty shards
        jobs = list(zip(self.replicas, parts, strict=False))
        shares = [_size(part) / len(labels) for _, part in jobs]

        results: list[tuple[float, Array]] = [(0.0, images)] * len(jobs)

        def work(index: int) -> None:
            replica, part = jobs[index]
            logits = self.forward(replica, images[part], step)
            value, dlogits = loss(logits, labels[part])
            replica.backward(dlogits * shares[index] if len(jobs) > 1 else dlogits)
            results[index] = value, logits

        self._copy_state_to_replicas()
        self.pool.run([partial(work, index) for index in range(len(jobs))])
        self._sum([replica for replica, _ in jobs], shares)
        logits = [part for _, part in results]
        value = sum(share * value for share, (value, _) in zip(shares, results, strict=True))
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
        for replica in self.replicas[1:]:
            for target, source in zip(_states(replica), _states(self.network), strict=True):
                target[...] = source

    def _sum(self, replicas: list[Network], shares: list[float]) -> None:
        """Sum the gradients of the shards, and average their running statistics."""
        for replica in replicas:
            if replica is not self.network:
                self.network.theta.grad += replica.theta.grad
        if len(replicas) > 1:
            for arrays in zip(*map(_states, replicas), strict=True):
                arrays[0][...] = sum(s * array for s, array in zip(shares, arrays, strict=True))


def _size(part: slice) -> int:
    return part.stop - part.start


def _states(network: Network) -> list[Array]:
    return [array for layer in network.layers for array in layer.state.values()]
