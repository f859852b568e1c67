"""Labelled data for training and scoring: a small protocol, and arrays of any shape."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from tenfold.errors import TenfoldError
from tenfold.nn.array import Array

__all__ = ["Examples", "LabelledData"]


class LabelledData(Protocol):
    """Data for training and scoring: a ``Dataset``, ``Examples``, or a class of your own.

    Attributes:
        name: Name of the data in messages.
    """

    @property
    def name(self) -> str:
        """Name of the data in messages."""

    def __len__(self) -> int:
        """Return the number of examples, N."""

    def take(self, indices: Array | slice) -> Array:
        """Return the inputs at the given positions, for ``network.forward``: (n, ...)."""

    def require_labels(self) -> Array:
        """Return all labels, whole numbers from 0: (N,) int64."""


@dataclass(frozen=True, eq=False, repr=False)
class Examples:
    """Inputs of any shape with their labels, for data other than images of digits.

    Args:
        inputs: Inputs of the network: (N, ...), finite numbers.
        labels: (N,), whole numbers from 0.
        name: Name of the data in messages.

    Raises:
        TenfoldError: If the inputs or the labels are not as described.
    """

    inputs: Array
    labels: Array
    name: str = "data"

    def __post_init__(self) -> None:
        inputs, labels = np.asarray(self.inputs), np.asarray(self.labels)
        if inputs.dtype.kind not in "uif" or inputs.ndim < 2:
            raise TenfoldError(
                f"{self.name}: inputs must be numbers of shape (N, ...), got {inputs.dtype} of "
                f"shape {inputs.shape}"
            )
        if labels.dtype.kind not in "ui" or labels.shape != (len(inputs),):
            raise TenfoldError(
                f"{self.name}: labels must be whole numbers of shape ({len(inputs)},), got "
                f"{labels.dtype} of shape {labels.shape}"
            )
        if labels.size and labels.min() < 0:
            raise TenfoldError(f"{self.name}: labels must be at least 0, got {labels.min()}")
        if not np.isfinite(inputs).all():
            raise TenfoldError(f"{self.name}: inputs must be finite, got NaN or infinity")
        object.__setattr__(self, "inputs", inputs)
        object.__setattr__(self, "labels", labels.astype(np.int64))

    def __len__(self) -> int:
        return len(self.inputs)

    def __repr__(self) -> str:
        return f"<Examples {self.name!r}: {len(self)} of shape {self.inputs.shape[1:]}>"

    def take(self, indices: Array | slice) -> Array:
        """Return the inputs at the given positions: (n, ...)."""
        return self.inputs[indices]

    def require_labels(self) -> Array:
        """Return the labels: (N,) int64."""
        return self.labels
