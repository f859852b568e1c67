"""Gradient clipping: one wild batch must not throw away what the others taught."""

import numpy as np

from tenfold.nn.array import Array

__all__ = ["clip_norm"]


def clip_norm(gradient: Array, limit: float) -> float:
    """Scale ``gradient`` in place so that its Euclidean norm is at most ``limit``.

    g <- g * min(1, limit / ||g||): the direction stays. Returns ||g|| before clipping.

    Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks"
    (ICML 2013).

    Raises:
        ValueError: if the limit is not above 0.
    """
    if not limit > 0:
        raise ValueError(f"the largest gradient norm is a number above 0, not {limit}")
    norm = float(np.linalg.norm(gradient))
    if norm > limit:
        gradient *= limit / norm
    return norm
