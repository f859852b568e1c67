"""Gradient clipping: it limits how far a single batch with a huge gradient can move the weights."""

from typing import Annotated

import numpy as np

from tenfold.nn.arguments import checked
from tenfold.nn.array import Array
from tenfold.nn.constraints import Number

__all__ = ["clip_norm"]


@checked
def clip_norm(gradient: Array, limit: Annotated[float, Number("(0, inf]")]) -> float:
    """Scale a gradient in place so that its Euclidean norm is at most ``limit``.

    g <- g * min(1, limit / ||g||). The direction is unchanged.

    Args:
        gradient: Gradient g, any shape.
        limit: Largest norm, above 0; infinity leaves the gradient unchanged.

    Returns:
        The norm ||g|| before clipping.

    Raises:
        ValueError: If the limit is not above 0.

    References:
        Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks"
        (ICML 2013).
    """
    norm = float(np.linalg.norm(gradient))
    if norm > limit:
        gradient *= limit / norm
    return norm
