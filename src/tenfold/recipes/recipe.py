"""Recipes: complete, named experiments that can be written as JSON and read again."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field, fields
from inspect import signature
from math import inf
from typing import Any

import numpy as np

from tenfold.evaluation import probability_errors
from tenfold.images import Augment
from tenfold.models.views import MAX_SHIFT
from tenfold.nn import (
    Describable,
    ExponentialAverage,
    Loss,
    Network,
    Optimizer,
    Schedule,
    SoftmaxCrossEntropy,
    softmax,
)
from tenfold.nn.array import Array
from tenfold.recipes.architectures import Architecture, check_rules
from tenfold.recipes.sources import Source
from tenfold.training import Selective, StepRecord, fit, whiten

__all__ = ["OBSERVERS", "Recipe"]

_MOST = 1_000_000_000  # epochs
_MOST_SHARDS = 64  # each has buffers of its own


@dataclass(frozen=True)
class Recipe(Describable):
    """Everything that decides a run, except the random seed.

    Args:
        name: Name on the command line.
        summary: One line for the list of recipes.
        architecture: The network.
        optimizer: Turns gradients into steps.
        schedule: The learning rate of each step.
        loss: The loss to minimise.
        source: The images, and how they are split.
        epochs: Number of passes over the training images; with ``selective``, an epoch is as many
            images.
        whitened: Whether to initialise the first layer with principal components of the images.
        batch_size: Number of images per step; None for all of them.
        shards: Number of parts that each batch is cut into, for as many threads. It affects the
            result, because batch normalisation sees only the images of its shard.
        precision: ``"float32"`` or ``"float64"``.
        l2: Weight of the penalty l2/2 * |w|^2 on the weights.
        max_norm: Largest Euclidean norm of the gradient; None for no clipping.
        average: Decay of the exponential average of the weights; None for no averaging.
        augment: Random distortion of the training images, different at every step; None for none.
        clean_epochs: Number of epochs at the end with undistorted images.
        selective: Trains less often on easy images; it needs at least two epochs and
            ``SoftmaxCrossEntropy``. None to use each image once per epoch.
        test_time_shift: Test-time augmentation: predictions are means over the image and its copies
            shifted by this many pixels up, down, left and right; 0 for the image alone.
        patience: Number of logged epochs without improvement on validation after which training
            stops and the best weights are kept; None to train to the end and keep the last ones.
        log_every: Number of epochs between records.
        observe: Names of additional numbers in the records (``OBSERVERS``).
        credit: The author of the experiment.

    Raises:
        ValueError: If a value is out of its range.
    """

    name: str
    summary: str = field(compare=False)
    architecture: Architecture
    optimizer: Optimizer
    schedule: Schedule
    loss: Loss = SoftmaxCrossEntropy()  # noqa: RUF009 - frozen
    source: Source = Source()  # noqa: RUF009 - frozen
    epochs: int = 10
    whitened: bool = False
    batch_size: int | None = 128
    shards: int = 1
    precision: str = "float32"
    l2: float = 0.0
    max_norm: float | None = None
    average: float | None = None
    augment: Augment | None = None
    clean_epochs: int = 0
    selective: Selective | None = None
    test_time_shift: int = 0
    patience: int | None = None
    log_every: int = 1
    observe: tuple[str, ...] = ()
    credit: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        size, norm = self.batch_size, self.max_norm
        average, patience = self.average, self.patience
        observers = f"made of these: {', '.join(OBSERVERS)}"
        rules = {
            "epochs": (1 <= self.epochs <= _MOST, f"from 1 to {_MOST:,}"),
            "batch_size": (size is None or size >= 1, "at least 1, or full"),
            "shards": (1 <= self.shards <= _MOST_SHARDS, f"from 1 to {_MOST_SHARDS}"),
            "precision": (self.precision in ("float32", "float64"), "float32 or float64"),
            "l2": (0 <= self.l2 < inf, "at least 0, and finite"),
            "max_norm": (norm is None or 0 < norm < inf, "above 0 and finite, or none"),
            "average": (average is None or 0 <= average < 1, "from 0 to below 1, or none"),
            "clean_epochs": (0 <= self.clean_epochs <= self.epochs, "from 0 to all epochs"),
            "test_time_shift": (0 <= self.test_time_shift <= MAX_SHIFT, f"from 0 to {MAX_SHIFT}"),
            "patience": (patience is None or patience >= 1, "at least 1, or none"),
            "log_every": (self.log_every >= 1, "at least 1"),
            "observe": (set(self.observe) <= set(OBSERVERS), observers),
        }
        check_rules(self, rules)
        can_select = self.epochs > 1 and isinstance(self.loss, SoftmaxCrossEntropy)
        if self.selective is not None and not can_select:
            raise ValueError(
                "selective training needs at least 2 epochs and SoftmaxCrossEntropy, got "
                f"{self.epochs} epoch{'s' * (self.epochs > 1)} and {type(self.loss).__name__}"
            )

    def network(self, seed: int, images: Array | None = None) -> Network:
        """Return the network with its initial weights.

        Args:
            seed: Random seed of the weights.
            images: Raw training images, for ``whitened``; without them the first layer keeps its
                random weights.

        Raises:
            ValueError: If the layers do not fit together, or the first layer cannot be whitened.
        """
        network = Network(self.architecture.layers(), seed=seed, dtype=np.dtype(self.precision))
        if self.whitened and images is not None:
            whiten(network, images)
        return network

    def fit_arguments(self) -> dict[str, Any]:
        """Return the arguments of ``fit`` that the recipe decides, by name.

        Every field with the name of an argument of ``fit`` is one of them, so a new training option
        is declared only there and here. Objects with state are copied, for one run.
        """
        names = signature(fit).parameters.keys() & {each.name for each in fields(self)}
        arguments = {name: deepcopy(getattr(self, name)) for name in sorted(names)}
        if self.average is not None:
            arguments["average"] = ExponentialAverage(self.average)
        return arguments


def _probability_errors(step: StepRecord) -> dict[str, float]:
    return probability_errors(softmax(step.logits), step.labels)


def _last_batch_accuracy(step: StepRecord) -> dict[str, float]:
    return {"last_batch_accuracy": float(np.mean(step.logits.argmax(axis=1) == step.labels))}


OBSERVERS: dict[str, Callable[[StepRecord], dict[str, float]]] = {
    "last_batch_accuracy": _last_batch_accuracy,
    "probability_errors": _probability_errors,
}
"""Functions that add numbers to the record of an epoch, computed from its last step, by name."""
