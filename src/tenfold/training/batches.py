"""Batches: which images a step sees."""

from collections.abc import Iterator

from tenfold.data import Augment, Dataset
from tenfold.errors import TenfoldError
from tenfold.nn import Network, stream
from tenfold.nn.array import Array

__all__ = ["Batches"]


class Batches:
    """The batches of every epoch: a fresh permutation of the images, cut into slices.

    The order of an epoch depends on (seed, epoch) alone, so any step can be replayed. Images are
    shuffled, not batches, and the last short batch is kept. If one batch holds all the data
    there is nothing to shuffle: the images are prepared once and the same arrays come each time.

    Args:
        network: which they are for; its seed orders them.
        data: labelled images.
        size: images in a batch; None for all of them.
        augment: how to distort them, anew at every step; None to take them as they are.
        distorted: in the first so many epochs; those after them take the images as they are.
    """

    def __init__(
        self,
        network: Network,
        data: Dataset,
        size: int | None,
        augment: Augment | None = None,
        distorted: int = 0,
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
        self._prepared: Array | None = None

    def __len__(self) -> int:
        """The number of batches in an epoch."""
        return -(-len(self.images) // self.size)

    @property
    def full(self) -> bool:
        """Whether one batch holds all the data, every time as it is."""
        return self.size == len(self.images) and self.augment is None

    def epoch(self, epoch: int, first: int = 0) -> Iterator[tuple[Array, Array]]:
        """Yield (images, labels) of each batch of an epoch, from batch ``first`` on."""
        if self.full:
            if self._prepared is None:
                self._prepared = self.network.prepare(self.images)
            if first == 0:
                yield self._prepared, self.labels
            return
        order = stream(self.network.seed, "shuffle", epoch).permutation(len(self.images))
        for start in range(first * self.size, len(order), self.size):
            chosen = order[start : start + self.size]
            yield self.images[chosen], self.labels[chosen]

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
