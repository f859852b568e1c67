"""Dropout: units are removed at random during training, which reduces overfitting."""

import numpy as np

from tenfold.nn.arguments import checked
from tenfold.nn.array import Array
from tenfold.nn.constraints import FractionBelowOne
from tenfold.nn.layers.base import Layer

__all__ = ["Dropout"]


class Dropout(Layer):
    """In training, set each entry to 0 with probability ``rate`` and scale the rest.

    y = x * m with m = 0 or 1 / (1 - rate), so that E[y] = x; dx = dy * m. Outside training y = x.

    The mask m is sampled from ``rng``. The network sets ``rng`` before each training forward pass
    to the generator of (seed, "dropout", step, index), with an index for each layer and shard, so
    that every step can be repeated.

    Args:
        rate: Probability that an entry becomes 0, 0 <= rate < 1, rounded to multiples of 2**-16;
            0.5 by default.

    Raises:
        ValueError: If the rate is out of its range.
        RuntimeError: From a training ``forward``, if ``rng`` was not set.

    References:
        Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting"
        (JMLR 2014), in the inverted form that is usual today.
    """

    random = True

    @checked
    def __init__(self, rate: FractionBelowOne = 0.5) -> None:
        super().__init__()
        self.rate = rate

    def forward(self, x: Array, training: bool = False) -> Array:
        """Return x * m in training, x itself otherwise."""
        if not training:
            return x
        if self.rng is None:
            raise RuntimeError(
                "Dropout needs a random generator: pass the step to the network with "
                "network.forward(x, training=True, step=...), or set "
                "layer.rng = stream(seed, 'dropout', step)"
            )
        rng, self.rng = self.rng, None  # a generator is used for one forward pass only
        threshold = min(round(self.rate * 2**16), 2**16 - 1)  # some entries always remain
        numbers = np.frombuffer(rng.bytes(2 * x.size), np.uint16).reshape(x.shape)
        mask = np.multiply(numbers >= threshold, 2**16 / (2**16 - threshold), dtype=x.dtype)
        self.save_for_backward(mask)
        return x * mask

    def backward(self, dy: Array) -> Array:
        """Return dy * m."""
        (mask,) = self.pop_saved()
        return dy * mask
