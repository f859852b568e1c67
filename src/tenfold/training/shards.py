"""Shards: a batch cut into parts, each with a replica of the network, as many at once as threads.

How many shards there are belongs to the recipe: it decides the numbers, since a batch normalisation
sees the images of its shard alone. How many threads there are decides nothing but the time: the
gradients are summed in the order of the shards, so the bits are the same with one or eight.
"""

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from itertools import pairwise
from types import TracebackType

import numpy as np

from tenfold.nn import Loss, Network, Optimizer
from tenfold.nn.array import Array
from tenfold.nn.products import shared
from tenfold.training.thread_pool import Crew

__all__ = ["Shards"]

_PARALLEL_UPDATE = 250_000  # parameters: with fewer, meeting costs more than the work

Forward = Callable[[Network, Array, int], Array]


class Shards:
    """Computes the gradient of a batch in parts.

    dtheta = sum over shards i of (n_i / N) * dtheta_i, with n_i of the N images in shard i.

    Args:
        network: whose gradient; it works on the first shard itself.
        count: how many shards.
        threads: how many of them are worked on at once; with one shard, how many threads share
            large products.
        forward: the training forward of (network, images, step).
    """

    def __init__(self, network: Network, count: int, threads: int, forward: Forward) -> None:
        self.network = network
        self.replicas = [network, *(network.replica(shard) for shard in range(1, count))]
        self.forward = forward
        self.crew = Crew(threads)
        self._stack = ExitStack()

    def __enter__(self) -> "Shards":
        if len(self.replicas) == 1:
            self._stack.enter_context(shared(self.crew.run))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stack.close()
        self.crew.close()

    def gradient(self, images: Array, labels: Array, loss: Loss, step: int) -> tuple[float, Array]:
        """Assign ``network.theta.grad``; return the mean loss of the batch and its logits."""
        bounds = [len(labels) * i // len(self.replicas) for i in range(len(self.replicas) + 1)]
        parts = [slice(a, b) for a, b in pairwise(bounds) if a < b]  # few images, fewer shards
        jobs = list(zip(self.replicas, parts, strict=False))
        shares = [_size(part) / len(labels) for _, part in jobs]

        results: list[tuple[float, Array]] = [(0.0, images)] * len(jobs)

        def work(index: int) -> None:
            replica, part = jobs[index]
            logits = self.forward(replica, images[part], step)
            value, dlogits = loss(logits, labels[part])
            replica.backward(dlogits * shares[index] if len(jobs) > 1 else dlogits)
            results[index] = value, logits

        self._spread_state()
        self.crew.run([partial(work, index) for index in range(len(jobs))])
        self._sum([replica for replica, _ in jobs], shares)
        logits = [part for _, part in results]
        value = sum(share * value for share, (value, _) in zip(shares, results, strict=True))
        return value, logits[0] if len(logits) == 1 else np.concatenate(logits)

    def update(self, optimizer: Optimizer, learning_rate: float) -> None:
        """Let the optimizer step; a large theta is moved in as many parts as there are threads."""
        theta = self.network.theta
        size = len(theta.value)
        alone = self.crew.threads == 1 or size < _PARALLEL_UPDATE or not optimizer.elementwise
        if alone or optimizer.steps == 0:  # the first step makes the state
            optimizer.step(theta, learning_rate)
            return
        count = self.crew.threads
        bounds = [size * i // count for i in range(count + 1)]

        def move(where: slice) -> None:
            optimizer.part(where).step(theta.part(where), learning_rate)

        self.crew.run([partial(move, slice(a, b)) for a, b in pairwise(bounds)])
        optimizer.steps += 1

    def _spread_state(self) -> None:
        for replica in self.replicas[1:]:
            for own, source in zip(_states(replica), _states(self.network), strict=True):
                own[...] = source

    def _sum(self, replicas: list[Network], shares: list[float]) -> None:
        """Sum the gradients, and average what the shards' running statistics became."""
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
