"""Batches: which images a step sees."""

from collections.abc import Iterator

import numpy as np

from tenfold.data import Dataset
from tenfold.errors import TenfoldError
from tenfold.images import Augment
from tenfold.nn import Network, stream
from tenfold.nn.array import Array
from tenfold.training.selective import Selective

__all__ = ["Batches"]


class Batches:
    """The batches of every epoch: a fresh permutation of the images, cut into slices.

    The order of an epoch depends on (seed, epoch) alone, so any step can be replayed. Images are
    shuffled, not batches, and the last short batch is kept. If one batch holds all the data
    there is nothing to shuffle: the images are prepared once and the same arrays come each time.
    If easy images are to come less often, ``Selective`` chooses in place of the permutation, and
    what comes depends on the answers so far.

    Args:
        network: which they are for; its seed orders them.
        data: labelled images.
        size: images in a batch; None for all of them.
        augment: how to distort them, anew at every step; None to take them as they are.
        distorted: in the first so many epochs; those after them take the images as they are.
        selective: which images come next; None for each of them once an epoch.
    """

    def __init__(
        self,
        network: Network,
        data: Dataset,
        size: int | None,
        augment: Augment | None = None,
        distorted: int = 0,
        selective: Selective | None = None,
    ) -> None:
        if len(data) == 0:
            raise TenfoldError(f"{data.name} holds no images: there is nothing to train on")
        if size is not None and size < 1:
            raise TenfoldError(f"a batch holds at least 1 image, not {size}")
        self.network = network
        self.images = data.images
        self.labels = data.require_labels()
        self.size = len(data) if size is None else min(size, len(data))
        self.augment, self.distorted = augment, distorted
        self.selective = selective
        self._prepared: Array | None = None

    def __len__(self) -> int:
        """The number of batches in an epoch."""
        return -(-len(self.images) // self.size)

    @property
    def full(self) -> bool:
        """Whether one batch holds all the data, every time as it is."""
        changing = self.augment is not None or self.selective is not None
        return self.size == len(self.images) and not changing

    def epoch(self, epoch: int, first: int = 0) -> Iterator[tuple[Array, Array, Array]]:
        """Yield (places in the data, images, labels) of each batch, from batch ``first`` on."""
        count, seed = len(self.images), self.network.seed
        if self.full:
            if self._prepared is None:
                self._prepared = self.network.prepare(self.images)
            if first == 0:
                yield np.arange(count), self._prepared, self.labels
            return
        order = stream(seed, "shuffle", epoch).permutation(count)
        for start in range(first * self.size, count, self.size):
            chosen = order[start : start + self.size]
            if self.selective is not None:
                chosen = self.selective.draw(len(chosen), count, seed)
            yield chosen, self.images[chosen], self.labels[chosen]

    def forward(self, network: Network, images: Array, step: int) -> Array:
        """Run the training forward that fits what ``epoch`` yields, in a replica or not.

        Images are distorted here, so that each shard's thread distorts its own.
        """
        if self.full:
            return network.forward_prepared(images, step)
        if self.augment is not None and step < self.distorted * len(self):
            rng = stream(network.seed, "augment", step, lane=network.shard)
            images = self.augment(images, rng)
        return network.forward(images, training=True, step=step)
