"""The notation of layouts: what the parts of 32c3-P-128 mean."""

import re

from tenfold.nn import AveragePool, GlobalAveragePool, GlobalMaxPool, Layer, MaxPool
from tenfold.recipes.architectures import MAX_WEIGHTS

__all__ = ["CONVOLUTION", "DENSE", "POOLS", "check_weights"]

CONVOLUTION = re.compile(r"(\d{1,4})c(\d{1,2})(?:/(\d{1,2}))?")
"""``24c5``: a convolution with 24 channels and a 5 x 5 kernel; ``24c5/2``: with stride 2."""

DENSE = re.compile(r"\d{1,5}")
"""``128``: a dense layer of 128 units."""

POOLS: dict[str, type[Layer]] = {
    "P": MaxPool,
    "A": AveragePool,
    "G": GlobalAveragePool,
    "M": GlobalMaxPool,
}
"""Letters of the pooling layers."""


def check_weights(weights: int) -> None:
    """Raise ValueError if one layer of a layout has too many weights."""
    if weights > MAX_WEIGHTS:
        raise ValueError(
            f"layout must give layers of at most {MAX_WEIGHTS:,} weights, got {weights:,}: "
            "choose fewer or smaller layers"
        )
