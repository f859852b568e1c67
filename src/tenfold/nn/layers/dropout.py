"""Dropout: train a crowd of thinned networks at once."""

import numpy as np

from tenfold.nn.array import Array
from tenfold.nn.layers.base import Layer

__all__ = ["Dropout"]


class Dropout(Layer):
    """In training, zero each entry with probability ``rate`` and scale the rest by 1 / (1 - rate).

    y = x * m with m = 0 or 1 / (1 - rate), so that E[y] = x; dx = dy * m. Outside training y = x.

    The mask is drawn from ``rng``, which the network sets before each training forward to the
    generator of (seed, "dropout", step): a step can be replayed, and nothing random is hidden.

    Args:
        rate: probability of dropping, 0 <= rate < 1, kept to a precision of 2**-16.

    Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting"
    (JMLR 2014), in the inverted form that is usual today.
    """

    random = True

    def __init__(self, rate: float = 0.5) -> None:
        super().__init__()
        if not 0 <= rate < 1:
            raise ValueError(f"Dropout needs a rate from 0 to below 1, not {rate}")
        self.rate = rate

    def forward(self, x: Array, training: bool = False) -> Array:
        """Return x * m in training, x itself otherwise."""
        if not training:
            return x
        if self.rng is None:
            raise RuntimeError(
                "Dropout has no generator: set layer.rng = stream(seed, 'dropout', step), or say "
                "which step this is: network.forward(x, training=True, step=...)"
            )
        rng, self.rng = self.rng, None  # a generator serves one forward
        threshold = min(round(self.rate * 2**16), 2**16 - 1)  # never everything
        draws = np.frombuffer(rng.bytes(2 * x.size), np.uint16).reshape(x.shape)
        mask = np.multiply(draws >= threshold, 2**16 / (2**16 - threshold), dtype=x.dtype)
        self.keep(mask)
        return x * mask

    def backward(self, dy: Array) -> Array:
        """Return dy * m."""
        (mask,) = self.kept()
        return dy * mask
