"""Labelled data for training and scoring: a small protocol, and arrays of any shape."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from tenfold.data.array_advice import data_advice, kind_of, label_advice, with_conversion
from tenfold.errors import TenfoldError
from tenfold.nn.array import Array
from tenfold.nn.constraints import InstanceOf, wrong_type

__all__ = ["Examples", "LabelledData", "check_labelled"]


_NAME_RULE = InstanceOf(str)
_MEMBERS = ("__len__", "take", "require_labels", "name")


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
        _NAME_RULE.check("name", self.name)
        inputs = _as_array("inputs", self.inputs, self.name)
        labels = _as_array("labels", self.labels, self.name)
        if inputs.dtype.kind not in "uif" or inputs.ndim < 2:
            raise TenfoldError(
                f"{self.name}: inputs must be numbers of shape (N, ...), got {kind_of(inputs)}."
            )
        _check_labels(labels, len(inputs), self.name)
        if not np.isfinite(inputs).all():
            raise TenfoldError(
                f"{self.name}: inputs must be finite, got NaN or infinity. Leave those examples "
                "out, or replace the values."
            )
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


def check_labelled(argument: str, data: object, pair: str = "Dataset(images, labels)") -> None:
    """Raise an error unless a value has the methods and the name of ``LabelledData``.

    Args:
        argument: Name of the argument in the message.
        data: The value.
        pair: How to make labelled data from two arrays, for the message.

    Raises:
        TenfoldError: If one of them is missing; the message says how to get data.
    """
    if isinstance(data, type) or not all(hasattr(data, name) for name in _MEMBERS):
        wanted = "a Dataset, Examples or other labelled data"
        raise TenfoldError(str(wrong_type(argument, wanted, data, data_advice(data, pair))))


def _as_array(argument: str, values: object, name: str) -> Array:
    try:
        return np.asarray(values)
    except ValueError as error:  # the rows of a list have different lengths
        raise TenfoldError(
            f"{name}: {argument} must be an array, got a {type(values).__name__} whose items have "
            "different lengths."
        ) from error


def _check_labels(labels: Array, count: int, name: str) -> None:
    if labels.dtype.kind not in "ui" or labels.ndim != 1:
        message = f"{name}: labels must be whole numbers of shape ({count},)"
        raise TenfoldError(
            with_conversion(f"{message}, got {kind_of(labels)}", label_advice(labels))
        )
    if len(labels) != count:
        raise TenfoldError(
            f"{name}: each input must have one label, got {count} inputs and {len(labels)} labels. "
            "Check that the two belong together: train with train, test with test."
        )
    if labels.size and labels.min() < 0:
        raise TenfoldError(
            f"{name}: labels must be at least 0, got {labels.min()}. Leave out the examples "
            "without a label."
        )
