"""The outputs of a network that become predictions: all are finite."""

from typing import Protocol

import numpy as np

from tenfold.nn.array import Array

__all__ = ["finite_logits"]


class _Network(Protocol):
    """What is needed of a ``Network``."""

    def forward(self, x: Array) -> Array: ...

    def tensors(self) -> dict[str, Array]: ...


def finite_logits(network: _Network, images: Array) -> Array:
    """Return ``network.forward(images)``, checked: the argmax of NaN would be class 0.

    Raises:
        ValueError: As ``forward``, or if an output is not finite; the message gives the cause.
    """
    with np.errstate(over="ignore", invalid="ignore"):  # reported below
        logits = network.forward(images)
    if np.isfinite(logits).all():
        return logits
    tensors = network.tensors().items()
    wrong = next((name for name, array in tensors if not np.isfinite(array).all()), None)
    cause = "the values overflow, because its weights are too large"
    if wrong is not None:
        cause = f"its {wrong} contains NaN or infinity"
    raise ValueError(
        f"the outputs of the network must be finite, got NaN or infinity: {cause}, as after a "
        "training that diverged. Make a new network and train it with a lower learning rate, or "
        "load a model that was saved before"
    )
