"""Batches: which examples each training step sees."""

from collections.abc import Iterator

import numpy as np

from tenfold.data.labelled import LabelledData
from tenfold.errors import TenfoldError
from tenfold.images import Augment
from tenfold.nn import Network, stream
from tenfold.nn.arguments import checked
from tenfold.nn.array import Array
from tenfold.nn.constraints import Size
from tenfold.training.batch_sizes import least_images, smallest_shard
from tenfold.training.order import Shuffle, epoch_order
from tenfold.training.reading_ahead import read_batches
from tenfold.training.selective import Selective

__all__ = ["Batches"]


class Batches:
    """The batches of every epoch: a new permutation of the examples, cut into slices.

    The order of an epoch depends on (seed, epoch) alone, so any step can be repeated. The examples
    are shuffled, not the batches. The last batch may be smaller than the others. If it is too small
    for batch normalisation (``batch_sizes.py``), it is merged with the batch before it.

    If one batch contains all the data, without ``augment`` and ``selective``, nothing is shuffled.
    Then the examples are prepared once, and every step gets the same arrays. With ``selective``,
    the order also depends on the predictions of earlier steps.

    Args:
        network: The network to train; its seed decides the order.
        data: Labelled data.
        size: Number of examples in a batch; None for all of them.
        augment: Random distortion, different at every step; None for no distortion.
        distorted_epochs: Number of epochs, from the first, in which ``augment`` is applied.
        selective: Chooses the examples of each batch; None to use each example once per epoch.
        shards: Number of shards of each batch, default 1.
        shuffle: ``"exact"`` to shuffle single examples, ``"blocks"`` to shuffle blocks of them
            first (``order.py``). With ``selective``, single examples are always shuffled.

    Attributes:
        merged: Whether the last two batches of an epoch are merged.

    Raises:
        TenfoldError: If there are no examples.
        ValueError: If another argument is invalid.
    """

    @checked
    def __init__(
        self,
        network: Network,
        data: LabelledData,
        size: Size | None,
        augment: Augment | None = None,
        distorted_epochs: int = 0,
        selective: Selective | None = None,
        shards: Size = 1,
        shuffle: Shuffle = "exact",
    ) -> None:
        if len(data) == 0:
            raise TenfoldError(f"{data.name} is empty: there is nothing to train on")
        self.network = network
        self.data = data
        self.labels = data.require_labels()
        self.size = len(data) if size is None else min(size, len(data))
        self.augment, self.distorted_epochs = augment, distorted_epochs
        self.selective, self.shuffle = selective, shuffle
        rest = len(data) % self.size
        too_small = smallest_shard(rest, shards) < least_images(network)
        self.merged = rest > 0 and too_small
        self._prepared: Array | None = None

    def __len__(self) -> int:
        """Return the number of batches in an epoch."""
        return -(-len(self.data) // self.size) - self.merged

    @property
    def is_one_fixed_batch(self) -> bool:
        """Whether one batch contains all the data and is the same at every step."""
        changing = self.augment is not None or self.selective is not None
        return self.size == len(self.data) and not changing

    def epoch(self, epoch: int, first: int = 0) -> Iterator[tuple[Array, Array, Array]]:
        """Yield (indices, inputs, labels) of each batch of an epoch, starting at batch ``first``.

        Args:
            epoch: Index of the epoch, from 0.
            first: Index of the batch in the epoch, from 0.
        """
        count, seed = len(self.data), self.network.seed
        if self.is_one_fixed_batch:
            if self._prepared is None:
                self._prepared = self.network.prepare(self.data.take(slice(None)))
            if first == 0:
                yield np.arange(count), self._prepared, self.labels
            return
        ends = [*range(self.size, len(self) * self.size, self.size), count]
        starts = range(0, len(self) * self.size, self.size)
        if self.selective is not None:
            for start, end in list(zip(starts, ends, strict=True))[first:]:
                chosen = self.selective.sample(end - start, count, seed)
                yield chosen, self.data.take(chosen), self.labels[chosen]
            return
        order = epoch_order(count, seed, epoch, self.shuffle)
        batches = [order[start:end] for start, end in zip(starts, ends, strict=True)][first:]
        for chosen, inputs in zip(
            batches, read_batches(self.data, batches, self.shuffle), strict=True
        ):
            yield chosen, inputs, self.labels[chosen]

    def forward(self, network: Network, inputs: Array, step: int) -> Array:
        """Return the logits of the training forward pass for inputs that ``epoch`` yielded.

        Distortion happens here, so that each shard's thread distorts its own images.
        """
        if self.is_one_fixed_batch:
            return network.forward_prepared(inputs, step)
        if self.augment is not None and step < self.distorted_epochs * len(self):
            rng = stream(network.seed, "augment", step, index=network.shard)
            inputs = self.augment(inputs, rng)
        return network.forward(inputs, training=True, step=step)
